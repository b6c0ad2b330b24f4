//! The contents of digests: everything that decides, in an order that does not depend on the document's.

use super::access::{Identity, Share, Source, Subject};
use super::condition::{Bound, Condition, Conditions, Operand, Scalar, Test};
use super::model::{Assignment, Holder, Records};
use super::pattern::{read_segment, Segment};
use super::serialize::name_of;
use super::table::{Bounds, Match, Named, Table};
use crate::document::json_writer::write_text;
use crate::document::value::Value;
use crate::tables::bytes::compare_texts;
use crate::tables::digest::Digest;
use crate::tables::sort::sort;
use crate::tables::text::{concat, join, number, split};

/// Writes the whole document.
pub(super) fn digest_records(records: &Records, digest: &mut Digest) {
    digest_vocabulary(records, digest);
    digest.count(records.roles.len());
    for role in &records.roles {
        digest.text(&role.name);
        let mut inherits = Vec::new();
        for place in &role.inherits {
            if let Some(role) = records.role(*place) {
                inherits.push((*role.name).to_owned());
            }
        }
        digest_set(digest, inherits);
        digest_table(records, &role.grants, digest);
    }
    digest.count(records.groups.len());
    for group in &records.groups {
        digest.text(&group.name);
        digest_holder(records, &group.holder, digest);
    }
    digest_holder(records, &records.everyone, digest);
    digest_holder(records, &records.authenticated, digest);
    digest.count(records.users.len());
    for user in &records.users {
        digest.text(&user.id);
        digest.flag(user.is_active);
        digest_holder(records, &user.holder, digest);
        digest_groups(digest, &user.groups);
        digest.text(&canonical_text(&user.attributes));
    }
}

/// Writes everything on which the decisions for one subject depend: its id, its grants and the limits.
pub(super) fn digest_subject(records: &Records, subject: &Subject, digest: &mut Digest) {
    digest_vocabulary(records, digest);
    digest.number(match subject.identity {
        Identity::NotSignedIn => 0,
        Identity::Unknown => 1,
        Identity::Inactive(_) | Identity::InactiveRecord(_) => 2,
        Identity::Listed(_) | Identity::Record(_) => 3,
    });
    if let Some(user) = subject.identity.user(records) {
        digest.text(&user.id);
        digest_groups(digest, &user.groups);
        digest.text(&canonical_text(&user.attributes));
    }
    digest_shares(records, subject, &subject.shares, digest);
    digest.count(subject.withins.len());
    for within in &subject.withins {
        digest_shares(records, subject, &within.shares, digest);
    }
}

/// The names of the document, the types of its resources and its limits.
fn digest_vocabulary(records: &Records, digest: &mut Digest) {
    digest.count(records.levels.len());
    for level in &records.levels {
        digest.text(level);
    }
    let mut actions = Vec::new();
    for action in &records.actions {
        let least = action.least.map_or_else(|| "-".to_owned(), number);
        actions.push(join_parts(&[&action.name, &least]));
    }
    digest_set(digest, actions);
    digest.flag(records.types.is_some());
    if let Some(types) = &records.types {
        let mut shapes = Vec::new();
        for kind in &types.list {
            shapes.push(join_parts(&[&kind.name, &kind.shape]));
        }
        digest_set(digest, shapes);
    }
    digest_table(records, &records.limits, digest);
}

fn digest_holder(records: &Records, holder: &Holder, digest: &mut Digest) {
    let mut roles = Vec::new();
    for Assignment { role, scope, bounds, .. } in &holder.roles {
        let name = records.role(*role).map_or("", |role| &role.name);
        roles.push(join_parts(&[name, &scope_text(scope), &bounds_text(bounds.as_deref().copied())]));
    }
    digest_set(digest, roles);
    digest_table(records, &holder.grants, digest);
}

fn digest_table(records: &Records, table: &Table, digest: &mut Digest) {
    let mut lines = Vec::new();
    table.for_each_entry(&mut |matched| lines.push(entry_text(records, matched)));
    digest_set(digest, lines);
}

/// The grants under each scope and time span. It does not matter which role they come from.
fn digest_shares(records: &Records, subject: &Subject, shares: &[Share], digest: &mut Digest) {
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
        table.for_each_entry(&mut |matched| {
            lines.push(join_parts(&[
                source,
                &scope_text(&share.scope),
                &bounds_text(share.bounds),
                &entry_text(records, matched),
            ]));
        });
    }
    digest_set(digest, lines);
}

fn digest_groups(digest: &mut Digest, groups: &[Box<str>]) {
    let mut names = Vec::with_capacity(groups.len());
    for name in groups {
        names.push((**name).to_owned());
    }
    digest_set(digest, names);
}

/// Writes texts as a set: sorted, each once.
fn digest_set(digest: &mut Digest, mut texts: Vec<String>) {
    sort_and_dedup(&mut texts);
    digest.count(texts.len());
    for text in &texts {
        digest.text(text);
    }
}

fn sort_and_dedup(texts: &mut Vec<String>) {
    sort(texts, |a, b| compare_texts(a, b));
    texts.dedup();
}

/// Joins parts into one text, so that different lists give different texts.
fn join_parts(parts: &[&str]) -> String {
    Value::texts(parts).json()
}

/// One grant or limit.
fn entry_text(records: &Records, matched: Match<'_>) -> String {
    let kind = match matched.entry.named {
        Named::Level(_) => "level ",
        Named::Action(_) => "action ",
    };
    let named = concat(&[kind, name_of(records, matched.entry.named)]);
    let conditions = matched.conditions().map_or_else(|| "-".to_owned(), conditions_text);
    join_parts(&[&canonical_pattern(matched.pattern), &named, &conditions, &bounds_text(matched.bounds())])
}

/// A pattern in which every literal, and only a literal, begins with `\`.
fn canonical_pattern(text: &str) -> String {
    let mut pattern = String::new();
    for segment in split(text, b'/') {
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

fn scope_text(scope: &str) -> String {
    if scope.is_empty() {
        String::new()
    } else {
        canonical_pattern(scope)
    }
}

fn bounds_text(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(String::new, |Bounds { from, until }| concat(&[&number(from), " ", &number(until)]))
}

fn conditions_text(conditions: &Conditions) -> String {
    let mut alternatives = Vec::with_capacity(conditions.alternatives.len());
    for all in &conditions.alternatives {
        let mut texts = Vec::with_capacity(all.len());
        for condition in all {
            texts.push(condition_text(condition));
        }
        sort(&mut texts, |a, b| compare_texts(a, b));
        alternatives.push(Value::texts(&texts).json());
    }
    sort_and_dedup(&mut alternatives);
    Value::texts(&alternatives).json()
}

fn condition_text(condition: &Condition) -> String {
    let test = match &condition.test {
        Test::Equals(operand) => concat(&["= ", &operand_text(operand)]),
        Test::Differs(operand) => concat(&["! ", &operand_text(operand)]),
        Test::Within { least, most } => {
            let text = |bound: &Option<Bound>| match bound {
                None => "-".to_owned(),
                Some(Bound::Number(number, _)) => double_text(*number),
                Some(Bound::Attribute(attribute)) => attribute.path(),
            };
            concat(&["< ", &text(least), " ", &text(most)])
        }
    };
    join_parts(&[&condition.attribute.path(), &test])
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
                    Scalar::Number(number, _) => double_text(*number),
                });
            }
            sort_and_dedup(&mut texts);
            Value::texts(&texts).json()
        }
    }
}

/// The bits of a double. Negative zero counts as zero.
fn double_text(value: f64) -> String {
    concat(&["number ", &number((value + 0.0).to_bits().cast_signed())])
}

/// A value in the form in which conditions compare it: sorted members of objects, and numbers as doubles.
fn canonical_text(value: &Value) -> String {
    let mut texts = Vec::new();
    match value {
        Value::Null | Value::Bool(_) | Value::Text(_) => value.json(),
        Value::Number(digits) => double_text(crate::tables::double::parse_double(digits)),
        Value::List(items) => {
            for item in items {
                texts.push(canonical_text(item));
            }
            concat(&["[", &join(&texts, ","), "]"])
        }
        Value::Object(members) => {
            for (name, value) in members {
                let mut text = String::new();
                write_text(name, &mut text);
                text.push(':');
                text.push_str(&canonical_text(value));
                texts.push(text);
            }
            sort(&mut texts, |a, b| compare_texts(a, b));
            concat(&["{", &join(&texts, ","), "}"])
        }
    }
}
