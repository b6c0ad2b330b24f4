//! The JSON Schema of the records.

use super::claims::{ACTIVE, LOCKS};
use super::realm;
use super::records::{GRANTS_MAX, HASHES, RECORDS, USER};
use super::rule_records::{Effect, RULE};
use super::stores::{self, ROLE_DOMAINS};
use super::vocabulary::{Action, ALIASES};
use crate::document::limits::NAME_MAX;
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::tables::word::Word;

pub fn schema() -> Schema {
    let document = Schema::object(&RECORDS, &[], |name| match name {
        "realm" => Schema::reference("realm"),
        "stores" => Schema::list(Schema::reference("store")).with_description("User stores; `PRIMARY` always exists."),
        "roles" => Schema::list(role()).with("uniqueItems", true).with_description("The names of the roles."),
        "users" => Schema::list(Schema::reference("user")),
        _ => Schema::list(Schema::reference("rule")).with_description("The rules of the permission tree, in order."),
    });
    document.of_document(
        "Users, roles and rules of WSO2 API Manager",
        [("realm", realm()), ("store", store()), ("user", user()), ("rule", rule())],
    )
}

/// The longest path with its leading slash.
const PATH_MAX: usize = NAME_MAX.saturating_add(1);

/// A name that is not blank.
fn name() -> Schema {
    const NOT_BLANK: &str = r"^(?:[^/]+/|(?![^/]+/))[\s\S]*[^\u0000-\u0020]";

    Schema::name()
        .with_pattern(NOT_BLANK)
        .with_description("A name in the user store `PRIMARY`, or in another store as `DOMAIN/name`.")
}

fn role() -> Schema {
    name()
}

fn realm() -> Schema {
    let realm = Schema::object(&realm::MEMBERS, &[], |member| match member {
        "admin_user" => name().with_description("`admin` if absent."),
        "admin_role" => role().with_description("`admin` if absent."),
        "everyone_role" => role().with_description("The role that every user has. `Internal/everyone` if absent."),
        "tenant" => Schema::name().with_description("`carbon.super` if absent."),
        _ => Schema::flag(),
    });
    realm.with_description("Settings for all user stores.")
}

fn store() -> Schema {
    Schema::object(&stores::MEMBERS, &["domain"], |member| match member {
        "domain" => Schema::name()
            .with_pattern("^[^/]+$")
            .with("not", Schema::any().in_any_case(&ROLE_DOMAINS))
            .with_description("The prefix of names in this store, before `/`."),
        "username_regex" | "password_regex" | "role_regex" => Schema::text(),
        _ => Schema::flag(),
    })
}

fn user() -> Schema {
    let user = Schema::object(&USER, &["name"], |member| match member {
        "name" => name(),
        "password" => Schema::text().with_description("Used only by a directory."),
        "hash" => {
            Schema::text().with_prefix(&HASHES).with_description("Used only by a directory, instead of the password.")
        }
        "roles" => Schema::list(role())
            .with_count("maxItems", GRANTS_MAX)
            .with_description("The names of roles of the records."),
        "id" => Schema::name(),
        _ => claims(),
    });
    user.not_both("password", "hash")
}

fn claims() -> Schema {
    let flags = [ACTIVE].into_iter().chain(LOCKS.into_iter().flatten());
    let flag = || Schema::any_of([Schema::flag(), Schema::text().in_any_case(&["true", "false"]), Schema::null()]);
    let flags: Vec<_> = flags.map(|claim| (claim.to_owned(), flag().into())).collect();
    Schema::map(Schema::any()).with("properties", Value::Object(flags)).with_description("Claims by their URIs.")
}

fn rule() -> Schema {
    let rule = Schema::object(&RULE, &["resource", "action", "effect"], |member| match member {
        "role" | "user" => name(),
        // A longer text is valid if it ends with `/`, because slashes at the end are not part of the path.
        "resource" => Schema::any_of([Schema::any().with_max_length(PATH_MAX), Schema::any().with_pattern("/$")])
            .with("type", "string")
            .with_pattern("^/?(?:[^/]+(?:/[^/]+)*)?/*$")
            .with_description("A permission path. The rule covers it and all paths below it."),
        "action" => action(),
        _ => Schema::keyword::<Effect>(),
    });
    let either = ["role", "user"].map(|member| Schema::any().with("required", Value::texts(&[member])).into());
    rule.with("oneOf", Value::List(either.to_vec())).with_description("A rule, for a role or for a user.")
}

fn action() -> Schema {
    let aliases: Vec<&str> = ALIASES.iter().map(|(alias, _)| *alias).collect();
    let words = [Action::WORDS, &aliases].concat();
    Schema::any_of([Schema::one_of(&words), Schema::text().in_any_case(&words)])
}
