//! The JSON Schema of the records.

use super::input::UNDEFINED;
use super::model::{PASSWORD_MAX, WILDCARD};
use super::records::{Mode, HASHES, HASH_MAX, RECORDS, USER};
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::tables::word::Word;

pub(super) fn schema() -> Schema {
    let records = Schema::object(&RECORDS, &[], |name| match name {
        "users" => or_response(Schema::any_of([
            Schema::map(Schema::reference("user")).with("propertyNames", Schema::name()),
            Schema::list(Schema::reference("listed")),
        ]))
        .with_description("Users by name, or in the form in which the server lists them."),
        "databases" => Schema::map(Schema::list(Schema::name()).with("uniqueItems", true))
            .with("propertyNames", Schema::any().with("minLength", 1))
            .with_description("The collections of each database; only for a directory."),
        _ => Schema::keyword::<Mode>().with_description("Whether the server accepts writes. `default` if absent."),
    });
    Schema::any_of([records, or_response(Schema::list(Schema::reference("listed")))]).of_document(
        "Users of ArangoDB and their grants",
        [
            ("listed", user_schema(&["user"]).with_description("A user as the server lists it.")),
            ("user", user_schema(&[]).with_description("A user.")),
            ("grants", or_response(grants_schema()).with_description("The grants by database; `*` is every database.")),
            ("level", Schema::keyword::<Level>().with_description("The access level.")),
        ],
    )
}

/// A value, or the server's response that contains it.
fn or_response(value: Schema) -> Schema {
    let mut response = Schema::map(Schema::any()).with("required", Value::texts(&["error", "result"]));
    let properties = [("error", Schema::any().with("const", false).into()), ("result", value.clone().into())];
    response = response.with("properties", Value::object(properties));
    Schema::any_of([value, response])
}

fn user_schema(required: &[&str]) -> Schema {
    let user = Schema::object(&USER, required, |name| match name {
        "active" => Schema::flag().with_description("Whether the user can sign in. True if absent."),
        "grants" => Schema::reference("grants"),
        "passwd" => Schema::text().with_max_length(PASSWORD_MAX).with_description("Only for a directory."),
        "hash" => Schema::text()
            .with_max_length(HASH_MAX)
            .with_prefix(&HASHES)
            .with_description("Only for a directory, in place of `passwd`."),
        "config" => Schema::map(Schema::any()).or_null(),
        "user" => Schema::name().with_description("The name of the user."),
        _ => Schema::map(Schema::any()),
    });
    user.not_both("passwd", "hash")
}

fn grants_schema() -> Schema {
    // A database without a name is valid only if it has no levels.
    let special = [
        (WILDCARD, Schema::any_of([grant_schema(true), configured_schema(true)]).into()),
        (
            "",
            Schema::object(&CONFIGURED, &["permission"], |name| {
                if name == "permission" {
                    unset_level()
                } else {
                    Schema::map(unset_level())
                }
            })
            .into(),
        ),
    ];
    Schema::map(Schema::any_of([grant_schema(false), configured_schema(false)]))
        .with("properties", Value::object(special))
        .with("propertyNames", Schema::any().with_max_length(NAME_MAX))
}

/// The members of the server's response for one database.
const CONFIGURED: [&str; 2] = ["permission", "collections"];

/// A level that was never set.
fn unset_level() -> Schema {
    Schema::any().with("const", UNDEFINED)
}

/// The grants in one database. In the database `*`, only the collection `*` can be granted.
fn grant_schema(is_everywhere: bool) -> Schema {
    let names = if is_everywhere { Schema::any().with("const", WILDCARD) } else { Schema::any().with_pattern("^[^_]") };
    Schema::object(&["level", "collections"], &[], |name| match name {
        "level" => Schema::reference("level"),
        _ => Schema::map(Schema::reference("level"))
            .with("propertyNames", names.clone())
            .with_description("By collection; `*` is every collection."),
    })
}

/// The same in the form of the server's response, where a level that was never set is `undefined`.
fn configured_schema(is_everywhere: bool) -> Schema {
    let level = || Schema::one_of(&[Level::WORDS, &[UNDEFINED]].concat());
    Schema::object(&CONFIGURED, &["permission"], |name| match name {
        "permission" => level(),
        _ if is_everywhere => {
            Schema::map(unset_level()).with("properties", Value::object([(WILDCARD, level().into())]))
        }
        _ => Schema::map(level()).with("patternProperties", Value::object([("^(?:_|$)", unset_level().into())])),
    })
}
