//! Signing in and out.

use super::super::passwords::PASSWORD_MAX;
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::answers::{failure, success, Refusal, BAD_CREDENTIALS, BAD_LOGIN, NOT_AUTHORISED, PASSWORD_TOO_OLD};
use super::gate::Credential;
use super::stored::{self, session_key, user_key, whole, Settings, User};
use super::{changes, draw, passwords};
use crate::directory::{digest, time, Brake, Call, Key, Look, Response, Stop, Verified, World};
use crate::problem::Code;
use crate::value::Value;

/// The most sessions of one user: a further one ends the oldest.
const SESSIONS_MAX: usize = 128;
/// How long a failure counts where the configuration does not say, in seconds.
const FAILURES_LAST: i64 = 900;
/// What goes with the session's cookie.
const COOKIE: &str = "Path=/; HttpOnly; Secure; SameSite=Strict";

/// `POST /api/login`. An unknown address, a wrong password, a user who is not active and one with too many
/// failures are answered alike, after the same work; so are an address and a password that are too long to be
/// anybody's.
///
/// # Errors
///
/// [`Stop`].
pub fn login(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    let body = call.json().map_err(|_| BAD_LOGIN)?;
    let none = world.records::<Tyk>(&Value::Object(Vec::new()))?;
    let problems = world.validate::<Tyk>(&none, Kind::SessionCreate, &body).err().unwrap_or_default();
    if problems.iter().any(|problem| problem.code != Code::TooLong) {
        return Err(BAD_LOGIN.into());
    }
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    let could_be = |user: &User| user.active && user.hash.is_some();
    let accounts = Account::find(world, text("email_address"), &body, could_be)?;
    let settings = stored::settings(world)?;
    let keys: Vec<Key> = accounts.iter().flat_map(|account| [account.key("user"), account.key("failures")]).collect();
    let brakes: Vec<Option<Brake>> = accounts.iter().map(|account| brake(world, &settings, account, call)).collect();
    world.prefetch(&brakes.iter().flatten().map(|brake| brake.key().clone()).collect::<Vec<_>>());
    world.read_all(&keys)?;
    let mut tries = Vec::new();
    for (account, brake) in accounts.into_iter().zip(brakes) {
        tries.push(Try::of(world, &settings, account, brake)?);
    }
    let Some((user, failures, verified)) = first_right(world, &tries, text("password"))? else {
        for wrong in &tries {
            wrong.failures.note(world, &wrong.account)?;
        }
        let Refusal(status, message) = BAD_CREDENTIALS;
        return Err(Stop::Noted(failure(status, message)));
    };
    if passwords::is_too_old(world, &settings, user)? {
        world.hold_all();
        return Err(PASSWORD_TOO_OLD.into());
    }

    world.actor(&user.id, &user_key(&user.id));
    let permit = verified.permit();
    let mut after = user.clone();
    if verified.is_outdated() {
        after.hash = Some(world.rehash(text("password"))?);
    }
    let token = draw(world, 64)?;
    after.last_login_date = time::written(world.now);
    after.sessions.insert(0, digest(token.as_bytes()));
    after.sessions.truncate(SESSIONS_MAX);
    stored::clear(world, &permit, &failures.key)?;
    changes::replace(world, &permit, user, &after, settings.emails())?;
    let cookie = format!("{}={token}; {COOKIE}", Credential::COOKIE);
    Ok(success("Login successful", Value::Null).with_header("set-cookie", cookie))
}

/// A password that is tried on an account.
struct Try {
    account: Account,
    failures: Failures,
    brake: Option<Brake>,
    /// Nobody, where no password would be right.
    user: Option<User>,
}

impl Try {
    fn of(world: &mut World<'_>, settings: &Settings, account: Account, brake: Option<Brake>) -> Result<Self, Stop> {
        let failures = Failures::read(world, settings, account.key("failures"))?;
        let user = account.user(world)?.filter(|user| user.active && !failures.are_too_many());
        Ok(Self { account, failures, brake, user })
    }

    /// Whether it is right. The work is that of a wrong one where nobody looks at it.
    fn verify(&self, world: &mut World<'_>, password: &str) -> Result<Look, Stop> {
        let hash = self.user.as_ref().and_then(|user| user.hash.as_deref());
        let (password, hash) = if password.len() <= PASSWORD_MAX { (password, hash) } else { ("", None) };
        match &self.brake {
            Some(brake) => brake.look(world, password, hash, false),
            None => Ok(Look::free(world.verify(password, hash, false)?)),
        }
    }
}

/// The first whose password it is. All are asked for before any is waited for. Whoever is in one of several accounts
/// guessed at none of the others.
fn first_right<'t>(
    world: &mut World<'_>,
    tries: &'t [Try],
    password: &str,
) -> Result<Option<(&'t User, &'t Failures, Verified)>, Stop> {
    let mut looks = Vec::with_capacity(tries.len());
    for one in tries {
        match one.verify(world, password) {
            Ok(look) => looks.push(look),
            Err(Stop::Pending) => {}
            Err(stop) => return Err(stop),
        }
    }
    if looks.len() < tries.len() {
        return Err(Stop::Pending);
    }
    let Some(place) = looks.iter().position(Look::is_right) else {
        for look in looks {
            look.keep(world);
        }
        return Ok(None);
    };
    let right = tries.iter().zip(looks).nth(place);
    Ok(right.and_then(|(one, look)| Some((one.user.as_ref()?, &one.failures, look.keep(world)?))))
}

/// What slows who guesses where the strict guards are asked for and the product's own limit is off, as it is at first.
fn brake(world: &World<'_>, settings: &Settings, account: &Account, call: &Call<'_>) -> Option<Brake> {
    (world.is_strict() && Failures::limit(settings) < 1).then(|| account.brake(world, call))
}

/// `POST /api/logout` ends the session that it comes with, whatever else it comes with.
///
/// # Errors
///
/// [`Stop`].
pub fn logout(world: &mut World<'_>, call: &Call<'_>) -> Result<Response, Stop> {
    let Some(Credential::Session(token)) = Credential::session(call) else { return Err(NOT_AUTHORISED.into()) };
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
        let limit = Self::limit(settings);
        let last = settings.count("login_failure_expiration").filter(|last| *last > 0).unwrap_or(FAILURES_LAST);
        let now = world.seconds();
        let known = world.read(&key)?;
        let member = |name| known.and_then(|known| known.get(name)).and_then(whole);
        let since = member("since").filter(|since| now.saturating_sub(*since) < last);
        let count = since.and(member("count")).unwrap_or(0);
        Ok(Self { key, limit, since: since.unwrap_or(now), count })
    }

    fn limit(settings: &Settings) -> i64 {
        settings.count("login_failure_username_limit").unwrap_or(0)
    }

    fn are_too_many(&self) -> bool {
        self.limit > 0 && self.count >= self.limit
    }

    /// Notes one more. A try that was not looked at changes no count, so that nobody keeps
    /// somebody else out for longer; it is written all the same, so that it takes as long.
    fn note(&self, world: &mut World<'_>, account: &Account) -> Result<(), Stop> {
        if self.limit < 1 {
            return Ok(());
        }
        let (records, nobody) = account.asker(world)?;
        let permit = world
            .decide::<Tyk>(&records, &nobody, Action::Attempt, &account.resource(), &Value::Null)
            .map_err(|_| BAD_CREDENTIALS)?;
        let count = if self.are_too_many() { self.count } else { self.count.saturating_add(1) };
        let noted = Value::object([("since", self.since.into()), ("count", count.into())]);
        world.put(&permit, &self.key, noted)
    }
}
