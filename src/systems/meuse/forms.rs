//! Validates the bodies of Meuse's own API and of Cargo's API.
//!
//! Problems are in the product's order: first the missing fields, in the order of the tables here, then invalid values,
//! in the order of the body. Unknown fields are ignored and dropped.

use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::tables::text::number;

use super::fields::{boolean, is_i32, list_of, nonempty_text, object_of, optional, required, Field};
use super::publish;
use super::vocabulary::{Kind, Level};

/// The minimum length of a password, in UTF-16 units: four emoji are enough, seven accented letters are not.
const PASSWORD_MIN: usize = 8;
/// The maximum length of a password in bytes. It limits the input of argon2 per request.
pub(super) const PASSWORD_MAX: usize = 1_024;

/// Source: "User and role", "Create a new user"; the order is that of mcorbin/meuse, src/meuse/spec.clj.
const USER_CREATE: &[Field] = &[
    required("description", nonempty_text),
    required("password", password),
    required("name", path_name),
    required("active", boolean),
    required("role", role),
];
/// Source: "User and role", "Update an user". A `name` is ignored: names never change.
const USER_UPDATE: &[Field] = &[
    optional("password", password),
    optional("description", nonempty_text),
    optional("active", boolean),
    optional("role", role),
];
/// Source: "User and role", "Create a token", in its order; mcorbin/meuse, src/meuse/spec.clj,
/// `:meuse.api.meuse.token-create/body`.
const TOKEN_CREATE: &[Field] = &[
    required("name", new_name),
    required("user", any_name),
    required("password", password),
    required("validity", days),
];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.meuse.token-list/params`.
const TOKEN_LIST: &[Field] = &[optional("user", any_name)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.meuse.token-delete/body`.
const TOKEN_DELETE: &[Field] = &[required("name", any_name), required("user", any_name)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.meuse.category/body`.
const CATEGORY_CREATE: &[Field] = &[required("description", nonempty_text), required("name", path_name)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.meuse.category-update/body`.
const CATEGORY_UPDATE: &[Field] = &[optional("name", path_name), optional("description", nonempty_text)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.crate.owner/body`.
const OWNERS: &[Field] = &[required("users", users)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.meuse.crate/params`.
const CRATE_LIST: &[Field] = &[optional("category", any_name)];
/// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.crate.search/params`.
const CRATE_SEARCH: &[Field] = &[required("q", nonempty_text), optional("per_page", numeric_text)];

/// The value as Meuse would store it.
pub(super) fn validate(kind: Kind, value: Node<'_>, problems: &mut Problems) -> Value {
    let fields = match kind {
        Kind::UserCreate => USER_CREATE,
        Kind::UserUpdate => USER_UPDATE,
        Kind::TokenCreate => TOKEN_CREATE,
        Kind::TokenList => TOKEN_LIST,
        Kind::TokenDelete => TOKEN_DELETE,
        Kind::CategoryCreate => CATEGORY_CREATE,
        Kind::CategoryUpdate => CATEGORY_UPDATE,
        Kind::OwnerAdd | Kind::OwnerRemove => OWNERS,
        Kind::CratePublish => publish::METADATA,
        Kind::CrateList => CRATE_LIST,
        Kind::CrateSearch => CRATE_SEARCH,
    };
    object_of(value, fields, problems)
}

/// Whether an update of a user can have this field.
pub(super) fn is_update_field(name: &str) -> bool {
    USER_UPDATE.iter().any(|field| field.name == name)
}

/// A name: any text that is not empty.
pub(super) fn any_name(node: Node<'_>, problems: &mut Problems) -> Value {
    node.name(problems);
    node.value.clone()
}

/// The name of something new.
fn new_name(node: Node<'_>, problems: &mut Problems) -> Value {
    node.new_name(problems);
    node.value.clone()
}

/// The name of something new that paths will contain.
fn path_name(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(name) = node.new_name(problems) {
        check_path_name(node, name, problems);
    }
    node.value.clone()
}

/// Reports a name that a path cannot contain, because its owner could not be changed or deleted.
pub(super) fn check_path_name(node: Node<'_>, name: &str, problems: &mut Problems) {
    if matches!(name, "." | "..") {
        node.problem_with(problems, Code::BadFormat, "a path cannot contain the name <>: choose another", &[name]);
    }
}

fn password(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.text(problems) {
        if text.encode_utf16().count() < PASSWORD_MIN {
            node.problem_with(
                problems,
                Code::TooShort,
                "a password has at least {} characters",
                &[&number(PASSWORD_MIN)],
            );
        } else if text.len() > PASSWORD_MAX {
            node.problem_with(problems, Code::TooLong, "a password has at most {} bytes", &[&number(PASSWORD_MAX)]);
        }
    }
    node.value.clone()
}

fn role(node: Node<'_>, problems: &mut Problems) -> Value {
    node.keyword::<Level>("role", Code::UnknownValue, problems);
    node.value.clone()
}

/// A positive number of days. Meuse fails with an internal error on more than 32 bits; we reject them like other
/// invalid values.
fn days(node: Node<'_>, problems: &mut Problems) -> Value {
    node.integer(1, i64::from(i32::MAX), problems);
    node.value.clone()
}

fn users(node: Node<'_>, problems: &mut Problems) -> Value {
    if matches!(node.value, Value::List(users) if users.is_empty()) {
        node.problem(problems, Code::TooShort, "expected the name of at least one user");
    }
    list_of(node, any_name, problems)
}

/// An integer of 32 bits as text, because a query contains only texts.
fn numeric_text(node: Node<'_>, problems: &mut Problems) -> Value {
    if let Some(text) = node.text(problems) {
        if !is_i32(text) {
            node.problem_with(problems, Code::BadFormat, "<> is not an integer", &[text]);
        }
    }
    node.value.clone()
}
