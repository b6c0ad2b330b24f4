//! Signing in and out.

use super::super::passwords::PASSWORD_MAX;
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::random::draw;
use super::responses::{success, BAD_CREDENTIALS, BAD_LOGIN, NOT_AUTHORISED, PASSWORD_TOO_OLD};
use super::session::Credential;
use super::settings::{self, Settings};
use super::stored::{self, session_key, user_key, whole, User};
use super::{changes, passwords};
use crate::directory::prelude::{
    digest, time, AttemptCounter, Before, Call, Interrupt, Key, Look, Response, Throttle, Transaction, Verified,
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
/// [`Interrupt`].
pub fn login(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| BAD_LOGIN)?;
    let none = tx.parse_records::<Tyk>(&Value::Object(Vec::new()))?;
    let problems = tx.validate::<Tyk>(&none, Kind::SessionCreate, &body).err().unwrap_or_default();
    if problems.iter().any(|problem| problem.code != Code::TooLong) {
        return Err(BAD_LOGIN.into());
    }
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    let could_be = |user: &User| user.active && user.hash.is_some();
    let accounts = Account::find(tx, text("email_address"), &body, could_be)?;
    let settings = settings::settings(tx)?;
    let keys: Vec<Key> = accounts.iter().map(|account| account.entry_key()).collect();
    let mut counts = Vec::with_capacity(accounts.len());
    for account in &accounts {
        counts.push(if Failures::limit(&settings) < 1 {
            account.throttle(tx, call).key().clone()
        } else {
            account.key("failures")
        });
    }
    tx.prefetch(&counts);
    tx.read_all(&keys)?;
    let mut tries = Vec::new();
    for account in accounts {
        tries.push(Try::of(tx, &settings, call, &account)?);
    }
    let Some((user, verified)) = first_right(tx, &tries, text("password"))? else {
        return Err(BAD_CREDENTIALS.into());
    };
    if passwords::is_too_old(tx, &settings, user)? {
        return Err(PASSWORD_TOO_OLD.into());
    }

    tx.actor(&user.id, &user_key(&user.id));
    let authorized = verified.authorized();
    let mut after = user.clone();
    if verified.is_outdated() {
        after.hash = Some(tx.rehash(text("password"))?);
    }
    let token = draw(tx, 64)?;
    after.last_login_date = time::format(tx.now);
    after.sessions.insert(0, digest(token.as_bytes()));
    after.sessions.truncate(SESSIONS_MAX);
    changes::replace(tx, &authorized, user, &after, settings.emails())?;
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
    Throttle(Throttle),
}

/// What a look at a password showed, which counts as a failure until it is kept or undone.
enum Shown<'t> {
    Own(&'t Failures, Option<Verified>),
    Throttle(Look),
}

impl Try {
    fn of(
        tx: &mut Transaction<'_>,
        settings: &Settings,
        call: &Call<'_>,
        account: &Account,
    ) -> Result<Self, Interrupt> {
        let user = account.user(tx)?.filter(|user| user.active);
        if Failures::limit(settings) < 1 {
            return Ok(Self { throttle: Limit::Throttle(account.throttle(tx, call)), user });
        }
        let failures = Failures::read(tx, settings, account)?;
        let user = user.filter(|_| !failures.are_too_many());
        Ok(Self { throttle: Limit::Own(failures), user })
    }

    /// Whether it is right. The work is that of a wrong one where nobody looks at it.
    fn verify(&self, tx: &mut Transaction<'_>, password: &str) -> Result<Shown<'_>, Interrupt> {
        let hash = self.user.as_ref().and_then(|user| user.hash.as_deref());
        let (password, hash) = if password.len() <= PASSWORD_MAX { (password, hash) } else { ("", None) };
        match &self.throttle {
            Limit::Throttle(throttle) => throttle.look(tx, password, hash, false).map(Shown::Throttle),
            Limit::Own(failures) => {
                let right = tx.attempt(failures, &[password], hash, false)?;
                Ok(Shown::Own(failures, right.map(|(_, verified)| verified)))
            }
        }
    }
}

impl Shown<'_> {
    fn is_right(&self) -> bool {
        match self {
            Self::Own(_, right) => right.is_some(),
            Self::Throttle(look) => look.is_right(),
        }
    }

    /// Lets it count: a right password ends the count.
    fn keep(self, tx: &mut Transaction<'_>) -> Result<Option<Verified>, Interrupt> {
        match self {
            Self::Throttle(look) => look.keep(tx),
            Self::Own(failures, Some(verified)) => {
                tx.recount(&failures.key, |_| None)?;
                Ok(Some(verified))
            }
            Self::Own(_, None) => Ok(None),
        }
    }

    fn undo(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        match self {
            Self::Throttle(look) => look.undo(tx),
            Self::Own(failures, _) => failures.undo(tx),
        }
    }
}

/// The first whose password it is. All are asked for before any is waited for. Whoever is in one of several accounts
/// guessed at none of the others.
fn first_right<'t>(
    tx: &mut Transaction<'_>,
    tries: &'t [Try],
    password: &str,
) -> Result<Option<(&'t User, Verified)>, Interrupt> {
    let mut looks = Vec::with_capacity(tries.len());
    for one in tries {
        match one.verify(tx, password) {
            Ok(look) => looks.push(look),
            Err(Interrupt::Pending) => {}
            Err(stop) => return Err(stop),
        }
    }
    if looks.len() < tries.len() {
        return Err(Interrupt::Pending);
    }
    let Some(place) = looks.iter().position(Shown::is_right) else {
        for look in looks {
            look.keep(tx)?;
        }
        return Ok(None);
    };
    let mut right = None;
    for (at, (one, look)) in tries.iter().zip(looks).enumerate() {
        if at == place {
            right = one.user.as_ref().zip(look.keep(tx)?);
        } else {
            look.undo(tx)?;
        }
    }
    Ok(right)
}

/// `POST /api/logout` ends the session that it comes with, whatever else it comes with.
///
/// # Errors
///
/// [`Interrupt`].
pub fn logout(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let Some(Credential::Session(token)) = Credential::session(call) else { return Err(NOT_AUTHORISED.into()) };
    let digest = digest(token.as_bytes());
    let Some(id) = tx.read(&session_key(&digest))?.and_then(Value::text) else { return Err(NOT_AUTHORISED.into()) };
    let user = stored::user(tx, id)?.ok_or(NOT_AUTHORISED)?;
    let verified = Credential::Session(token).fits(tx, &user).ok_or(NOT_AUTHORISED)?;
    tx.actor(&user.id, &user_key(&user.id));
    let mut after = user.clone();
    after.sessions.retain(|session| *session != digest);
    changes::replace(tx, &verified.authorized(), &user, &after, settings::Emails::UniqueInEach)?;
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
    fn read(tx: &mut Transaction<'_>, settings: &Settings, account: &Account) -> Result<Self, Interrupt> {
        let (key, limit) = (account.key("failures"), Self::limit(settings));
        let last = settings.count("login_failure_expiration").filter(|last| *last > 0).unwrap_or(FAILURES_LAST);
        let now = tx.seconds();
        let Before { value, is_counted } = tx.before_attempt(&key, |_| true)?;
        let member = |name| value.as_ref().and_then(|known| known.get(name)).and_then(whole);
        let since = member("since").filter(|since| {
            let is_ahead = time::is_ahead(since.saturating_mul(1_000), tx.now);
            !is_ahead && now.saturating_sub(*since) < last
        });
        let count = since.and(member("count")).unwrap_or(0);
        // Whether anybody may try at all is for the rules to say.
        let (records, nobody) = account.asker(tx)?;
        let asked = tx.decide::<Tyk>(&records, &nobody, Action::Attempt, &account.resource(), &Value::Null);
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
    fn undo(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        if self.are_too_many() {
            return Ok(());
        }
        tx.recount(&self.key, |present| {
            let present = present?;
            let count = present.get("count").and_then(whole)?.saturating_sub(1);
            (count > 0).then(|| written(present.get("since").and_then(whole).unwrap_or(self.since), count))
        })
    }
}

impl AttemptCounter for Failures {
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
