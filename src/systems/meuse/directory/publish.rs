//! Handlers that publish, yank and unyank versions.
//!
//! Source: mcorbin/meuse, src/meuse/api/crate/new.clj, src/meuse/db/actions/crate.clj,
//! src/meuse/api/crate/yank.clj and src/meuse/db/actions/crate_version.clj. The registry's configuration limits the
//! registries of dependencies; that is not checked here.

use super::super::{Kind, Rule};
use super::counter::{counter_key, load_counter, store_counter};
use super::json_members::{text_list, text_member};
use super::responses::{ok_response, reject, unknown_category_message};
use super::routed_request::{DecisionInputs, RoutedRequest};
use super::stored::{self, Crate, Version};
use super::{files, inputs, owners};
use crate::directory::prelude::{digest, BodyError, Call, Interrupt, Response, Transaction};
use crate::document::value::Value;

/// The checks are in Meuse's order: first the role, then whether the version already exists, then the ownership.
pub(super) fn publish_version(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    let mut caller = request.authenticate_caller(tx)?;
    request.call.require_body()?;
    let (metadata, file) = split_publish_body(request.call)?;
    let metadata = request.validate(tx, Kind::CratePublish, "raw-metadata", &metadata)?;
    let (name, version) = (inputs::required_text(&metadata, "name")?, inputs::required_text(&metadata, "vers")?);
    let categories = text_list(&metadata, "categories").unwrap_or_default();
    let file_key = files::file_key(name, version);
    let mut keys = vec![stored::crate_key(name), counter_key(), file_key.clone()];
    keys.extend(categories.iter().map(|category| stored::category_key(category)));
    tx.prefetch(&keys);
    let mut krate = stored::load_crate(tx, name)?;

    let inputs = DecisionInputs { caller: Some(&caller), krate: krate.as_ref(), ..DecisionInputs::default() };
    let decided = request.decide(tx, inputs, &metadata)?;
    let exists = krate.as_mut().is_some_and(|krate| krate.version_mut(version).is_some());
    let authorized = match decided {
        Err(ruling) if ruling.rule != Rule::PublishNotOwner || !exists => {
            return Err(request.reject_by_rule(
                &ruling,
                DecisionInputs { caller: Some(&caller), ..DecisionInputs::default() },
                &metadata,
            ));
        }
        Ok(authorized) if !exists => authorized,
        Ok(_) | Err(_) => {
            return Err(reject(400, &format!("release {version} for crate {name} already exists")));
        }
    };

    let mut counter = load_counter(tx)?;
    counter.versions = counter.versions.saturating_add(1);
    let mut krate = match krate {
        Some(krate) => krate,
        None => {
            counter.crates = counter.crates.saturating_add(1);
            let (name, id) = (name.to_owned(), tx.uuid()?);
            let mut krate = Crate { name, id, owners: Vec::new(), categories: Vec::new(), versions: Vec::new() };
            owners::add_owner(&mut krate, &mut caller)?;
            stored::store_user(tx, &authorized, &caller)?;
            krate
        }
    };
    for name in &categories {
        let category = stored::load_category(tx, name)?.ok_or_else(|| reject(404, &unknown_category_message(name)))?;
        if !krate.categories.contains(&category.id) {
            krate.categories.push(category.id);
        }
    }
    let mut terms = text_list(&metadata, "keywords").unwrap_or_default();
    terms.extend(categories);
    krate.versions.push(Version {
        version: version.to_owned(),
        yanked: false,
        description: text_member(&metadata, "description"),
        terms,
        sha256: Some(digest(file)),
        created: tx.now,
        updated: tx.now,
    });
    tx.read_entry(&file_key)?;
    files::store_file(tx, &authorized, [name, version], file, metadata.clone())?;
    stored::store_crate(tx, &authorized, &krate)?;
    store_counter(tx, &authorized, &counter)?;
    let none = || Value::List(Vec::new());
    let warning = Value::object([("invalid_categories", none()), ("invalid_badges", none()), ("other", none())]);
    Ok(Response::json(200, Value::object([("warning", warning)])))
}

/// Yanks or unyanks a version. Cargo sends a content type without a body, so the body is not parsed.
pub(super) fn set_yanked(
    tx: &mut Transaction<'_>,
    request: &RoutedRequest<'_>,
    yanked: bool,
) -> Result<Response, Interrupt> {
    let caller = request.authenticate_caller(tx)?;
    request.check_version()?;
    let (name, version) = (request.route.name(0), request.route.name(1));
    let mut krate = stored::load_crate(tx, name)?;
    let inputs = DecisionInputs { caller: Some(&caller), krate: krate.as_ref(), ..DecisionInputs::default() };
    let authorized = request.authorize(tx, inputs, &Value::Null)?;
    let word = if yanked { "yank" } else { "unyank" };
    let refuse = |status, why: &str| reject(status, &format!("cannot {word} the crate: {why}"));
    let krate = krate.as_mut().ok_or_else(|| refuse(404, "the crate does not exist"))?;
    let release = krate.version_mut(version).ok_or_else(|| refuse(404, "the version does not exist"))?;
    if release.yanked == yanked {
        return Err(refuse(400, &format!("crate state is already {word}")));
    }
    release.yanked = yanked;
    release.updated = tx.now;
    stored::store_crate(tx, &authorized, krate)?;
    Ok(ok_response())
}

/// Splits the body of Cargo's request into metadata and file. Each is preceded by its length in four bytes,
/// little-endian.
///
/// Source: mcorbin/meuse, src/meuse/crate.clj, `request->crate`. It rejects metadata that is not valid JSON.
fn split_publish_body<'c>(call: &'c Call<'_>) -> Result<(Value, &'c [u8]), Interrupt> {
    let body = call.body.as_slice();
    let short = || reject(400, &format!("invalid request size {}", body.len()));
    let (metadata, rest) = split_length_prefixed(body).ok_or_else(short)?;
    let (file, _) = split_length_prefixed(rest).ok_or_else(short)?;
    let metadata = Call { body: metadata.to_vec(), ..Call::default() }.json();
    match metadata {
        Ok(metadata) => Ok((metadata, file)),
        Err(BodyError::Absent) => Ok((Value::Null, file)),
        Err(BodyError::Malformed) => Err(inputs::reject_malformed_json()),
    }
}

fn split_length_prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}
