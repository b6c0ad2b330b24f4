//! Exports the store as records, without published files and secrets.

use std::collections::BTreeMap;

use super::json_members::text_or_null;
use super::stored::{Category, Crate, User};
use crate::document::value::Value;
use crate::tables::word::Word;

pub(super) fn export_records(entries: &[(String, Value)]) -> Value {
    let below =
        |prefix: &'static str| entries.iter().filter(move |(key, _)| key.starts_with(prefix)).map(|(_, value)| value);
    let (mut users, mut tokens) = (Vec::new(), Vec::new());
    for user in below("user/").filter_map(User::from_value) {
        tokens.extend(token_records(&user));
        users.push(user_record(&user));
    }
    let (mut categories, mut names) = (Vec::new(), BTreeMap::new());
    for category in below("category/").filter_map(Category::from_value) {
        categories.push(without_nulls(category.to_value()));
        names.insert(category.id, category.name);
    }
    let mut crates = Vec::new();
    for krate in below("crate/").filter_map(Crate::from_value) {
        let category_names: Vec<&String> = krate.categories.iter().filter_map(|id| names.get(id)).collect();
        let mut versions = Vec::with_capacity(krate.versions.len());
        for version in &krate.versions {
            versions.push(without_nulls(Value::object([
                ("version", version.version.as_str().into()),
                ("yanked", version.yanked.into()),
                ("description", text_or_null(version.description.as_deref())),
            ])));
        }
        crates.push(Value::object([
            ("name", krate.name.as_str().into()),
            ("id", krate.id.as_str().into()),
            ("owners", Value::texts(&krate.owners)),
            ("categories", Value::texts(&category_names)),
            ("versions", Value::List(versions)),
        ]));
    }
    Value::object([
        ("users", Value::List(users)),
        ("tokens", Value::List(tokens)),
        ("crates", Value::List(crates)),
        ("categories", Value::List(categories)),
    ])
}

fn user_record(user: &User) -> Value {
    without_nulls(Value::object([
        ("name", user.name.as_str().into()),
        ("id", user.id.as_str().into()),
        ("cargo_id", user.cargo_id.into()),
        ("role", user.role.word().into()),
        ("active", user.active.into()),
        ("description", text_or_null(user.description.as_deref())),
    ]))
}

fn token_records(user: &User) -> Vec<Value> {
    let mut records = Vec::with_capacity(user.tokens.len());
    for token in &user.tokens {
        records.push(Value::object([
            ("user", user.name.as_str().into()),
            ("name", token.name.as_str().into()),
            ("id", token.id.as_str().into()),
            ("created_at", token.created.into()),
            ("expired_at", token.expires.into()),
            ("last_used_at", token.used.map_or(Value::Null, Value::from)),
        ]));
    }
    records
}

/// The object without the members that are `null`.
fn without_nulls(object: Value) -> Value {
    match object {
        Value::Object(mut members) => {
            members.retain(|(_, value)| *value != Value::Null);
            Value::Object(members)
        }
        other => other,
    }
}
