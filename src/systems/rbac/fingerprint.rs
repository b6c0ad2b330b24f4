//! What goes into the digests: all that decides, in an order that does not depend on the document's.

use super::access::{Share, Source, Subject, Who};
use super::condition::{Bound, Condition, Conditions, Operand, Scalar, Test};
use super::model::{Assignment, Holder, Records};
use super::pattern::{read_segment, Segment};
use super::table::{Bounds, Match, Named, Table};
use crate::document::json::write_text;
use crate::document::value::Value;
use crate::tables::digest::Digest;
use crate::tables::sort::sort;
use crate::tables::text::{concat, number, separated};

/// Writes the whole document.
pub(super) fn records(records: &Records, digest: &mut Digest) {
    words(records, digest);
    digest.count(records.roles.len());
    for role in &records.roles {
        digest.text(&role.name);
        let inherits = role.inherits.iter().filter_map(|role| records.role(*role));
        list(digest, inherits.map(|role| (*role.name).to_owned()).collect());
        table(records, &role.grants, digest);
    }
    digest.count(records.groups.len());
    for group in &records.groups {
        digest.text(&group.name);
        holder(records, &group.holder, digest);
    }
    holder(records, &records.everyone, digest);
    holder(records, &records.authenticated, digest);
    digest.count(records.users.len());
    for user in &records.users {
        digest.text(&user.id);
        digest.flag(user.is_active);
        holder(records, &user.holder, digest);
        list(digest, user.groups.iter().map(|name| (**name).to_owned()).collect());
        digest.text(&canonical(&user.attributes));
    }
}

/// Writes what one subject decides by: who it is, what it holds, the limits.
pub(super) fn subject(records: &Records, subject: &Subject, digest: &mut Digest) {
    words(records, digest);
    digest.number(match subject.who {
        Who::NotSignedIn => 0,
        Who::Unknown => 1,
        Who::Inactive(_) | Who::InactiveRecord(_) => 2,
        Who::Listed(_) | Who::Record(_) => 3,
    });
    if let Some(user) = subject.who.user(records) {
        digest.text(&user.id);
        list(digest, user.groups.iter().map(|name| (**name).to_owned()).collect());
        digest.text(&canonical(&user.attributes));
    }
    shares(records, subject, &subject.shares, digest);
    digest.count(subject.withins.len());
    for within in &subject.withins {
        shares(records, subject, &within.shares, digest);
    }
}

/// The names of the document, the types of its resources and its limits.
fn words(records: &Records, digest: &mut Digest) {
    digest.count(records.levels.len());
    records.levels.iter().for_each(|level| digest.text(level));
    let least = |least: Option<u8>| least.map_or_else(|| "-".to_owned(), number);
    list(digest, records.actions.iter().map(|action| joined(&[&*action.name, &least(action.least)])).collect());
    digest.flag(records.types.is_some());
    if let Some(types) = &records.types {
        list(digest, types.list.iter().map(|kind| joined(&[&*kind.name, &kind.shape])).collect());
    }
    table(records, &records.limits, digest);
}

fn holder(records: &Records, holder: &Holder, digest: &mut Digest) {
    let assignment = |Assignment { role, scope, bounds }: &Assignment| {
        let name = records.role(*role).map_or("", |role| &role.name);
        joined(&[name, &path(scope), &span(bounds.as_deref().copied())])
    };
    list(digest, holder.roles.iter().map(assignment).collect());
    table(records, &holder.grants, digest);
}

fn table(records: &Records, table: &Table, digest: &mut Digest) {
    let mut lines = Vec::new();
    table.each(&mut |matched| lines.push(line(records, matched)));
    list(digest, lines);
}

/// Which grants there are under which scope and in which time; it does not matter by which role.
fn shares(records: &Records, subject: &Subject, shares: &[Share], digest: &mut Digest) {
    let mut lines = Vec::new();
    for share in shares {
        let source = match share.source {
            Source::User => "user",
            Source::Role => "role",
            Source::Group(_) => "group",
            Source::Authenticated => "authenticated",
            Source::Everyone => "everyone",
            Source::Within(_) => "within",
        };
        let Some(table) = subject.table(records, share) else { continue };
        table.each(&mut |matched| {
            lines.push(joined(&[source, &path(&share.scope), &span(share.bounds), &line(records, matched)]));
        });
    }
    list(digest, lines);
}

/// Writes texts as a set: sorted, each once.
fn list(digest: &mut Digest, mut texts: Vec<String>) {
    sort(&mut texts, Ord::cmp);
    texts.dedup();
    digest.count(texts.len());
    texts.iter().for_each(|text| digest.text(text));
}

/// Parts as one text, so that no two lists of parts look alike.
fn joined(parts: &[&str]) -> String {
    Value::texts(parts).json()
}

/// One grant or limit.
fn line(records: &Records, matched: Match<'_>) -> String {
    let named = match matched.entry.named {
        Named::Level(level) => concat(&["level ", records.levels.get(usize::from(level)).map_or("", |level| level)]),
        Named::Action(action) => {
            concat(&["action ", records.actions.get(usize::from(action)).map_or("", |action| &action.name)])
        }
    };
    let conditions = matched.conditions().map_or_else(|| "-".to_owned(), when);
    let parts = [pattern(matched.pattern), named, conditions, span(matched.bounds())];
    Value::texts(&parts).json()
}

/// A pattern with exactly the `\` that it needs.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for segment in text.split('/') {
        pattern.push('/');
        match read_segment(segment) {
            Segment::Literal(literal) => {
                pattern.push('\\');
                pattern.push_str(literal);
            }
            Segment::Any | Segment::Rest | Segment::Subject => pattern.push_str(segment),
        }
    }
    pattern
}

fn path(scope: &str) -> String {
    if scope.is_empty() {
        String::new()
    } else {
        pattern(scope)
    }
}

fn span(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(String::new, |Bounds { from, until }| concat(&[&number(from), " ", &number(until)]))
}

fn when(conditions: &Conditions) -> String {
    let mut alternatives = Vec::with_capacity(conditions.alternatives.len());
    for all in &conditions.alternatives {
        let mut texts = Vec::with_capacity(all.len());
        for condition in all {
            texts.push(condition_text(condition));
        }
        sort(&mut texts, Ord::cmp);
        alternatives.push(Value::texts(&texts).json());
    }
    sort(&mut alternatives, Ord::cmp);
    alternatives.dedup();
    Value::texts(&alternatives).json()
}

fn condition_text(condition: &Condition) -> String {
    let test = match &condition.test {
        Test::Equals(operand) => concat(&["= ", &operand_text(operand)]),
        Test::Differs(operand) => concat(&["! ", &operand_text(operand)]),
        Test::Within { least, most } => {
            let text = |bound: &Option<Bound>| match bound {
                None => "-".to_owned(),
                Some(Bound::Number(number, _)) => double(*number),
                Some(Bound::Attribute(attribute)) => attribute.path(),
            };
            concat(&["< ", &text(least), " ", &text(most)])
        }
    };
    Value::texts(&[condition.attribute.path(), test]).json()
}

fn operand_text(operand: &Operand) -> String {
    match operand {
        Operand::Attribute(attribute) => concat(&["ref ", &attribute.path()]),
        Operand::Values(values) => {
            let mut texts = Vec::with_capacity(values.len());
            for value in values {
                texts.push(match value {
                    Scalar::Text(text) => concat(&["text ", text]),
                    Scalar::Flag(flag) => (if *flag { "true" } else { "false" }).to_owned(),
                    Scalar::Number(number, _) => double(*number),
                });
            }
            sort(&mut texts, Ord::cmp);
            texts.dedup();
            Value::texts(&texts).json()
        }
    }
}

/// The bits of a double; zero has one sign.
fn double(value: f64) -> String {
    concat(&["number ", &number((value + 0.0).to_bits().cast_signed())])
}

/// A value with the members of objects in order, and numbers by their doubles: what the conditions see of it.
fn canonical(value: &Value) -> String {
    let mut texts = Vec::new();
    match value {
        Value::Null | Value::Bool(_) | Value::Text(_) => value.json(),
        Value::Number(digits) => double(crate::tables::double::double(digits)),
        Value::List(items) => {
            for item in items {
                texts.push(canonical(item));
            }
            concat(&["[", &separated(&texts, ","), "]"])
        }
        Value::Object(members) => {
            for (name, value) in members {
                let mut text = String::new();
                write_text(name, &mut text);
                text.push(':');
                text.push_str(&canonical(value));
                texts.push(text);
            }
            sort(&mut texts, Ord::cmp);
            concat(&["{", &separated(&texts, ","), "}"])
        }
    }
}
