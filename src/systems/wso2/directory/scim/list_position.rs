//! The continuation of a SCIM list.

use crate::directory::prelude::{Call, Fault, Interrupt};
use crate::document::value::Value;

/// The continuation of a list.
#[derive(Default)]
pub struct Position {
    /// The index of the current resource kind.
    pub stage: usize,
    /// The last key that was read.
    pub key: Option<String>,
    /// The matches so far.
    pub seen: usize,
    /// The resources in the response so far.
    pub returned: usize,
    /// How many of these are of the current kind, if an index counts it.
    pub written: usize,
    /// The role whose members are being written, and the last of them.
    pub open: Option<(String, String)>,
}

impl Position {
    pub fn parse(call: &Call<'_>) -> Result<Self, Interrupt> {
        let Some(after) = call.after else { return Ok(Self::default()) };
        let parse = || {
            let position = Value::parse(after).ok()?;
            let text = |name: &str| position.get(name).and_then(Value::text).map(str::to_owned);
            let number = |name: &str| match position.get(name) {
                Some(Value::Number(digits)) => digits.parse().ok(),
                _ => None,
            };
            Some(Self {
                stage: number("stage")?,
                key: text("key"),
                seen: number("seen")?,
                returned: number("shown")?,
                written: number("written")?,
                open: text("role").zip(text("member")),
            })
        };
        parse().ok_or(Interrupt::Fault(Fault::Internal))
    }

    pub fn to_text(&self) -> String {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let number = |number: usize| Value::Number(number.to_string().into());
        Value::object([
            ("stage", number(self.stage)),
            ("key", text(self.key.as_deref())),
            ("seen", number(self.seen)),
            ("shown", number(self.returned)),
            ("written", number(self.written)),
            ("role", text(self.open.as_ref().map(|(role, _)| role.as_str()))),
            ("member", text(self.open.as_ref().map(|(_, member)| member.as_str()))),
        ])
        .to_string()
    }
}
