#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "js"), forbid(unsafe_code))]
// One model alone does not use all that models share. With all of them, unused code is an error.
#![cfg_attr(not(feature = "models"), allow(dead_code))]

#[cfg(feature = "engine")]
mod authorizer;
#[cfg(feature = "engine")]
mod decision;
#[cfg(feature = "engine")]
mod digest;
#[cfg(feature = "directory")]
pub mod directory;
#[cfg(feature = "engine")]
mod error;
#[cfg(any(feature = "js", feature = "password-js", feature = "legacy-js", feature = "directory-js"))]
mod js;
#[cfg(feature = "engine")]
mod json;
#[cfg(feature = "letters")]
mod letters;
#[cfg(feature = "engine")]
mod names;
#[cfg(feature = "engine")]
mod node;
#[cfg(any(feature = "password", feature = "directory"))]
pub mod password;
#[cfg(feature = "engine")]
mod problem;
#[cfg(feature = "regex")]
mod regex;
#[cfg(feature = "engine")]
mod sort;
#[cfg(feature = "engine")]
mod system;
#[cfg(feature = "engine")]
pub mod systems;
#[cfg(feature = "engine")]
mod text;
#[cfg(feature = "engine")]
mod value;
#[cfg(feature = "engine")]
mod word;

#[cfg(feature = "engine")]
pub use self::{
    authorizer::{classify, open, validate, vocabulary, Authorizer, Subject},
    decision::Decision,
    error::Error,
    problem::{Code, Problem},
    system::{Question, Request},
    systems::{SystemName, Vocabulary},
    value::Value,
    word::Word,
};
