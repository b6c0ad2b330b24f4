//! Names of entries in the store.

use std::fmt::{self, Display, Formatter};

/// The longest key that a store takes, in bytes of UTF-8. Nothing stands under a longer one.
pub(super) const KEY_MAX: usize = 16_384;

/// The key of an entry: a kind and the names that lead to it, as `user/alice`.
///
/// In a name `/` and `%` are written `%2F` and `%25`, so that no name reaches into another's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key of a kind, and of names below it.
    pub fn new(kind: &str, names: &[&str]) -> Self {
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

    /// A key that the store gave.
    pub(super) fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The key as the store has it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether something can stand under it.
    pub(super) fn is_storable(&self) -> bool {
        self.0.len() <= KEY_MAX
    }

    /// The last name of a key that the store gave.
    pub fn last_name(key: &str) -> String {
        key.rsplit('/').next().unwrap_or("").replace("%2F", "/").replace("%25", "%")
    }
}

impl Display for Key {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The entry that says that the store was filled. Whoever fills it writes this, so that only one does.
pub(super) fn filled() -> Key {
    Key::new("directory", &["filled"])
}

/// The entry with the digest of the bootstrap secret.
pub(super) fn invitation() -> Key {
    Key::new("directory", &["bootstrap"])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Key;

    proptest! {
        #[test]
        fn a_name_is_read_back_and_stays_in_its_place(name in ".*", other in ".*") {
            let key = Key::new("user", &[&name]);
            prop_assert_eq!(Key::last_name(key.text()), name.clone());
            prop_assert_eq!(key.text().matches('/').count(), 1);
            prop_assert_eq!(key == Key::new("user", &[&other]), name == other);
        }
    }
}
