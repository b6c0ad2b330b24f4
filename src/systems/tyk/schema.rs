//! The JSON Schema of the records.

use super::config::Config;
use super::passwords::{Policy, ARGON2ID, BCRYPT, BCRYPT_LENGTH, HASH_MAX, PASSWORD_MAX};
use super::permissions::{PERMISSIONS_MAX, POLICIES, POLICY};
use super::records::{GROUP, PAGES, PERMISSION, RECORDS, USER};
use super::sign_in_records::RESET_TOKEN;
use crate::document::schema::Schema;
use crate::document::value::Value;

pub(super) fn schema() -> Schema {
    let document = Schema::object(&RECORDS, &[], |name| match name {
        "users" => {
            list_or_response(name, "user").with_description("The users, as a list or as the Dashboard's list response.")
        }
        "groups" => list_or_response(name, "group")
            .with_description("The groups, as a list or as the Dashboard's list response."),
        "apis" => list_or_response(name, "api")
            .with_description("The APIs with their owners, as a list or as the Dashboard's list response."),
        "permissions" => Schema::list(permission())
            .or_null()
            .with_description("Maps paths to sections. Replaces the built-in table, even if it is empty."),
        "additional_permissions" => Schema::reference("additional"),
        "config" => Schema::reference("config"),
        "reset_tokens" => Schema::list(reset_token()).or_null(),
        _ => count(),
    });
    document.of_document(
        "Users of the Tyk Dashboard and their permissions",
        [
            ("user", user()),
            ("group", group()),
            ("api", api()),
            ("user_permissions", user_permissions()),
            ("additional", additional()),
            ("config", config()),
            ("policy", policy()),
        ],
    )
}

/// A list, or the Dashboard's response with a list.
fn list_or_response(name: &str, item: &str) -> Schema {
    let list = || Schema::list(Schema::reference(item));
    let response = Schema::object(&[name, PAGES], &[name], |member| if member == name { list() } else { count() });
    Schema::any_of([list(), response, Schema::null()])
}

fn user() -> Schema {
    let user = Schema::object(&USER, &["id"], |name| match name {
        "id" => id(),
        "password" => {
            Schema::text().with_max_length(PASSWORD_MAX).or_null().with_description("Used only by a directory.")
        }
        "hash" => hash(),
        "active" => flag().with_description("Whether the user can sign in. False if absent."),
        "user_permissions" => Schema::reference("user_permissions"),
        "group_id" => text().with_description("The group whose permissions replace the user's."),
        "password_max_days" => count(),
        "api_model" => Schema::map(Schema::any()).or_null(),
        "sessions" => Schema::list(Schema::name()).with("uniqueItems", true).or_null(),
        _ => text(),
    });
    user.not_both("password", "hash")
}

fn group() -> Schema {
    Schema::object(&GROUP, &["id"], |name| match name {
        "id" => id(),
        "active" => flag().with_description("False if absent."),
        "password_max_days" => count(),
        "user_permissions" => Schema::reference("user_permissions"),
        _ => text(),
    })
}

fn api() -> Schema {
    let owners = || Schema::list(Schema::name()).or_null();
    let properties = [
        ("id", id().into()),
        ("org_id", text().into()),
        ("user_owners", owners().with_description("The ids of users.").into()),
        ("user_group_owners", owners().with_description("The ids of groups.").into()),
    ];
    let api = Schema::map(Schema::any()).with("required", Value::texts(&["id"]));
    api.with("properties", Value::object(properties)).with_description("An API; its definition may have more members.")
}

fn user_permissions() -> Schema {
    Schema::map(Schema::text())
        .with_count("maxProperties", PERMISSIONS_MAX)
        .not_both(POLICY, POLICIES)
        .or_null()
        .with_description("Maps sections to levels. May have `IsAdmin` and `ResetPassword`.")
}

fn permission() -> Schema {
    Schema::object(&PERMISSION, &PERMISSION, |name| match name {
        "permission" => Schema::name().with_description("The section."),
        _ => Schema::text().with_description("A regular expression that matches a part of the path."),
    })
}

fn reset_token() -> Schema {
    Schema::object(&RESET_TOKEN, &RESET_TOKEN, |name| match name {
        "issued_at" => Schema::integer(0, i64::MAX),
        _ => Schema::name(),
    })
}

fn additional() -> Schema {
    let names = Schema::list(Schema::name());
    Schema::any_of([names, Schema::map(Schema::text()), Schema::null()]).with_description("Additional sections.")
}

fn config() -> Schema {
    let config = Schema::object(&Config::KNOWN, &[], |name| match name {
        "enforce_password_history"
        | "user_password_max_days"
        | "login_failure_username_limit"
        | "login_failure_expiration" => count(),
        "password_policy" => Schema::reference("policy"),
        "admin_secret" => Schema::text().with_max_length(PASSWORD_MAX).or_null(),
        "additional_permissions" => Schema::reference("additional"),
        _ => flag(),
    });
    config.or_null().with_description("Settings of the Dashboard. Everything is off by default.")
}

fn policy() -> Schema {
    let policy = Schema::object(&Policy::KNOWN, &[], |name| match name {
        "minLength" => Schema::integer(0, i64::try_from(PASSWORD_MAX).unwrap_or(0)).or_null(),
        "minNumeric" | "minSpecial" => count(),
        "multiCase" | "disableSequential" => flag(),
        _ => Schema::any(),
    });
    policy.or_null().with_description("The requirements for a password.")
}

fn id() -> Schema {
    Schema::name().with_pattern("^[^/]+$").with_description("The id, compared exactly.")
}

fn text() -> Schema {
    Schema::text().or_null()
}

fn flag() -> Schema {
    Schema::flag().or_null()
}

fn count() -> Schema {
    Schema::integer(0, i64::from(i32::MAX)).or_null()
}

fn hash() -> Schema {
    let bcrypt =
        Schema::text().with_prefix(&BCRYPT).with_count("minLength", BCRYPT_LENGTH).with_max_length(BCRYPT_LENGTH);
    Schema::any_of([Schema::text().with_prefix(&[ARGON2ID]).with_max_length(HASH_MAX), bcrypt, Schema::null()])
        .with_description("Used only by a directory, instead of the password.")
}
