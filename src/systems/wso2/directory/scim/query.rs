//! What is asked of a list: which resources, which of them are told, and how much of each.

use super::super::answers::{
    Refusal, INVALID_FILTER, INVALID_SYNTAX, INVALID_VALUE, UNREADABLE_FILTER, UNREADABLE_QUERY,
};
use super::super::book::Settings;
use super::super::stored::members;
use super::filter::{Filter, Name, Operator};
use super::hold;
use super::matching::holds;
use super::resource::Projection;
use super::schema::{is_of, member, Schema};
use crate::directory::{decode, Call, Stop};
use crate::value::Value;

/// The most resources that a list tells.
const SHOWN_MAX: usize = 100;

/// The schema of a search.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What a search may say once.
const SEARCH_MEMBERS: [&str; 6] = ["schemas", "filter", "startIndex", "count", "attributes", "excludedAttributes"];

/// What is asked of a list.
pub struct Query {
    pub filter: Option<Filter>,
    /// The place of the first that is told, from 1.
    pub start: usize,
    count: usize,
    pub projection: Projection,
}

impl Query {
    /// By the parameters of a request.
    ///
    /// # Errors
    ///
    /// [`Stop`]: `invalidFilter`, `invalidValue`.
    pub fn of_call(call: &Call<'_>) -> Result<Self, Stop> {
        let number = |name: &str| parameter(call, name).map(|digits| Value::Number(digits.into()));
        let filter = parameter(call, "filter").map(Value::Text);
        hold(Self::new(filter, number("startIndex"), number("count"), Projection::of_call(call)))
    }

    /// By the members of a search (RFC 7644, section 3.4.3).
    ///
    /// # Errors
    ///
    /// [`Stop`]: as [`Query::of_call`], and `invalidSyntax`.
    pub fn of_search(search: &Value) -> Result<Self, Stop> {
        hold(is_of(search, SEARCH_REQUEST))?;
        let count = |name: &str| members(search).iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).count();
        if !matches!(search, Value::Object(_)) || SEARCH_MEMBERS.into_iter().any(|name| count(name) > 1) {
            return hold(Err(INVALID_SYNTAX));
        }
        let member = |name: &str| member(search, name).filter(|value| **value != Value::Null).cloned();
        let projection = hold(Projection::of_search(search))?;
        hold(Self::new(member("filter"), member("startIndex"), member("count"), projection))
    }

    fn new(
        filter: Option<Value>,
        start: Option<Value>,
        count: Option<Value>,
        projection: Projection,
    ) -> Result<Self, Refusal> {
        let filter = match filter {
            None => None,
            Some(Value::Text(text)) => Some(Filter::read(&text).ok_or(INVALID_FILTER)?),
            Some(_) => return Err(INVALID_FILTER),
        };
        let start = start.map_or(Ok(1), |start| whole(&start))?.max(1);
        let count = count.map_or(Ok(SHOWN_MAX), |count| whole(&count))?.min(SHOWN_MAX);
        Ok(Self { filter, start, count, projection })
    }

    /// Whether the resource is one of those that are asked for.
    pub fn fits(&self, resource: &Value, schema: &Schema) -> bool {
        self.filter.as_ref().is_none_or(|filter| holds(filter, resource, schema))
    }

    /// Whether the resource with this many before it is told.
    pub fn shows(&self, seen: usize) -> bool {
        let first = self.start.saturating_sub(1);
        seen >= first && seen < first.saturating_add(self.count)
    }
}

/// Refuses a query of which a part can not be decoded: without its filter it would ask for everything.
///
/// # Errors
///
/// `invalidFilter`, `invalidValue`.
pub fn readable(call: &Call<'_>) -> Result<(), Refusal> {
    for pair in call.query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name, true), decode(value, true)) {
            (Some(_), Some(_)) => {}
            (Some(name), None) if name.eq_ignore_ascii_case("filter") => return Err(UNREADABLE_FILTER),
            _ => return Err(UNREADABLE_QUERY),
        }
    }
    Ok(())
}

/// A parameter of a query. Its name ignores case, as the members of a search do.
pub fn parameter(call: &Call<'_>, name: &str) -> Option<String> {
    call.parameters().into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
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
