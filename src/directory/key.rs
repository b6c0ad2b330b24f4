//! Keys of entries in the store.

use std::fmt::{self, Display, Formatter};

use crate::document::memory::grow_ahead;

/// The longest key that a store accepts, in bytes of UTF-8. A longer key never has an entry.
pub(super) const KEY_MAX: usize = 16_384;

/// The key of an entry: a kind followed by names, as in `user/alice`.
///
/// `/` and `%` in a name are written as `%2F` and `%25`, so that no name collides with the key of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key of a kind and the names below it.
    pub fn new(kind: &str, names: &[&str]) -> Self {
        grow_ahead();
        let mut text = kind.to_owned();
        for name in names {
            text.push('/');
            for letter in name.chars() {
                match letter {
                    '/' => text.push_str("%2F"),
                    '%' => text.push_str("%25"),
                    letter => text.push(letter),
                }
            }
        }
        Self(text)
    }

    /// A key that the store returned.
    pub(super) fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text of the key in the store.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a store accepts the key.
    pub(super) fn is_storable(&self) -> bool {
        self.0.len() <= KEY_MAX
    }

    /// The last name in a key that the store returned.
    pub fn last_name(key: &str) -> String {
        key.rsplit('/').next().unwrap_or("").replace("%2F", "/").replace("%25", "%")
    }
}

impl Display for Key {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The entry that says that the store has been filled. Each task that fills it writes this entry, so only one can
/// commit.
pub(super) fn filled_marker_key() -> Key {
    Key::new("directory", &["filled"])
}

/// The entry with the digest of the bootstrap secret.
pub(super) fn bootstrap_secret_key() -> Key {
    Key::new("directory", &["bootstrap"])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Key;

    proptest! {
        #[test]
        fn a_key_returns_its_last_name_and_keeps_its_prefix(name in ".*", other in ".*") {
            let key = Key::new("user", &[&name]);
            prop_assert_eq!(Key::last_name(key.text()), name.clone());
            prop_assert_eq!(key.text().matches('/').count(), 1);
            prop_assert_eq!(key == Key::new("user", &[&other]), name == other);
        }
    }
}
