//! What is asked of a list: which resources, which of them are told, and how much of each.

use super::super::super::domain::{split_name, RoleDomain};
use super::super::responses::{
    Refusal, INVALID_FILTER, INVALID_SYNTAX, INVALID_VALUE, NO_SORT, UNKNOWN_DOMAIN, UNREADABLE_FILTER,
    UNREADABLE_QUERY,
};
use super::super::session::Session;
use super::super::settings::Settings;
use super::filter::{Filter, Name, Operator};
use super::matching::holds;
use super::resource::Projection;
use super::schema::{is_of, member, Schema};
use super::service::{hold, parameter};
use crate::directory::prelude::{decode, Call, Interrupt, Transaction};
use crate::document::problem::{one_of, quote};
use crate::document::value::Value;

/// The most resources that a list tells.
const SHOWN_MAX: usize = 100;

/// The schema of a search.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The parameters of a query and the members of a search, each at most once.
const PARAMETERS: [&str; 6] = ["filter", "startIndex", "count", "attributes", "excludedAttributes", "domain"];

/// How a list is to be sorted, which is refused by itself.
const SORT: [&str; 2] = ["sortBy", "sortOrder"];

/// What a list is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Users,
    Groups,
}

/// What is asked of a list.
pub struct Query {
    pub filter: Option<Filter>,
    /// The place of the first that is told, from 1.
    pub start: usize,
    count: usize,
    /// Only resources of this user store, or of this domain of roles.
    pub domain: Option<String>,
    pub projection: Projection,
}

impl Query {
    /// By the parameters of a request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: `invalidFilter`, `invalidValue`.
    pub fn of_call(call: &Call<'_>) -> Result<Self, Interrupt> {
        let number = |name: &str| parameter(call, name).map(|digits| Value::Number(digits.into()));
        let text = |name: &str| parameter(call, name).map(Value::Text);
        if text("sortBy").or_else(|| text("sortOrder")).is_some() {
            return hold(Err(NO_SORT));
        }
        let window = [number("startIndex"), number("count")];
        hold(Self::new(text("filter"), window, text("domain"), Projection::of_call(call)))
    }

    /// By the members of a search (RFC 7644, section 3.4.3).
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: as [`Query::of_call`], and `invalidSyntax`.
    pub fn of_search(search: &Value) -> Result<Self, Interrupt> {
        hold(is_of(search, SEARCH_REQUEST))?;
        let Value::Object(given) = search else { return hold(Err(INVALID_SYNTAX)) };
        let names = given.iter().map(|(name, _)| name.as_str()).filter(|name| !name.eq_ignore_ascii_case("schemas"));
        hold(each_known_once(names).map_err(|message| INVALID_SYNTAX.with_message(message)))?;
        let member = |name: &str| member(search, name).filter(|value| **value != Value::Null).cloned();
        if member("sortBy").or_else(|| member("sortOrder")).is_some() {
            return hold(Err(NO_SORT));
        }
        let projection = hold(Projection::of_search(search))?;
        hold(Self::new(member("filter"), [member("startIndex"), member("count")], member("domain"), projection))
    }

    fn new(
        filter: Option<Value>,
        [start, count]: [Option<Value>; 2],
        domain: Option<Value>,
        projection: Projection,
    ) -> Result<Self, Refusal> {
        let filter = match filter {
            None => None,
            Some(Value::Text(text)) => Some(Filter::read(&text).ok_or(INVALID_FILTER)?),
            Some(_) => return Err(INVALID_FILTER),
        };
        let start = start.map_or(Ok(1), |start| whole(&start))?.max(1);
        let count = count.map_or(Ok(SHOWN_MAX), |count| whole(&count))?.min(SHOWN_MAX);
        let domain = match domain {
            None => None,
            Some(Value::Text(domain)) => Some(domain),
            Some(_) => return Err(INVALID_VALUE),
        };
        Ok(Self { filter, start, count, domain, projection })
    }

    /// Refuses a `domain` that none of the listed kinds of resources has.
    ///
    /// # Errors
    ///
    /// 32103.
    pub fn check_domain(&self, kinds: &[Of], settings: &Settings) -> Result<(), Refusal> {
        let Some(domain) = &self.domain else { return Ok(()) };
        let stores = &settings.records.stores;
        let role = format!("{domain}/x");
        let is_known = |kind: &Of| match kind {
            Of::Users => stores.store(domain).is_some(),
            // Roles have domains beside the user stores, such as `Internal`.
            Of::Groups => match settings.role(&role).map(|role| role.domain) {
                Some(RoleDomain::Store(store)) => store.domain().eq_ignore_ascii_case(domain),
                Some(RoleDomain::RolesOnly(kept)) => kept.eq_ignore_ascii_case(domain),
                None => false,
            },
        };
        if kinds.iter().any(is_known) {
            return Ok(());
        }
        let known: Vec<&str> = stores.domains().collect();
        let message = format!("no user store has the domain {}, expected {}", quote(domain), one_of(&known));
        Err(UNKNOWN_DOMAIN.with_message(message))
    }

    /// Whether the resource is one of those that are asked for.
    pub fn fits(&self, resource: &Value, schema: &Schema) -> bool {
        self.is_of_domain(resource) && self.filter.as_ref().is_none_or(|filter| holds(filter, resource, schema))
    }

    /// Whether the name of a resource has the domain that is asked for.
    fn is_of_domain(&self, resource: &Value) -> bool {
        let Some(domain) = &self.domain else { return true };
        let name = resource.get("userName").or_else(|| resource.get("displayName")).and_then(Value::text);
        // A name without a domain is in the first store.
        split_name(name.unwrap_or_default()).0.unwrap_or("PRIMARY").eq_ignore_ascii_case(domain)
    }

    /// Which of the resources of a kind are told that all fit: how many are passed over, and how many are told at most.
    /// `before` fit in kinds before, and `told` of `shown` ones are of this kind.
    pub fn window(&self, before: usize, told: usize, shown: usize) -> (usize, usize) {
        let skipped = self.start.saturating_sub(1).saturating_sub(before);
        (skipped.saturating_add(told), self.count.saturating_sub(shown))
    }

    /// Whether the resource with this many before it is told.
    pub fn shows(&self, seen: usize) -> bool {
        let first = self.start.saturating_sub(1);
        seen >= first && seen < first.saturating_add(self.count)
    }
}

/// Refuses a query of which a part can not be decoded, is not known or is repeated: without its filter it would ask
/// for everything. A name without a value is a switch of some client, as `aadOptscim062020`, and asks for nothing.
///
/// # Errors
///
/// `invalidFilter`, `invalidValue`.
pub fn readable(call: &Call<'_>) -> Result<(), Refusal> {
    let mut named = Vec::new();
    for pair in call.query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name, true), decode(value, true)) {
            (Some(name), Some(value)) if !value.is_empty() => named.push(name),
            (Some(_), Some(_)) => {}
            (Some(name), None) if name.eq_ignore_ascii_case("filter") => return Err(UNREADABLE_FILTER),
            _ => return Err(UNREADABLE_QUERY),
        }
    }
    let names = named.iter().map(String::as_str);
    each_known_once(names).map_err(|message| INVALID_VALUE.with_message(message))
}

/// Whether each name is one that a list knows, in any case, and none is repeated; else what is wrong. A filter that
/// is not read because of its name would find everything.
fn each_known_once<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        let is_it = |known: &&str| known.eq_ignore_ascii_case(name);
        if !PARAMETERS.iter().chain(&SORT).any(is_it) {
            return Err(format!("unknown parameter {}, expected {}", quote(name), one_of(&PARAMETERS)));
        }
        if seen.iter().any(is_it) {
            return Err(format!("the parameter {} is given twice: give it once", quote(name)));
        }
        seen.push(name);
    }
    Ok(())
}

/// A whole number; one below 0 is 0 (RFC 7644, section 3.4.2.4).
fn whole(value: &Value) -> Result<usize, Refusal> {
    let Value::Number(digits) = value else { return Err(INVALID_VALUE) };
    let (is_negative, digits) = digits.strip_prefix('-').map_or((false, &**digits), |digits| (true, digits));
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(INVALID_VALUE);
    }
    Ok(if is_negative { 0 } else { digits.parse().unwrap_or(usize::MAX) })
}

/// What a filter names, where it can only fit what has that name.
pub enum One {
    Id(String),
    /// `userName` or `displayName`.
    Name(String),
    /// All roles of a user.
    Member(String),
}

/// What a filter names.
pub fn named_by(filter: &Filter, schema: &Schema) -> Option<One> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| named_by(filter, schema)),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            let attribute = schema.attribute(&name.attribute)?;
            let is_value = name.part.as_deref().is_none_or(|part| part.eq_ignore_ascii_case("value"));
            match (attribute.name.as_str(), &name.part) {
                ("id", None) => Some(One::Id(text.clone())),
                ("userName" | "displayName", None) if whose(name, None, schema).is_some() => {
                    Some(One::Name(text.clone()))
                }
                ("members", _) if is_value => Some(One::Member(text.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Spells the names of users and roles in a filter as the product shows them: `PRIMARY/bob` is `bob`.
pub fn spell_names(filter: &mut Filter, schema: &Schema, settings: &Settings) {
    spell_in(filter, None, schema, settings);
}

/// As [`spell_names`], also among the values of an attribute.
fn spell_in(filter: &mut Filter, within: Option<&str>, schema: &Schema, settings: &Settings) {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter_mut().for_each(|filter| spell_in(filter, within, schema, settings));
        }
        Filter::Not(filter) => spell_in(filter, within, schema, settings),
        Filter::Value(name, filter) => spell_in(filter, Some(&name.attribute), schema, settings),
        // Source: charon: a user's `groups` are compared by name; RFC 7643, 4.1.2: `groups.value` is the identifier.
        Filter::Compare(name, operator, value @ Value::Text(_)) if within.is_none() && is_groups(name, schema) => {
            let part = |part: &str| Name { attribute: name.attribute.clone(), part: Some(part.to_owned()) };
            let positive = if *operator == Operator::NotEqual { Operator::Equal } else { *operator };
            let mut either = Filter::Or(
                ["value", "display"].map(|known| Filter::Compare(part(known), positive, value.clone())).to_vec(),
            );
            spell_in(&mut either, within, schema, settings);
            *filter = if positive == *operator { either } else { Filter::Not(Box::new(either)) };
        }
        Filter::Compare(name, operator, Value::Text(text)) if !operator.looks_inside() => {
            let shown = match whose(name, within, schema) {
                Some(Whose::User) => settings.user(text).map(|name| name.canonical()),
                Some(Whose::Role) => settings.role(text).map(|name| name.canonical()),
                None => None,
            };
            if let Some(shown) = shown {
                *text = shown;
            }
        }
        Filter::Compare(..) | Filter::Present(_) => {}
    }
}

/// Whether a filter compares a user's `groups` without saying by which part.
fn is_groups(name: &Name, schema: &Schema) -> bool {
    name.part.is_none() && schema.attribute(&name.attribute).is_some_and(|known| known.name == "groups")
}

/// Names the members of a filter by their identifiers: each role's entries have no other key.
///
/// # Errors
///
/// [`Interrupt`].
pub fn resolve_members(
    tx: &mut Transaction<'_>,
    session: &Session<'_>,
    filter: &mut Filter,
    schema: &Schema,
) -> Result<(), Interrupt> {
    let is_members = |name: &str| schema.attribute(name).is_some_and(|known| known.name == "members");
    let is_display = |name: &str| name.eq_ignore_ascii_case("display");
    let named = match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            return filters.iter_mut().try_for_each(|filter| resolve_members(tx, session, filter, schema));
        }
        Filter::Not(filter) => return resolve_members(tx, session, filter, schema),
        Filter::Compare(name, Operator::Equal, Value::Text(text))
            if is_members(&name.attribute) && name.part.as_deref().is_some_and(is_display) =>
        {
            Some((name.attribute.clone(), text.clone()))
        }
        Filter::Value(name, within) if is_members(&name.attribute) => match &**within {
            Filter::Compare(part, Operator::Equal, Value::Text(text)) if is_display(&part.attribute) => {
                Some((name.attribute.clone(), text.clone()))
            }
            _ => None,
        },
        Filter::Compare(..) | Filter::Value(..) | Filter::Present(_) => None,
    };
    let Some((attribute, user)) = named else { return Ok(()) };
    let user = match session.settings.user(&user) {
        Some(name) => session.read_user_entry(tx, &name)?,
        None => None,
    };
    // No member has an empty identifier.
    let id = user.map(|user| user.id).unwrap_or_default();
    let name = Name { attribute, part: Some("value".to_owned()) };
    *filter = Filter::Compare(name, Operator::Equal, Value::Text(id));
    Ok(())
}

/// What an attribute is the name of.
enum Whose {
    User,
    Role,
}

fn whose(name: &Name, within: Option<&str>, schema: &Schema) -> Option<Whose> {
    let (attribute, part) = match within {
        Some(attribute) => (attribute, Some(&name.attribute)),
        None => (name.attribute.as_str(), name.part.as_ref()),
    };
    let is_group = schema.attribute("members").is_some();
    match (schema.attribute(attribute)?.name.as_str(), part) {
        ("userName", None) => Some(Whose::User),
        ("displayName", None) if is_group => Some(Whose::Role),
        ("groups", Some(part)) if part.eq_ignore_ascii_case("display") => Some(Whose::Role),
        _ => None,
    }
}

/// Whether a filter asks for an attribute.
pub fn names(filter: &Filter, attribute: &str, schema: &Schema) -> bool {
    let is_it = |name: &str| schema.attribute(name).is_some_and(|known| known.name == attribute);
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().any(|filter| names(filter, attribute, schema)),
        Filter::Not(filter) => names(filter, attribute, schema),
        Filter::Present(name) | Filter::Compare(name, _, _) | Filter::Value(name, _) => is_it(&name.attribute),
    }
}

/// The identifiers of members that a filter asks for. Members are too many to look at each one, so that it may ask
/// for no more than whether somebody is one.
///
/// # Errors
///
/// `invalidFilter`.
pub fn asked_members(filter: &Filter, schema: &Schema) -> Result<Vec<String>, Refusal> {
    let mut asked = Vec::new();
    match filter {
        Filter::And(filters) | Filter::Or(filters) => {
            for filter in filters {
                asked.extend(asked_members(filter, schema)?);
            }
        }
        Filter::Not(filter) => asked = asked_members(filter, schema)?,
        filter if !names(filter, "members", schema) => {}
        Filter::Compare(name, Operator::Equal, Value::Text(id)) => {
            if name.part.as_deref().is_some_and(|part| !part.eq_ignore_ascii_case("value")) {
                return Err(INVALID_FILTER);
            }
            asked.push(id.clone());
        }
        Filter::Value(_, within) => match &**within {
            Filter::Compare(name, Operator::Equal, Value::Text(id)) if name.attribute.eq_ignore_ascii_case("value") => {
                asked.push(id.clone());
            }
            _ => return Err(INVALID_FILTER),
        },
        Filter::Present(_) | Filter::Compare(..) => return Err(INVALID_FILTER),
    }
    asked.sort();
    asked.dedup();
    Ok(asked)
}
