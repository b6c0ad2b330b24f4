//! The table of the package's WebAssembly modules: one for each model, one for all models, one with the tools for
//! servers, and those with other features of the crate.

use crate::optimize::{FAST, SMALL, SMALLEST};

/// A WebAssembly file of the package. All are compiled from this crate, each with only the code that its exports need.
pub struct Module {
    /// The name of its files.
    pub name: String,
    /// The features of the crate, separated by commas.
    pub features: String,
    /// The profile in Cargo.toml.
    pub profile: &'static str,
    /// Compiler flags in addition to those of every module.
    pub rustflags: &'static [&'static str],
    /// How JavaScript calls it.
    pub boundary: Boundary,
    /// Whether it uses the standard library's formatting. The core does not, which saves its size.
    pub formats: bool,
    /// What Binaryen does with it.
    pub passes: &'static [&'static str],
}

/// How JavaScript calls a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// Directly by its exports, which pkg/core/glue.mjs calls.
    Bare,
    /// By exports of wasm-bindgen that only take numbers, so that no glue is needed.
    Numbers,
    /// By the glue that wasm-bindgen generates, in the file of this name. Modules with the same exports share it.
    Glue(&'static str),
}

/// The vector instructions. With them argon2, which works on vectors, takes little more than half the time.
const SIMD: &[&str] = &["-Ctarget-feature=+simd128"];

/// What makes the module of a page small. The stack has 512 KiB. The data follows the stack in memory, so its addresses
/// are below 1 MiB, and take three bytes in the code instead of four. The compiler copies a function into its callers a
/// little more often than it does for size: calls, with their arguments and results, are what compresses worst.
const PAGE: &[&str] = &[SMALL_STACK, "-Cllvm-args=--inline-threshold=15"];

const SMALL_STACK: &str = "-Clink-arg=-zstack-size=524288";

/// Every module: one for each model, one for all of them, and those with other features.
pub fn table(models: &[String]) -> Vec<Module> {
    let mut table: Vec<_> = models.iter().map(|name| model(name, name)).collect();
    table.extend([
        // With many models, the copies of functions are more than the calls.
        Module { boundary: Boundary::Glue("core"), rustflags: &[SMALL_STACK], ..model("latchwork", "bindings,models") },
        Module {
            boundary: Boundary::Glue("core"),
            rustflags: &[],
            passes: FAST,
            ..model("server", "bindings,models,tools")
        },
        password("password", "password-js"),
        password("legacy", "legacy-js"),
        Module {
            name: "directory".into(),
            features: "directory-js".into(),
            profile: "directory",
            rustflags: &[],
            boundary: Boundary::Glue("directory"),
            formats: true,
            passes: FAST,
        },
    ]);
    table
}

/// A module that answers questions, of one model or of all.
fn model(name: &str, models: &str) -> Module {
    Module {
        name: name.into(),
        features: ["js", models].join(","),
        profile: "release",
        rustflags: PAGE,
        boundary: Boundary::Bare,
        formats: false,
        passes: SMALLEST,
    }
}

/// A module that hashes or verifies passwords.
fn password(name: &str, features: &str) -> Module {
    Module {
        name: name.into(),
        features: features.into(),
        profile: "password",
        rustflags: SIMD,
        boundary: Boundary::Numbers,
        formats: true,
        passes: SMALL,
    }
}
