//! List queries: the filter, the page and the projection.

use super::super::super::domain::{split_name, RoleDomain};
use super::super::super::stores::ROLE_DOMAINS;
use super::super::responses::{
    Refusal, INVALID_FILTER, INVALID_SYNTAX, INVALID_VALUE, NO_SORT, UNKNOWN_DOMAIN, UNREADABLE_FILTER,
    UNREADABLE_QUERY,
};
use super::super::settings::Settings;
use super::super::stored::members;
use super::filter::Filter;
use super::matching::is_match;
use super::projection::Projection;
use super::schema::{check_schema, find_member, Schema};
use super::service::{or_refuse, query_parameter};
use crate::directory::prelude::{decode, Call, Interrupt};
use crate::document::problem::one_of;
use crate::document::value::Value;
use crate::tables::text::quote;

/// The most resources on a page.
const COUNT_MAX: usize = 100;

/// The schema of a search.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The parameters of a list and the members of a search. Each may occur once.
pub const LIST_PARAMETERS: &[&str] = &["filter", "startIndex", "count", "attributes", "excludedAttributes", "domain"];

/// The parameters of a request whose response has one resource.
pub const RESOURCE_PARAMETERS: &[&str] = &["attributes", "excludedAttributes"];

/// The parameters for sorting, which is not supported.
const SORT: [&str; 2] = ["sortBy", "sortOrder"];

/// The kind of the resources in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    Users,
    Groups,
}

/// A list query.
pub struct Query {
    pub filter: Option<Filter>,
    /// The position of the first resource on the page, counted from 1.
    pub start: usize,
    count: usize,
    /// Only resources of this user store, or of this role domain.
    pub domain: Option<String>,
    pub projection: Projection,
}

impl Query {
    /// Parses the parameters of a request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: `invalidFilter`, `invalidValue`.
    pub fn from_request(call: &Call<'_>) -> Result<Self, Interrupt> {
        let given = |name: &str| query_parameter(call, name).filter(|digits| !digits.is_empty());
        let number = |name: &str| given(name).map(|digits| Value::Number(digits.into()));
        let text = |name: &str| query_parameter(call, name).map(Value::Text);
        if text("sortBy").or_else(|| text("sortOrder")).is_some() {
            return or_refuse(Err(NO_SORT));
        }
        let window = [number("startIndex"), number("count")];
        or_refuse(Self::new(text("filter"), window, text("domain"), Projection::from_request(call)))
    }

    /// Parses the members of a search (RFC 7644, section 3.4.3).
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: as [`Query::from_request`], and `invalidSyntax`.
    pub fn from_search(search: &Value) -> Result<Self, Interrupt> {
        or_refuse(check_schema(search, SEARCH_REQUEST))?;
        let names =
            members(search).iter().map(|(name, _)| name.as_str()).filter(|name| !name.eq_ignore_ascii_case("schemas"));
        or_refuse(
            check_parameter_names(names, LIST_PARAMETERS).map_err(|message| INVALID_SYNTAX.with_message(message)),
        )?;
        let member = |name: &str| find_member(search, name).filter(|value| **value != Value::Null).cloned();
        if member("sortBy").or_else(|| member("sortOrder")).is_some() {
            return or_refuse(Err(NO_SORT));
        }
        let projection = or_refuse(Projection::from_search(search))?;
        or_refuse(Self::new(member("filter"), [member("startIndex"), member("count")], member("domain"), projection))
    }

    fn new(
        filter: Option<Value>,
        [start, count]: [Option<Value>; 2],
        domain: Option<Value>,
        projection: Projection,
    ) -> Result<Self, Refusal> {
        let filter = match filter {
            None => None,
            Some(Value::Text(text)) => Some(Filter::parse(&text).ok_or(INVALID_FILTER)?),
            Some(_) => return Err(INVALID_FILTER.with_message("`filter`: expected text")),
        };
        let start = start.map_or(Ok(1), |start| parse_count("startIndex", &start))?.max(1);
        let count = count.map_or(Ok(COUNT_MAX), |count| parse_count("count", &count))?.min(COUNT_MAX);
        let domain = match domain {
            None => None,
            Some(Value::Text(domain)) => Some(domain),
            Some(_) => return Err(INVALID_VALUE.with_message("`domain`: expected text")),
        };
        Ok(Self { filter, start, count, domain, projection })
    }

    /// Refuses a `domain` that none of the listed resource kinds has.
    ///
    /// # Errors
    ///
    /// 32103.
    pub fn check_domain(&self, kinds: &[ResourceKind], settings: &Settings) -> Result<(), Refusal> {
        let Some(domain) = &self.domain else { return Ok(()) };
        let stores = &settings.records.stores;
        let role = format!("{domain}/x");
        let is_known = |kind: &ResourceKind| match kind {
            ResourceKind::Users => stores.store(domain).is_some(),
            // Roles can have other domains than those of user stores, such as `Internal`.
            ResourceKind::Groups => match settings.role(&role).map(|role| role.domain) {
                Some(RoleDomain::Store(store)) => store.domain().eq_ignore_ascii_case(domain),
                Some(RoleDomain::RolesOnly(own)) => own.eq_ignore_ascii_case(domain),
                None => false,
            },
        };
        if kinds.iter().any(is_known) {
            return Ok(());
        }
        let mut known: Vec<&str> = stores.domains().collect();
        let mut what = "user store";
        if kinds.contains(&ResourceKind::Groups) {
            known.extend(ROLE_DOMAINS.iter().filter(|domain| **domain != "system"));
            what = "user store or kind of roles";
        }
        let message = format!("no {what} has the domain {}, expected {}", quote(domain), one_of(&known));
        Err(UNKNOWN_DOMAIN.with_message(message))
    }

    /// Whether the resource matches the query.
    pub fn is_match(&self, resource: &Value, schema: &Schema) -> bool {
        self.is_of_domain(resource) && self.filter.as_ref().is_none_or(|filter| is_match(filter, resource, schema))
    }

    /// Whether the name of a resource has the domain of the query.
    fn is_of_domain(&self, resource: &Value) -> bool {
        let Some(domain) = &self.domain else { return true };
        let name = resource.get("userName").or_else(|| resource.get("displayName")).and_then(Value::text);
        // A name without a domain is in the primary store.
        split_name(name.unwrap_or_default()).0.unwrap_or("PRIMARY").eq_ignore_ascii_case(domain)
    }

    /// The page among resources of one kind that all match: the number to skip, and the most to return. `before`
    /// resources of earlier kinds matched. Of the `shown` resources so far, `written` are of this kind.
    pub fn window(&self, before: usize, written: usize, returned: usize) -> (usize, usize) {
        let skipped = self.start.saturating_sub(1).saturating_sub(before);
        (skipped.saturating_add(written), self.count.saturating_sub(returned))
    }

    /// Whether the resource after this number of matches is on the page.
    pub fn is_on_page(&self, seen: usize) -> bool {
        let first = self.start.saturating_sub(1);
        seen >= first && seen < first.saturating_add(self.count)
    }
}

/// Refuses a query that cannot be decoded, or has a repeated parameter or one that the request does not know: a list
/// without its filter would return everything. An unknown name without a value, such as `aadOptscim062020`, is a
/// switch of some client, and is ignored.
///
/// # Errors
///
/// `invalidFilter`, `invalidValue`.
pub fn check_query(call: &Call<'_>, known: &[&str]) -> Result<(), Refusal> {
    let mut parameters = Vec::new();
    for pair in call.query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name, true), decode(value, true)) {
            (Some(name), Some(value)) if !value.is_empty() => parameters.push(name),
            (Some(_), Some(_)) => {}
            (Some(name), None) if name.eq_ignore_ascii_case("filter") => return Err(UNREADABLE_FILTER),
            _ => return Err(UNREADABLE_QUERY),
        }
    }
    let names = parameters.iter().map(String::as_str);
    check_parameter_names(names, known).map_err(|message| INVALID_VALUE.with_message(message))
}

/// Checks that each name is a known parameter, in any case, and is not repeated. A filter with a misspelled name
/// would be ignored and match everything. The parameters for sorting are known where lists are.
fn check_parameter_names<'n>(names: impl Iterator<Item = &'n str>, known: &[&str]) -> Result<(), String> {
    let sort: &[&str] = if known == LIST_PARAMETERS { &SORT } else { &[] };
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        let is_same = |known: &&str| known.eq_ignore_ascii_case(name);
        if !known.iter().chain(sort).any(is_same) {
            return Err(format!("unknown parameter {}, expected {}", quote(name), one_of(known)));
        }
        if seen.iter().any(is_same) {
            return Err(format!("the parameter {} occurs twice, send it once", quote(name)));
        }
        seen.push(name);
    }
    Ok(())
}

/// Parses an integer. A negative one counts as 0 (RFC 7644, section 3.4.2.4).
fn parse_count(name: &str, value: &Value) -> Result<usize, Refusal> {
    let expected = || INVALID_VALUE.with_message(format!("`{name}`: expected a whole number"));
    let Value::Number(digits) = value else { return Err(expected()) };
    let (is_negative, digits) = digits.strip_prefix('-').map_or((false, &**digits), |digits| (true, digits));
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(expected());
    }
    Ok(if is_negative { 0 } else { digits.parse().unwrap_or(usize::MAX) })
}
