//! The rules of `rbac` a second time, written from their description alone and as plainly as possible: loops over the
//! whole document for each question, no index, no code of the crate.

pub mod condition;
pub mod decision;
pub mod pattern;
pub mod problems;
mod text;
