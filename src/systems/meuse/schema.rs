//! The JSON Schema of the records.

use super::forms::PASSWORD_MAX;
use super::records::{CATEGORY, CRATE, HASHES, INTEGER_MAX, RECORDS, TIMES, TOKEN, USER, VERSION};
use super::vocabulary::Level;
use crate::document::schema::Schema;
use crate::document::value::Value;

pub(super) fn schema() -> Schema {
    let document = Schema::object(&RECORDS, &[], |name| {
        let (definition, text) = match name {
            "users" => ("user", "The users."),
            "tokens" => ("token", "The tokens of users; only for a directory."),
            "crates" => ("crate", "The crates with their owners."),
            _ => ("category", "The categories that crates can name."),
        };
        Schema::list(Schema::reference(definition)).with_description(text)
    });
    document.of_document(
        "Users, crates and tokens of Meuse",
        [
            ("user", user_schema()),
            ("token", token_schema()),
            ("crate", crate_schema()),
            ("category", category_schema()),
        ],
    )
}

fn user_schema() -> Schema {
    let user = Schema::object(&USER, &["name", "role"], |name| match name {
        "name" => Schema::name().with_description("The identity, compared exactly."),
        "role" => Schema::keyword::<Level>().with_description("What the user may do."),
        "active" => Schema::flag().with_description("Whether the user can sign in. True if absent."),
        "password" => Schema::text().with_max_length(PASSWORD_MAX).with_description("Only for a directory."),
        "hash" => {
            Schema::text().with_prefix(&HASHES).with_description("Only for a directory, in place of the password.")
        }
        "cargo_id" => Schema::integer(0, INTEGER_MAX),
        _ => Schema::text(),
    });
    user.not_both("password", "hash")
}

fn token_schema() -> Schema {
    Schema::object(&TOKEN, &["user", "name"], |name| match name {
        "user" => Schema::name().with_description("The name of a user of the records."),
        "name" => Schema::name(),
        "validity" => Schema::integer(1, i64::from(i32::MAX)).with_description("In days."),
        name if TIMES.contains(&name) => Schema::any().with("type", Value::texts(&["number", "string", "null"])),
        _ => Schema::text(),
    })
}

fn crate_schema() -> Schema {
    Schema::object(&CRATE, &["name"], |name| match name {
        "name" => resource_part(),
        "owners" => Schema::list(Schema::name()).with("uniqueItems", true).with_description("The names of users."),
        "versions" => Schema::list(Schema::any_of([resource_part(), version_schema()])),
        "categories" => Schema::list(Schema::name()).with_description("The names of categories of the records."),
        _ => Schema::text(),
    })
}

fn version_schema() -> Schema {
    Schema::object(&VERSION, &["version"], |name| match name {
        "version" => resource_part(),
        "yanked" => Schema::flag(),
        _ => Schema::text(),
    })
}

fn category_schema() -> Schema {
    Schema::object(&CATEGORY, &["name"], |name| if name == "name" { Schema::name() } else { Schema::text() })
}

/// A name or version that a resource can contain.
fn resource_part() -> Schema {
    Schema::name().with_pattern(r"^(?!\.{1,2}$)[^@/]+$")
}
