//! `cargo xtask wasm`: compiles the crate to WebAssembly and writes what the npm package ships of it into
//! `pkg/wasm/`. A step whose input did not change is not run again.

mod stamp;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{bail, ensure, Context, Result};
use base64::Engine;
use walrus::ir::{dfs_in_order, Value, Visitor};
use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ExportItem, FunctionBuilder, FunctionId, FunctionKind, ModuleConfig,
};
use wasm_bindgen_cli_support::Bindgen;

use crate::stamp::Stamp;

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

/// Parts of the names of the standard library's functions that panic; none of them returns.
const PANICS: [&str; 13] = [
    "4core9panicking",
    "3std9panicking13panic_handler",
    "3std9panicking15panic_with_hook",
    "rust_begin_unwind",
    "assert_failed",
    "do_panic",
    "mismatch_fail",
    "slice_index_fail",
    "slice_error_fail",
    "unwrap_failed",
    "expect_failed",
    "handle_alloc_error",
    "alloc_error_hook",
];

/// Parts of the names of the library's functions that format.
const FORMATTING: [&str; 2] = ["4core3fmt", "5alloc3fmt"];

const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("wasm") => wasm(env::args().nth(2).as_deref()),
        _ => bail!("usage: cargo xtask wasm [MODULE]"),
    }
}

/// Builds one module by its name, or all of them.
fn wasm(name: Option<&str>) -> Result<()> {
    let known: Vec<_> = MODULES.iter().map(|module| module.name).collect();
    if let Some(name) = name {
        ensure!(known.contains(&name), "unknown module `{name}`: expected one of {}", known.join(", "));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let out = root.join("pkg/wasm");
    fs::create_dir_all(&out)?;
    write_words(root, &out)?;
    let wanted = MODULES.iter().filter(|module| name.is_none_or(|name| name == module.name));
    let sources = stamp::fingerprint_sources(root)?;
    wanted.into_iter().try_for_each(|module| make(root, &out, module, &sources))
}

/// One `.wasm` of the package. All are compiled from the one crate; what no door of a module needs is not in it.
struct Module {
    /// The name of its files.
    name: &'static str,
    /// The feature with its doors to JavaScript.
    feature: &'static str,
    /// The profile in Cargo.toml.
    profile: &'static str,
    /// What it needs of a processor beyond what every module needs.
    rustflags: Option<&'static str>,
    border: Border,
    /// Whether it writes text by the library's formatting. The core does without, which saves that.
    formats: bool,
    inline: &'static str,
}

/// What crosses the border of a module.
#[derive(Clone, Copy)]
enum Border {
    /// Numbers, so that the glue is not shipped.
    Numbers,
    /// Values of JavaScript.
    Values,
}

const MODULES: [Module; 4] = [
    Module {
        name: "latchwork",
        feature: "js",
        profile: "release",
        rustflags: None,
        border: Border::Values,
        formats: false,
        inline: "inline.mjs",
    },
    // The blocks of argon2 are vectors: with these instructions it takes little more than half the time.
    Module {
        name: "password",
        feature: "password-js",
        profile: "password",
        rustflags: Some("-Ctarget-feature=+simd128"),
        border: Border::Numbers,
        formats: true,
        inline: "password.inline.mjs",
    },
    Module {
        name: "legacy",
        feature: "legacy-js",
        profile: "password",
        rustflags: Some("-Ctarget-feature=+simd128"),
        border: Border::Numbers,
        formats: true,
        inline: "legacy.inline.mjs",
    },
    Module {
        name: "directory",
        feature: "directory-js",
        profile: "release",
        rustflags: None,
        border: Border::Values,
        formats: true,
        inline: "directory.inline.mjs",
    },
];

/// Makes the files of one module. A step whose input did not change since the last build is not run again.
fn make(root: &Path, out: &Path, module: &Module, sources: &str) -> Result<()> {
    let path = out.join(format!(".{}.stamp", module.name));
    let sources = format!("{sources} {}", modes());
    let last = Stamp::read(&path);
    if last.as_ref().is_some_and(|last| last.sources == sources) {
        return Ok(());
    }
    let input = compile(root, module)?;
    let compiled = stamp::fingerprint(&[fs::read(&input)?, tools(root)?].concat());
    let stamp = Stamp { sources, compiled: format!("{compiled} {}", modes()) };
    if last.is_none_or(|last| last.compiled != stamp.compiled) {
        // What a build that fails leaves behind is not taken for done.
        if path.exists() {
            fs::remove_file(&path)?;
        }
        let silent = silence(&input, module)?;
        let glue = out.join(format!("{}.js", module.name));
        bind(silent, out, module)?;
        match module.border {
            Border::Numbers => fs::remove_file(glue)?,
            Border::Values => minify(root, &glue)?,
        }
        optimize(root, &out.join(format!("{}_bg.wasm", module.name)))?;
        inline(out, module)?;
    }
    stamp.write(&path)
}

/// What else decides about the output: this program, and the versions of what it runs.
fn tools(root: &Path) -> Result<Vec<u8>> {
    let locks = [fs::read(root.join("Cargo.lock"))?, fs::read(root.join("package-lock.json"))?];
    Ok([include_bytes!("main.rs"), locks.concat().as_slice()].concat())
}

/// Compiles the crate with the doors of one module.
fn compile(root: &Path, module: &Module) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--locked", "--target", TARGET]);
    command.args(["--profile", module.profile, "--features", module.feature]);
    let flags: Vec<_> = module.rustflags.into_iter().map(str::to_owned).chain(shorter_paths()?).collect();
    command.arg("--config").arg(format!("target.{TARGET}.rustflags = {flags:?}"));
    let mut target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    // Cargo rebuilds every dependency when the flags change, so a module with flags of its own has its own folder.
    if module.rustflags.is_some() {
        target.push(module.name);
    }
    command.arg("--target-dir").arg(&target);
    run(&mut command)?;
    Ok(target.join(TARGET).join(module.profile).join("latchwork.wasm"))
}

/// Leaves a crate's name and version of the paths that stand in a module: where this machine keeps its sources,
/// and where it has them from, is nobody's business.
fn shorter_paths() -> Result<Vec<String>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("there is no home directory")?;
    let Ok(registries) = fs::read_dir(home.join("registry/src")) else { return Ok(Vec::new()) };
    registries.map(|registry| Ok(format!("--remap-path-prefix={}/=", registry?.path().display()))).collect()
}

/// Makes every panic a plain trap. Nobody could read its words: JavaScript sees the same exception without them,
/// and formatting them weighs more than argon2. What formats goes with them where nothing else calls it: the
/// tables of methods that panics have name it, so that no tool could know.
fn silence(compiled: &Path, module: &Module) -> Result<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    let formats = module.formats;
    let mut module = config.parse_file(compiled)?;
    let panics = named(&module, &PANICS);
    ensure!(!panics.is_empty(), "{} names no panics", compiled.display());
    trap(&mut module, &panics);
    if !formats {
        let formatting = named(&module, &FORMATTING);
        let callers = callers(&module, &formatting);
        ensure!(callers.is_empty(), "{} has no formatting, and these call it: {callers:?}", compiled.display());
        trap(&mut module, &formatting);
    }
    forget_places(&mut module);
    for name in ["__data_end", "__heap_base"] {
        module.exports.remove(name)?;
    }
    Ok(module.emit_wasm())
}

/// The functions whose names have one of these parts.
fn named(module: &walrus::Module, parts: &[&str]) -> HashSet<FunctionId> {
    let has_part = |name: Option<&str>| parts.iter().any(|part| name.unwrap_or("").contains(part));
    module.funcs.iter_local().map(|(id, _)| id).filter(|id| has_part(module.funcs.get(*id).name.as_deref())).collect()
}

/// Puts traps in the place of functions.
fn trap(module: &mut walrus::Module, functions: &HashSet<FunctionId>) {
    for id in functions {
        let (parameters, results) = module.types.params_results(module.funcs.get(*id).ty());
        let (parameters, results) = (parameters.to_vec(), results.to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        let arguments = parameters.iter().map(|parameter| module.locals.add(*parameter)).collect();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
}

/// Parts of the names of what the standard library puts into tables for its panics alone: those of the runtime, and
/// those of a cell that is borrowed twice.
const LIBRARY: [&str; 2] = ["3std", "4core4cell"];

/// The names of those who call one of these functions, of all that an export leads to, by way of calls and of
/// whatever stands in a table and is not the standard library's own.
fn callers(module: &walrus::Module, wanted: &HashSet<FunctionId>) -> Vec<String> {
    struct Calls(Vec<FunctionId>);
    impl<'i> Visitor<'i> for Calls {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.push(*function);
        }
    }

    let name = |id: FunctionId| module.funcs.get(id).name.clone().unwrap_or_default();
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(id) => Some(id),
        _ => None,
    });
    let listed = module.elements.iter().flat_map(|element| match &element.items {
        ElementItems::Functions(functions) => functions.as_slice(),
        ElementItems::Expressions(..) => &[],
    });
    let is_own = |id: &FunctionId| !LIBRARY.iter().any(|part| name(*id).contains(part));
    let mut open: Vec<_> = exported.chain(listed.copied().filter(is_own)).collect();
    let mut seen = HashSet::new();
    let mut callers = Vec::new();
    while let Some(id) = open.pop() {
        if wanted.contains(&id) || !seen.insert(id) {
            continue;
        }
        if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
            let mut calls = Calls(Vec::new());
            dfs_in_order(&mut calls, function, function.entry_block());
            if calls.0.iter().any(|called| wanted.contains(called)) {
                callers.push(name(id));
            }
            open.extend(calls.0);
        }
    }
    callers
}

/// Wipes where in the source each panic would have been: file, line and column, which stand beside its call and are
/// read by nothing but its words.
fn forget_places(module: &mut walrus::Module) {
    let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
    let places: Vec<_> = module.data.iter().map(Data::id).collect();
    for data in places {
        let data = module.data.get_mut(data);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else { continue };
        let within = |address: u32, length: u32| {
            let from = usize::try_from(address.checked_sub(start.cast_unsigned())?).ok()?;
            Some(from..from.checked_add(usize::try_from(length).ok()?)?)
        };
        let mut wiped = Vec::new();
        for at in (0..data.value.len()).step_by(4) {
            let Some(place) = data.value.get(at..at + 16) else { break };
            let Some(file) = within(word(place), word(&place[4..])) else { continue };
            let is_file = data.value.get(file.clone()).is_some_and(|name| name.len() > 6 && name.ends_with(b".rs"));
            if is_file && word(&place[8..]) > 0 && word(&place[12..]) > 0 {
                wiped.extend([at..at + 16, file]);
            }
        }
        for place in wiped {
            data.value[place].fill(0);
        }
    }
}

/// Writes the glue: one output for every runtime, instantiated by the package's loaders.
fn bind(silent: Vec<u8>, out: &Path, module: &Module) -> Result<()> {
    Bindgen::new()
        .input_bytes(module.name, silent)
        .out_name(module.name)
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

/// Writes the module as text, for runtimes that can not load a `.wasm` file synchronously.
fn inline(out: &Path, module: &Module) -> Result<()> {
    let wasm = fs::read(out.join(format!("{}_bg.wasm", module.name)))?;
    let text = base64::engine::general_purpose::STANDARD.encode(wasm);
    fs::write(out.join(module.inline), format!("export default '{text}'\n"))?;
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
