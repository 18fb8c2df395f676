//! The self-signed certificate that tills pin: made once, kept in the data folder.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};

use crate::config::DataDir;

pub struct Certificate {
    pub der: Vec<u8>,
    key_der: Vec<u8>,
}

impl Certificate {
    /// Loads the pair, or makes it when there is none.
    ///
    /// # Errors
    /// When the files cannot be read or written, or only one of them is there.
    pub fn load_or_make(data: &DataDir) -> anyhow::Result<Self> {
        let (certificate, key) = (data.certificate(), data.certificate_key());
        if !certificate.exists() && !key.exists() {
            let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
            let made = rcgen::generate_simple_self_signed(names).context("make a certificate")?;
            keep_secret(&key, &made.signing_key.serialize_der())?;
            fs::write(&certificate, made.cert.der()).context("write the certificate")?;
        }
        Ok(Certificate {
            der: fs::read(&certificate).with_context(|| format!("read {}", certificate.display()))?,
            key_der: fs::read(&key).with_context(|| format!("read {}", key.display()))?,
        })
    }

    /// Lower-case hex, as the ready line prints it.
    pub fn sha256(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// # Errors
    /// When key and certificate do not belong together.
    pub fn server_config(&self) -> anyhow::Result<Arc<ServerConfig>> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key_der.clone()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(self.der.clone())], key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn keep_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("write {}", path.display()))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}
