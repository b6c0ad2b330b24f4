//! Stamps record from which input a module of the package was built, so that a build without changes does nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{ensure, Context, Result};
use sha2::{Digest, Sha256};

/// Everything on which a compiled module depends, except for its entry in the table of modules, which is in this
/// program.
const SOURCES: [&str; 6] = ["src", "build.rs", "Cargo.toml", "Cargo.lock", "package-lock.json", ".cargo/config.toml"];

/// The hash of the sources, the lock files, the compiler and this program.
///
/// Cargo alone cannot tell what is up to date. Two modules with the same profile and different features overwrite each
/// other's files in the target folder, so it compiles both again each time.
pub fn fingerprint_sources(root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in list_files(root.join("xtask/src"))? {
        hash.update(fs::read(file)?);
    }
    let compiler = Command::new("rustc").arg("-vV").output().context("can not start `rustc`")?;
    ensure!(compiler.status.success(), "`rustc -vV` failed");
    hash.update(compiler.stdout);
    for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"].map(env::var_os).into_iter().flatten() {
        hash.update(flags.as_encoded_bytes());
    }
    // The environment can change profiles too.
    let mut profile: Vec<_> =
        env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PROFILE_")).collect();
    profile.sort();
    for (name, value) in profile {
        hash.update(name.as_encoded_bytes());
        hash.update(value.as_encoded_bytes());
    }
    for source in SOURCES {
        for file in list_files(root.join(source))? {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update(Sha256::digest(fs::read(&file)?));
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The other input of the output: this program, and the versions of the tools that it runs.
pub fn read_tool_inputs(root: &Path) -> Result<Vec<u8>> {
    let mut files = list_files(root.join("xtask/src"))?;
    files.extend(["Cargo.lock", "package-lock.json"].map(|lock| root.join(lock)));
    Ok(files.into_iter().map(fs::read).collect::<Result<Vec<_>, _>>()?.concat())
}

/// The hash of bytes.
pub fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file, or all files below a folder, in a fixed order.
fn list_files(path: PathBuf) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path]);
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(&path).with_context(|| path.display().to_string())? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries.into_iter().map(list_files).collect::<Result<Vec<_>>>()?.concat())
}

/// The lines of a stamp: the hash of a module's sources, and the hash of its compiled bytes.
#[derive(PartialEq, Eq)]
pub struct Stamp {
    pub sources: String,
    pub compiled: String,
}

impl Stamp {
    /// Reads the stamp of the last build. Returns `None` if that build did not finish.
    pub fn read_stamp(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let (sources, compiled) = text.trim_end().split_once('\n')?;
        Some(Self { sources: sources.to_owned(), compiled: compiled.to_owned() })
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        Ok(fs::write(path, format!("{}\n{}\n", self.sources, self.compiled))?)
    }
}
