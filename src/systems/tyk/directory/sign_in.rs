//! Signing in and out.

use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::answers::{failure, success, Refusal, BAD_CREDENTIALS, BAD_LOGIN, NOT_AUTHORISED, PASSWORD_TOO_OLD};
use super::gate::Credential;
use super::stored::{self, session_key, user_key, whole, Settings};
use super::{changes, draw, passwords};
use crate::directory::{digest, time, Call, Key, Response, Stop, World};
use crate::value::Value;

/// The most sessions of one user: a further one ends the oldest.
const SESSIONS_MAX: usize = 128;
/// How long a failure counts where the configuration does not say, in seconds.
const FAILURES_LAST: i64 = 900;
/// What goes with the session's cookie.
const COOKIE: &str = "Path=/; HttpOnly; Secure; SameSite=Strict";

/// `POST /api/login`. An unknown address, a wrong password, a user who is not active and one with too many
/// failures are answered alike, after the same work.
///
/// # Errors
///
/// [`Stop`].
pub fn login(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| BAD_LOGIN)?;
    let none = world.records::<Tyk>(&Value::Object(Vec::new()))?;
    let checked = world.validate::<Tyk>(&none, Kind::SessionCreate, &body).map_err(|_| BAD_LOGIN)?;
    let text = |name| checked.get(name).and_then(Value::text).unwrap_or("");
    let account = Account::find(world, text("email_address"), &body)?;
    let settings = stored::settings(world)?;
    world.read_all(&[account.key("user"), account.key("failures")])?;
    let failures = Failures::read(world, &settings, account.key("failures"))?;
    let user = account.user(world)?;
    let hash = user.as_ref().filter(|_| !failures.are_too_many()).and_then(|user| user.hash.as_deref());
    let verified = world.verify(text("password"), hash, false)?;
    let (Some(verified), Some(user)) = (verified, user.filter(|user| user.active)) else {
        return Err(failures.note(world, &account)?);
    };
    if passwords::is_too_old(world, &settings, &user)? {
        return Err(PASSWORD_TOO_OLD.into());
    }

    world.actor(&user.id, &user_key(&user.id));
    let permit = verified.permit();
    let mut after = user.clone();
    if verified.is_outdated() {
        after.hash = Some(world.hash(text("password"))?);
    }
    let token = draw(world, 64)?;
    after.last_login_date = time::written(world.now);
    after.sessions.insert(0, digest(token.as_bytes()));
    after.sessions.truncate(SESSIONS_MAX);
    stored::clear(world, &permit, &failures.key)?;
    changes::replace(world, &permit, &user, &after, settings.emails())?;
    let cookie = format!("{}={token}; {COOKIE}", Credential::COOKIE);
    Ok(success("Login successful", Value::Null).with_header("set-cookie", cookie))
}

/// `POST /api/logout` ends the session that it comes with.
///
/// # Errors
///
/// [`Stop`].
pub fn logout(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    let Some(Credential::Session(token)) = Credential::of(call) else { return Err(NOT_AUTHORISED.into()) };
    let digest = digest(token.as_bytes());
    let Some(id) = world.read(&session_key(&digest))?.and_then(Value::text) else { return Err(NOT_AUTHORISED.into()) };
    let user = stored::user(world, id)?.ok_or(NOT_AUTHORISED)?;
    let verified = Credential::Session(token).fits(world, &user).ok_or(NOT_AUTHORISED)?;
    world.actor(&user.id, &user_key(&user.id));
    let mut after = user.clone();
    after.sessions.retain(|session| *session != digest);
    changes::replace(world, &verified.permit(), &user, &after, changes::Emails::UniqueInEach)?;
    let cookie = format!("{}=; {COOKIE}; Max-Age=0", Credential::COOKIE);
    Ok(success("Logged out", Value::Null).with_header("set-cookie", cookie))
}

/// Failures to sign in with one address: they count from the first one on, for a while.
// Source: Tyk Dashboard configuration, `login_failure_username_limit` and `login_failure_expiration`.
struct Failures {
    key: Key,
    /// 0 for none.
    limit: i64,
    since: i64,
    count: i64,
}

impl Failures {
    fn read(world: &mut World<'_>, settings: &Settings, key: Key) -> Result<Self, Stop> {
        let limit = settings.count("login_failure_username_limit").unwrap_or(0);
        let last = settings.count("login_failure_expiration").filter(|last| *last > 0).unwrap_or(FAILURES_LAST);
        let now = world.seconds();
        let known = world.read(&key)?;
        let member = |name| known.and_then(|known| known.get(name)).and_then(whole);
        let since = member("since").filter(|since| now.saturating_sub(*since) < last);
        let count = since.and(member("count")).unwrap_or(0);
        Ok(Self { key, limit, since: since.unwrap_or(now), count })
    }

    fn are_too_many(&self) -> bool {
        self.limit > 0 && self.count >= self.limit
    }

    /// Notes one more; the refusal. A try that was not looked at changes no count, so that nobody keeps
    /// somebody else out for longer; it is written all the same, so that it takes as long.
    fn note(&self, world: &mut World<'_>, account: &Account) -> Result<Stop, Stop> {
        let Refusal(status, message) = BAD_CREDENTIALS;
        if self.limit > 0 {
            let (records, nobody) = account.asker(world)?;
            let permit = world
                .decide::<Tyk>(&records, &nobody, Action::Attempt, &account.resource(), &Value::Null)
                .map_err(|_| BAD_CREDENTIALS)?;
            let count = if self.are_too_many() { self.count } else { self.count.saturating_add(1) };
            let noted = Value::object([("since", self.since.into()), ("count", count.into())]);
            world.put(&permit, &self.key, noted)?;
        }
        Ok(Stop::Noted(failure(status, message)))
    }
}
