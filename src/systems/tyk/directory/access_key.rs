//! The key with which a user's programs come in.

use crate::directory::prelude::{digest, Key};

/// A user's access key. It may be the key itself, so it has no `Debug`.
#[derive(Clone, PartialEq)]
pub enum AccessKey {
    /// As it was drawn, because the product shows it; empty for none.
    Clear(String),
    /// The SHA-256 of one that was told once. Nobody shows it again.
    Digest(String),
}

impl AccessKey {
    /// No key.
    pub fn none() -> Self {
        Self::Clear(String::new())
    }

    /// The key, where it can be shown; empty for none.
    pub fn clear(&self) -> Option<&str> {
        match self {
            Self::Clear(key) => Some(key),
            Self::Digest(_) => None,
        }
    }

    pub fn is_none(&self) -> bool {
        self.clear() == Some("")
    }

    /// The digest of the key; without one a text that is no secret's digest.
    pub fn digest(&self) -> String {
        match self {
            Self::Clear(key) if key.is_empty() => String::new(),
            Self::Clear(key) => digest(key.as_bytes()),
            Self::Digest(digest) => digest.clone(),
        }
    }

    /// The entry that says whose it is.
    pub fn entry(&self) -> Key {
        key_key(&self.digest())
    }
}

/// The key of an access key, by its digest.
pub fn key_key(digest: &str) -> Key {
    Key::new("key", &[digest])
}
