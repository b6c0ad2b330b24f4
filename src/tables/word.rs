//! Closed vocabularies: enums with a public word for each variant.

/// A closed set of words. The position of a word is its code in the exports.
pub trait Word: Copy + Eq + 'static {
    /// All words, in the order of their codes.
    const WORDS: &'static [&'static str];

    /// The word's position in [`Word::WORDS`].
    fn code(self) -> u8;

    /// The word with this code.
    fn from_code(code: u8) -> Option<Self>;

    /// The variant of a word, which is compared exactly.
    fn from_word(word: &str) -> Option<Self>;

    /// The word of this variant.
    fn word(self) -> &'static str {
        Self::WORDS.get(usize::from(self.code())).copied().unwrap_or("")
    }
}

/// The code of a word. One loop for all vocabularies is less code than a comparison for each word.
pub fn position(words: &[&str], word: &str) -> Option<u8> {
    let place = words.iter().position(|known| *known == word)?;
    u8::try_from(place).ok()
}

/// Declares an enum and its [`Word`] implementation from one list. A word with `if` exists only under that `cfg`. A
/// list may be empty.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {}) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {}

        impl $crate::tables::word::Word for $name {
            const WORDS: &'static [&'static str] = &[];

            fn code(self) -> u8 {
                match self {}
            }

            fn from_code(_code: u8) -> Option<Self> {
                None
            }

            fn from_word(_word: &str) -> Option<Self> {
                None
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(if $condition:meta)?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name {
            $($(#[$variant_meta])* $(#[cfg($condition)])? #[doc = concat!("`", $word, "`")] $variant),+
        }

        impl $crate::tables::word::Word for $name {
            const WORDS: &'static [&'static str] = &[$($(#[cfg($condition)])? $word),+];

            fn code(self) -> u8 {
                #[expect(clippy::as_conversions, reason = "a repr(u8) discriminant is its code")]
                let code = self as u8;
                code
            }

            fn from_code(code: u8) -> Option<Self> {
                const ALL: &[$name] = &[$($(#[cfg($condition)])? $name::$variant),+];
                ALL.get(usize::from(code)).copied()
            }

            fn from_word(word: &str) -> Option<Self> {
                Self::from_code($crate::tables::word::position(Self::WORDS, word)?)
            }
        }
    };
}

pub(crate) use words;
