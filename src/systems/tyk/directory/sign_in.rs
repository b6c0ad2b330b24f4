//! Signing in and out.

use super::super::passwords::PASSWORD_MAX;
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::answers::{success, BAD_CREDENTIALS, BAD_LOGIN, NOT_AUTHORISED, PASSWORD_TOO_OLD};
use super::gate::Credential;
use super::random::draw;
use super::settings::{self, Settings};
use super::stored::{self, session_key, user_key, whole, User};
use super::{changes, passwords};
use crate::directory::prelude::{
    digest, time, Before, Brake, Call, Key, Look, Response, Stop, Throttle, Verified, World,
};
use crate::document::problem::Code;
use crate::document::value::Value;

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
    let settings = settings::settings(world)?;
    let keys: Vec<Key> = accounts.iter().map(|account| account.entry_key()).collect();
    let mut counts = Vec::with_capacity(accounts.len());
    for account in &accounts {
        counts.push(if Failures::limit(&settings) < 1 {
            account.brake(world, call).key().clone()
        } else {
            account.key("failures")
        });
    }
    world.prefetch(&counts);
    world.read_all(&keys)?;
    let mut tries = Vec::new();
    for account in accounts {
        tries.push(Try::of(world, &settings, call, &account)?);
    }
    let Some((user, verified)) = first_right(world, &tries, text("password"))? else {
        return Err(BAD_CREDENTIALS.into());
    };
    if passwords::is_too_old(world, &settings, user)? {
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
    changes::replace(world, &permit, user, &after, settings.emails())?;
    let cookie = format!("{}={token}; {COOKIE}", Credential::COOKIE);
    Ok(success("Login successful", Value::Null).with_header("set-cookie", cookie))
}

/// A password that is tried on an account.
struct Try {
    throttle: Limit,
    /// Nobody, where no password would be right.
    user: Option<User>,
}

/// What slows attempts: the product's own limit, or the directory's where that is off, as it is at first.
enum Limit {
    Own(Failures),
    Brake(Brake),
}

/// What a look at a password showed, which counts as a failure until it is kept or undone.
enum Shown<'t> {
    Own(&'t Failures, Option<Verified>),
    Brake(Look),
}

impl Try {
    fn of(world: &mut World<'_>, settings: &Settings, call: &Call<'_>, account: &Account) -> Result<Self, Stop> {
        let user = account.user(world)?.filter(|user| user.active);
        if Failures::limit(settings) < 1 {
            return Ok(Self { throttle: Limit::Brake(account.brake(world, call)), user });
        }
        let failures = Failures::read(world, settings, account)?;
        let user = user.filter(|_| !failures.are_too_many());
        Ok(Self { throttle: Limit::Own(failures), user })
    }

    /// Whether it is right. The work is that of a wrong one where nobody looks at it.
    fn verify(&self, world: &mut World<'_>, password: &str) -> Result<Shown<'_>, Stop> {
        let hash = self.user.as_ref().and_then(|user| user.hash.as_deref());
        let (password, hash) = if password.len() <= PASSWORD_MAX { (password, hash) } else { ("", None) };
        match &self.throttle {
            Limit::Brake(brake) => brake.look(world, password, hash, false).map(Shown::Brake),
            Limit::Own(failures) => {
                let right = world.attempt(failures, &[password], hash, false)?;
                Ok(Shown::Own(failures, right.map(|(_, verified)| verified)))
            }
        }
    }
}

impl Shown<'_> {
    fn is_right(&self) -> bool {
        match self {
            Self::Own(_, right) => right.is_some(),
            Self::Brake(look) => look.is_right(),
        }
    }

    /// Lets it count: a right password ends the count.
    fn keep(self, world: &mut World<'_>) -> Result<Option<Verified>, Stop> {
        match self {
            Self::Brake(look) => look.keep(world),
            Self::Own(failures, Some(verified)) => {
                world.recount(&failures.key, |_| None)?;
                Ok(Some(verified))
            }
            Self::Own(_, None) => Ok(None),
        }
    }

    fn undo(&self, world: &mut World<'_>) -> Result<(), Stop> {
        match self {
            Self::Brake(look) => look.undo(world),
            Self::Own(failures, _) => failures.undo(world),
        }
    }
}

/// The first whose password it is. All are asked for before any is waited for. Whoever is in one of several accounts
/// guessed at none of the others.
fn first_right<'t>(
    world: &mut World<'_>,
    tries: &'t [Try],
    password: &str,
) -> Result<Option<(&'t User, Verified)>, Stop> {
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
    let Some(place) = looks.iter().position(Shown::is_right) else {
        for look in looks {
            look.keep(world)?;
        }
        return Ok(None);
    };
    let mut right = None;
    for (at, (one, look)) in tries.iter().zip(looks).enumerate() {
        if at == place {
            right = one.user.as_ref().zip(look.keep(world)?);
        } else {
            look.undo(world)?;
        }
    }
    Ok(right)
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
    changes::replace(world, &verified.permit(), &user, &after, settings::Emails::UniqueInEach)?;
    let cookie = format!("{}=; {COOKIE}; Max-Age=0", Credential::COOKIE);
    Ok(success("Logged out", Value::Null).with_header("set-cookie", cookie))
}

/// Failures to sign in with one address: they count from the first one on, for a while. An attempt is counted before its
/// password is checked.
// Source: Tyk Dashboard configuration, `login_failure_username_limit` and `login_failure_expiration`.
struct Failures {
    key: Key,
    limit: i64,
    since: i64,
    /// Without the attempt of this call.
    count: i64,
    is_counted: bool,
}

impl Failures {
    fn read(world: &mut World<'_>, settings: &Settings, account: &Account) -> Result<Self, Stop> {
        let (key, limit) = (account.key("failures"), Self::limit(settings));
        let last = settings.count("login_failure_expiration").filter(|last| *last > 0).unwrap_or(FAILURES_LAST);
        let now = world.seconds();
        let Before { value, is_counted } = world.before_attempt(&key, |_| true)?;
        let member = |name| value.as_ref().and_then(|known| known.get(name)).and_then(whole);
        let since = member("since").filter(|since| {
            let is_ahead = time::is_ahead(since.saturating_mul(1_000), world.now);
            !is_ahead && now.saturating_sub(*since) < last
        });
        let count = since.and(member("count")).unwrap_or(0);
        // Whether anybody may try at all is for the rules to say.
        let (records, nobody) = account.asker(world)?;
        let asked = world.decide::<Tyk>(&records, &nobody, Action::Attempt, &account.resource(), &Value::Null);
        asked.map_err(|_| BAD_CREDENTIALS)?;
        Ok(Self { key, limit, since: since.unwrap_or(now), count, is_counted })
    }

    fn limit(settings: &Settings) -> i64 {
        settings.count("login_failure_username_limit").unwrap_or(0)
    }

    fn are_too_many(&self) -> bool {
        self.count >= self.limit
    }

    /// Takes the attempt of this call back.
    fn undo(&self, world: &mut World<'_>) -> Result<(), Stop> {
        if self.are_too_many() {
            return Ok(());
        }
        world.recount(&self.key, |present| {
            let present = present?;
            let count = present.get("count").and_then(whole)?.saturating_sub(1);
            (count > 0).then(|| written(present.get("since").and_then(whole).unwrap_or(self.since), count))
        })
    }
}

impl Throttle for Failures {
    fn is_shut(&self) -> bool {
        self.are_too_many()
    }

    fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// A try that is not looked at changes no count, so that nobody keeps somebody else out for longer; it is written all
    /// the same, so that it takes as long.
    fn count(&self) -> Vec<(Key, Option<Value>)> {
        let count = if self.are_too_many() { self.count } else { self.count.saturating_add(1) };
        vec![(self.key.clone(), Some(written(self.since, count)))]
    }
}

fn written(since: i64, count: i64) -> Value {
    Value::object([("since", since.into()), ("count", count.into())])
}
