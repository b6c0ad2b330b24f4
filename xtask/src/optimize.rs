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

/// For a module whose size counts, and the speed of its loops too.
// Browsers do not read the section with the target features.
pub const SMALL: &[&str] = &["-Oz", "--converge", "-aimfs=1", "-ocimfs=20", "--strip-target-features"];

/// For a module that a page loads before its first question. It takes twice the time. What counts are bytes by brotli:
/// with fewer and longer functions the module itself is larger. First the code is made flat, and its blocks are found
/// again. The stack begins at address 0, so no data is below 1,024, and an instruction that uses an address can add a
/// constant to it.
pub const SMALLEST: &[&str] = &[
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--low-memory-unused",
    "--optimize-added-constants",
    "--converge",
    "-aimfs=5",
    "-ocimfs=20",
    "--strip-target-features",
];

/// For a server's module, whose size does not count.
pub const FAST: &[&str] = &["-O2"];

/// Optimizes a WebAssembly file in place by these passes.
pub fn optimize(root: &Path, wasm: &Path, passes: &[&str]) -> Result<()> {
    if is_quick() {
        return Ok(());
    }
    let tool = root.join("node_modules/binaryen/bin/wasm-opt");
    ensure!(tool.exists(), "{} is not there: run `npm ci` first", tool.display());
    let names: &[&str] = if keep_names() { &["-g"] } else { &[] };
    run(Command::new("node").arg(tool).args(FEATURES).args(passes).args(names).arg("-o").arg(wasm).arg(wasm))
}
