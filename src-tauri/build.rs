//! Builds the window's resources and keeps our SQLCipher symbols to ourselves.

fn main() {
    // Without this the executable exports sqlite3_* and WebKit and libsoup bind to SQLCipher.
    // A test looks at the dynamic symbols of the built program.
    #[cfg(target_os = "linux")]
    println!("cargo:rustc-link-arg=-Wl,--exclude-libs,ALL");
    tauri_build::build();
}
