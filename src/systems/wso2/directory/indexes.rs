//! The indexes of users and roles.

use super::super::claims::CLAIM;
use super::stored::list_items;
use crate::directory::index::{Index, Term};
use crate::directory::prelude::Key;
use crate::document::value::Value;
use crate::tables::letters::to_lowercase;

/// The indexed SCIM attributes of users.
pub const EMAILS: &str = "emails";
pub const EXTERNAL: &str = "externalId";
/// The name of a user in a case-sensitive store, because filters ignore case.
pub const NAME: &str = "userName";

/// Users by name.
pub const USERS: Index = Index { prefix: "user/", terms: user_terms };
/// Roles by id.
pub const ROLES: Index = Index { prefix: "role/", terms: role_terms };

fn user_terms(item: &str, user: &Value) -> Vec<Term> {
    let mut terms = Vec::new();
    let Some(Value::Object(claims)) = user.get("claims") else { return terms };
    for (claim, value) in claims {
        match claim.strip_prefix(CLAIM) {
            Some(EXTERNAL) => terms.extend(value.text().map(|text| (EXTERNAL, to_lowercase(text)))),
            Some(EMAILS) => {
                terms.extend(list_items(value).iter().flat_map(value_texts).map(|text| (EMAILS, to_lowercase(text))));
            }
            _ => {}
        }
    }
    let name = Key::last_name(item);
    if to_lowercase(&name) != name {
        let name = user.get("name").and_then(Value::text).unwrap_or_default();
        terms.push((NAME, to_lowercase(name)));
    }
    terms
}

/// The texts of the sub-attribute `value`, whose name ignores case.
fn value_texts(item: &Value) -> impl Iterator<Item = &str> {
    let parts = super::stored::members(item).iter();
    parts.filter(|(name, _)| name.eq_ignore_ascii_case("value")).filter_map(|(_, value)| value.text())
}

fn role_terms(_: &str, role: &Value) -> Vec<Term> {
    role.get("external").and_then(Value::text).map(|text| (EXTERNAL, to_lowercase(text))).into_iter().collect()
}

/// The prefix of the index items of users in a store whose names start with a text.
pub fn user_item_prefix(domain: &str, start: &str) -> String {
    Key::new("", &[domain, start]).text().trim_start_matches('/').to_owned()
}
