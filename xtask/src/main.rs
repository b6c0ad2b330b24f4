//! `cargo xtask wasm`: compiles the crate to WebAssembly and writes what the npm package ships of it into
//! `pkg/wasm/`. A step whose input did not change is not run again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{bail, ensure, Context, Result};
use base64::Engine;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

/// What every supported runtime has. Node 20 does not load what `--all-features` makes.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
];

const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("wasm") => wasm(),
        _ => bail!("usage: cargo xtask wasm"),
    }
}

fn wasm() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let out = root.join("pkg/wasm");
    fs::create_dir_all(&out)?;
    write_words(root, &out)?;

    let compiled = compile(root)?;
    let bytes = fs::read(&compiled)?;
    let stamp = out.join(".stamp");
    let fingerprint = format!("{:?}", Sha256::digest([bytes.as_slice(), include_bytes!("main.rs")].concat()));
    if fs::read_to_string(&stamp).is_ok_and(|made| made == fingerprint) {
        return Ok(());
    }
    bind(&compiled, &out)?;
    minify(root, &out.join("latchwork.js"))?;
    optimize(root, &out.join("latchwork_bg.wasm"))?;
    inline(&out)?;
    fs::write(stamp, fingerprint)?;
    Ok(())
}

/// Compiles the crate with its doors to JavaScript.
fn compile(root: &Path) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).current_dir(root).args([
        "build",
        "--release",
        "--locked",
        "--target",
        TARGET,
        "--features",
        "js",
    ]))?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join(TARGET).join("release/latchwork.wasm"))
}

/// Writes the glue: one output for every runtime, instantiated by the package's loaders.
fn bind(compiled: &Path, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("latchwork")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .reset_state_function(true)
        .remove_name_section(!keep_names())
        .remove_producers_section(true)
        .generate(out)
}

/// Takes the comments and long names out of the glue.
fn minify(root: &Path, glue: &Path) -> Result<()> {
    let tool = root.join("node_modules/rolldown/bin/cli.mjs");
    ensure!(tool.exists(), "{} is not there: run `npm ci` first", tool.display());
    run(Command::new("node")
        .arg(tool)
        .arg(glue)
        .args(["--minify", "--format", "esm", "--log-level", "warn", "-o"])
        .arg(glue))
}

fn optimize(root: &Path, wasm: &Path) -> Result<()> {
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

/// Whether `KEEP_NAMES` is set: the output then names its functions, to see what weighs most.
fn keep_names() -> bool {
    env::var_os("KEEP_NAMES").is_some()
}

/// Writes the module as text, for runtimes that can not load a `.wasm` file synchronously.
fn inline(out: &Path) -> Result<()> {
    let text = base64::engine::general_purpose::STANDARD.encode(fs::read(out.join("latchwork_bg.wasm"))?);
    fs::write(out.join("inline.mjs"), format!("export default '{text}'\n"))?;
    Ok(())
}

/// Collects the words of all systems, which explain a rule and lie outside of the wasm.
fn write_words(root: &Path, out: &Path) -> Result<()> {
    let mut words = serde_json::Map::new();
    for entry in fs::read_dir(root.join("src/systems"))? {
        let room = entry?.path();
        if let Ok(text) = fs::read_to_string(room.join("words.json")) {
            let name = room.file_name().context("a room has a name")?.to_string_lossy().into_owned();
            words.insert(name, serde_json::from_str(&text).with_context(|| room.display().to_string())?);
        }
    }
    fs::write(out.join("words.mjs"), format!("export default {}\n", serde_json::Value::Object(words)))?;
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("can not start {command:?}"))?;
    ensure!(status.success(), "failed: {command:?}");
    Ok(())
}
