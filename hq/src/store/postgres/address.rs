//! Where the database is. Never shown whole: it may hold a password.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::store::{Result, StoreError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const APPLICATION: &str = "suanpan-hq";

/// A parsed `postgres://` address of this machine.
#[derive(Clone)]
pub struct Address(Config);

impl Address {
    /// Reads `postgres://user:password@host:port/database` or `postgres:///database?host=/run/postgresql`.
    ///
    /// # Errors
    /// When it is no such address, or leads to another machine: lines to the database are not
    /// encrypted, so a far one is reached through a tunnel or a pooler on this machine.
    pub fn parse(text: &str) -> Result<Self> {
        // The parser's own words could quote a part of the password.
        let mut config = Config::from_str(text)
            .map_err(|_| StoreError::Address("it is no postgres:// address".to_owned()))?;
        if config.get_hosts().is_empty() || !config.get_hosts().iter().all(is_here) {
            let why = "name a unix socket's folder or a loopback host; reach others through a tunnel";
            return Err(StoreError::Address(why.to_owned()));
        }
        if config.get_hostaddrs().iter().any(|address| !address.is_loopback()) {
            return Err(StoreError::Address("hostaddr is not loopback".to_owned()));
        }
        config.application_name(APPLICATION).connect_timeout(CONNECT_TIMEOUT);
        Ok(Address(config))
    }

    pub(super) fn config(&self) -> &Config {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.0.get_dbname().unwrap_or_default())
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_and_no_password_is_shown() {
        for good in [
            "postgres://hq:geheim@127.0.0.1:5432/suanpan",
            "postgres://hq:geheim@localhost/suanpan",
            "postgres:///suanpan?host=/run/postgresql&user=hq&password=geheim",
        ] {
            let address = Address::parse(good).unwrap();
            assert_eq!(format!("{address:?}"), "Address(suanpan)");
        }
        for bad in [
            "postgres://hq:geheim@10.0.0.5/suanpan",
            "postgres://hq:geheim@db.example/suanpan",
            "postgres://hq:geheim@localhost,db.example/suanpan",
            "postgres:///suanpan",
            "postgres://hq:geheim@127.0.0.1:port/suanpan",
            "mysql://hq:geheim@127.0.0.1/suanpan",
        ] {
            let refusal = Address::parse(bad).unwrap_err();
            assert!(!format!("{refusal} {refusal:?}").contains("geheim"), "{bad}");
        }
    }
}
