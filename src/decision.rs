//! The answer to a question: allowed or not, and by which rule.

use crate::tables::word::Word;

/// A decision in one number: bit 0 allow; bits 1 to 8 the rule's code; bits 9 to 12 the level's code and
/// bits 13 to 16 the needed level's, each plus one, 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed(pub(crate) u32);

impl Packed {
    /// Not allowed, by the system's first rule: the answer to a handle that fits nothing.
    pub(crate) const DENY: Self = Self(0);

    /// Packs a ruling, given by the codes of its words.
    pub(crate) fn new(allow: bool, rule: u8, level: Option<u8>, needs: Option<u8>) -> Self {
        let coded = |level: Option<u8>| level.map_or(0, |level| u32::from(level).saturating_add(1));
        Self(
            u32::from(allow)
                | (u32::from(rule) << Self::RULE_SHIFT)
                | (coded(level) << Self::LEVEL_SHIFT)
                | (coded(needs) << Self::NEEDS_SHIFT),
        )
    }

    const RULE_SHIFT: u32 = 1;
    const LEVEL_SHIFT: u32 = 9;
    const NEEDS_SHIFT: u32 = 13;

    fn bits(self, shift: u32, mask: u32) -> usize {
        usize::try_from((self.0 >> shift) & mask).unwrap_or(usize::MAX)
    }

    /// The number in words.
    pub(crate) fn decision<R: Word, L: Word>(self) -> Decision {
        let level = |shift| self.bits(shift, 0xF).checked_sub(1).and_then(|code| L::WORDS.get(code)).copied();
        Decision {
            allow: self.0 & 1 == 1,
            rule: R::WORDS.get(self.bits(Self::RULE_SHIFT, 0xFF)).copied().unwrap_or(""),
            level: level(Self::LEVEL_SHIFT),
            needs: level(Self::NEEDS_SHIFT),
        }
    }
}

/// The answer to a question, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decision {
    /// Whether the subject may.
    pub allow: bool,
    /// The id of the rule that decided: short, stable, public.
    pub rule: &'static str,
    /// The level that the subject was found to have, where the rule compares levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// The least level that the action needs, where the rule compares levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'static str>,
}
