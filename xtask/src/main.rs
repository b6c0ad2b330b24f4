//! `cargo xtask wasm [NAME...]`: compiles the crate to WebAssembly and writes what the npm package ships of it into
//! `pkg/wasm/`. A step whose input did not change is not run again.

mod bind;
mod compile;
mod explanations;
mod inline;
mod modules;
mod optimize;
mod silence;
mod stamp;

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{bail, ensure, Context, Result};

use crate::modules::{Module, MODULES};
use crate::stamp::Stamp;

fn main() -> Result<()> {
    let mut words = env::args().skip(1);
    match words.next().as_deref() {
        Some("wasm") => build(&words.collect::<Vec<_>>()),
        _ => bail!("usage: cargo xtask wasm [NAME...]"),
    }
}

/// Builds the modules of these names, or all.
fn build(names: &[String]) -> Result<()> {
    let known: Vec<_> = MODULES.iter().map(|module| module.name).collect();
    for name in names {
        ensure!(known.contains(&name.as_str()), "unknown module `{name}`: expected one of {}", known.join(", "));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let out = root.join("pkg/wasm");
    fs::create_dir_all(&out)?;
    let models = explanations::write_explanations(root, &out)?;
    let sources = stamp::fingerprint_sources(root)?;
    let is_wanted = |module: &&Module| names.is_empty() || names.iter().any(|name| name == module.name);
    let wanted: Vec<_> = MODULES.iter().filter(is_wanted).collect();
    wanted.iter().try_for_each(|module| make(root, &out, module, &sources))?;
    bind::check_shared_glue(&out, &wanted)?;
    run(Command::new("node").arg(root.join("xtask/entries.mjs")).args(models))
}

/// Makes the files of one module. A step whose input did not change since the last build is not run again.
fn make(root: &Path, out: &Path, module: &Module, sources: &str) -> Result<()> {
    let path = out.join(format!(".{}.stamp", module.name));
    let sources = format!("{sources} {}", modes());
    let last = Stamp::read(&path);
    if last.as_ref().is_some_and(|last| last.sources == sources) {
        return Ok(());
    }
    let input = compile::compile(root, module)?;
    let compiled = stamp::fingerprint(&[fs::read(&input)?, stamp::tools(root)?].concat());
    let stamp = Stamp { sources, compiled: format!("{compiled} {}", modes()) };
    if last.is_none_or(|last| last.compiled != stamp.compiled) {
        // What a build that fails leaves behind is not taken for done.
        if path.exists() {
            fs::remove_file(&path)?;
        }
        let silent = silence::silence_panics(&input, module.formats)?;
        bind::bind(silent, root, out, module)?;
        optimize::optimize(root, &out.join(format!("{}.wasm", module.name)))?;
        inline::inline(out, module.name)?;
    }
    stamp.write(&path)
}

/// Whether `KEEP_NAMES` is set: the output then names its functions, to see what weighs most.
fn keep_names() -> bool {
    env::var_os("KEEP_NAMES").is_some()
}

/// Whether `QUICK` is set: the output is not optimized for size, for a quick try.
fn is_quick() -> bool {
    env::var_os("QUICK").is_some()
}

/// What the environment asks of the output.
fn modes() -> String {
    format!("names {}, quick {}", keep_names(), is_quick())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("can not start {command:?}"))?;
    ensure!(status.success(), "failed: {command:?}");
    Ok(())
}
