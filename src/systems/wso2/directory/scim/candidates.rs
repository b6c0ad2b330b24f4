//! Which users or roles a list looks at: those that an index finds, where the filter asks for what is indexed.

use super::super::indexes::{user_item_prefix, EMAILS, EXTERNAL, NAME, ROLES, USERS};
use super::super::settings::Settings;
use super::filter::{Filter, Operator};
use super::query::{named_by, Of, One, Query};
use super::schema::Schema;
use crate::directory::index::{self, Index, Span};
use crate::directory::prelude::{Interrupt, Transaction};
use crate::document::value::Value;
use crate::tables::letters::small_text;

/// Which ones a list looks at.
pub enum Candidates {
    /// Those that the filter names.
    Named(One),
    /// Those with this value of an attribute, and first the one of this name, if there is one.
    Having { attribute: &'static str, value: String, name: Option<String> },
    /// Those whose keys begin with one of these. All of them fit, so they are counted, and only those that are shown
    /// are read.
    Counted(Vec<String>),
    /// Those whose keys begin with this.
    Below(String),
}

/// The users that a list looks at.
pub fn users(query: &Query, schema: &Schema, settings: &Settings) -> Candidates {
    let domain = query.domain.as_deref();
    let Some(filter) = &query.filter else {
        return Candidates::Counted(match domain {
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
    match named_by(filter, schema) {
        Some(One::Name(name)) if !is_one_user(&name, settings) => {
            let name = small_text(&name);
            return Candidates::Having { attribute: NAME, value: name.clone(), name: Some(name) };
        }
        Some(one) => return Candidates::Named(one),
        None => {}
    }
    if let Some((attribute, value)) = indexed(filter, schema) {
        return Candidates::Having { attribute, value, name: None };
    }
    match start_of_name(filter, schema).and_then(|start| ranges(start, domain, settings)) {
        Some(ranges) if matches!(filter, Filter::Compare(..)) => Candidates::Counted(ranges),
        Some(ranges) => match ranges.as_slice() {
            [only] => Candidates::Below(only.clone()),
            _ => Candidates::Below(String::new()),
        },
        None => Candidates::Below(String::new()),
    }
}

/// The roles that a list looks at.
pub fn roles(query: &Query, schema: &Schema) -> Candidates {
    let Some(filter) = &query.filter else {
        let all = String::new();
        return if query.domain.is_none() { Candidates::Counted(vec![all]) } else { Candidates::Below(all) };
    };
    match (named_by(filter, schema), indexed(filter, schema)) {
        (Some(one), _) => Candidates::Named(one),
        (None, Some((attribute, value))) => Candidates::Having { attribute, value, name: None },
        (None, None) => Candidates::Below(String::new()),
    }
}

/// Whether no more than one user has this name. A filter ignores the case of names, and some stores do not.
fn is_one_user(name: &str, settings: &Settings) -> bool {
    settings.user(name).is_none_or(|name| name.store.ignores_case)
}

/// An attribute with an index, and the value that all must have that the filter fits.
fn indexed(filter: &Filter, schema: &Schema) -> Option<(&'static str, String)> {
    let attribute = |name: &str| match schema.attribute(name)?.name.as_str() {
        "emails" => Some(EMAILS),
        "externalId" => Some(EXTERNAL),
        _ => None,
    };
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| indexed(filter, schema)),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            let attribute = attribute(&name.attribute)?;
            let is_value = |part: &str| attribute == EMAILS && part.eq_ignore_ascii_case("value");
            name.part.as_deref().is_none_or(is_value).then(|| (attribute, small_text(text)))
        }
        Filter::Value(name, within) if attribute(&name.attribute) == Some(EMAILS) => {
            value_within(within).map(|value| (EMAILS, small_text(value)))
        }
        _ => None,
    }
}

/// The `value` that all values have that a filter on them fits.
fn value_within(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(value_within),
        Filter::Compare(name, Operator::Equal, Value::Text(text)) => {
            (name.part.is_none() && name.attribute.eq_ignore_ascii_case("value")).then_some(text.as_str())
        }
        _ => None,
    }
}

/// What all names begin with that the filter fits.
fn start_of_name<'f>(filter: &'f Filter, schema: &Schema) -> Option<&'f str> {
    match filter {
        Filter::And(filters) => filters.iter().find_map(|filter| start_of_name(filter, schema)),
        Filter::Compare(name, Operator::StartsWith, Value::Text(text)) => {
            let is_name = schema.attribute(&name.attribute).is_some_and(|known| known.name == "userName");
            (is_name && name.part.is_none()).then_some(text.as_str())
        }
        _ => None,
    }
}

/// What the keys of the users begin with whose shown names begin with a text; `None` where a store compares the case
/// of names, and its keys are in another order.
fn ranges(start: &str, within: Option<&str>, settings: &Settings) -> Option<Vec<String>> {
    let (start, mut ranges) = (small_text(start), Vec::new());
    let stores = &settings.records.stores;
    let wanted = stores.domains().filter(|domain| within.is_none_or(|within| domain.eq_ignore_ascii_case(within)));
    for store in wanted.filter_map(|domain| stores.store(domain)) {
        // A name in the first store is shown without its domain.
        let domain = if store.is_primary() { String::new() } else { format!("{}/", small_text(store.domain())) };
        let local = match start.strip_prefix(domain.as_str()) {
            Some(local) => local,
            None if domain.starts_with(&start) => "",
            None => continue,
        };
        if !local.is_empty() && !store.ignores_case {
            return None;
        }
        ranges.push(user_item_prefix(store.domain(), local));
    }
    ranges.sort();
    Some(ranges)
}

/// Asks for what a list needs of an index before it is known which part: only where the index may count what the list
/// looks at.
pub fn prefetch_index(tx: &mut Transaction<'_>, of: Of, query: &Query) {
    if matches!(query.filter, None | Some(Filter::Compare(_, Operator::StartsWith, _))) {
        index::prefetch(tx, index_of(of));
    }
}

/// Asks for what a [`window`] will need.
pub fn prefetch(tx: &mut Transaction<'_>, of: Of, ranges: &[String], part: (usize, usize)) {
    for range in ranges {
        index::prefetch_page(tx, index_of(of), range, part, true);
    }
}

fn index_of(of: Of) -> &'static Index {
    match of {
        Of::Users => &USERS,
        Of::Groups => &ROLES,
    }
}

/// A window of counted users; `None` while the index is built.
///
/// # Errors
///
/// [`Interrupt`].
pub fn window(
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
