#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "js"), forbid(unsafe_code))]

mod authorizer;
mod decision;
mod digest;
#[cfg(feature = "directory")]
pub mod directory;
mod error;
#[cfg(any(feature = "js", feature = "password-js", feature = "legacy-js", feature = "directory-js"))]
mod js;
mod json;
mod letters;
mod names;
mod node;
#[cfg(any(feature = "password", feature = "directory"))]
pub mod password;
mod problem;
mod regex;
mod sort;
mod system;
pub mod systems;
mod text;
mod value;
mod word;

pub use authorizer::{classify, open, validate, vocabulary, Authorizer, Subject};
pub use decision::Decision;
pub use error::Error;
pub use problem::{Code, Problem};
pub use system::{Question, Request};
pub use systems::{SystemName, Vocabulary};
pub use value::Value;
pub use word::Word;
