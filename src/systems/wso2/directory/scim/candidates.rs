//! The users or roles that a list reads. An index finds them if the filter compares an indexed attribute.

use super::super::super::domain::split_name;
use super::super::indexes::{user_item_prefix, EMAILS, EXTERNAL, NAME, ROLES, USERS};
use super::super::settings::Settings;
use super::filter::{Filter, Operator};
use super::filter_names::{lookup_in_filter, Lookup};
use super::query::{Query, ResourceKind};
use super::schema::Schema;
use crate::directory::index::{self, Index, Span};
use crate::directory::prelude::{Interrupt, Transaction};
use crate::document::value::Value;
use crate::tables::letters::to_lowercase;

/// The resources that a list reads.
pub enum Candidates {
    /// The resources that the filter names.
    Named(Lookup),
    /// The resources with this value of an attribute, after the one with this name, if it exists.
    WithValue { attribute: &'static str, value: String, name: Option<String> },
    /// The resources whose keys start with one of these prefixes. All of them match, so they are counted, and only
    /// those on the page are read.
    InRanges(Vec<String>),
    /// The resources whose keys start with this prefix.
    WithPrefix(String),
}

/// The users that a list reads.
pub fn user_candidates(query: &Query, schema: &Schema, settings: &Settings) -> Candidates {
    let domain = query.domain.as_deref();
    let Some(filter) = &query.filter else {
        return Candidates::InRanges(match domain {
            Some(domain) => settings
                .records
                .stores
                .store(domain)
                .map(|store| user_item_prefix(store.domain(), ""))
                .into_iter()
                .collect(),
            None => vec![String::new()],
        });
    };
    match lookup_in_filter(filter, schema) {
        Some(Lookup::Name(name)) if !is_one_user(&name, settings) => {
            let name = to_lowercase(&name);
            return Candidates::WithValue { attribute: NAME, value: name.clone(), name: Some(name) };
        }
        Some(one) => return Candidates::Named(one),
        None => {}
    }
    if let Some((attribute, value)) = indexed_value(filter, schema) {
        return Candidates::WithValue { attribute, value, name: None };
    }
    match name_prefix(filter, schema).and_then(|start| name_ranges(start, domain, settings)) {
        Some(ranges) if matches!(filter, Filter::PartOfName(..)) => Candidates::InRanges(ranges),
        Some(ranges) => match ranges.as_slice() {
            [only] => Candidates::WithPrefix(only.clone()),
            _ => Candidates::WithPrefix(String::new()),
        },
        None => Candidates::WithPrefix(String::new()),
    }
}

/// The roles that a list reads.
pub fn role_candidates(query: &Query, schema: &Schema) -> Candidates {
    let Some(filter) = &query.filter else {
        let all = String::new();
        return if query.domain.is_none() { Candidates::InRanges(vec![all]) } else { Candidates::WithPrefix(all) };
    };
    match (lookup_in_filter(filter, schema), indexed_value(filter, schema)) {
        (Some(one), _) => Candidates::Named(one),
        (None, Some((attribute, value))) => Candidates::WithValue { attribute, value, name: None },
        (None, None) => Candidates::WithPrefix(String::new()),
    }
}

/// Whether at most one user has this name. Filters ignore the case of names, and some stores do not.
fn is_one_user(name: &str, settings: &Settings) -> bool {
    settings.user(name).is_none_or(|name| name.store.ignores_case)
}

/// An indexed attribute, and the value that all matching resources have.
fn indexed_value(filter: &Filter, schema: &Schema) -> Option<(&'static str, String)> {
    let attribute = |name: &str| match schema.attribute(name)?.name.as_str() {
        "emails" => Some(EMAILS),
        "externalId" => Some(EXTERNAL),
        _ => None,
    };
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| indexed_value(filter, schema)),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            let attribute = attribute(&name.attribute)?;
            let is_value = |page: &str| attribute == EMAILS && page.eq_ignore_ascii_case("value");
            name.sub.as_deref().is_none_or(is_value).then(|| (attribute, to_lowercase(text)))
        }
        Filter::Value(name, within) if attribute(&name.attribute) == Some(EMAILS) => {
            value_within(within).map(|value| (EMAILS, to_lowercase(value)))
        }
        _ => None,
    }
}

/// The `value` that all values matching a filter have.
fn value_within(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(value_within),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            (name.sub.is_none() && name.attribute.eq_ignore_ascii_case("value")).then_some(text.as_str())
        }
        _ => None,
    }
}

/// The prefix that all matching names have.
fn name_prefix<'f>(filter: &'f Filter, schema: &Schema) -> Option<&'f str> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| name_prefix(filter, schema)),
        Filter::PartOfName(name, Operator::StartsWith, text) => {
            let is_name = schema.attribute(&name.attribute).is_some_and(|known| known.name == "userName");
            (is_name && name.sub.is_none()).then_some(text.as_str())
        }
        _ => None,
    }
}

/// The key prefixes of the users whose names start with a text, as [`Filter::PartOfName`] has it. `None` for a
/// case-sensitive store, whose keys have another order.
fn name_ranges(start: &str, within: Option<&str>, settings: &Settings) -> Option<Vec<String>> {
    let (start, mut ranges) = (to_lowercase(start), Vec::new());
    let (start_domain, start_local) = split_name(&start);
    let stores = &settings.records.stores;
    let wanted = stores.domains().filter(|domain| within.is_none_or(|within| domain.eq_ignore_ascii_case(within)));
    for store in wanted.filter_map(|domain| stores.store(domain)) {
        let domain = to_lowercase(store.domain());
        let local = match start_domain {
            Some(of) if of != domain => continue,
            // A name in the primary store is displayed without its domain.
            None if !store.is_primary() && domain.starts_with(start_local) => "",
            _ => start_local,
        };
        if !local.is_empty() && !store.ignores_case {
            return None;
        }
        ranges.push(user_item_prefix(store.domain(), local));
    }
    ranges.sort();
    Some(ranges)
}

/// Requests the entries of an index before the page is known, if the index can count the list.
pub fn prefetch_index(tx: &mut Transaction<'_>, kind: ResourceKind, query: &Query) {
    if matches!(query.filter, None | Some(Filter::Compare(_, Operator::StartsWith, _))) {
        index::prefetch(tx, index_of(kind));
    }
}

/// Requests the entries that [`window`] will need.
pub fn prefetch_window(tx: &mut Transaction<'_>, kind: ResourceKind, ranges: &[String], page: (usize, usize)) {
    for range in ranges {
        index::prefetch_page(tx, index_of(kind), range, page, true);
    }
}

fn index_of(kind: ResourceKind) -> &'static Index {
    match kind {
        ResourceKind::Users => &USERS,
        ResourceKind::Groups => &ROLES,
    }
}

/// A page of counted resources; `None` while the index is built.
///
/// # Errors
///
/// [`Interrupt`].
pub fn read_window(
    tx: &mut Transaction<'_>,
    index: &Index,
    ranges: &[String],
    (mut skip, mut take): (usize, usize),
) -> Result<Option<Span>, Interrupt> {
    if !index::is_ready(tx, index)? {
        return Ok(None);
    }
    let mut all = Span { total: 0, items: Vec::new() };
    for range in ranges {
        let Span { total, items } = index::span(tx, index, range, (skip, take))?;
        skip = skip.saturating_sub(total);
        take = take.saturating_sub(items.len());
        all.total = all.total.saturating_add(total);
        all.items.extend(items);
    }
    Ok(Some(all))
}
