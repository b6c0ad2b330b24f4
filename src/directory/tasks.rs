//! What the directory can be asked to do, and what it comes to.

use std::fmt::{self, Debug, Formatter};

use super::conditions;
use super::credentials::scheme;
use super::facts::{Ask, Facts};
use super::guards::{self, Guards};
use super::index;
use super::key::Key;
use super::permit::Permit;
use super::request::{BodySize, Call};
use super::response::{Fault, Response, Stop};
use super::secret::{digest, hex};
use super::world::World;
use super::Directory;
use crate::node::Node;
use crate::password::{check_stored, PasswordError};
use crate::problem::{Code, Problem, Problems};
use crate::value::Value;
use crate::word::Word as _;

/// Where the first records of an empty store are sent, with the secret that its operator was given.
const BOOTSTRAP: &str = "/_latchwork/bootstrap";

/// A thing to do.
pub enum Task<'t> {
    /// Answers a request.
    Call(Call<'t>),
    /// Puts records into an empty store.
    Seed(&'t Value),
    /// Makes the secret with which the first records can be sent, if the store has no users: 200 with
    /// `{"secret"}`, else 409. A newer secret voids an older one.
    Bootstrap,
}

/// Records may carry passwords, and stay out of it.
impl Debug for Task<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => out.debug_tuple("Call").field(call).finish(),
            Self::Seed(_) => out.write_str("Seed"),
            Self::Bootstrap => out.write_str("Bootstrap"),
        }
    }
}

/// What a run comes to.
#[derive(Debug)]
pub struct Outcome {
    /// What must be known before there is an answer. If there is anything, the rest counts for nothing.
    pub asks: Vec<Ask>,
    /// The answer.
    pub response: Response,
    /// The decision let the call pass, and the host may answer it in place of the response, which is the one
    /// of a directory without such a host.
    pub upstream: bool,
    /// The caller is authenticated, and the call needs its [withheld](Call::body_withheld) body: commit the changes,
    /// then run it with the body.
    pub body: bool,
    /// The code of what went wrong around the call, if the response says that. A response without one is the
    /// product's own, whatever its status.
    pub fault: Option<&'static str>,
    /// The changes to commit, all or none, before the response goes out; with them everything that was read.
    pub changes: Vec<Expectation>,
    /// What to send after that.
    pub mails: Vec<Mail>,
    /// Who was found to make the request.
    pub actor: Option<String>,
    /// The decisions that were made on the way.
    pub noted: Vec<Noted>,
}

/// One line of a commit.
#[derive(Clone, PartialEq)]
pub struct Expectation {
    /// The key.
    pub key: String,
    /// The version that must stand there; `None` for nothing.
    pub expect: Option<u64>,
    /// What to put there, or (`Some(None)`) to delete it; `None` only checks.
    pub change: Option<Option<Value>>,
}

/// Values hold hashes, and stay out of it.
impl Debug for Expectation {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Expectation").field("key", &self.key).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// A mail to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address. Empty for nobody: then it is not sent, and is there so that an unknown address takes the same work.
    pub to: String,
    /// What it is for, as `password_reset`: for a host with words of its own.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Where it leads, with the secret in the query: a path, for the host to put behind the origin of its own page.
    pub link: String,
    /// The secret that the text carries, for a host with words of its own.
    pub token: String,
    /// When the secret ends, in seconds since 1970.
    pub expires_at: i64,
}

/// The token stays out of it, and so do the text and the link, which have it too.
impl Debug for Mail {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mail").field("to", &self.to).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// A decision, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What was asked to do.
    pub action: &'static str,
    /// On what.
    pub resource: String,
    /// Whether it was allowed.
    pub allow: bool,
    /// The rule that decided.
    pub rule: &'static str,
}

/// Runs a task on the facts known so far.
pub fn answer<S: Directory>(
    task: &Task<'_>,
    guards: Guards,
    now: i64,
    secret: &[u8],
    entropy: &[u8],
    facts: &Facts,
) -> Outcome {
    let mut world = World::new(now, secret, entropy, facts).under(guards, S::NAME);
    let stopped = match task {
        Task::Call(call) if call.path == BOOTSTRAP => first_records::<S>(&mut world, call),
        Task::Call(call) => S::call(&mut world, call),
        Task::Seed(document) => seed::<S>(&mut world, document),
        Task::Bootstrap => bootstrap::<S>(&mut world),
    };
    let stopped = guarded::<S>(&mut world, task, stopped);
    let stopped = match task {
        Task::Call(call) => withheld::<S>(call, conditions::held::<S>(&mut world, call, stopped)),
        Task::Seed(_) | Task::Bootstrap => stopped,
    };
    let stopped = indexed::<S>(&mut world, stopped);
    let World { asks, changes, mails, noted, actor, .. } = world;
    // What the host asks for itself is no request of the product's.
    let answer_to = |fault: Fault| match task {
        Task::Call(call) => fault.response_of::<S>(call.path),
        Task::Seed(_) | Task::Bootstrap => fault.response(),
    };
    let blank = Outcome {
        asks: Vec::new(),
        response: answer_to(Fault::Internal),
        upstream: false,
        body: false,
        fault: None,
        changes: Vec::new(),
        mails: Vec::new(),
        actor,
        noted,
    };
    let outcome = match stopped {
        Ok(response) if response.status < 400 => Outcome { response, changes: changes.into_list(), mails, ..blank },
        // What refuses changes no record, however the room says it.
        Ok(response) | Err(Stop::Refused(response)) => Outcome { response, changes: changes.into_notes(), ..blank },
        Err(Stop::Pending) if !asks.is_empty() => Outcome { asks, ..blank },
        // The host answers what the last decision allows, and nothing that nobody decided.
        Err(Stop::Upstream) if blank.noted.last().is_some_and(|noted| noted.allow) => {
            Outcome { response: answer_to(Fault::NotFound), upstream: true, changes: changes.into_notes(), ..blank }
        }
        // What a right password rests on is checked before the body is read, as if it were the answer.
        Err(Stop::Body) => Outcome { body: true, changes: changes.into_notes(), ..blank },
        // The count of an attempt is kept, or taken back, whatever the answer is.
        Err(Stop::Fault(fault)) => {
            let changes = changes.into_notes();
            Outcome { response: answer_to(fault), fault: Some(fault.word()), changes, ..blank }
        }
        // Waiting for nothing would be for ever. What a guard says has the product's form by now.
        Err(Stop::Pending | Stop::Upstream | Stop::Guarded(_)) => {
            Outcome { fault: Some(Fault::Internal.word()), ..blank }
        }
    };
    match task {
        Task::Call(_) => Outcome { response: outcome.response.with_headers_of::<S>(), ..outcome },
        Task::Seed(_) | Task::Bootstrap => outcome,
    }
}

/// How large a body the route of a call takes.
pub fn body_size<S: Directory>(call: &Call<'_>) -> BodySize {
    match call.path {
        BOOTSTRAP => BodySize::Upload,
        _ => S::body_size(call),
    }
}

/// What a run without its body came to. A refusal that comes before the body stands. An answer that was made without
/// the body does not: its route takes no body of this size.
fn withheld<S: Directory>(call: &Call<'_>, stopped: Result<Response, Stop>) -> Result<Response, Stop> {
    if !call.body_withheld {
        return stopped;
    }
    let is_larger = body_size::<S>(call) != BodySize::Ordinary;
    match stopped {
        Err(Stop::Refused(response)) if is_larger || matches!(response.status, 401 | 403 | 404) => Err(response.into()),
        Err(Stop::Body) if is_larger => Err(Stop::Body),
        Err(stop @ (Stop::Pending | Stop::Upstream | Stop::Fault(_))) => Err(stop),
        Ok(_) | Err(Stop::Refused(_) | Stop::Guarded(_) | Stop::Body) => Err(Fault::TooLarge.into()),
    }
}

/// What a run came to, unless a guard refuses it, or what it would leave behind.
fn guarded<S: Directory>(
    world: &mut World<'_>,
    task: &Task<'_>,
    stopped: Result<Response, Stop>,
) -> Result<Response, Stop> {
    // A request of the product's. What fills the store is the operator's.
    let request = match task {
        Task::Call(call) if call.path != BOOTSTRAP => Some(call),
        Task::Call(_) | Task::Seed(_) | Task::Bootstrap => None,
    };
    let commits = stopped.as_ref().is_ok_and(|response| response.status < 400);
    let refused = match &stopped {
        Err(Stop::Guarded(guard)) => Some(*guard),
        _ if commits && world.is_strict() => guards::guard::<S>(world, request.is_some())?,
        _ => None,
    };
    let Some(guard) = refused else { return stopped };
    let objection = guard.objection();
    let refusal = match request {
        Some(call) => S::objection(objection, call),
        None => typed(objection.status, objection.word, objection.message, &[]),
    };
    Err(Stop::Refused(refusal.with_header("latchwork-guard", guard.word())))
}

/// What a run came to, with the indexes in step with its changes.
fn indexed<S: Directory>(world: &mut World<'_>, stopped: Result<Response, Stop>) -> Result<Response, Stop> {
    if stopped.as_ref().is_ok_and(|response| response.status < 400) {
        index::update(world, S::INDEXES)?;
    }
    stopped
}

/// The entry that says that the store was filled. Whoever fills it writes this, so that only one does.
pub(super) fn filled() -> Key {
    Key::new("directory", &["filled"])
}

/// The entry with the digest of the bootstrap secret.
fn invitation() -> Key {
    Key::new("directory", &["bootstrap"])
}

/// Whether there are no users.
pub(crate) fn is_empty<S: Directory>(world: &mut World<'_>) -> Result<bool, Stop> {
    Ok(world.scan(S::USERS, None, 1)?.is_empty())
}

/// Takes a store without users, to fill it: of all who do so at once, one commits. False if there are users.
pub(crate) fn claim<S: Directory>(world: &mut World<'_>, permit: &Permit) -> Result<bool, Stop> {
    if !is_empty::<S>(world)? {
        return Ok(false);
    }
    world.read_all(&[filled(), invitation()])?;
    world.put(permit, &filled(), Value::Bool(true))?;
    // Nobody is invited any more, should the store be empty one day.
    if world.read(&invitation())?.is_some() {
        world.delete(permit, &invitation())?;
    }
    Ok(true)
}

fn seed<S: Directory>(world: &mut World<'_>, document: &Value) -> Result<Response, Stop> {
    let permit = Permit::operator();
    if !claim::<S>(world, &permit)? {
        let message = "the store has users already: seed an empty one";
        return Err(typed(409, "not_empty", message, &[]).into());
    }
    let mut problems = Problems::default();
    S::records(Node { value: document }, &mut problems);
    check_hashes(document, &mut problems);
    if !problems.is_empty() {
        return Err(invalid_records(problems, document));
    }
    S::import(world, &permit, document)?;
    Ok(Response::empty(204))
}

/// Notes each stored hash of a user that can never be verified: it costs more than the caps allow, or has no form that
/// is known. Its user could never sign in.
fn check_hashes(document: &Value, problems: &mut Problems) {
    // What the model found wrong is not said twice.
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

/// Refuses records for their problems.
pub(crate) fn invalid_records(problems: Problems, document: &Value) -> Stop {
    typed(400, "invalid_records", "the records have problems", &problems.into_list(document)).into()
}

fn bootstrap<S: Directory>(world: &mut World<'_>) -> Result<Response, Stop> {
    if !is_empty::<S>(world)? {
        return Err(typed(409, "not_empty", "the store has users already", &[]).into());
    }
    let secret = hex(&world.random::<32>()?);
    // Whoever fills the store meanwhile changes the first of these.
    world.read_all(&[filled(), invitation()])?;
    world.put(&Permit::operator(), &invitation(), Value::Text(digest(secret.as_bytes())))?;
    Ok(Response::json(200, Value::object([("secret", Value::Text(secret))])))
}

/// Takes the first records, for whoever has the bootstrap secret, which the seed uses up.
fn first_records<S: Directory>(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    const EXPECTED: &str = "expected `POST` with `Authorization: Bootstrap SECRET` and the records as JSON; a secret is good for one time, and a store without users gets a new one when its server starts";

    if call.method != "POST" {
        return Err(typed(405, "method_not_allowed", EXPECTED, &[]).with_header("allow", "POST").into());
    }
    let (scheme, secret) = scheme(call.header("authorization").unwrap_or(""));
    let known = world.read(&invitation())?.and_then(Value::text).unwrap_or("");
    if world.verify_secret(secret, known).is_none() || !scheme.eq_ignore_ascii_case("bootstrap") {
        return Err(typed(401, "unauthorized", EXPECTED, &[]).with_header("www-authenticate", "Bootstrap").into());
    }
    call.require_body()?;
    let document = call.json().map_err(|_| typed(400, "malformed_json", EXPECTED, &[]))?;
    let response = seed::<S>(world, &document)?;
    // The secret is good for one time, which must not be wasted on records that let nobody in.
    if !world.changes.has_put_below(S::USERS) {
        return Err(typed(400, "no_users", "the records have no users: put at least one into them", &[]).into());
    }
    Ok(response)
}

fn typed(status: u16, code: &str, message: &str, problems: &[Problem]) -> Response {
    let problems = crate::problem::listed(problems);
    let error = Value::object([("code", code.into()), ("message", message.into()), ("problems", problems)]);
    Response::json(status, Value::object([("error", error)]))
}
