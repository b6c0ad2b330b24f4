//! Compiles the crate to WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::modules::Module;
use crate::run;

const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the crate with the exports of one module, and returns the path of the file.
pub fn compile(root: &Path, module: &Module) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--locked", "--target", TARGET]);
    command.args(["--profile", module.profile, "--no-default-features", "--features", &module.features]);
    let flags: Vec<_> = module.rustflags.iter().map(|flag| (*flag).to_owned()).chain(shorter_paths()?).collect();
    command.arg("--config").arg(format!("target.{TARGET}.rustflags = {flags:?}"));
    let mut target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    // Cargo rebuilds every dependency if the flags change. So each set of flags has its own folder, and for each module
    // only the crate itself is compiled again.
    if !module.rustflags.is_empty() {
        target.push(format!("{}-{}", module.profile, module.rustflags.len()));
    }
    command.arg("--target-dir").arg(&target);
    run(&mut command)?;
    Ok(target.join(TARGET).join(module.profile).join("latchwork.wasm"))
}

/// Compiler flags that reduce the source paths in a module to the crate's name and version. So a module does not reveal
/// folders of the build machine or its registry.
fn shorter_paths() -> Result<Vec<String>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("there is no home directory")?;
    let Ok(registries) = fs::read_dir(home.join("registry/src")) else { return Ok(Vec::new()) };
    registries.map(|registry| Ok(format!("--remap-path-prefix={}/=", registry?.path().display()))).collect()
}
