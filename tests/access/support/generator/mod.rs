//! Random documents of `rbac`, valid and broken, and questions to them. A number, the seed, gives the same sample again.

pub mod broken;
pub mod change;
pub mod document;
pub mod question;
pub mod rng;
pub mod smallest;
pub mod text;
pub mod words;
