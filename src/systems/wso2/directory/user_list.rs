//! `listUsers`: the user names that match a pattern.

use super::super::domain::split_name;
use super::super::stores::Store;
use super::indexes::{user_item_prefix, USERS};
use super::settings::Settings;
use super::stored::User;
use crate::directory::index;
use crate::directory::prelude::{Body, Call, Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::letters::{lowercase_letter, to_lowercase};

/// The number of names that are compared in one execution. The next execution continues after them, so that memory is
/// bounded.
const PAGE: usize = 1_000;

/// The continuation of a list.
#[derive(Default)]
struct Position {
    /// The index of the store.
    store: usize,
    /// The last item that was compared.
    last: Option<String>,
    names: Vec<String>,
}

/// The range of names that one part of a list compares.
struct Part<'s, 'p> {
    store: &'s Store,
    pattern: &'p str,
    /// The prefix of the index items that can match.
    range: String,
    /// The number of names to compare.
    size: usize,
    /// The most names to return.
    wanted: usize,
    /// Whether this is the last store.
    is_last: bool,
}

impl<'s, 'p> Part<'s, 'p> {
    /// The part at a position; `None` if nothing is left to compare.
    // Source: WSO2 kernel, `listUsers`: a pattern with a domain applies to that store, a pattern without one to all
    // stores. A domain that no store has is a part of the pattern, not an error. `*` matches any text and `?` one
    // character. Upstream takes the first names of each store up to the limit, and sorts the result.
    fn at(position: &Position, settings: &'s Settings, filter: &'p str, limit: usize) -> Option<Self> {
        let stores = &settings.records.stores;
        let (domain, pattern) = match split_name(filter) {
            (Some(domain), rest) => match stores.store(domain) {
                Some(store) => (Some(store.domain()), rest),
                None => (None, filter),
            },
            (None, rest) => (None, rest),
        };
        let mut domains: Vec<&str> =
            stores.domains().filter(|known| domain.is_none_or(|domain| *known == domain)).collect();
        domains.sort_unstable();
        let store = stores.store(domains.get(position.store)?)?;
        let wanted = limit.checked_sub(position.names.len()).filter(|wanted| *wanted > 0)?;
        let start = pattern.split(['*', '?']).next().unwrap_or_default();
        let range =
            user_item_prefix(store.domain(), &if store.ignores_case { to_lowercase(start) } else { start.to_owned() });
        // If all names with the prefix match, only as many as returned are compared.
        let size = if pattern.strip_prefix(start) == Some("*") { wanted.min(PAGE) } else { PAGE };
        let is_last = position.store.saturating_add(1) >= domains.len();
        Some(Self { store, pattern, range, size, wanted, is_last })
    }
}

/// Requests the nodes of the index that the first part of a list needs, before the caller is authenticated.
pub fn prefetch(tx: &mut Transaction<'_>, settings: &Settings, filter: &str, limit: usize) {
    if let Some(Part { range, size, .. }) = Part::at(&Position::default(), settings, filter, limit) {
        index::prefetch_page(tx, &USERS, &range, (0, size), false);
    }
}

/// Lists users in parts. The names are compared in the index, starting at the first name with the prefix of the
/// pattern. Only matching users are read.
///
/// # Errors
///
/// [`Interrupt`].
pub fn list_users(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
    filter: &str,
    limit: usize,
) -> Result<Response, Interrupt> {
    let mut position = Position::parse(call)?;
    let Some(next_part) = Part::at(&position, settings, filter, limit) else {
        return Ok(names_response(position.names));
    };
    let Part { store, pattern, range, size, wanted, is_last: is_last_store } = next_part;
    if !index::is_ready(tx, &USERS)? {
        return Ok(partial_response(String::new(), Some(position.to_text())));
    }
    let skip = match &position.last {
        Some(last) => index::count_up_to(tx, &USERS, &range, last)?,
        None => 0,
    };
    let mut items = index::page(tx, &USERS, &range, (skip, size))?;
    let is_last = items.len() < size;
    let last = items.last().cloned();
    items.retain(|item| is_match(pattern, &Key::last_name(item), store));
    let keys: Vec<_> = items.iter().take(wanted).map(|item| USERS.key(item)).collect();
    for entry in tx.read_all(&keys)?.into_iter().flatten() {
        position.names.push(User::from_value(entry).ok_or(Fault::Internal)?.name);
    }
    let is_over = is_last && is_last_store;
    match last.filter(|_| !is_last) {
        Some(last) => position.last = Some(last),
        None => position = Position { store: position.store.saturating_add(1), last: None, ..position },
    }
    if is_over || position.names.len() >= limit {
        return Ok(names_response(position.names));
    }
    Ok(partial_response(String::new(), Some(position.to_text())))
}

fn names_response(mut names: Vec<String>) -> Response {
    names.sort();
    partial_response(Value::object([("users", Value::texts(&names))]).to_string(), None)
}

impl Position {
    fn parse(call: &Call<'_>) -> Result<Self, Interrupt> {
        let Some(after) = call.after else { return Ok(Self::default()) };
        let parse = || match Value::parse(after).ok()? {
            Value::List(parts) => match parts.as_slice() {
                [Value::Number(store), last, Value::List(names)] => Some(Self {
                    store: store.parse().ok()?,
                    last: last.text().map(str::to_owned),
                    names: names.iter().map(|name| name.text().map(str::to_owned)).collect::<Option<_>>()?,
                }),
                _ => None,
            },
            _ => None,
        };
        parse().ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn to_text(&self) -> String {
        let store = Value::Number(self.store.to_string().into());
        let last = self.last.as_deref().map_or(Value::Null, Value::from);
        Value::List(vec![store, last, Value::texts(&self.names)]).to_string()
    }
}

fn partial_response(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
}

/// Whether the whole name matches the pattern. The time is at most proportional to the product of both lengths,
/// because only the last `*` is retried.
fn is_match(pattern: &str, name: &str, store: &Store) -> bool {
    let fold = |letter: char| if store.ignores_case { lowercase_letter(letter) } else { letter };
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    let mut retry = None;
    loop {
        let before_name = name.clone();
        match (pattern.next(), name.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern.clone(), before_name.clone()));
                name = before_name;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(got)) if fold(wanted) == fold(got) => {}
            _ => {
                let Some((behind, mut rest)) = retry.take() else { return false };
                if rest.next().is_none() {
                    return false;
                }
                pattern = behind.clone();
                name = rest.clone();
                retry = Some((behind, rest));
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
mod tests {
    use proptest::prelude::*;

    use super::super::super::stores::Stores;
    use super::*;
    use crate::document::problem::Problems;

    /// The same, by recursion.
    fn is_match_by_recursion(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => {
                (0..=name.len()).any(|skipped| is_match_by_recursion(rest, name.get(skipped..).unwrap()))
            }
            Some((wanted, rest)) => name
                .split_first()
                .is_some_and(|(got, behind)| (*wanted == '?' || wanted == got) && is_match_by_recursion(rest, behind)),
        }
    }

    proptest! {
        #[test]
        fn is_match_equals_the_recursive_definition(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
            let stores = Stores::parse(None, &mut Problems::default());
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let matched = is_match(&pattern, &name, stores.primary().unwrap());
            prop_assert_eq!(matched, is_match_by_recursion(&letters(&pattern), &letters(&name)), "{} {}", pattern, name);
        }
    }
}
