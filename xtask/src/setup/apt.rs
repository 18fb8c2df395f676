//! Debian packages: asks dpkg what is missing and installs it, or prints the line that would.

use std::process::Command;

use crate::run;

/// What the Rust workspace links against.
pub const BUILD: &[&str] = &["libwebkit2gtk-4.1-dev", "build-essential", "pkg-config", "libssl-dev"];

/// What driving the real window without a display stands on.
pub const TEST: &[&str] = &["xvfb", "webkit2gtk-driver", "fonts-noto-cjk", "xdotool", "socat", "chromium"];

/// The server that tests of headquarters' second database start for themselves.
pub const DATABASE: &[&str] = &["postgresql"];

/// True when every package is installed. Where there is no dpkg nobody can tell, and building says it.
pub fn has_all(packages: &[&str]) -> bool {
    !has_dpkg() || packages.iter().all(|package| is_installed(package))
}

/// Installs what is missing; hands back one sentence for what could not be done.
pub fn install(packages: impl Iterator<Item = &'static str>) -> Option<String> {
    let all: Vec<&str> = packages.collect();
    if !has_dpkg() {
        return Some(format!("not a Debian machine; it needs what Debian calls {}", all.join(" ")));
    }
    let missing: Vec<&str> = all.into_iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        println!("setup: system packages are there");
        return None;
    }
    let line = format!("apt-get update && apt-get install -y {}", missing.join(" "));
    let Some(become_root) = way_to_root() else {
        println!("setup: missing system packages; run this, then start again:\n  sudo sh -c '{line}'");
        return Some(format!("system packages, as this is not root: sudo sh -c '{line}'"));
    };
    for package in &missing {
        println!("setup: will install {package}");
    }
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].into_iter().chain(missing).collect();
    if apt_get(become_root, &["update"]) && apt_get(become_root, &install) {
        return None;
    }
    Some(format!("system packages, as apt-get failed: {line}"))
}

fn has_dpkg() -> bool {
    run::quiet(Command::new("dpkg-query").arg("--version")).is_some()
}

fn is_installed(package: &str) -> bool {
    let status = run::quiet(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]));
    status.as_deref() == Some("installed")
}

/// The words to put before a command that needs root: none as root, sudo where it asks for no password.
fn way_to_root() -> Option<&'static [&'static str]> {
    let user = run::quiet(Command::new("id").arg("-u"))?;
    if user.trim() == "0" {
        return Some(&[]);
    }
    run::quiet(Command::new("sudo").args(["-n", "true"])).map(|_| &["sudo", "-n"] as &[&str])
}

fn apt_get(become_root: &[&str], arguments: &[&str]) -> bool {
    println!("$ apt-get {}", arguments.join(" "));
    let words = become_root.iter().chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    let mut words = words.chain(arguments).copied();
    let mut command = Command::new(words.next().unwrap_or("apt-get"));
    command.args(words);
    run::each_line(&mut command, |line| {
        if is_progress(line) {
            println!("  {line}");
        }
        Ok(())
    })
    .unwrap_or(false)
}

/// One line per package set up, and what apt has to say about downloads and errors.
fn is_progress(line: &str) -> bool {
    ["Need to get", "Fetched", "Setting up", "E:", "Err:", "W:"].iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_does_not_exist_is_missing() {
        assert!(!is_installed("suanpan-of-another-world"));
    }

    #[test]
    fn progress_is_a_line_per_package_and_every_error() {
        let lines = ["Setting up xvfb (2:21.1) ...", "Unpacking xvfb", "E: Unable to locate package"];
        let shown: Vec<_> = lines.into_iter().filter(|line| is_progress(line)).collect();
        assert_eq!(shown, ["Setting up xvfb (2:21.1) ...", "E: Unable to locate package"]);
    }
}
