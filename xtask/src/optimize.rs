//! Optimizes a module for size, by Binaryen.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Result};

use crate::{is_quick, keep_names, run};

/// What every supported runtime has. Node 20 does not load what `--all-features` makes.
const FEATURES: [&str; 9] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
    "--enable-simd",
];

/// Makes a file of WebAssembly small, in its place.
pub fn optimize(root: &Path, wasm: &Path) -> Result<()> {
    if is_quick() {
        return Ok(());
    }
    let tool = root.join("node_modules/binaryen/bin/wasm-opt");
    ensure!(tool.exists(), "{} is not there: run `npm ci` first", tool.display());
    let names: &[&str] = if keep_names() { &["-g"] } else { &[] };
    run(Command::new("node")
        .arg(tool)
        .args(FEATURES)
        .args(["-Oz", "--converge", "-aimfs=1", "-ocimfs=20"])
        .args(names)
        .arg("-o")
        .arg(wasm)
        .arg(wasm))
}
