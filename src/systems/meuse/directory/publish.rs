//! Versions: published, yanked, taken back.
//!
//! Source: mcorbin/meuse, src/meuse/api/crate/new.clj, src/meuse/db/actions/crate.clj,
//! src/meuse/api/crate/yank.clj and src/meuse/db/actions/crate_version.clj. Which registries a dependency may
//! come from is configuration of the registry, and its own to check.

use super::super::{Kind, Rule};
use super::asked::{Asked, Known};
use super::responses::{no_category, ok, refused};
use super::stored::{self, Crate, Version};
use super::{files, inputs, owners};
use crate::directory::prelude::{digest, BodyError, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The order of the checks is Meuse's: the role, then whether the version is there, then the owner.
pub(super) fn publish(tx: &mut Transaction<'_>, asked: &Asked<'_>) -> Result<Response, Interrupt> {
    let mut caller = asked.caller(tx)?;
    asked.call.require_body()?;
    let (metadata, file) = parts(asked.call)?;
    let metadata = asked.valid(tx, Kind::CratePublish, "raw-metadata", &metadata)?;
    let (name, version) = (inputs::text(&metadata, "name")?, inputs::text(&metadata, "vers")?);
    let categories = stored::texts(&metadata, "categories").unwrap_or_default();
    let file_key = files::file_key(name, version);
    let mut keys = vec![stored::crate_key(name), stored::counter_key(), file_key.clone()];
    keys.extend(categories.iter().map(|category| stored::category_key(category)));
    tx.prefetch(&keys);
    let mut krate = stored::krate(tx, name)?;

    let known = Known { caller: Some(&caller), krate: krate.as_ref(), ..Known::default() };
    let decided = asked.decide(tx, known, &metadata)?;
    let exists = krate.as_mut().is_some_and(|krate| krate.version(version).is_some());
    let authorized = match decided {
        Err(ruling) if ruling.rule != Rule::PublishNotOwner || !exists => {
            return Err(asked.denied(&ruling, Known { caller: Some(&caller), ..Known::default() }, &metadata));
        }
        Ok(authorized) if !exists => authorized,
        Ok(_) | Err(_) => {
            return Err(refused(400, &format!("release {version} for crate {name} already exists")));
        }
    };

    let mut counter = stored::counter(tx)?;
    counter.versions = counter.versions.saturating_add(1);
    let mut krate = match krate {
        Some(krate) => krate,
        None => {
            counter.crates = counter.crates.saturating_add(1);
            let (name, id) = (name.to_owned(), tx.uuid()?);
            let mut krate = Crate { name, id, owners: Vec::new(), categories: Vec::new(), versions: Vec::new() };
            owners::add(&mut krate, &mut caller)?;
            stored::put_user(tx, &authorized, &caller)?;
            krate
        }
    };
    for name in &categories {
        let category = stored::category(tx, name)?.ok_or_else(|| refused(404, &no_category(name)))?;
        if !krate.categories.contains(&category.id) {
            krate.categories.push(category.id);
        }
    }
    let mut terms = stored::texts(&metadata, "keywords").unwrap_or_default();
    terms.extend(categories);
    krate.versions.push(Version {
        version: version.to_owned(),
        yanked: false,
        description: stored::text(&metadata, "description"),
        terms,
        sha256: Some(digest(file)),
        created: tx.now,
        updated: tx.now,
    });
    tx.read(&file_key)?;
    files::put(tx, &authorized, [name, version], file, metadata.clone())?;
    stored::put_crate(tx, &authorized, &krate)?;
    stored::put_counter(tx, &authorized, &counter)?;
    let none = || Value::List(Vec::new());
    let warning = Value::object([("invalid_categories", none()), ("invalid_badges", none()), ("other", none())]);
    Ok(Response::json(200, Value::object([("warning", warning)])))
}

/// Yanks a version, or takes that back. Cargo sends a content type and no body, which nobody reads.
pub(super) fn yank(tx: &mut Transaction<'_>, asked: &Asked<'_>, yanks: bool) -> Result<Response, Interrupt> {
    let caller = asked.caller(tx)?;
    asked.check_version()?;
    let (name, version) = (asked.route.name(0), asked.route.name(1));
    let mut krate = stored::krate(tx, name)?;
    let known = Known { caller: Some(&caller), krate: krate.as_ref(), ..Known::default() };
    let authorized = asked.authorized(tx, known, &Value::Null)?;
    let word = if yanks { "yank" } else { "unyank" };
    let refuse = |status, why: &str| refused(status, &format!("cannot {word} the crate: {why}"));
    let krate = krate.as_mut().ok_or_else(|| refuse(404, "the crate does not exist"))?;
    let known = krate.version(version).ok_or_else(|| refuse(404, "the version does not exist"))?;
    if known.yanked == yanks {
        return Err(refuse(400, &format!("crate state is already {word}")));
    }
    known.yanked = yanks;
    known.updated = tx.now;
    stored::put_crate(tx, &authorized, krate)?;
    Ok(ok())
}

/// The two parts of what Cargo sends, each behind its length in four bytes, the least first.
///
/// Source: mcorbin/meuse, src/meuse/crate.clj, `request->crate`. Metadata that is no JSON fails there.
fn parts<'c>(call: &'c Call<'_>) -> Result<(Value, &'c [u8]), Interrupt> {
    let body = call.body.as_slice();
    let short = || refused(400, &format!("invalid request size {}", body.len()));
    let (metadata, rest) = part(body).ok_or_else(short)?;
    let (file, _) = part(rest).ok_or_else(short)?;
    let metadata = Call { body: metadata.to_vec(), ..Call::default() }.json();
    match metadata {
        Ok(metadata) => Ok((metadata, file)),
        Err(BodyError::Absent) => Ok((Value::Null, file)),
        Err(BodyError::Malformed) => Err(inputs::no_json()),
    }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}
