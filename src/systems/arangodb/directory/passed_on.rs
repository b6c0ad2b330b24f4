//! Requests that the product behind the directory answers. Those for a collection (its properties, indexes and documents)
//! need the level on the collection that the product asks for, and the shutdown needs the right to administrate the
//! server. So an `upstream` with other credentials gives no caller more than the caller's levels.
//!
//! Source: ArangoDB, "Managing users", the access levels that actions need. Requests that name their collections in the
//! body, such as queries, are left to the product.

use super::super::Action;
use super::body::is_parameter_set;
use super::responses::{BAD_PARAMETER, FORBIDDEN, NO_COLLECTION, UNKNOWN_PATH};
use super::rules::RuleTarget;
use super::session::Session;
use crate::directory::prelude::{Call, Interrupt, Response, Transaction};

/// Passes a request on to the product if the caller's level on its collection, or on the server, allows it.
pub fn pass_on(
    tx: &mut Transaction<'_>,
    session: &Session,
    call: &Call<'_>,
    segments: &[&str],
) -> Result<Response, Interrupt> {
    // The product merges adjacent slashes, and would take the path for another one than the one that was authorized.
    if call.has_upstream && call.path.contains("//") {
        return Err(UNKNOWN_PATH.into());
    }
    let is_repeated = |name: &str| call.parameters().iter().filter(|(known, _)| known == name).count() > 1;
    // The product could take another one of them than the one that was authorized.
    if call.has_upstream && ["collection", "onlyget"].into_iter().any(is_repeated) {
        return Err(BAD_PARAMETER.with_reason("send `collection` and `onlyget` once at most"));
    }
    if let (true, ["_admin", "shutdown", ..]) = (call.has_upstream, segments) {
        session.authorize(tx, Action::Administrate, RuleTarget::Server, FORBIDDEN)?;
    }
    if let Some((action, name)) = required_action(call, segments).filter(|_| call.has_upstream) {
        // The product also takes `{collection}/{key}` in one segment.
        let name = name.split('/').next().unwrap_or_default();
        // It would take a number as an id, whose collection is not known here.
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(NO_COLLECTION.into());
        }
        session.authorize_in_database(tx, action, Some(name))?;
    }
    Err(Interrupt::Upstream)
}

/// The action on a collection that a request needs. If the product has an unknown method there, it is the highest one.
fn required_action(call: &Call<'_>, segments: &[&str]) -> Option<(Action, String)> {
    let [write, manage] = match call.method {
        "GET" | "HEAD" => [Action::Read; 2],
        _ => [Action::Write, Action::ManageCollection],
    };
    let (action, name) = match segments {
        ["_api", "collection", name, "truncate"] => (write, name),
        ["_api", "collection", name, "load" | "unload" | "loadIndexesIntoMemory" | "responsibleShard"] => {
            (Action::Read, name)
        }
        // A `PUT` with this parameter reads the listed documents.
        ["_api", "document", name] if call.method == "PUT" && is_parameter_set(call, "onlyget") => (Action::Read, name),
        ["_api", "document", name, ..] => (write, name),
        ["_api", "edges", name, ..] => (write, name),
        ["_api", "collection" | "index", name, ..] => (manage, name),
        ["_api", "document" | "import"] => return Some((write, call.parameter("collection")?)),
        ["_api", "index"] => return Some((manage, call.parameter("collection")?)),
        _ => return None,
    };
    Some((action, (*name).to_owned()))
}
