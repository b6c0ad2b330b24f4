//! `listUsers`: the names that fit a pattern.

use super::super::domain::{split_name, Store};
use super::book::Settings;
use super::find::{below, USERS};
use super::stored::User;
use crate::directory::index;
use crate::directory::prelude::{Body, Call, Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;
use crate::tables::letters::{small, small_text};

/// Names that a run compares. The next run goes on behind them, so that memory stays bounded.
const PAGE: usize = 1_000;

/// Where a list goes on.
#[derive(Default)]
struct Position {
    /// The store, by its place.
    store: usize,
    /// The last item that was looked at there.
    last: Option<String>,
    names: Vec<String>,
}

/// What a part of a list looks at.
struct Part<'s, 'p> {
    store: &'s Store,
    pattern: &'p str,
    /// What the items of the index begin with that may fit.
    range: String,
    /// How many are looked at.
    size: usize,
    /// How many are told at most.
    wanted: usize,
    /// No store follows.
    is_last: bool,
}

impl<'s, 'p> Part<'s, 'p> {
    /// The part at a position; `None` where nothing is left to look at.
    // Source: WSO2 kernel, `listUsers`: a pattern with a domain is for that store, one without for all; `*` is any run
    // of characters and `?` one. Upstream takes the first of each store up to the limit, and sorts what it has then.
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
        let range = below(store.domain(), &if store.ignores_case { small_text(start) } else { start.to_owned() });
        // Where all fit that begin so, no more are looked at than are told.
        let size = if pattern.strip_prefix(start) == Some("*") { wanted.min(PAGE) } else { PAGE };
        let is_last = position.store.saturating_add(1) >= domains.len();
        Some(Self { store, pattern, range, size, wanted, is_last })
    }
}

/// Asks for what the first part of a list will need of the index, while it is not known yet who asks.
pub fn prefetch(tx: &mut Transaction<'_>, settings: &Settings, filter: &str, limit: usize) {
    if let Some(Part { range, size, .. }) = Part::at(&Position::default(), settings, filter, limit) {
        index::prefetch_page(tx, &USERS, &range, (0, size), false);
    }
}

/// Lists users, in parts. The names are compared in the index, from the first one on that begins as the pattern does;
/// only users that fit are read.
///
/// # Errors
///
/// [`Interrupt`].
pub fn users(
    tx: &mut Transaction<'_>,
    call: &Call<'_>,
    settings: &Settings,
    filter: &str,
    limit: usize,
) -> Result<Response, Interrupt> {
    let mut position = Position::read(call)?;
    let Some(looked_at) = Part::at(&position, settings, filter, limit) else { return Ok(whole(position.names)) };
    let Part { store, pattern, range, size, wanted, is_last: is_last_store } = looked_at;
    if !index::is_ready(tx, &USERS)? {
        return Ok(part(String::new(), Some(position.written())));
    }
    let skip = match &position.last {
        Some(last) => index::passed(tx, &USERS, &range, last)?,
        None => 0,
    };
    let mut items = index::page(tx, &USERS, &range, (skip, size))?;
    let is_last = items.len() < size;
    let last = items.last().cloned();
    items.retain(|item| fits(pattern, &Key::last_name(item), store));
    let keys: Vec<_> = items.iter().take(wanted).map(|item| USERS.key(item)).collect();
    for entry in tx.read_all(&keys)?.into_iter().flatten() {
        position.names.push(User::read(entry).ok_or(Fault::Internal)?.name);
    }
    let is_over = is_last && is_last_store;
    match last.filter(|_| !is_last) {
        Some(last) => position.last = Some(last),
        None => position = Position { store: position.store.saturating_add(1), last: None, ..position },
    }
    if is_over || position.names.len() >= limit {
        return Ok(whole(position.names));
    }
    Ok(part(String::new(), Some(position.written())))
}

fn whole(mut names: Vec<String>) -> Response {
    names.sort();
    part(Value::object([("users", Value::texts(&names))]).to_string(), None)
}

impl Position {
    fn read(call: &Call<'_>) -> Result<Self, Interrupt> {
        let Some(after) = call.after else { return Ok(Self::default()) };
        let read = || match Value::parse(after).ok()? {
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
        read().ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn written(&self) -> String {
        let store = Value::Number(self.store.to_string().into());
        let last = self.last.as_deref().map_or(Value::Null, Value::from);
        Value::List(vec![store, last, Value::texts(&self.names)]).to_string()
    }
}

fn part(text: String, next: Option<String>) -> Response {
    Response { status: 200, headers: Vec::new(), body: Body::Part { text, next } }
}

/// Whether the whole name fits, in time that grows with the product of both lengths at most: the last `*` alone
/// is ever tried again.
fn fits(pattern: &str, name: &str, store: &Store) -> bool {
    let fold = |letter: char| if store.ignores_case { small(letter) } else { letter };
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    let mut again = None;
    loop {
        let before_name = name.clone();
        match (pattern.next(), name.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                again = Some((pattern.clone(), before_name.clone()));
                name = before_name;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(got)) if fold(wanted) == fold(got) => {}
            _ => {
                let Some((behind, mut rest)) = again.take() else { return false };
                if rest.next().is_none() {
                    return false;
                }
                pattern = behind.clone();
                name = rest.clone();
                again = Some((behind, rest));
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
mod tests {
    use proptest::prelude::*;

    use super::super::super::domain::Stores;
    use super::*;
    use crate::document::problem::Problems;

    /// The same by recursion.
    fn plainly(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|skipped| plainly(rest, name.get(skipped..).unwrap())),
            Some((wanted, rest)) => name
                .split_first()
                .is_some_and(|(got, behind)| (*wanted == '?' || wanted == got) && plainly(rest, behind)),
        }
    }

    proptest! {
        #[test]
        fn a_pattern_fits_what_it_fits_plainly(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
            let stores = Stores::parse(None, &mut Problems::default());
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let fits = fits(&pattern, &name, stores.primary().unwrap());
            prop_assert_eq!(fits, plainly(&letters(&pattern), &letters(&name)), "{} {}", pattern, name);
        }
    }
}
