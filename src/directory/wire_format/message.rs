//! Parses a message of the wire format.

use std::mem::take;
use std::str::Split;

use base64ct::{Base64, Encoding};

use crate::directory::facts::{CheckResult, Count, Entry, Facts, Page};
use crate::directory::request::Call;
use crate::directory::task::Task;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The end of JSON text: JSON has no such character outside of an escape.
pub const SEPARATOR: char = '\0';

/// A message, of which the JSON text is parsed.
pub struct Message<'m> {
    pub header: Value,
    /// The values of the entries, as JSON text.
    values: Split<'m, char>,
    /// The bytes of the message.
    pub size: usize,
}

/// Parses a task that is executed on facts.
pub fn parse_task(task: &Value) -> Option<Task<'_>> {
    if let Some(call) = task.get("call") {
        Some(Task::Call(parse_call(call)?))
    } else if let Some(records) = task.get("seed") {
        Some(Task::Seed(records))
    } else {
        task.get("bootstrap").map(|_| Task::Bootstrap)
    }
}

pub fn parse_call(call: &Value) -> Option<Call<'_>> {
    let text = |name| call.get(name).and_then(Value::text);
    let mut headers = Vec::new();
    for header in list(call.get("headers")?) {
        let [name, value] = list(header) else { return None };
        headers.push((name.text()?, value.text()?));
    }
    // A missing body is not an empty one.
    let body_withheld = call.get("body")? == &Value::Null;
    Some(Call {
        method: text("method")?,
        path: text("path")?,
        query: text("query")?,
        secure: call.get("secure") == Some(&Value::Bool(true)),
        base_url: text("base_url").unwrap_or(""),
        headers,
        body: if body_withheld { Vec::new() } else { Base64::decode_vec(text("body")?).ok()? },
        body_withheld,
        identity: text("identity"),
        client: text("client").unwrap_or(""),
        has_upstream: call.get("upstream") == Some(&Value::Bool(true)),
        after: text("after"),
    })
}

impl<'m> Message<'m> {
    /// Parses a message. Its header is `null` if it is malformed.
    pub fn parse(message: &'m str) -> Self {
        let mut values = message.split(SEPARATOR);
        let header = Value::parse_wrapped(values.next().unwrap_or_default()).unwrap_or_default();
        Self { header, values, size: message.len() }
    }

    /// The task, which the message does not have afterwards: a seed is too large to be copied.
    pub fn take_task(&mut self) -> Value {
        let Value::Object(members) = &mut self.header else { return Value::Null };
        members.iter_mut().find(|(name, _)| name == "task").map(|(_, task)| take(task)).unwrap_or_default()
    }

    /// Adds the facts of the message. Returns `None` if they are malformed, or are not as many as their values.
    pub fn add_to(self, facts: &mut Facts) -> Option<()> {
        let Self { header, mut values, .. } = self;
        for entry in list(header.get("entries")?) {
            let [key, version] = list(entry) else { return None };
            let entry = if *version == Value::Null { None } else { Some(parse_entry(&mut values, version)?) };
            facts.entry(key.text()?, entry);
        }
        for page in list(header.get("pages")?) {
            let mut entries = Vec::new();
            for entry in list(page.get("entries")?) {
                let [key, version] = list(entry) else { return None };
                entries.push((key.text()?.to_owned(), parse_entry(&mut values, version)?));
            }
            let prefix = page.get("prefix")?.text()?.to_owned();
            let after = page.get("after").and_then(Value::text).map(str::to_owned);
            facts.page(Page { prefix, after, limit: usize::try_from(integer(page.get("limit")?)?).ok()?, entries });
        }
        for check in list(header.get("checks")?) {
            let [password, stored, result] = list(check) else { return None };
            facts.add_check(password.text()?, stored.text(), CheckResult::from_word(result.text()?)?);
        }
        for hashed in list(header.get("hashes")?) {
            let [passwords, hashes] = list(hashed) else { return None };
            facts.add_hashes(texts(passwords)?, texts(hashes)?);
        }
        for count in list(header.get("counted")?) {
            let [key, before, value] = list(count) else { return None };
            let (before, value) = (parse_stored_value(before)?, parse_stored_value(value)?);
            facts.add_counted(Count { key: key.text()?.to_owned(), expect: None, before, value });
        }
        values.next().is_none().then_some(())
    }
}

fn parse_entry<'m>(values: &mut impl Iterator<Item = &'m str>, version: &Value) -> Option<Entry> {
    Some(Entry { value: Value::parse_wrapped(values.next()?).ok()?, version: integer(version)? })
}

/// Parses a value from JSON text. `Some(None)` for `null`.
fn parse_stored_value(text: &Value) -> Option<Option<Value>> {
    match text {
        Value::Null => Some(None),
        text => Value::parse_wrapped(text.text()?).ok().map(Some),
    }
}

pub fn list(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    list(value).iter().map(|item| item.text().map(str::to_owned)).collect()
}

pub fn integer(value: &Value) -> Option<u64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}
