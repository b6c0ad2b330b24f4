//! Stores and downloads published files, and counts the downloads.

use base64ct::{Base64, Encoding};

use super::responses::{reject, unknown_file_message};
use super::routed_request::{DecisionInputs, RoutedRequest};
use super::stored::{self, Crate, User};
use crate::directory::prelude::{Authorized, Body, Fault, Interrupt, Key, Response, Transaction};
use crate::document::value::Value;

/// The most bytes of a file in one entry. An entry has at most 1 MiB of text. As base64, this is half of it; the rest
/// is for the metadata.
const PART_BYTES: usize = 393_216;

/// The prefix of the entries that count downloads.
pub(super) const DOWNLOADS: &str = "downloads/";

/// The entry of a published file.
pub(super) fn file_key(name: &str, version: &str) -> Key {
    Key::new("file", &[name, version])
}

/// Stores a published file: with its metadata in one entry, or in parts if it is larger. The key must have been read.
///
/// # Errors
///
/// As [`Transaction::put`].
pub(super) fn store_file(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    [name, version]: [&str; 2],
    file: &[u8],
    metadata: Value,
) -> Result<(), Interrupt> {
    let mut entry = vec![("metadata".to_owned(), metadata)];
    if file.len() <= PART_BYTES {
        entry.push(("file".to_owned(), Value::Text(Base64::encode_string(file))));
    } else {
        let mut count = 0_usize;
        for part in file.chunks(PART_BYTES) {
            // A version is published only once, so its parts do not exist yet.
            tx.create(authorized, &part_key(name, version, count), Value::Text(Base64::encode_string(part)))?;
            count = count.saturating_add(1);
        }
        entry.push(("parts".to_owned(), Value::Number(count.to_string().into())));
    }
    tx.put(authorized, &file_key(name, version), Value::Object(entry))
}

/// The bytes of a published file; `None` if it is not stored here.
fn load_file(tx: &mut Transaction<'_>, name: &str, version: &str) -> Result<Option<Vec<u8>>, Interrupt> {
    let Some(entry) = tx.read_entry(&file_key(name, version))? else { return Ok(None) };
    let Some(Value::Number(count)) = entry.get("parts") else {
        return decode_part(entry.get("file")).map(Some);
    };
    let count: usize = count.parse().map_err(|_| Fault::Internal)?;
    let keys: Vec<Key> = (0..count).map(|index| part_key(name, version, index)).collect();
    let mut file = Vec::new();
    for part in tx.read_all(&keys)? {
        file.append(&mut decode_part(part)?);
    }
    Ok(Some(file))
}

fn decode_part(part: Option<&Value>) -> Result<Vec<u8>, Interrupt> {
    part.and_then(Value::text).and_then(|text| Base64::decode_vec(text).ok()).ok_or(Interrupt::Fault(Fault::Internal))
}

fn part_key(name: &str, version: &str, index: usize) -> Key {
    Key::new("file-part", &[name, version, &index.to_string()])
}

/// Open to every client. If the file of a version is not stored here, the request is forwarded to the registry.
///
/// Source: mcorbin/meuse, src/meuse/api/crate/download.clj.
pub(super) fn download_version(tx: &mut Transaction<'_>, request: &RoutedRequest<'_>) -> Result<Response, Interrupt> {
    request.check_version()?;
    let authorized = request.authorize(tx, DecisionInputs::default(), &Value::Null)?;
    let (name, version) = (request.route.name(0), request.route.name(1));
    let exists = stored::load_crate(tx, name)?.is_some_and(|mut krate| krate.version_mut(version).is_some());
    if !exists {
        return Err(reject(400, &unknown_file_message(name, version)));
    }
    let counted = download_key(name, version);
    tx.prefetch(&[file_key(name, version), counted.clone()]);
    let Some(file) = load_file(tx, name, version)? else { return Err(Interrupt::Upstream) };
    let count = download_count(tx, name, version)?.saturating_add(1);
    tx.put(&authorized, &counted, count.into())?;
    let response = Response { status: 200, headers: Vec::new(), body: Body::Bytes(file) };
    Ok(response.with_header("content-type", "application/octet-stream"))
}

/// Authorizes requests to the mirror of another registry, and forwards them to the registry. Every client can download;
/// filling the cache requires a role.
///
/// Source: mcorbin/meuse, src/meuse/api/mirror/download.clj and cache.clj.
pub(super) fn forward_to_mirror(
    tx: &mut Transaction<'_>,
    request: &RoutedRequest<'_>,
    caller: Option<&User>,
) -> Result<Response, Interrupt> {
    request.check_version()?;
    request.authorize(tx, DecisionInputs { caller, ..DecisionInputs::default() }, &Value::Null)?;
    Err(Interrupt::Upstream)
}

/// The entries that count the downloads of a crate's versions.
pub(super) fn download_keys(krate: &Crate) -> Vec<Key> {
    krate.versions.iter().map(|version| download_key(&krate.name, &version.version)).collect()
}

/// The number of downloads of a version.
pub(super) fn download_count(tx: &mut Transaction<'_>, name: &str, version: &str) -> Result<i64, Interrupt> {
    Ok(tx.read_entry(&download_key(name, version))?.map_or(0, parse_count))
}

/// The count of an entry.
pub(super) fn parse_count(entry: &Value) -> i64 {
    match entry {
        Value::Number(digits) => digits.parse().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => 0,
    }
}

fn download_key(name: &str, version: &str) -> Key {
    Key::new("downloads", &[name, version])
}
