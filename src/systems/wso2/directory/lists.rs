//! `listUsers`: the names that fit a pattern.

use super::super::domain::{split, Store};
use super::book::Settings;
use super::stored::User;
use crate::directory::{Body, Call, Fault, Response, Stop, World};
use crate::letters::small;
use crate::value::Value;

/// Entries that a run looks at. The next run goes on behind them, so that memory stays bounded.
const PAGE: usize = 256;

/// Lists users, in parts: where one goes on is `after`, a JSON list of the last key and the names so far.
///
/// # Errors
///
/// [`Stop`].
// Source: WSO2 kernel, `listUsers`: a pattern with a domain is for that store, one without for all; `*` is any run
// of characters and `?` one. Upstream takes the first of each store up to the limit, and sorts what it has then.
pub fn users(
    world: &mut World<'_>,
    call: &Call<'_>,
    settings: &Settings,
    filter: &str,
    limit: usize,
) -> Result<Response, Stop> {
    let (domain, pattern) = match split(filter) {
        (Some(domain), rest) => match settings.records.stores.named(domain) {
            Some(store) => (Some(store.domain()), rest),
            None => (None, filter),
        },
        (None, rest) => (None, rest),
    };
    let prefix = domain.map_or_else(|| "user/".to_owned(), |domain| format!("user/{domain}/"));
    let (after, mut names) = position(call)?;
    let page = if limit == 0 { &[] } else { world.scan(&prefix, after.as_deref(), PAGE)? };
    for (_, entry) in page {
        let user = User::read(&entry.value).ok_or(Fault::Internal)?;
        let Some(name) = settings.user(&user.name) else { continue };
        if names.len() < limit && fits(pattern, name.local, name.store) {
            names.push(user.name);
        }
    }
    let next = page.last().filter(|_| page.len() >= PAGE && names.len() < limit);
    let Some((key, _)) = next else {
        names.sort();
        return Ok(part(Value::object([("users", Value::texts(&names))]).to_string(), None));
    };
    let position = Value::List(vec![key.as_str().into(), Value::texts(&names)]);
    Ok(part(String::new(), Some(position.to_string())))
}

fn position(call: &Call<'_>) -> Result<(Option<String>, Vec<String>), Stop> {
    let Some(after) = call.after else { return Ok((None, Vec::new())) };
    match Value::parse(after).map_err(|_| Fault::Internal)? {
        Value::List(parts) => match parts.as_slice() {
            [Value::Text(key), Value::List(names)] => {
                Ok((Some(key.clone()), names.iter().filter_map(|name| name.text().map(str::to_owned)).collect()))
            }
            _ => Err(Fault::Internal.into()),
        },
        _ => Err(Fault::Internal.into()),
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
    use crate::problem::Problems;

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
            let stores = Stores::read(None, &mut Problems::default());
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let fits = fits(&pattern, &name, stores.primary().unwrap());
            prop_assert_eq!(fits, plainly(&letters(&pattern), &letters(&name)), "{} {}", pattern, name);
        }
    }
}
