//! The first records of an empty store: a seed, or a request with the bootstrap secret.

use super::authorized::Authorized;
use super::credentials::scheme;
use super::interrupt::Interrupt;
use super::key::{bootstrap_secret_key, filled_marker_key};
use super::model::Directory;
use super::request::Call;
use super::response::Response;
use super::secret::{digest, hex};
use super::transaction::Transaction;
use crate::document::node::Node;
use crate::document::problem::{Code, Problem, Problems};
use crate::document::value::Value;
use crate::password::{check_stored, PasswordError};

/// The path that accepts the first records of an empty store, with the secret that its operator has.
pub(super) const BOOTSTRAP: &str = "/_latchwork/bootstrap";

/// Whether the store has no users.
pub(crate) fn is_empty<S: Directory>(tx: &mut Transaction<'_>) -> Result<bool, Interrupt> {
    Ok(tx.scan(S::USERS, None, 1)?.is_empty())
}

/// Claims a store without users in order to fill it. Of several concurrent claims, one commits. Returns false if the
/// store has users.
pub(crate) fn claim<S: Directory>(tx: &mut Transaction<'_>, authorized: &Authorized) -> Result<bool, Interrupt> {
    if !is_empty::<S>(tx)? {
        return Ok(false);
    }
    tx.read_all(&[filled_marker_key(), bootstrap_secret_key()])?;
    tx.put(authorized, &filled_marker_key(), Value::Bool(true))?;
    // The bootstrap secret expires, so it stays invalid if the store becomes empty later.
    if tx.read_entry(&bootstrap_secret_key())?.is_some() {
        tx.delete(authorized, &bootstrap_secret_key())?;
    }
    Ok(true)
}

pub(super) fn seed<S: Directory>(tx: &mut Transaction<'_>, document: &Value) -> Result<Response, Interrupt> {
    let authorized = Authorized::operator();
    if !claim::<S>(tx, &authorized)? {
        let message = "the store has users already: seed an empty one";
        return Err(error_response(409, "not_empty", message, &[]).into());
    }
    let mut problems = Problems::default();
    S::parse_records(Node { value: document }, &mut problems);
    check_hashes(document, &mut problems);
    if !problems.is_empty() {
        return Err(invalid_records(problems, document));
    }
    S::import_records(tx, &authorized, document)?;
    Ok(Response::empty(204))
}

/// Reports each stored hash of a user that can never be verified: its cost exceeds the limits, or its format is
/// unknown. Such a user could never sign in.
fn check_hashes(document: &Value, problems: &mut Problems) {
    // Problems that the model has reported are not reported twice.
    let are_forms_checked = !problems.is_empty();
    let users: Vec<&Value> = match document.get("users") {
        Some(Value::List(users)) => users.iter().collect(),
        Some(Value::Object(users)) => users.iter().map(|(_, user)| user).collect(),
        _ => Vec::new(),
    };
    for user in users {
        let Some(hash) = user.get("hash").and_then(Value::text) else { continue };
        let Err(error) = check_stored(hash) else { continue };
        let code = match error {
            PasswordError::CostlyHash => Code::OutOfRange,
            _ if are_forms_checked => continue,
            _ => Code::BadFormat,
        };
        problems.add(user, Some("hash"), code, &format!("{error}: give the user a `password` in its place"));
    }
}

/// Rejects records because of their problems.
pub(crate) fn invalid_records(problems: Problems, document: &Value) -> Interrupt {
    error_response(400, "invalid_records", "the records have problems", &problems.into_list(document)).into()
}

pub(super) fn bootstrap<S: Directory>(tx: &mut Transaction<'_>) -> Result<Response, Interrupt> {
    if !is_empty::<S>(tx)? {
        return Err(error_response(409, "not_empty", "the store has users already", &[]).into());
    }
    let secret = hex(&tx.random::<32>()?);
    // A concurrent claim changes the first of these.
    tx.read_all(&[filled_marker_key(), bootstrap_secret_key()])?;
    tx.put(&Authorized::operator(), &bootstrap_secret_key(), Value::Text(digest(secret.as_bytes())))?;
    Ok(Response::json(200, Value::object([("secret", Value::Text(secret))])))
}

/// Accepts the first records from a client that has the bootstrap secret. Seeding uses up the secret.
pub(super) fn first_records<S: Directory>(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    const EXPECTED: &str = "expected `POST` with `Authorization: Bootstrap SECRET` and the records as JSON; a secret is good for one time, and a store without users gets a new one when its server starts";
    const NOT_JSON: &str = "the body is not valid JSON, or nests more than 32 levels: send the records as JSON";

    if call.method != "POST" {
        return Err(error_response(405, "method_not_allowed", EXPECTED, &[]).with_header("allow", "POST").into());
    }
    let (scheme, secret) = scheme(call.header("authorization").unwrap_or(""));
    let known = tx.read_entry(&bootstrap_secret_key())?.and_then(Value::text).unwrap_or("");
    if tx.verify_secret(secret, known).is_none() || !scheme.eq_ignore_ascii_case("bootstrap") {
        return Err(error_response(401, "unauthorized", EXPECTED, &[])
            .with_header("www-authenticate", "Bootstrap")
            .into());
    }
    call.require_body()?;
    let document = call.json().map_err(|_| error_response(400, "malformed_json", NOT_JSON, &[]))?;
    let response = seed::<S>(tx, &document)?;
    // The secret is valid once, so it must not be used up by records with which no user can sign in.
    if !tx.changes.has_value_under(S::USERS) {
        return Err(
            error_response(400, "no_users", "the records have no users: put at least one into them", &[]).into()
        );
    }
    Ok(response)
}

pub(super) fn error_response(status: u16, code: &str, message: &str, problems: &[Problem]) -> Response {
    let problems = crate::document::problem::problems_to_value(problems);
    let error = Value::object([("code", code.into()), ("message", message.into()), ("problems", problems)]);
    Response::json(status, Value::object([("error", error)]))
}
