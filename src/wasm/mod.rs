//! The exports to JavaScript: the only place that names wasm-bindgen, which writes those of the modules of all models, of
//! passwords and of the directory.
//!
//! Each module that `xtask` compiles is a feature here, with its own exports. A module has only the code that its
//! exports use.

#[cfg(any(feature = "password-js", feature = "legacy-js"))]
mod area;
#[cfg(feature = "js")]
mod core;
#[cfg(feature = "directory-js")]
mod directory;
#[cfg(feature = "legacy-js")]
mod legacy;
#[cfg(feature = "password-js")]
mod password;
