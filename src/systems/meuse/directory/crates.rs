//! Handlers that list, get and search crates, and return statistics.
//!
//! Source: mcorbin/meuse, src/meuse/api/meuse/crate.clj, src/meuse/statistics.clj and src/meuse/api/crate/search.clj.
//! As in Meuse, whose queries join crates and versions, crates without versions are left out.

use std::cmp::Ordering;

use super::super::Kind;
use super::counter::load_counter;
use super::json_members::text_or_null;
use super::responses::{reject, unknown_category_message, unknown_crate_message};
use super::routed_request::RoutedRequest;
use super::stored::{self, Category, Crate, Version};
use super::{files, inputs, lists};
use crate::directory::prelude::{time, Fault, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The number of results of a search without `per_page`.
const DEFAULT_RESULTS: usize = 10;
/// The number of crates that a search reads at once.
const PAGE_SIZE: usize = 256;

pub(super) fn list_crates(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    let query = request.parse_query(tx, Kind::CrateList)?;
    request.authorize_for(tx, &caller)?;
    let category = match query.get("category").and_then(Value::text) {
        Some(name) => {
            let category = stored::load_category(tx, name)?;
            Some(category.ok_or_else(|| reject(404, &unknown_category_message(name)))?.id)
        }
        None => None,
    };
    lists::list_response(tx, request.call, "crate/", "crates", |tx, entries| {
        let mut crates = Vec::with_capacity(entries.len());
        for entry in entries {
            let krate = crate_from_value(entry)?;
            let is_wanted = category.as_ref().is_none_or(|id| krate.categories.contains(id));
            if is_wanted && !krate.versions.is_empty() {
                crates.push(krate);
            }
        }
        let counts: Vec<_> = crates.iter().flat_map(files::download_keys).collect();
        tx.read_all(&counts)?;
        let mut items = Vec::with_capacity(crates.len());
        for krate in &crates {
            items.push(Value::Object(crate_members(tx, krate)?));
        }
        Ok(items)
    })
}

pub(super) fn get_crate(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    request.authorize_for(tx, &caller)?;
    let name = request.route.name(0);
    let krate = stored::load_crate(tx, name)?.filter(|krate| !krate.versions.is_empty());
    let krate = krate.ok_or_else(|| reject(404, &unknown_crate_message(name)))?;
    tx.read_all(&files::download_keys(&krate))?;
    let mut members = crate_members(tx, &krate)?;
    // Meuse returns all categories here. We return those of the crate.
    let mut categories = Vec::new();
    for (_, entry) in tx.scan_all("category/")? {
        let category = Category::from_value(&entry.value).ok_or(Interrupt::Fault(Fault::Internal))?;
        if krate.categories.contains(&category.id) {
            categories.push(category.to_value());
        }
    }
    members.push(("categories".to_owned(), Value::List(categories)));
    Ok(Response::json(200, Value::Object(members)))
}

pub(super) fn get_statistics(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.parse_json()?;
    request.authorize_for(tx, &caller)?;
    let counter = load_counter(tx)?;
    let mut downloads = 0_i64;
    for (_, entry) in tx.scan_all(files::DOWNLOADS)? {
        downloads = downloads.saturating_add(files::parse_count(&entry.value));
    }
    let body = Value::object([
        ("crates", counter.crates.into()),
        ("crates-versions", counter.versions.into()),
        ("downloads", downloads.into()),
        ("users", counter.users.into()),
    ]);
    Ok(Response::json(200, body))
}

/// Open to every client. Meuse uses PostgreSQL's text search for any of the words in the name, the description, the
/// keywords and the categories of a version. We search the same texts for whole words in any case, without stemming.
/// The results are sorted by the names of the crates, each with the highest version that matches.
pub(super) fn search_crates(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let query = request.parse_query(tx, Kind::CrateSearch)?;
    request.authorize(tx, Default::default(), &Value::Null)?;
    let query_words = split_words(inputs::required_text(&query, "q")?);
    let limit = match query.get("per_page").and_then(Value::text) {
        // A negative number is treated as 0.
        Some(number) => number.parse().unwrap_or(0),
        None => DEFAULT_RESULTS,
    };
    let (mut results, mut after) = (Vec::new(), None);
    while results.len() < limit {
        let page = tx.scan("crate/", after, PAGE_SIZE)?;
        for (_, entry) in page {
            let krate = crate_from_value(&entry.value)?;
            let is_match = |version: &&Version| matches_words(&krate.name, version, &query_words);
            let highest =
                krate.versions.iter().filter(is_match).max_by(|a, b| compare_versions(&a.version, &b.version));
            results.extend(highest.map(|version| {
                Value::object([
                    ("name", krate.name.as_str().into()),
                    ("max_version", version.version.as_str().into()),
                    ("description", version.description.as_deref().unwrap_or("").into()),
                ])
            }));
        }
        match page.last() {
            Some((key, _)) if page.len() >= PAGE_SIZE => after = Some(key.as_str()),
            _ => break,
        }
    }
    results.truncate(limit);
    let total = i64::try_from(results.len()).unwrap_or(i64::MAX);
    let meta = Value::object([("total", total.into())]);
    Ok(Response::json(200, Value::object([("crates", Value::List(results)), ("meta", meta)])))
}

fn crate_from_value(entry: &Value) -> Result<Crate, Interrupt> {
    Crate::from_value(entry).ok_or(Interrupt::Fault(Fault::Internal))
}

fn crate_members(tx: &mut Transaction<'_>, krate: &Crate) -> Result<Vec<(String, Value)>, Interrupt> {
    let mut versions = Vec::with_capacity(krate.versions.len());
    for version in &krate.versions {
        let downloads = files::download_count(tx, &krate.name, &version.version)?;
        versions.push(Value::object([
            ("version", version.version.as_str().into()),
            ("description", text_or_null(version.description.as_deref())),
            ("yanked", version.yanked.into()),
            ("created-at", Value::Text(time::format(version.created))),
            ("updated-at", Value::Text(time::format(version.updated))),
            ("download-count", downloads.into()),
        ]));
    }
    let (id, name) = (krate.id.as_str().into(), krate.name.as_str().into());
    Ok(vec![("id".to_owned(), id), ("name".to_owned(), name), ("versions".to_owned(), Value::List(versions))])
}

fn matches_words(name: &str, version: &Version, query_words: &[String]) -> bool {
    let texts = [name, version.description.as_deref().unwrap_or("")];
    let mut texts = texts.into_iter().chain(version.terms.iter().map(String::as_str));
    texts.any(|text| split_words(text).iter().any(|word| query_words.contains(word)))
}

fn split_words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Compares versions as in semver.org, section 11: by three numbers, and a pre-release is lower than its release. Build
/// metadata is ignored. Unlike semver.org, pre-releases are compared as text.
///
/// Meuse compares everything after the numbers as text, so a pre-release is higher than its release.
fn compare_versions(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| {
        let version = version.split('+').next().unwrap_or("").to_owned();
        let (numbers, rest) = match version.split_once('-') {
            Some((numbers, rest)) => (numbers.to_owned(), Some(rest.to_owned())),
            None => (version, None),
        };
        let numbers: Vec<u64> = numbers.split('.').map(|number| number.parse().unwrap_or(0)).collect();
        (numbers, rest.is_none(), rest)
    };
    parts(a).cmp(&parts(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number_and_pre_release() {
        let rising = ["0.9.10", "1.0.0-alpha", "1.0.0-rc", "1.0.0", "1.0.2", "1.0.10", "1.2.0", "10.0.0"];
        for (lower, higher) in rising.iter().zip(rising.iter().skip(1)) {
            assert_eq!(compare_versions(lower, higher), Ordering::Less, "{lower} {higher}");
            assert_eq!(compare_versions(higher, lower), Ordering::Greater, "{lower} {higher}");
        }
        assert_eq!(compare_versions("1.0.0+a", "1.0.0"), Ordering::Equal);
    }

    #[test]
    fn a_search_matches_whole_words_in_any_case() {
        let version = Version {
            version: "1.0.0".into(),
            yanked: false,
            description: Some("Reads TOML, and writes it.".into()),
            terms: vec!["config files".into()],
            sha256: None,
            created: 0,
            updated: 0,
        };
        let finds = |query: &str| matches_words("tiny-parser_x", &version, &split_words(query));
        for query in ["tiny", "PARSER", "x", "toml", "it", "files", "nothing toml", "tiny-parser_x"] {
            assert!(finds(query), "{query}");
        }
        for query in ["", " - ", "tin", "tinyparser", "write", "1"] {
            assert!(!finds(query), "{query}");
        }
    }
}
