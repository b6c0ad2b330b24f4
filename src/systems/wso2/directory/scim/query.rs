//! What is asked of a list: which resources, which of them are told, and how much of each.

use super::super::answers::{Refusal, INVALID_FILTER, INVALID_SYNTAX, INVALID_VALUE};
use super::filter::{Filter, Operator};
use super::hold;
use super::matching::holds;
use super::resource::Projection;
use super::schema::{is_of, Schema};
use crate::directory::{Call, Stop};
use crate::value::Value;

/// The most resources that a list tells.
const SHOWN_MAX: usize = 100;

/// The schema of a search.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

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
        let number = |name: &str| call.parameter(name).map(|digits| Value::Number(digits.into()));
        let filter = call.parameter("filter").map(Value::Text);
        hold(Self::new(filter, number("startIndex"), number("count"), Projection::of_call(call)))
    }

    /// By the members of a search (RFC 7644, section 3.4.3).
    ///
    /// # Errors
    ///
    /// [`Stop`]: as [`Query::of_call`], and `invalidSyntax`.
    pub fn of_search(search: &Value) -> Result<Self, Stop> {
        hold(is_of(search, SEARCH_REQUEST))?;
        if !matches!(search, Value::Object(_)) {
            return hold(Err(INVALID_SYNTAX));
        }
        let member = |name: &str| search.get(name).filter(|value| **value != Value::Null).cloned();
        hold(Self::new(member("filter"), member("startIndex"), member("count"), Projection::of_search(search)))
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
            let is_group = schema.attribute("members").is_some();
            match (attribute.name.as_str(), name.part.is_none()) {
                ("id", true) => Some(One::Id(text.clone())),
                ("userName", true) => Some(One::Name(text.clone())),
                ("displayName", true) if is_group => Some(One::Name(text.clone())),
                ("members", _) if is_value => Some(One::Member(text.clone())),
                _ => None,
            }
        }
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
