//! The table of the package's modules: one model each, all models, all with the questions for servers, and what needs other
//! features of the crate.

/// A file of WebAssembly of the package. All are compiled from the one crate; what no export of a module needs is not in
/// it.
pub struct Module {
    /// The name of its files.
    pub name: String,
    /// The features of the crate, separated by commas.
    pub features: String,
    /// The profile in Cargo.toml.
    pub profile: &'static str,
    /// Flags of the compiler that not every module has.
    pub rustflags: Option<&'static str>,
    /// How JavaScript calls it.
    pub boundary: Boundary,
    /// Whether it writes text by the library's formatting. The core does without, which saves that.
    pub formats: bool,
    /// Whether a browser loads it, so that it is worth twice the time to make it some percent smaller.
    pub counts_bytes: bool,
}

/// How JavaScript calls a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// By its exports as they are, which pkg/core/glue.mjs calls.
    Bare,
    /// By exports of wasm-bindgen that only take numbers, so that no glue is needed.
    Numbers,
    /// By the glue that wasm-bindgen writes, in the file of this name: modules with the same exports share it.
    Glue(&'static str),
}

/// The instructions for vectors: the blocks of argon2 are vectors, and with these it takes little more than half the time.
const SIMD: Option<&str> = Some("-Ctarget-feature=+simd128");

/// A stack of 512 KiB. The data lies behind the stack, so its addresses are below 1 MiB and take three bytes in the code
/// instead of four.
const SMALL_STACK: Option<&str> = Some("-Clink-arg=-zstack-size=524288");

/// Every module: one for each model, one for all of them, and those with other features.
pub fn table(models: &[String]) -> Vec<Module> {
    let mut table: Vec<_> = models.iter().map(|name| model(name, name)).collect();
    table.extend([
        Module { boundary: Boundary::Glue("core"), ..model("latchwork", "bindings,models") },
        Module {
            boundary: Boundary::Glue("core"),
            rustflags: None,
            counts_bytes: false,
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
            counts_bytes: false,
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
        counts_bytes: true,
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
        counts_bytes: true,
    }
}
