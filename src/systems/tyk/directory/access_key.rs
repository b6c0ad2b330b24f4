//! Access keys, with which programs authenticate as a user.

use crate::directory::prelude::{digest, Key};

/// A user's access key. It has no `Debug`, because it may contain the key itself.
#[derive(Clone, PartialEq)]
pub enum AccessKey {
    /// The key itself, because the product shows it; empty without a key.
    Clear(String),
    /// The SHA-256 of a key that was shown once and is not shown again.
    Digest(String),
}

impl AccessKey {
    /// No key.
    pub fn none() -> Self {
        Self::Clear(String::new())
    }

    /// The key, if it can be shown; empty without a key.
    pub fn clear_text(&self) -> Option<&str> {
        match self {
            Self::Clear(key) => Some(key),
            Self::Digest(_) => None,
        }
    }

    pub fn is_none(&self) -> bool {
        self.clear_text() == Some("")
    }

    /// The digest of the key; without a key a text that is not the digest of any secret.
    pub fn digest(&self) -> String {
        match self {
            Self::Clear(key) if key.is_empty() => String::new(),
            Self::Clear(key) => digest(key.as_bytes()),
            Self::Digest(digest) => digest.clone(),
        }
    }

    /// The key of the entry that maps the access key to its user.
    pub fn entry_key(&self) -> Key {
        access_key_entry(&self.digest())
    }
}

/// The key of the entry of an access key, by its digest.
pub fn access_key_entry(digest: &str) -> Key {
    Key::new("key", &[digest])
}
