//! The table of the package's WebAssembly modules: one for each model, one for all models, one with the tools for
//! servers, and those with other features of the crate.

/// A WebAssembly file of the package. All are compiled from this crate, each with only the code that its exports need.
pub struct Module {
    /// The name of its files.
    pub name: String,
    /// The features of the crate, separated by commas.
    pub features: String,
    /// The profile in Cargo.toml.
    pub profile: &'static str,
    /// Compiler flags in addition to those of every module.
    pub rustflags: Option<&'static str>,
    /// How JavaScript calls it.
    pub boundary: Boundary,
    /// Whether it uses the standard library's formatting. The core does not, which saves its size.
    pub formats: bool,
    /// Whether a browser loads it. Then it is optimized for size, which takes twice the time.
    pub is_size_optimized: bool,
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
const SIMD: Option<&str> = Some("-Ctarget-feature=+simd128");

/// A stack of 512 KiB. The data follows the stack in memory, so its addresses are below 1 MiB. They take three bytes in
/// the code instead of four.
const SMALL_STACK: Option<&str> = Some("-Clink-arg=-zstack-size=524288");

/// Every module: one for each model, one for all of them, and those with other features.
pub fn table(models: &[String]) -> Vec<Module> {
    let mut table: Vec<_> = models.iter().map(|name| model(name, name)).collect();
    table.extend([
        Module { boundary: Boundary::Glue("core"), ..model("latchwork", "bindings,models") },
        Module {
            boundary: Boundary::Glue("core"),
            rustflags: None,
            is_size_optimized: false,
            ..model("server", "bindings,models,tools")
        },
        password("password", "password-js"),
        password("legacy", "legacy-js"),
        Module {
            name: "directory".into(),
            features: "directory-js".into(),
            profile: "directory",
            rustflags: None,
            boundary: Boundary::Glue("directory"),
            formats: true,
            is_size_optimized: false,
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
        rustflags: SMALL_STACK,
        boundary: Boundary::Bare,
        formats: false,
        is_size_optimized: true,
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
        is_size_optimized: true,
    }
}
