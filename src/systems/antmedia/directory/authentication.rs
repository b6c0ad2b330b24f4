//! The guard: who asks, and whether the rules let the request pass.
//!
//! Source: AuthenticationFilter.java, `doFilter`: a public path needs nobody; then comes the session, then its
//! user, then the rule. The body is read behind it.

use super::super::{calls, Action, Antmedia, Rule};
use super::responses::{NOT_ALLOWED, NOT_SIGNED_IN, NO_USER};
use super::sessions::{self, Session};
use super::stored::{self, user_key, User};
use crate::directory::prelude::{Authorized, Call, Fault, Interrupt, Transaction};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Question, Request, System as _};
use crate::tables::word::Word as _;

/// A request that was let in.
pub struct AuthorizedCall {
    /// Leave to do what was asked.
    pub authorized: Authorized,
    caller: Option<Caller>,
}

/// Who makes a request.
pub struct Caller {
    pub email: String,
    pub user: User,
    /// The session that the request brought; a user whom the host authenticated has none.
    pub session: Option<Session>,
}

impl AuthorizedCall {
    /// Who asks: somebody, unless the path is a public one.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Refused`].
    pub fn caller(&self) -> Result<&Caller, Interrupt> {
        self.caller.as_ref().ok_or_else(|| NOT_SIGNED_IN.into())
    }
}

/// Lets a request in.
///
/// # Errors
///
/// [`Interrupt`]: 403, never 401.
pub fn enter(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<AuthorizedCall, Interrupt> {
    // What asks nothing that the panel knows is nothing to the rules either, and they refuse it.
    let nothing = || Question { action: Action::Read.word().into(), resource: String::new(), attributes: Value::Null };
    let Question { action, resource, .. } = question(call).unwrap_or_else(nothing);
    let action = Action::from_word(&action).ok_or(NOT_ALLOWED)?;
    // The session of whoever asks for what is public counts for nothing.
    let (email, user, session) = if resource.starts_with("public:") { (None, None, None) } else { who(tx, call)? };
    if let (Some(email), Some(_)) = (&email, &user) {
        tx.actor(email, &user_key(email));
    }
    let known = user.as_ref().zip(email.as_ref()).map(|(user, email)| user.rights(email));
    let document = Value::object([("users", Value::List(known.into_iter().collect()))]);
    let records = tx.parse_records::<Antmedia>(&document)?;
    let subject = Antmedia::subject(&records, email.as_deref());
    let authorized = tx.decide::<Antmedia>(&records, &subject, action, &resource, &Value::Null).map_err(refused)?;
    let caller = user.zip(email).map(|(user, email)| Caller { email, user, session });
    Ok(AuthorizedCall { authorized, caller })
}

/// Who makes a request: the user whom the host authenticated, or whose session it brings. The session of a user who
/// is deleted has an address and no user.
type Who = (Option<String>, Option<User>, Option<Session>);

fn who(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Who, Interrupt> {
    if let Some(email) = call.identity {
        let user = stored::user(tx, email)?.ok_or(Fault::Unauthorized)?;
        return Ok((Some(email.to_owned()), Some(user), None));
    }
    let Some(session) = sessions::find(tx, call)? else { return Ok((None, None, None)) };
    let user = session.user(tx)?;
    Ok((Some(session.email.clone()), user, Some(session)))
}

/// The question that a request asks. On the way to an application a query of which a part can not be read asks none:
/// what stands behind the panel may read it all the same, and find another `_path` in it.
fn question(call: &Call<'_>) -> Option<Question> {
    let query = call.parameters();
    let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let question = calls::classify(&Request { method: call.method, path: call.path, query, body: &Value::Null })?;
    (call.has_sound_query() || !question.resource.starts_with("app:")).then_some(question)
}

fn refused(ruling: Ruling<Antmedia>) -> Interrupt {
    match ruling.rule {
        Rule::NotSignedIn => NOT_SIGNED_IN.into(),
        Rule::UnknownUser => NO_USER.into(),
        _ => NOT_ALLOWED.into(),
    }
}
