//! What was published, handed out; and how often.

use base64ct::{Base64, Encoding};

use super::answers::refused;
use super::asked::{Asked, Known};
use super::stored::{self, Crate, User};
use crate::directory::{Body, Fault, Key, Response, Stop, World};
use crate::value::Value;

/// Where the counts of downloads begin.
pub(super) const DOWNLOADS: &str = "downloads/";

/// The entry of a published file.
pub(super) fn file_key(name: &str, version: &str) -> Key {
    Key::new("file", &[name, version])
}

/// What stands there.
pub(super) fn file_entry(file: &[u8], metadata: Value) -> Value {
    Value::object([("file", Value::Text(Base64::encode_string(file))), ("metadata", metadata)])
}

/// Open to everybody. Of a version whose file is not here, the registry behind may have it.
///
/// Source: mcorbin/meuse, src/meuse/api/crate/download.clj.
pub(super) fn download(world: &mut World<'_>, asked: &Asked<'_>) -> Result<Response, Stop> {
    asked.check_version()?;
    let permit = asked.permit(world, Known::default(), &Value::Null)?;
    let (name, version) = (asked.route.name(0), asked.route.name(1));
    let known = stored::krate(world, name)?.is_some_and(|mut krate| krate.version(version).is_some());
    if !known {
        return Err(refused(400, &format!("the file {name}/{version}/download does not exist")));
    }
    let counted = download_key(name, version);
    let file = file_key(name, version);
    world.prefetch(&[file.clone(), counted.clone()]);
    let Some(entry) = world.read(&file)? else { return Err(Stop::Upstream) };
    let file = entry.get("file").and_then(Value::text).and_then(|text| Base64::decode_vec(text).ok());
    let file = file.ok_or(Stop::Fault(Fault::Internal))?;
    let count = downloads(world, name, version)?.saturating_add(1);
    world.put(&permit, &counted, count.into())?;
    let response = Response { status: 200, headers: Vec::new(), body: Body::Bytes(file) };
    Ok(response.with_header("content-type", "application/octet-stream"))
}

/// The copy of another registry's crates, which only the registry behind has. To read it is open to everybody;
/// to fill it is not.
///
/// Source: mcorbin/meuse, src/meuse/api/mirror/download.clj and cache.clj.
pub(super) fn mirrored(world: &mut World<'_>, asked: &Asked<'_>, caller: Option<&User>) -> Result<Response, Stop> {
    asked.check_version()?;
    asked.permit(world, Known { caller, ..Known::default() }, &Value::Null)?;
    Err(Stop::Upstream)
}

/// The entries that count the downloads of a crate's versions.
pub(super) fn download_keys(krate: &Crate) -> Vec<Key> {
    krate.versions.iter().map(|version| download_key(&krate.name, &version.version)).collect()
}

/// How often a version was downloaded.
pub(super) fn downloads(world: &mut World<'_>, name: &str, version: &str) -> Result<i64, Stop> {
    Ok(world.read(&download_key(name, version))?.map_or(0, count))
}

/// The count in an entry.
pub(super) fn count(entry: &Value) -> i64 {
    match entry {
        Value::Number(digits) => digits.parse().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => 0,
    }
}

fn download_key(name: &str, version: &str) -> Key {
    Key::new("downloads", &[name, version])
}
