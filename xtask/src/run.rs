//! Running other programs where one can see what runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};

use crate::project;

/// `cargo` with these arguments, in the root of the project, by the toolchain that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(project::root());
    // What cargo told us about xtask must not look to build scripts like a change of their own world.
    for (name, _) in std::env::vars_os() {
        let told = name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if told {
            command.env_remove(name);
        }
    }
    command
}

/// `npm` with these arguments, in the npm workspace. Nothing it runs may download a browser.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(project::ui());
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("PUPPETEER_SKIP_DOWNLOAD", "1");
    command.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

/// Runs it with its output shown; an error when it cannot start or does not end with 0.
pub fn show(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_start(command))?;
    ensure!(status.success(), "`{}` ended with {status}", line_of(command));
    Ok(())
}

/// What a program said, and whether it ended with 0.
pub struct Said {
    /// Everything it wrote to stdout.
    pub text: String,
    /// Everything it wrote to stderr.
    pub complaints: String,
    /// It ended with 0.
    pub ok: bool,
}

/// Runs it with its output shown, and hands back a copy of it.
pub fn show_and_keep(command: &mut Command) -> Result<Said> {
    announce(command);
    let mut child = start(command.stderr(Stdio::piped()))?;
    let stderr = child.stderr.take().context("its stderr was piped")?;
    let complaints = std::thread::spawn(move || copied(stderr, &mut std::io::stderr()));
    let stdout = child.stdout.take().context("its stdout was piped")?;
    let text = copied(stdout, &mut std::io::stdout())?;
    let complaints = complaints.join().map_err(|_| anyhow!("reading its stderr broke"))??;
    Ok(Said { text, complaints, ok: child.wait()?.success() })
}

fn copied(from: impl Read, to: &mut impl Write) -> Result<String> {
    let mut text = String::new();
    lines(from, |line| {
        text.push_str(line);
        text.push('\n');
        writeln!(to, "{line}").context("writing to the terminal")
    })?;
    Ok(text)
}

/// Runs it and gives every line of its stdout to `see`; true when it ended with 0.
pub fn each_line(command: &mut Command, see: impl FnMut(&str) -> Result<()>) -> Result<bool> {
    let mut child = start(command)?;
    lines(child.stdout.take().context("its stdout was piped")?, see)?;
    Ok(child.wait()?.success())
}

fn start(command: &mut Command) -> Result<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))
}

fn lines(from: impl Read, mut see: impl FnMut(&str) -> Result<()>) -> Result<()> {
    for line in BufReader::new(from).split(b'\n') {
        see(String::from_utf8_lossy(&line?).trim_end_matches('\r'))?;
    }
    Ok(())
}

/// Its stdout when it starts and ends with 0; its stderr is not shown.
pub fn quiet(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn announce(command: &Command) {
    println!("$ {}", line_of(command));
}

fn line_of(command: &Command) -> String {
    let mut words = vec![
        std::path::Path::new(command.get_program())
            .file_stem()
            .unwrap_or(command.get_program())
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!("`{}` could not be started", line_of(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_an_error_that_names_it() {
        let error = show(Command::new("false").arg("now")).unwrap_err();
        assert!(error.to_string().contains("`false now` ended with"), "{error}");
    }

    #[test]
    fn the_text_of_a_program_is_kept_though_it_fails() {
        let script = "echo one; echo why >&2; echo two; exit 3";
        let said = show_and_keep(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!((said.text.as_str(), said.complaints.as_str(), said.ok), ("one\ntwo\n", "why\n", false));
    }
}
