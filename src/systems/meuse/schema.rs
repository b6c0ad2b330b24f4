//! The JSON Schema of the records.

use super::forms::PASSWORD_MOST;
use super::records::{CATEGORY, CRATE, HASHES, RECORDS, TIMES, TOKEN, USER, VERSION, WHOLE_MAX};
use super::vocabulary::Level;
use crate::document::schema::Schema;
use crate::document::value::Value;

pub(super) fn schema() -> Schema {
    let document = Schema::object(&RECORDS, &[], |name| {
        let (of_one, text) = match name {
            "users" => ("user", "The users."),
            "tokens" => ("token", "The tokens of users; only for a directory."),
            "crates" => ("crate", "The crates with their owners."),
            _ => ("category", "The categories that crates can name."),
        };
        Schema::list(Schema::defined(of_one)).described(text)
    });
    document.of_document(
        "Users, crates and tokens of Meuse",
        [("user", user()), ("token", token()), ("crate", krate()), ("category", category())],
    )
}

fn user() -> Schema {
    let user = Schema::object(&USER, &["name", "role"], |name| match name {
        "name" => Schema::name().described("The identity, compared exactly."),
        "role" => Schema::keyword::<Level>().described("What the user may do."),
        "active" => Schema::flag().described("Whether the user can sign in. True if absent."),
        "password" => Schema::text().longest(PASSWORD_MOST).described("Only for a directory."),
        "hash" => Schema::text().beginning(&HASHES).described("Only for a directory, in place of the password."),
        "cargo_id" => Schema::integer(0, WHOLE_MAX),
        _ => Schema::text(),
    });
    user.not_both("password", "hash")
}

fn token() -> Schema {
    Schema::object(&TOKEN, &["user", "name"], |name| match name {
        "user" => Schema::name().described("The name of a user of the records."),
        "name" => Schema::name(),
        "validity" => Schema::integer(1, i64::from(i32::MAX)).described("In days."),
        name if TIMES.contains(&name) => Schema::any().with("type", Value::texts(&["number", "string", "null"])),
        _ => Schema::text(),
    })
}

fn krate() -> Schema {
    Schema::object(&CRATE, &["name"], |name| match name {
        "name" => part(),
        "owners" => Schema::list(Schema::name()).with("uniqueItems", true).described("The names of users."),
        "versions" => Schema::list(Schema::any_of([part(), version()])),
        "categories" => Schema::list(Schema::name()).described("The names of categories of the records."),
        _ => Schema::text(),
    })
}

fn version() -> Schema {
    Schema::object(&VERSION, &["version"], |name| match name {
        "version" => part(),
        "yanked" => Schema::flag(),
        _ => Schema::text(),
    })
}

fn category() -> Schema {
    Schema::object(&CATEGORY, &["name"], |name| if name == "name" { Schema::name() } else { Schema::text() })
}

/// What can be a part of a resource.
fn part() -> Schema {
    Schema::name().matching(r"^(?!\.{1,2}$)[^@/]+$")
}
