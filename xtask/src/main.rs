//! Builds the files of the npm package that come from the crate. A step is skipped if its input did not change.
//!
//! `cargo xtask wasm [NAME...]` compiles the crate to WebAssembly into `pkg/wasm/`, and writes the entries of the
//! package. `cargo xtask schemas` writes the JSON Schemas of the records into `pkg/schemas/`. `cargo xtask wasm`
//! without names does so too.

mod bind;
mod compile;
mod explanations;
mod inline;
mod modules;
mod optimize;
mod panics;
mod schemas;
mod stamp;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{bail, ensure, Context, Result};

use crate::modules::Module;
use crate::stamp::Stamp;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let mut words = env::args().skip(1);
    match (words.next().as_deref(), &*words.collect::<Vec<_>>()) {
        (Some("wasm"), names) => build(root, names),
        (Some("schemas"), []) => {
            fs::create_dir_all(root.join("pkg/wasm"))?;
            schemas::write_schemas(root, &stamp::fingerprint_sources(root)?)
        }
        _ => bail!("usage: cargo xtask wasm [NAME...], or cargo xtask schemas"),
    }
}

/// Builds the modules of these names, or all.
fn build(root: &Path, names: &[String]) -> Result<()> {
    let out = root.join("pkg/wasm");
    fs::create_dir_all(&out)?;
    let models = explanations::write_explanations(root, &out)?;
    let table = modules::table(&models);
    let known: Vec<_> = table.iter().map(|module| module.name.as_str()).collect();
    for name in names {
        ensure!(known.contains(&name.as_str()), "unknown module `{name}`: expected one of {}", known.join(", "));
    }
    let sources = stamp::fingerprint_sources(root)?;
    let is_wanted = |module: &&Module| names.is_empty() || names.contains(&module.name);
    let wanted: Vec<_> = table.iter().filter(is_wanted).collect();
    // A module is optimized while the next one is compiled.
    std::thread::scope(|scope| {
        let mut optimized = Vec::new();
        for module in &wanted {
            if let Some(stamp) = compile(root, &out, module, &sources)? {
                optimized.push(scope.spawn(|| optimize(root, &out, module, stamp)));
            }
        }
        let end = |thread: std::thread::ScopedJoinHandle<'_, Result<()>>| {
            thread.join().unwrap_or_else(|_| bail!("the optimization of a module panicked"))
        };
        optimized.into_iter().try_for_each(end)
    })?;
    bind::check_shared_glue(&out, &wanted)?;
    if names.is_empty() {
        schemas::write_schemas(root, &sources)?;
    }
    run(Command::new("node").arg(root.join("xtask/entries.mjs")).args(models))
}

/// Compiles a module and binds it to JavaScript. Returns the stamp to write after the optimization, or `None` if the
/// module is up to date.
fn compile(root: &Path, out: &Path, module: &Module, sources: &str) -> Result<Option<Stamp>> {
    let path = stamp_path(out, module);
    let sources = format!("{sources} {}", output_options());
    let last = Stamp::read_stamp(&path);
    if last.as_ref().is_some_and(|last| last.sources == sources) {
        return Ok(None);
    }
    let input = compile::compile(root, module)?;
    let compiled = stamp::fingerprint(&[fs::read(&input)?, stamp::read_tool_inputs(root)?].concat());
    let stamp = Stamp { sources, compiled: format!("{compiled} {}", output_options()) };
    if last.is_some_and(|last| last.compiled == stamp.compiled) {
        stamp.write(&path)?;
        return Ok(None);
    }
    // Without a stamp, the files of a failed build do not count as up to date.
    if path.exists() {
        fs::remove_file(&path)?;
    }
    let bytes = panics::replace_panics(&input, module)?;
    bind::bind(bytes, root, out, module)?;
    Ok(Some(stamp))
}

/// Optimizes a bound module, and writes the files that import it.
fn optimize(root: &Path, out: &Path, module: &Module, stamp: Stamp) -> Result<()> {
    optimize::optimize(root, &out.join(format!("{}.wasm", module.name)), module.passes)?;
    inline::inline(out, &module.name)?;
    stamp.write(&stamp_path(out, module))
}

fn stamp_path(out: &Path, module: &Module) -> PathBuf {
    out.join(format!(".{}.stamp", module.name))
}

/// Whether `KEEP_NAMES` is set: then the output keeps the names of functions, to see which of them are large.
fn keep_names() -> bool {
    env::var_os("KEEP_NAMES").is_some()
}

/// Whether `QUICK` is set: then the output is not optimized for size.
fn is_quick() -> bool {
    env::var_os("QUICK").is_some()
}

/// The environment's options for the output, as part of a stamp.
fn output_options() -> String {
    format!("names {}, quick {}", keep_names(), is_quick())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("can not start {command:?}"))?;
    ensure!(status.success(), "failed: {command:?}");
    Ok(())
}
