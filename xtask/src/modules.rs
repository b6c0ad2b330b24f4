//! The table of the package's modules: one model each, all models, and what needs other features of the crate.

/// A file of WebAssembly of the package. All are compiled from the one crate; what no export of a module needs is not in
/// it.
pub struct Module {
    /// The name of its files.
    pub name: &'static str,
    /// The features of the crate, separated by commas.
    pub features: &'static str,
    /// The profile in Cargo.toml.
    pub profile: &'static str,
    /// What it needs of a processor beyond what every module needs.
    pub rustflags: Option<&'static str>,
    /// The name of the file with its glue: modules with the same exports share it. `None` where only numbers cross the
    /// boundary, so that no glue is needed.
    pub glue: Option<&'static str>,
    /// Whether it writes text by the library's formatting. The core does without, which saves that.
    pub formats: bool,
    /// Whether a browser loads it, so that it is worth twice the time to make it some percent smaller.
    pub counts_bytes: bool,
}

/// The instructions for vectors: the blocks of argon2 are vectors, and with these it takes little more than half the time.
const SIMD: Option<&str> = Some("-Ctarget-feature=+simd128");

/// Every module, the quickest to compile first.
pub const MODULES: [Module; 9] = [
    model("antmedia", "js,antmedia"),
    model("arangodb", "js,arangodb"),
    model("meuse", "js,meuse"),
    model("tyk", "js,tyk"),
    model("wso2", "js,wso2"),
    model("latchwork", "js,models"),
    password("password", "password-js"),
    password("legacy", "legacy-js"),
    Module {
        name: "directory",
        features: "directory-js",
        profile: "release",
        rustflags: None,
        glue: Some("directory"),
        formats: true,
        counts_bytes: false,
    },
];

/// A module that answers questions, of one model or of all.
const fn model(name: &'static str, features: &'static str) -> Module {
    Module {
        name,
        features,
        profile: "release",
        rustflags: None,
        glue: Some("core"),
        formats: false,
        counts_bytes: true,
    }
}

/// A module that hashes or verifies passwords.
const fn password(name: &'static str, features: &'static str) -> Module {
    Module { name, features, profile: "password", rustflags: SIMD, glue: None, formats: true, counts_bytes: true }
}
