//! The answer to a question: allowed or not, and by which rule.

use crate::system::System;
use crate::tables::word::Word;

/// What a system's rules say, in the system's own types.
#[derive(Debug)]
pub struct Ruling<S: System> {
    /// Whether the subject may.
    pub allow: bool,
    /// The rule that decided.
    pub rule: S::Rule,
    /// The level that the subject was found to have, where the rule compares levels.
    pub level: Option<S::Level>,
    /// The least level that the action needs, where the rule compares levels.
    pub needs: Option<S::Level>,
}

impl<S: System> Ruling<S> {
    /// The rule lets the subject in.
    pub fn allow(rule: S::Rule) -> Self {
        Self { allow: true, rule, level: None, needs: None }
    }

    /// The rule keeps the subject out.
    pub fn deny(rule: S::Rule) -> Self {
        Self { allow: false, rule, level: None, needs: None }
    }

    /// The same ruling with the levels that were compared.
    pub fn with_levels(self, level: S::Level, needs: S::Level) -> Self {
        Self { level: Some(level), needs: Some(needs), ..self }
    }

    /// The ruling in one number, as it crosses the border.
    pub(crate) fn pack(&self) -> Packed {
        let coded = |level: Option<S::Level>| level.map_or(0, |level| u32::from(level.code()).saturating_add(1));
        Packed(
            u32::from(self.allow)
                | (u32::from(self.rule.code()) << Packed::RULE_SHIFT)
                | (coded(self.level) << Packed::LEVEL_SHIFT)
                | (coded(self.needs) << Packed::NEEDS_SHIFT),
        )
    }
}

/// A decision in one number: bit 0 allow; bits 1 to 8 the rule's code; bits 9 to 12 the level's code and
/// bits 13 to 16 the needed level's, each plus one, 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed(pub(crate) u32);

impl Packed {
    /// Not allowed, by the system's first rule: the answer to a handle that fits nothing.
    pub(crate) const DENY: Self = Self(0);

    const RULE_SHIFT: u32 = 1;
    const LEVEL_SHIFT: u32 = 9;
    const NEEDS_SHIFT: u32 = 13;

    fn bits(self, shift: u32, mask: u32) -> usize {
        usize::try_from((self.0 >> shift) & mask).unwrap_or(usize::MAX)
    }

    /// The number in words.
    pub(crate) fn decision<S: System>(self) -> Decision {
        let level = |shift| self.bits(shift, 0xF).checked_sub(1).and_then(|code| S::Level::WORDS.get(code)).copied();
        Decision {
            allow: self.0 & 1 == 1,
            rule: S::Rule::WORDS.get(self.bits(Self::RULE_SHIFT, 0xFF)).copied().unwrap_or(""),
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
