//! Optimizes a module, by Binaryen.

use std::path::Path;
use std::process::Command;

use anyhow::{ensure, Result};

use crate::{is_quick, keep_names, run};

/// The features that every supported runtime has. Node 20 does not load the output of `--all-features`.
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

// Browsers do not read the section with the target features.
const SMALL: &[&str] = &["-Oz", "--converge", "-aimfs=1", "-ocimfs=20", "--strip-target-features"];
const FAST: &[&str] = &["-O2"];

/// Optimizes a WebAssembly file in place: for size if its bytes count, otherwise for speed.
pub fn optimize(root: &Path, wasm: &Path, counts_bytes: bool) -> Result<()> {
    if is_quick() {
        return Ok(());
    }
    let tool = root.join("node_modules/binaryen/bin/wasm-opt");
    ensure!(tool.exists(), "{} is not there: run `npm ci` first", tool.display());
    let names: &[&str] = if keep_names() { &["-g"] } else { &[] };
    run(Command::new("node")
        .arg(tool)
        .args(FEATURES)
        .args(if counts_bytes { SMALL } else { FAST })
        .args(names)
        .arg("-o")
        .arg(wasm)
        .arg(wasm))
}
