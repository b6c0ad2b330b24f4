//! Decisions: allowed or denied, and by which rule. A decision has names, or is packed into one number.

/// A decision as one number, in the form that crosses the JavaScript/WebAssembly boundary. Its layout:
///
/// | bits | part |
/// | --- | --- |
/// | 0 | whether the action is allowed |
/// | 1 to 8 | the code of the rule |
/// | 9 to 12 | the code of the level plus one, 0 for none |
/// | 13 to 16 | the code of the needed level plus one, 0 for none |
/// | 30 | for a denial: whether the handle belongs to another object |
///
/// Tests of Rust and JavaScript compare it with `tests/vectors/packed.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed(pub(crate) u32);

/// The position of a part of a packed decision.
#[derive(Clone, Copy)]
struct Part {
    shift: u32,
    bits: u32,
}

impl Part {
    fn pack(self, value: u8) -> u32 {
        u32::from(value) << self.shift
    }

    fn unpack(self, packed: u32) -> u8 {
        let mask = (1_u32 << self.bits).saturating_sub(1);
        u8::try_from((packed >> self.shift) & mask).unwrap_or(u8::MAX)
    }
}

impl Packed {
    const ALLOW: Part = Part { shift: 0, bits: 1 };
    const RULE: Part = Part { shift: 1, bits: 8 };
    const LEVEL: Part = Part { shift: 9, bits: 4 };
    const NEEDS: Part = Part { shift: 13, bits: 4 };
    #[cfg(any(feature = "js", test))]
    const OTHER: Part = Part { shift: 30, bits: 1 };

    /// Denied by the model's first rule, which is the decision for an invalid handle.
    pub(crate) const DENY: Self = Self(0);

    /// The same for a handle that belongs to another object.
    #[cfg(feature = "js")]
    pub(crate) const FOREIGN: Self = Self(1 << Self::OTHER.shift);

    /// Packs a ruling, given by codes.
    #[inline(always)]
    pub(crate) fn new(allow: bool, rule: u8, level: Option<u8>, needs: Option<u8>) -> Self {
        let coded = |level: Option<u8>| level.map_or(0, |level| level.saturating_add(1));
        Self(
            Self::ALLOW.pack(u8::from(allow))
                | Self::RULE.pack(rule)
                | Self::LEVEL.pack(coded(level))
                | Self::NEEDS.pack(coded(needs)),
        )
    }

    /// Whether the action is allowed.
    pub(crate) fn allow(self) -> bool {
        Self::ALLOW.unpack(self.0) == 1
    }

    /// The code of the rule that decided.
    pub(crate) fn rule(self) -> u8 {
        Self::RULE.unpack(self.0)
    }

    /// The code of the subject's level.
    pub(crate) fn level(self) -> Option<u8> {
        Self::LEVEL.unpack(self.0).checked_sub(1)
    }

    /// The code of the level that the action needs.
    pub(crate) fn needs(self) -> Option<u8> {
        Self::NEEDS.unpack(self.0).checked_sub(1)
    }
}

/// The decision of a question, with names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decision<'r> {
    /// Whether the action is allowed.
    pub allow: bool,
    /// The id of the rule that decided: short, stable, public.
    pub rule: &'static str,
    /// The subject's level, if the rule compares levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'r str>,
    /// The lowest level that the action needs, if the rule compares levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'r str>,
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    #[test]
    fn packed_decisions_have_the_layout_of_the_vectors() {
        let layout: Json = serde_json::from_str(include_str!("../tests/vectors/packed.json")).unwrap_or_default();
        let parts = [
            ("allow", Packed::ALLOW),
            ("rule", Packed::RULE),
            ("level", Packed::LEVEL),
            ("needs", Packed::NEEDS),
            ("foreign", Packed::OTHER),
        ];
        assert_eq!(layout.as_object().map(serde_json::Map::len), Some(parts.len()));
        for (name, part) in parts {
            let expected = serde_json::json!({ "shift": part.shift, "bits": part.bits });
            assert_eq!(layout.get(name), Some(&expected), "{name}");
        }
        for rule in [0, 1, 255] {
            for level in [None, Some(0), Some(14)] {
                let packed = Packed::new(true, rule, level, Some(3));
                assert_eq!(
                    (packed.allow(), packed.rule(), packed.level(), packed.needs()),
                    (true, rule, level, Some(3))
                );
            }
        }
    }
}
