//! The wire format between the directory and a host in another language: one execution as JSON text.
//!
//! The file has over 300 lines because a message and its reply are one format: the host reads what is written here and
//! writes what is parsed here, so both change together.

use base64ct::{Base64, Encoding};

use super::facts::{Ask, CheckResult, Count, Entry, Facts, Page};
use super::fault::Fault;
use super::inputs::Inputs;
use super::model::Directory;
use super::outcome::{Expectation, LoggedDecision, Mail, Outcome};
use super::rejection::Guards;
use super::request::Call;
use super::response::{Body, Response};
use super::run::{body_size, run_task};
use super::task::Task;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// Executes a message:
///
/// ```text
/// { "task": {"call": call} | {"body_size": call} | {"seed": records} | {"bootstrap": true} | {"fault": word, "path"} | {"export": [[key, value]]},
///   "now": milliseconds, "secret": base64, "entropy": base64, "guards": word,
///   "entries": [[key, value, version]], "pages": [{"prefix", "after", "limit", "entries"}],
///   "checks": [[password, stored, result]], "hashes": [[passwords, hashes]],
///   "counted": [[key, before, value]] }
/// call: {"method", "path", "query", "secure", "base_url", "client", "identity", "headers": [[name, value]],
///   "body": base64, or null for a withheld one, "after"}
/// ```
///
/// The result is `{"asks", "response", "upstream", "body", "body_size", "fault", "changes", "mails", "actor", "noted",
/// "records"}`. Every member is always present, `null` or empty if it has no value. Values of entries are JSON text in
/// strings, because a store keeps text.
pub fn run_message<S: Directory>(message: &str) -> String {
    let read = Value::parse_wrapped(message);
    let outcome = match &read {
        Ok(message) => run_value::<S>(message),
        Err(_) => None,
    };
    // A malformed message is the fault of the host, or of a store that returned other text than it was given: deny.
    let path = |message: &Value| Some(message.get("task")?.get("call")?.get("path")?.text()?.to_owned());
    let path = || read.as_ref().ok().and_then(path).unwrap_or_default();
    outcome.unwrap_or_else(|| only_fault::<S>(Fault::Internal, &path())).to_string()
}

fn run_value<S: Directory>(message: &Value) -> Option<Value> {
    let task = message.get("task")?;
    if let Some(fault) = task.get("fault") {
        let path = task.get("path").and_then(Value::text).unwrap_or_default();
        return Some(only_fault::<S>(Fault::from_word(fault.text()?)?, path));
    }
    if let Some(entries) = task.get("export") {
        let mut stored = Vec::new();
        for entry in list(entries) {
            let [key, value, ..] = list(entry) else { return None };
            stored.push((key.text()?.to_owned(), Value::parse_wrapped(value.text()?).ok()?));
        }
        let response = response_to_value(Response::empty(204));
        return Some(reply_to_value(Reply { response, records: S::export_records(&stored), ..Reply::default() }));
    }
    if let Some(call) = task.get("body_size") {
        let body_size = body_size::<S>(&parse_call(call)?).word();
        return Some(reply_to_value(Reply {
            response: response_to_value(Response::empty(204)),
            body_size: body_size.into(),
            ..Reply::default()
        }));
    }
    let task = if let Some(call) = task.get("call") {
        Task::Call(parse_call(call)?)
    } else if let Some(records) = task.get("seed") {
        Task::Seed(records)
    } else {
        task.get("bootstrap").map(|_| Task::Bootstrap)?
    };
    let bytes = |name: &str| Base64::decode_vec(message.get(name)?.text()?).ok();
    let (secret, entropy) = (bytes("secret")?, bytes("entropy")?);
    let now = integer(message.get("now")?)?;
    // Unknown guards are an error, and do not mean that there are none.
    let guards = match message.get("guards") {
        Some(guards) => Guards::from_word(guards.text()?)?,
        None => Guards::Off,
    };
    let now = i64::try_from(now).ok()?;
    let facts = parse_facts(message)?;
    let inputs = Inputs { guards, now, secret: &secret, entropy: &entropy, facts: &facts };
    Some(outcome_to_value(run_task::<S>(&task, inputs)))
}

fn parse_call(call: &Value) -> Option<Call<'_>> {
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
        after: text("after"),
    })
}

fn parse_facts(message: &Value) -> Option<Facts> {
    let mut facts = Facts::default();
    for entry in list(message.get("entries")?) {
        let [key, value, version] = list(entry) else { return None };
        facts.entry(key.text()?, if *value == Value::Null { None } else { Some(parse_entry(value, version)?) });
    }
    for page in list(message.get("pages")?) {
        let mut entries = Vec::new();
        for entry in list(page.get("entries")?) {
            let [key, value, version] = list(entry) else { return None };
            entries.push((key.text()?.to_owned(), parse_entry(value, version)?));
        }
        let prefix = page.get("prefix")?.text()?.to_owned();
        let after = page.get("after").and_then(Value::text).map(str::to_owned);
        facts.page(Page { prefix, after, limit: usize::try_from(integer(page.get("limit")?)?).ok()?, entries });
    }
    for check in list(message.get("checks")?) {
        let [password, stored, result] = list(check) else { return None };
        facts.add_check(password.text()?, stored.text(), CheckResult::from_word(result.text()?)?);
    }
    for hashed in list(message.get("hashes")?) {
        let [passwords, hashes] = list(hashed) else { return None };
        facts.add_hashes(texts(passwords)?, texts(hashes)?);
    }
    for count in list(message.get("counted")?) {
        let [key, before, value] = list(count) else { return None };
        let (before, value) = (parse_stored_value(before)?, parse_stored_value(value)?);
        facts.add_counted(Count { key: key.text()?.to_owned(), expect: None, before, value });
    }
    Some(facts)
}

/// Parses a value from JSON text. `Some(None)` for `null`.
fn parse_stored_value(text: &Value) -> Option<Option<Value>> {
    match text {
        Value::Null => Some(None),
        text => Value::parse_wrapped(text.text()?).ok().map(Some),
    }
}

fn parse_entry(value: &Value, version: &Value) -> Option<Entry> {
    Some(Entry { value: Value::parse_wrapped(value.text()?).ok()?, version: integer(version)? })
}

/// The members of a reply. Those that are left out are `null`.
#[derive(Default)]
struct Reply {
    asks: Vec<Ask>,
    response: Value,
    upstream: bool,
    body: bool,
    body_size: Value,
    fault: Option<&'static str>,
    changes: Vec<Expectation>,
    mails: Vec<Mail>,
    actor: Option<String>,
    logged: Vec<LoggedDecision>,
    records: Value,
}

fn outcome_to_value(outcome: Outcome) -> Value {
    let Outcome { asks, response, upstream, body, fault, changes, mails, actor, logged } = outcome;
    if !asks.is_empty() {
        return reply_to_value(Reply { asks, ..Reply::default() });
    }
    let response = response_to_value(response);
    reply_to_value(Reply { response, upstream, body, fault, changes, mails, actor, logged, ..Reply::default() })
}

fn only_fault<S: Directory>(fault: Fault, path: &str) -> Value {
    let response = response_to_value(fault.response_of::<S>(path));
    reply_to_value(Reply { response, fault: Some(fault.word()), ..Reply::default() })
}

fn reply_to_value(reply: Reply) -> Value {
    let Reply { asks, response, upstream, body, body_size, fault, changes, mails, actor, logged, records } = reply;
    Value::object([
        ("asks", list_to_value(asks, ask_to_value)),
        ("response", response),
        ("upstream", upstream.into()),
        ("body", body.into()),
        ("body_size", body_size),
        ("fault", fault.map_or(Value::Null, Value::from)),
        ("changes", list_to_value(changes, change_to_value)),
        ("mails", list_to_value(mails, mail_to_value)),
        ("actor", actor.map_or(Value::Null, Value::Text)),
        ("noted", list_to_value(logged, decision_to_value)),
        ("records", records),
    ])
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

fn response_to_value(response: Response) -> Value {
    let Response { status, headers, body } = response;
    let mut pairs = list_to_value(headers, |(name, value)| Value::List(vec![name.into(), Value::Text(value)]));
    let (mut text, mut bytes, mut next) = (Value::Null, Value::Null, Value::Null);
    let mut json = true;
    match body {
        Body::Empty => json = false,
        Body::Json(value) => text = Value::Text(value.to_string()),
        Body::Part { text: part, next: key } => {
            text = Value::Text(part);
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
    Value::object([
        ("status", number(status.into())),
        ("headers", pairs),
        ("text", text),
        ("bytes", bytes),
        ("next", next),
    ])
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

fn list(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    list(value).iter().map(|item| item.text().map(str::to_owned)).collect()
}

fn integer(value: &Value) -> Option<u64> {
    match value {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn number(number: usize) -> Value {
    Value::Number(number.to_string().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::systems::arangodb::Arangodb;
    use crate::systems::meuse::Meuse;

    const MEMBERS: [&str; 11] =
        ["asks", "response", "upstream", "body", "body_size", "fault", "changes", "mails", "actor", "noted", "records"];

    /// Complete messages, which the tests break.
    const COMPLETE_MESSAGES: [&str; 7] = [
        r#"{"task":{"call":{"method":"PUT","path":"/api/v1/crates/new","query":"","identity":"ann","headers":[],"body":null,"after":null}},"now":1,"secret":"","entropy":"","entries":[["user/ann",null,null]],"pages":[],"checks":[],"hashes":[],"counted":[]}"#,
        r#"{"task":{"body_size":{"method":"PUT","path":"/api/v1/crates/new","query":"","headers":[],"body":null}}}"#,
        r#"{"task":{"call":{"method":"GET","path":"/_api/user","query":"","client":"192.0.2.1","headers":[["authorization","Basic cm9vdDo="]],"body":"","after":null}},"now":1,"secret":"","entropy":"","entries":[["user/root","{}",1],["settings",null,null]],"pages":[{"prefix":"user/","after":null,"limit":5,"entries":[["user/root","{}",1]]}],"checks":[["","hash","right"]],"hashes":[[["a"],["b"]]],"counted":[["brake/0000",null,"{}"]]}"#,
        r#"{"task":{"seed":{"users":{"root":{}}}},"now":1,"secret":"","entropy":"","entries":[["directory/filled",null,null]],"pages":[{"prefix":"user/","after":null,"limit":1,"entries":[]}],"checks":[],"hashes":[],"counted":[]}"#,
        r#"{"task":{"bootstrap":true},"now":1,"secret":"","entropy":"","entries":[],"pages":[],"checks":[],"hashes":[],"counted":[]}"#,
        r#"{"task":{"export":[["user/ann","{\"id\":\"x\"}"],["crate/x","[]"],["database/%","5"]]}}"#,
        r#"{"task":{"fault":"too_large","path":"/x"}}"#,
    ];

    /// Every message gets a reply with all members, and a reply has changes only if the task could be parsed.
    fn check(message: &str) {
        for text in [run_message::<Arangodb>(message), run_message::<Meuse>(message)] {
            let reply = Value::parse_wrapped(&text);
            assert!(reply.is_ok_and(|reply| MEMBERS.iter().all(|member| reply.get(member).is_some())), "{text}");
        }
    }

    #[test]
    fn complete_messages_are_parsed() {
        COMPLETE_MESSAGES.iter().for_each(|whole| check(whole));
    }

    proptest! {
        #[test]
        fn random_text_is_rejected(text in ".*") {
            check(&text);
        }

        #[test]
        fn malformed_messages_are_rejected(which in 0..COMPLETE_MESSAGES.len(), start in 0_usize..500, length in 0_usize..40, other in "[\\[\\]{}\",:0-9a-z%/]{0,12}|null|true|-1|1e999|\"\\\\ud800\"") {
            let message = COMPLETE_MESSAGES.get(which).copied().unwrap_or("");
            let (head, rest) = message.split_at_checked(start.min(message.len())).unwrap_or(("", message));
            let tail = rest.get(length..).unwrap_or("");
            check(&format!("{head}{other}{tail}"));
        }
    }
}
