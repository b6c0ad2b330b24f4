#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "js"), forbid(unsafe_code))]
// A model that is compiled alone does not use all that the models share. With all of them, unused code is an error.
#![cfg_attr(not(feature = "models"), allow(dead_code))]

#[cfg(feature = "engine")]
mod authorizer;
#[cfg(feature = "engine")]
mod decision;
#[cfg(feature = "directory")]
pub mod directory;
#[cfg(feature = "engine")]
mod document;
#[cfg(feature = "engine")]
mod error;
#[cfg(feature = "engine")]
mod model_input;
#[cfg(any(feature = "password", feature = "directory"))]
pub mod password;
#[cfg(feature = "engine")]
mod question;
#[cfg(all(feature = "getrandom", not(target_family = "wasm"), any(feature = "password", feature = "directory")))]
mod random;
#[cfg(feature = "regex")]
mod regex;
#[cfg(feature = "engine")]
mod system;
#[cfg(feature = "engine")]
pub mod systems;
#[cfg(feature = "engine")]
mod tables;
#[cfg(feature = "tools")]
mod tools;
#[cfg(any(feature = "js", feature = "password-js", feature = "legacy-js", feature = "directory-js"))]
mod wasm;

#[cfg(all(feature = "getrandom", not(target_family = "wasm"), any(feature = "password", feature = "directory")))]
pub use self::random::RandomError;
#[cfg(feature = "engine")]
pub use self::{
    authorizer::{classify, open, validate, vocabulary, Authorizer, Subject},
    decision::Decision,
    document::{
        json::Malformed,
        problem::{Code, Problem},
        value::Value,
    },
    error::Error,
    model_input::{Details, Principal, Question, Request},
    systems::{SystemName, Vocabulary},
    tables::word::Word,
};

/// Compiles and runs the Rust of the guide.
#[cfg(doctest)]
#[doc = include_str!("../docs/guides/rust.md")]
pub struct RustGuide;
