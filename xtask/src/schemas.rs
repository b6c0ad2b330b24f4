//! Writes the JSON Schemas of the records by the program in `xtask/schemas/`, which links the crate natively.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::Result;

use crate::{run, stamp};

/// Writes the schemas, unless the sources are those of the last time.
pub fn write_schemas(root: &Path, sources: &str) -> Result<()> {
    let (folder, stamp) = (root.join("pkg/schemas"), root.join("pkg/wasm/.schemas.stamp"));
    let program = stamp::fingerprint(&fs::read(root.join("xtask/schemas/src/main.rs"))?);
    let wanted = format!("{sources}\n{program}\n");
    if folder.exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    // The schema of a removed model is removed too.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo)
        .current_dir(root)
        .args(["run", "--quiet", "--locked", "--package", "schemas", "--"])
        .arg(&folder))?;
    Ok(fs::write(stamp, wanted)?)
}
