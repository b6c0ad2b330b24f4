//! The reply to a message of the wire format, as text.

use base64ct::{Base64, Encoding};

use super::message::{list, SEPARATOR};
use crate::directory::facts::{Ask, Count};
use crate::directory::fault::Fault;
use crate::directory::model::Directory;
use crate::directory::outcome::{Expectation, LoggedDecision, Mail, Outcome};
use crate::directory::response::{Body, Response};
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// The members of a reply. Those that are left out are `null`.
#[derive(Default)]
pub struct Reply {
    /// The host continued a run that is not kept.
    pub lost: bool,
    pub asks: Vec<Ask>,
    pub response: Option<Response>,
    pub upstream: bool,
    pub body: bool,
    pub body_size: Option<&'static str>,
    pub fault: Option<&'static str>,
    pub changes: Vec<Expectation>,
    pub mails: Vec<Mail>,
    pub actor: Option<String>,
    pub logged: Vec<LoggedDecision>,
    pub records: Value,
}

impl Reply {
    pub fn from_outcome(outcome: Outcome) -> Self {
        let Outcome { asks, response, upstream, body, fault, changes, mails, actor, logged } = outcome;
        if !asks.is_empty() {
            return Self { asks, actor, ..Self::default() };
        }
        Self { response: Some(response), upstream, body, fault, changes, mails, actor, logged, ..Self::default() }
    }

    pub fn from_fault<S: Directory>(fault: Fault, path: &str) -> Self {
        Self { response: Some(fault.response_of::<S>(path)), fault: Some(fault.word()), ..Self::default() }
    }

    /// The reply as text. The text of the response comes after it, because as a string in JSON it would be escaped and
    /// copied twice more.
    pub fn into_text(self) -> String {
        let Self { lost, asks, response, upstream, body, body_size, fault, changes, mails, actor, logged, records } =
            self;
        let (response, text) = response.map(response_to_value).unwrap_or_default();
        let value = Value::object([
            ("lost", lost.into()),
            ("asks", list_to_value(asks, ask_to_value)),
            ("response", response),
            ("upstream", upstream.into()),
            ("body", body.into()),
            ("body_size", body_size.map_or(Value::Null, Value::from)),
            ("fault", fault.map_or(Value::Null, Value::from)),
            ("changes", list_to_value(changes, change_to_value)),
            ("mails", list_to_value(mails, mail_to_value)),
            ("actor", actor.map_or(Value::Null, Value::Text)),
            ("noted", list_to_value(logged, decision_to_value)),
            ("records", records),
        ]);
        let mut reply = value.json();
        if let Some(text) = text {
            reply.push(SEPARATOR);
            reply.push_str(&text);
        }
        reply
    }
}

fn ask_to_value(ask: Ask) -> Value {
    let or_null = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    match ask {
        Ask::Read(keys) => Value::object([("kind", "read".into()), ("keys", Value::texts(&keys))]),
        Ask::Scan { prefix, after, limit } => Value::object([
            ("kind", "scan".into()),
            ("prefix", Value::Text(prefix)),
            ("after", or_null(after)),
            ("limit", number(limit)),
        ]),
        Ask::Verify { password, stored, memory } => Value::object([
            ("kind", "verify".into()),
            ("password", Value::Text(password)),
            ("stored", or_null(stored)),
            ("memory", memory.word().into()),
        ]),
        Ask::Count(counts) => {
            Value::object([("kind", "count".into()), ("lines", list_to_value(counts, count_to_value))])
        }
        Ask::Hash(passwords) => Value::object([("kind", "hash".into()), ("passwords", Value::texts(&passwords))]),
    }
}

/// The response, and its text if it has any.
fn response_to_value(response: Response) -> (Value, Option<String>) {
    let Response { status, headers, body } = response;
    let mut pairs = list_to_value(headers, |(name, value)| Value::List(vec![name.into(), Value::Text(value)]));
    let (mut text, mut bytes, mut next) = (None, Value::Null, Value::Null);
    let mut json = true;
    match body {
        Body::Empty => json = false,
        Body::Json(value) => text = Some(value.json()),
        Body::Part { text: part, next: key } => {
            text = Some(part);
            next = key.map_or(Value::Null, Value::Text);
        }
        Body::Bytes(stored) => {
            bytes = Value::Text(Base64::encode_string(&stored));
            json = false;
        }
    }
    if let (Value::List(pairs), true) = (&mut pairs, json) {
        if !pairs.iter().any(|pair| list(pair).first().and_then(Value::text) == Some("content-type")) {
            pairs.push(Value::List(vec!["content-type".into(), "application/json; charset=utf-8".into()]));
        }
    }
    let value =
        Value::object([("status", number(status.into())), ("headers", pairs), ("bytes", bytes), ("next", next)]);
    (value, text)
}

fn count_to_value(line: Count) -> Value {
    let Count { key, expect, before, value } = line;
    let text = |value: Option<Value>| value.map_or(Value::Null, |value| Value::Text(value.to_string()));
    let expect = expect.map_or(Value::Null, |version| Value::Number(version.to_string().into()));
    Value::object([("key", Value::Text(key)), ("expect", expect), ("before", text(before)), ("value", text(value))])
}

fn change_to_value(line: Expectation) -> Value {
    let Expectation { key, expect, change } = line;
    let expect = expect.map_or(Value::Null, |version| Value::Number(version.to_string().into()));
    let mut members = vec![("key".to_owned(), Value::Text(key)), ("expect".to_owned(), expect)];
    if let Some(change) = change {
        members.push(("value".to_owned(), change.map_or(Value::Null, |value| Value::Text(value.to_string()))));
    }
    Value::Object(members)
}

fn mail_to_value(mail: Mail) -> Value {
    let Mail { to, kind, subject, text, link, token, expires_at } = mail;
    let [to, subject, text, link, token] = [to, subject, text, link, token].map(Value::Text);
    Value::object([
        ("to", to),
        ("kind", kind.into()),
        ("subject", subject),
        ("text", text),
        ("link", link),
        ("token", token),
        ("expires_at", expires_at.into()),
    ])
}

fn decision_to_value(decision: LoggedDecision) -> Value {
    let LoggedDecision { action, resource, allow, rule } = decision;
    let resource = Value::Text(resource);
    Value::object([("action", action.into()), ("resource", resource), ("allow", allow.into()), ("rule", rule.into())])
}

fn list_to_value<T>(items: Vec<T>, write: impl Fn(T) -> Value) -> Value {
    Value::List(items.into_iter().map(write).collect())
}

fn number(number: usize) -> Value {
    Value::Number(number.to_string().into())
}
