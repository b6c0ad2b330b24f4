//! Writes the glue between JavaScript and a module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::modules::{Boundary, Module};
use crate::{keep_names, run};

/// Binds a compiled module: writes its WebAssembly file, and its glue if it has any.
pub fn bind(bytes: Vec<u8>, root: &Path, out: &Path, module: &Module) -> Result<()> {
    let wasm = out.join(format!("{}.wasm", module.name));
    // The name is part of the glue and of the module. So modules that share a glue are bound under one name.
    let name = match module.boundary {
        Boundary::Bare => return Ok(fs::write(wasm, bytes)?),
        Boundary::Numbers => module.name.as_str(),
        Boundary::Glue(name) => name,
    };
    let work = out.join(format!(".{}", module.name));
    fs::create_dir_all(&work)?;
    Bindgen::new()
        .input_bytes(name, bytes)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(!keep_names())
        .remove_producers_section(true)
        .generate(&work)?;
    fs::rename(work.join(format!("{name}_bg.wasm")), wasm)?;
    if let Boundary::Glue(_) = module.boundary {
        let glue = work.join(format!("{name}.js"));
        fs::write(&glue, wrap_in_factory(&fs::read_to_string(&glue)?)?)?;
        minify(root, &glue)?;
        fs::copy(&glue, out.join(format!("{name}.js")))?;
        fs::rename(&glue, own_glue(out, module))?;
    }
    Ok(fs::remove_dir_all(&work)?)
}

/// The path of the glue that was generated for one module.
fn own_glue(out: &Path, module: &Module) -> PathBuf {
    out.join(format!(".{}.glue", module.name))
}

/// Fails unless modules that share a glue file have the same glue, because they have the same exports.
pub fn check_shared_glue(out: &Path, modules: &[&Module]) -> Result<()> {
    for module in modules {
        let Boundary::Glue(name) = module.boundary else { continue };
        let (own, shared) = (fs::read(own_glue(out, module))?, fs::read(out.join(format!("{name}.js")))?);
        ensure!(own == shared, "the glue of `{}` is not that of the other modules in `{name}.js`", module.name);
    }
    Ok(())
}

/// The first function of the glue after its exports. It and what follows load a module, which the package does itself.
const LOADERS: &str = "\nasync function __wbg_load(";

/// Turns the glue into a function that instantiates a compiled module. Each call has its own state, but the original
/// glue has one state for all. `TextDecoder` and `TextEncoder` are arguments too, because some test runners have none.
fn wrap_in_factory(glue: &str) -> Result<String> {
    let (body, _) = glue.split_once(LOADERS).context("the glue has no function `__wbg_load`")?;
    let names: Vec<_> = body
        .lines()
        .filter_map(|line| line.strip_prefix("export function ")?.split_once('('))
        .map(|(name, _)| name)
        .collect();
    ensure!(!names.is_empty(), "the glue exports nothing");
    let body = body.replace("\nexport function ", "\nfunction ");
    let body = body.strip_prefix("export ").unwrap_or(&body);
    ensure!(
        !body.contains("\nexport ") && !body.contains("\nimport "),
        "the glue has an export or an import that is not a function"
    );
    Ok(format!(
        "export default function (module, TextDecoder, TextEncoder) {{\n{body}\n__wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);\nreturn {{ exports: wasm, {} }};\n}}\n",
        names.join(", ")
    ))
}

/// Removes comments and shortens names in the glue.
fn minify(root: &Path, glue: &Path) -> Result<()> {
    let tool = root.join("node_modules/rolldown/bin/cli.mjs");
    ensure!(tool.exists(), "{} is missing: run `npm ci` first", tool.display());
    run(Command::new("node")
        .arg(tool)
        .arg(glue)
        .args(["--minify", "--format", "esm", "--log-level", "warn", "-o"])
        .arg(glue))
}
