//! Names and ids in filters: which resource a filter names, and its names in the form of the store.
//!
//! Source: WSO2, `SCIMUserManager`. With the `domain` of the query, a name without a domain is in this one. `sw`, `co`
//! and `ew` look at the name without its domain, in the domain of the value if it has one.

use std::mem::take;

use super::super::super::domain::split_name;
use super::super::responses::{Refusal, INVALID_FILTER};
use super::super::session::Session;
use super::super::settings::Settings;
use super::filter::{Filter, Name, Operator};
use super::schema::Schema;
use crate::directory::prelude::{Interrupt, Transaction};
use crate::document::value::Value;

/// The resource that a filter names, if it can match only that one.
pub enum Lookup {
    Id(String),
    /// `userName` or `displayName`.
    Name(String),
    /// All roles of a user.
    Member(String),
}

/// The resource that a filter names.
pub fn lookup_in_filter(filter: &Filter, schema: &Schema) -> Option<Lookup> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| lookup_in_filter(filter, schema)),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            let attribute = schema.attribute(&name.attribute)?;
            let is_value = name.sub.as_deref().is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
            match (attribute.name.as_str(), &name.sub) {
                ("id", None) => Some(Lookup::Id(text.clone())),
                ("userName" | "displayName", None) if name_kind(name, None, schema).is_some() => {
                    Some(Lookup::Name(text.clone()))
                }
                ("members", _) if is_value => Some(Lookup::Member(text.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What the names in a filter depend on.
#[derive(Clone, Copy)]
pub struct Naming<'n> {
    pub schema: &'n Schema,
    pub settings: &'n Settings,
    /// The domain of the query.
    pub domain: Option<&'n str>,
}

/// Normalizes the names of users and roles in a filter to the form that the product shows: `PRIMARY/bob` becomes
/// `bob`.
pub fn normalize_names(filter: &mut Filter, naming: Naming<'_>) {
    normalize_names_in(filter, None, naming);
}

/// Like [`normalize_names`], also in a filter on the values of an attribute.
fn normalize_names_in(filter: &mut Filter, within: Option<&str>, naming: Naming<'_>) {
    let Naming { schema, settings, domain } = naming;
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter_mut().for_each(|filter| normalize_names_in(filter, within, naming));
        }
        Filter::Not(filter) => normalize_names_in(filter, within, naming),
        Filter::Value(name, filter) => normalize_names_in(filter, Some(&name.attribute), naming),
        // Source: charon: a user's `groups` are compared by name; RFC 7643, 4.1.2: `groups.value` is the id.
        Filter::Compare(name, operator, value @ Value::Text(_)) if within.is_none() && is_groups(name, schema) => {
            let sub = |sub: &str| Name { attribute: name.attribute.clone(), sub: Some(sub.to_owned()) };
            let positive = if *operator == Operator::NotEqual { Operator::Equal } else { *operator };
            let mut either = Filter::Or(
                ["value", "display"].map(|known| Filter::Compare(sub(known), positive, value.clone())).to_vec(),
            );
            normalize_names_in(&mut either, within, naming);
            *filter = if positive == *operator { either } else { Filter::Not(Box::new(either)) };
        }
        Filter::Compare(name, operator, Value::Text(text)) => {
            let Some(kind) = name_kind(name, within, schema) else { return };
            if operator.is_substring() {
                *filter = Filter::PartOfName(name.clone(), *operator, take(text));
                return;
            }
            *text = name_in_domain(text, domain);
            let canonical = match kind {
                NameKind::User => settings.user(text).map(|name| name.canonical()),
                NameKind::Role => settings.role(text).map(|name| name.canonical()),
            };
            if let Some(canonical) = canonical {
                *text = canonical;
            }
        }
        Filter::Compare(..) | Filter::Present(_) | Filter::PartOfName(..) => {}
    }
}

/// A name in a filter: without a domain it is in that of the query.
fn name_in_domain(name: &str, domain: Option<&str>) -> String {
    match (domain, split_name(name)) {
        (Some(domain), (None, local)) => format!("{domain}/{local}"),
        _ => name.to_owned(),
    }
}

/// Whether a filter compares a user's `groups` without a sub-attribute.
fn is_groups(name: &Name, schema: &Schema) -> bool {
    name.sub.is_none() && schema.attribute(&name.attribute).is_some_and(|known| known.name == "groups")
}

/// Replaces member names in a filter with ids, because the membership entries have only ids as keys. A name without a
/// domain is in the domain of the query, if that is a user store: no user has a domain of roles, such as `Internal`.
///
/// # Errors
///
/// [`Interrupt`].
pub fn resolve_members(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    filter: &mut Filter,
    (schema, domain): (&Schema, Option<&str>),
) -> Result<(), Interrupt> {
    let is_members = |name: &str| schema.attribute(name).is_some_and(|known| known.name == "members");
    let is_display = |name: &str| name.eq_ignore_ascii_case("display");
    let named = match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            return filters.iter_mut().try_for_each(|filter| resolve_members(tx, session, filter, (schema, domain)));
        }
        Filter::Not(filter) => return resolve_members(tx, session, filter, (schema, domain)),
        Filter::Compare(name, Operator::Equal, Value::Text(text))
            if is_members(&name.attribute) && name.sub.as_deref().is_some_and(is_display) =>
        {
            Some((name.attribute.clone(), text.clone()))
        }
        Filter::Value(name, within) if is_members(&name.attribute) => match &**within {
            Filter::Compare(sub, Operator::Equal, Value::Text(text)) if is_display(&sub.attribute) => {
                Some((name.attribute.clone(), text.clone()))
            }
            _ => None,
        },
        Filter::Compare(..) | Filter::Value(..) | Filter::Present(_) | Filter::PartOfName(..) => None,
    };
    let Some((attribute, user)) = named else { return Ok(()) };
    let store = domain.filter(|domain| session.settings.records.stores.store(domain).is_some());
    let user = match session.settings.user(&name_in_domain(&user, store)) {
        Some(name) => session.read_user_entry(tx, &name)?,
        None => None,
    };
    // No member has an empty id.
    let id = user.map(|user| user.id).unwrap_or_default();
    let name = Name { attribute, sub: Some("value".to_owned()) };
    *filter = Filter::Compare(name, Operator::Equal, Value::Text(id));
    Ok(())
}

/// The kind of resource whose name an attribute contains.
enum NameKind {
    User,
    Role,
}

fn name_kind(name: &Name, within: Option<&str>, schema: &Schema) -> Option<NameKind> {
    let (attribute, sub) = match within {
        Some(attribute) => (attribute, Some(&name.attribute)),
        None => (name.attribute.as_str(), name.sub.as_ref()),
    };
    let is_group = schema.attribute("members").is_some();
    match (schema.attribute(attribute)?.name.as_str(), sub) {
        ("userName", None) => Some(NameKind::User),
        ("displayName", None) if is_group => Some(NameKind::Role),
        ("groups", Some(sub)) if sub.eq_ignore_ascii_case("display") => Some(NameKind::Role),
        _ => None,
    }
}

/// Whether a filter uses an attribute.
pub fn uses_attribute(filter: &Filter, attribute: &str, schema: &Schema) -> bool {
    let is_attribute = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().any(|filter| uses_attribute(filter, attribute, schema))
        }
        Filter::Not(filter) => uses_attribute(filter, attribute, schema),
        Filter::Present(name) | Filter::Compare(name, ..) | Filter::PartOfName(name, ..) | Filter::Value(name, _) => {
            is_attribute(&name.attribute)
        }
    }
}

/// The ids of members in a filter. A group can have too many members to compare each of them, so a filter can only
/// ask whether a user is a member.
///
/// # Errors
///
/// `invalidFilter`.
pub fn member_ids_in_filter(filter: &Filter, schema: &Schema) -> Result<Vec<String>, Refusal> {
    let unsupported = || {
        INVALID_FILTER.with_message("`members`: a filter can only compare a member's `value` or `display` with `eq`")
    };
    let mut ids = Vec::new();
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            for filter in filters {
                ids.extend(member_ids_in_filter(filter, schema)?);
            }
        }
        Filter::Not(filter) => ids = member_ids_in_filter(filter, schema)?,
        filter if !uses_attribute(filter, "members", schema) => {}
        Filter::Compare(name, Operator::Equal, Value::Text(id)) => {
            if name.sub.as_deref().is_some_and(|sub| !sub.eq_ignore_ascii_case("value")) {
                return Err(unsupported());
            }
            ids.push(id.clone());
        }
        Filter::Value(_, within) => match &**within {
            Filter::Compare(name, Operator::Equal, Value::Text(id)) if name.attribute.eq_ignore_ascii_case("value") => {
                ids.push(id.clone());
            }
            _ => return Err(unsupported()),
        },
        Filter::Present(_) | Filter::Compare(..) | Filter::PartOfName(..) => return Err(unsupported()),
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}
