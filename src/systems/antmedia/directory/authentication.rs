//! Authenticates the caller of a request, and authorizes the request by the rules.
//!
//! Source: AuthenticationFilter.java, `doFilter`: public paths require no session. For other paths it checks the
//! session, then its user, then the rule. The body is read afterwards.

use super::super::{calls, path, Action, Antmedia, Rule};
use super::responses::{NOT_ALLOWED, NOT_SIGNED_IN, NO_USER};
use super::sessions::{self, Session};
use super::stored::{self, user_key, User};
use crate::directory::prelude::{Authorized, Call, Fault, Interrupt, Transaction};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Question, Request, System as _};
use crate::tables::word::Word as _;

/// A request that the rules allow.
pub struct AuthorizedCall {
    /// Proof that the request's writes are authorized.
    pub authorized: Authorized,
    caller: Option<Caller>,
}

/// The caller of a request.
pub struct Caller {
    pub email: String,
    pub user: User,
    /// The session of the request; a user whom the host authenticated has none.
    pub session: Option<Session>,
}

impl AuthorizedCall {
    /// The caller. A request to a public path has none.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Refused`].
    pub fn caller(&self) -> Result<&Caller, Interrupt> {
        self.caller.as_ref().ok_or_else(|| NOT_SIGNED_IN.into())
    }
}

/// Authenticates the caller and authorizes the request.
///
/// # Errors
///
/// [`Interrupt`]: 403, never 401.
pub fn authorize_request(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<AuthorizedCall, Interrupt> {
    // A request without a question gets a resource that no rule allows.
    let nothing = || Question { action: Action::Read.word().into(), resource: String::new(), attributes: Value::Null };
    let Question { action, resource, .. } = question_of_request(call).unwrap_or_else(nothing);
    let action = Action::from_word(&action).ok_or(NOT_ALLOWED)?;
    // On public paths, the session is ignored.
    let (email, user, session) =
        if resource.starts_with("public:") { (None, None, None) } else { authenticate_caller(tx, call)? };
    if let (Some(email), Some(_)) = (&email, &user) {
        tx.actor(email, &user_key(email));
    }
    let record = user.as_ref().zip(email.as_ref()).map(|(user, email)| user.to_record(email));
    let document = Value::object([("users", Value::List(record.into_iter().collect()))]);
    let records = tx.parse_records::<Antmedia>(&document)?;
    let subject = Antmedia::subject(&records, email.as_deref());
    let authorized =
        tx.decide::<Antmedia>(&records, &subject, action, &resource, &Value::Null).map_err(rejection_response)?;
    let caller = user.zip(email).map(|(user, email)| Caller { email, user, session });
    Ok(AuthorizedCall { authorized, caller })
}

/// The address, user and session of the caller. The session of a deleted user has an address and no user.
type CallerParts = (Option<String>, Option<User>, Option<Session>);

fn authenticate_caller(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<CallerParts, Interrupt> {
    if let Some(email) = call.identity {
        let user = stored::load_user(tx, email)?.ok_or(Fault::Unauthorized)?;
        return Ok((Some(email.to_owned()), Some(user), None));
    }
    let Some(session) = sessions::find_session(tx, call)? else { return Ok((None, None, None)) };
    let user = session.load_user(tx)?;
    Ok((Some(session.email.clone()), user, Some(session)))
}

/// The question of a request. A forwarded request with a query that cannot be decoded has no question. The server after
/// the panel may decode it differently, and find another `_path` in it.
fn question_of_request(call: &Call<'_>) -> Option<Question> {
    let query = call.parameters();
    let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let method = if is_unknown_method(call) { "POST" } else { call.method };
    let question = calls::classify(&Request { method, path: call.path, query, body: &Value::Null })?;
    (call.has_sound_query() || !question.resource.starts_with("app:")).then_some(question)
}

/// Whether no path of the panel has the method, and the path is one that this directory handles. Such a request needs
/// what a `POST` needs, and gets a 405. On any other path, it is denied and never forwarded.
fn is_unknown_method(call: &Call<'_>) -> bool {
    let names = path::split_request_path(call.path).unwrap_or_default();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_handled = matches!(
        names.as_slice(),
        ["rest", "v2", "users", ..]
            | ["rest", "v2", "user-list" | "first-login-status" | "authentication-status" | "admin-status"]
    );
    is_handled && !matches!(call.method, "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "DELETE")
}

fn rejection_response(ruling: Ruling<Antmedia>) -> Interrupt {
    match ruling.rule {
        Rule::NotSignedIn => NOT_SIGNED_IN.into(),
        Rule::UnknownUser => NO_USER.into(),
        _ => NOT_ALLOWED.into(),
    }
}
