//! What users and roles are found by.

use super::super::claims::CLAIM;
use super::stored::list;
use crate::directory::index::{Index, Term};
use crate::directory::prelude::Key;
use crate::document::value::Value;
use crate::tables::letters::small_text;

/// The claims of SCIM by which a user is found.
pub const EMAILS: &str = "emails";
pub const EXTERNAL: &str = "externalId";
/// The name of a user in a store in which the case of names counts: a filter ignores it.
pub const NAME: &str = "userName";

/// Users by their names.
pub const USERS: Index = Index { prefix: "user/", terms: of_user };
/// Roles by their identifiers.
pub const ROLES: Index = Index { prefix: "role/", terms: of_role };

fn of_user(item: &str, user: &Value) -> Vec<Term> {
    let mut terms = Vec::new();
    let Some(Value::Object(claims)) = user.get("claims") else { return terms };
    for (claim, value) in claims {
        match claim.strip_prefix(CLAIM) {
            Some(EXTERNAL) => terms.extend(value.text().map(|text| (EXTERNAL, small_text(text)))),
            Some(EMAILS) => {
                terms.extend(list(value).iter().flat_map(values).map(|text| (EMAILS, small_text(text))));
            }
            _ => {}
        }
    }
    let name = Key::last_name(item);
    if small_text(&name) != name {
        let shown = user.get("name").and_then(Value::text).unwrap_or_default();
        terms.push((NAME, small_text(shown)));
    }
    terms
}

/// The texts of the part `value`, whose name ignores case.
fn values(item: &Value) -> impl Iterator<Item = &str> {
    let parts = super::stored::members(item).iter();
    parts.filter(|(name, _)| name.eq_ignore_ascii_case("value")).filter_map(|(_, value)| value.text())
}

fn of_role(_: &str, role: &Value) -> Vec<Term> {
    role.get("external").and_then(Value::text).map(|text| (EXTERNAL, small_text(text))).into_iter().collect()
}

/// What the items of the users begin with that are in a store, with names that begin so.
pub fn below(domain: &str, start: &str) -> String {
    Key::new("", &[domain, start]).text().trim_start_matches('/').to_owned()
}
