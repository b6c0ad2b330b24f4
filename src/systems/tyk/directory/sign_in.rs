//! Sign-in and sign-out.

use super::super::passwords::PASSWORD_MAX;
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::body;
use super::random::random_hex;
use super::responses::{success_response, BAD_CREDENTIALS, BAD_LOGIN, NOT_AUTHORISED, PASSWORD_TOO_OLD};
use super::session::Credential;
use super::settings::{self, Settings};
use super::stored::{self, integer, session_key, user_key, User};
use super::{passwords, user_writes};
use crate::directory::prelude::{
    digest, time, AttemptCounter, Before, Call, Interrupt, Key, ProvisionalResult, Response, Throttle, Transaction,
    Verified,
};
use crate::document::problem::Code;
use crate::document::value::Value;

/// The most sessions of one user. A further one ends the oldest.
const SESSIONS_MAX: usize = 128;
/// How long a failure counts by default, in seconds.
const FAILURES_LAST: i64 = 900;
/// The attributes of the session cookie.
const COOKIE: &str = "Path=/; HttpOnly; Secure; SameSite=Strict";

/// `POST /api/login`. All failures have the same response and take the same work. They are: an unknown address, a wrong
/// password, an inactive user, too many failures, and an address or password that is too long.
///
/// # Errors
///
/// [`Interrupt`].
pub fn sign_in(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| BAD_LOGIN)?;
    let none = tx.parse_records::<Tyk>(&Value::Object(Vec::new()))?;
    let problems = tx.validate::<Tyk>(&none, Kind::SessionCreate, &body).err().unwrap_or_default();
    if problems.iter().any(|problem| problem.code != Code::TooLong) {
        return Err(BAD_LOGIN.into());
    }
    let text = |name| body.get(name).and_then(Value::text).unwrap_or("");
    let is_candidate = |user: &User| user.active && user.hash.is_some();
    let accounts = Account::find_by_address(tx, text("email_address"), &body, is_candidate)?;
    let settings = settings::read_settings(tx)?;
    let keys: Vec<Key> = accounts.iter().map(|account| account.entry_key()).collect();
    let mut counts = Vec::with_capacity(accounts.len());
    for account in &accounts {
        counts.push(if Failures::limit(&settings) < 1 {
            account.throttle(tx, call).key().clone()
        } else {
            account.key_of_kind("failures")
        });
    }
    tx.prefetch(&counts);
    tx.read_all(&keys)?;
    let mut attempts = Vec::new();
    for account in accounts {
        attempts.push(SignInAttempt::begin(tx, &settings, call, &account)?);
    }
    let Some((user, verified)) = first_verified(tx, &attempts, text("password"))? else {
        return Err(BAD_CREDENTIALS.into());
    };
    if passwords::is_password_expired(tx, &settings, user)? {
        return Err(PASSWORD_TOO_OLD.into());
    }

    tx.actor(&user.id, &user_key(&user.id));
    let authorized = verified.authorized();
    let mut after = user.clone();
    if verified.is_outdated() {
        after.hash = Some(tx.rehash(text("password"))?);
    }
    let token = random_hex(tx, 64)?;
    after.last_login_date = time::format(tx.now);
    after.sessions.insert(0, digest(token.as_bytes()));
    after.sessions.truncate(SESSIONS_MAX);
    user_writes::replace_user(tx, &authorized, user, &after, settings.email_scope())?;
    let cookie = format!("{}={token}; {COOKIE}", Credential::COOKIE);
    Ok(success_response("Login successful", Value::Null).with_header("set-cookie", cookie))
}

/// An attempt to sign in to an account.
struct SignInAttempt {
    throttle: Limit,
    /// The user; `None` if no password would be accepted.
    user: Option<User>,
}

/// The limit on attempts: the product's own, or the directory's throttle if the product's is off, which is the
/// default.
enum Limit {
    Own(Failures),
    Throttle(Throttle),
}

/// The result of an attempt. It counts as a failure until it is kept or undone.
enum AttemptResult<'t> {
    Own(&'t Failures, Option<Verified>),
    Throttle(ProvisionalResult),
}

impl SignInAttempt {
    fn begin(
        tx: &mut Transaction<'_>,
        settings: &Settings,
        call: &Call<'_>,
        account: &Account,
    ) -> Result<Self, Interrupt> {
        let user = account.read_user(tx)?.filter(|user| user.active);
        if Failures::limit(settings) < 1 {
            return Ok(Self { throttle: Limit::Throttle(account.throttle(tx, call)), user });
        }
        let failures = Failures::load(tx, settings, account)?;
        let user = user.filter(|_| !failures.is_limit_reached());
        Ok(Self { throttle: Limit::Own(failures), user })
    }

    /// Verifies the password. An attempt that is not checked takes the same work as a wrong password.
    fn verify(&self, tx: &mut Transaction<'_>, password: &str) -> Result<AttemptResult<'_>, Interrupt> {
        let hash = self.user.as_ref().and_then(|user| user.hash.as_deref());
        let (password, hash) = if password.len() <= PASSWORD_MAX { (password, hash) } else { ("", None) };
        match &self.throttle {
            Limit::Throttle(throttle) => {
                throttle.verify_provisionally(tx, password, hash, false).map(AttemptResult::Throttle)
            }
            Limit::Own(failures) => {
                let right = tx.attempt_passwords(failures, &[password], hash, false)?;
                Ok(AttemptResult::Own(failures, right.map(|(_, verified)| verified)))
            }
        }
    }
}

impl AttemptResult<'_> {
    fn is_right(&self) -> bool {
        match self {
            Self::Own(_, right) => right.is_some(),
            Self::Throttle(result) => result.is_right(),
        }
    }

    /// Keeps the result: a right password resets the count of failures.
    fn accept_result(self, tx: &mut Transaction<'_>) -> Result<Option<Verified>, Interrupt> {
        match self {
            Self::Throttle(result) => result.accept_result(tx),
            Self::Own(failures, Some(verified)) => {
                tx.replace_count(&failures.key, |_| None)?;
                Ok(Some(verified))
            }
            Self::Own(_, None) => Ok(None),
        }
    }

    fn undo_attempt(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        match self {
            Self::Throttle(result) => result.undo_attempt(tx),
            Self::Own(failures, _) => failures.undo_attempt(tx),
        }
    }
}

/// The first account with this password. All verifications are requested before any result is awaited. A sign-in to
/// one of several accounts does not count as a failure for the others.
fn first_verified<'t>(
    tx: &mut Transaction<'_>,
    attempts: &'t [SignInAttempt],
    password: &str,
) -> Result<Option<(&'t User, Verified)>, Interrupt> {
    let mut results = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        match attempt.verify(tx, password) {
            Ok(result) => results.push(result),
            Err(Interrupt::Pending) => {}
            Err(interrupt) => return Err(interrupt),
        }
    }
    if results.len() < attempts.len() {
        return Err(Interrupt::Pending);
    }
    let Some(index) = results.iter().position(AttemptResult::is_right) else {
        for result in results {
            result.accept_result(tx)?;
        }
        return Ok(None);
    };
    let mut verified = None;
    for (position, (attempt, result)) in attempts.iter().zip(results).enumerate() {
        if position == index {
            verified = attempt.user.as_ref().zip(result.accept_result(tx)?);
        } else {
            result.undo_attempt(tx)?;
        }
    }
    Ok(verified)
}

/// `POST /api/logout` ends the session of the request, even if the request also has an access key.
///
/// # Errors
///
/// [`Interrupt`].
pub fn sign_out(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let Some(Credential::Session(token)) = Credential::session_of_request(call) else {
        return Err(NOT_AUTHORISED.into());
    };
    let digest = digest(token.as_bytes());
    let Some(id) = tx.read_entry(&session_key(&digest))?.and_then(Value::text) else {
        return Err(NOT_AUTHORISED.into());
    };
    let user = stored::read_user(tx, id)?.ok_or(NOT_AUTHORISED)?;
    let verified = Credential::Session(token).verify(tx, &user).ok_or(NOT_AUTHORISED)?;
    tx.actor(&user.id, &user_key(&user.id));
    let mut after = user.clone();
    after.sessions.retain(|session| *session != digest);
    user_writes::replace_user(tx, &verified.authorized(), &user, &after, settings::EmailScope::Organisation)?;
    let cookie = format!("{}=; {COOKIE}; Max-Age=0", Credential::COOKIE);
    Ok(success_response("Logged out", Value::Null).with_header("set-cookie", cookie))
}

/// The failed sign-ins of one account: they count from the first one, for a limited time. An attempt is counted
/// before its password is verified.
// Source: Tyk Dashboard configuration, `login_failure_username_limit` and `login_failure_expiration`.
struct Failures {
    key: Key,
    limit: i64,
    since: i64,
    /// The failures, without this attempt.
    count: i64,
    is_counted: bool,
}

impl Failures {
    fn load(tx: &mut Transaction<'_>, settings: &Settings, account: &Account) -> Result<Self, Interrupt> {
        let (key, limit) = (account.key_of_kind("failures"), Self::limit(settings));
        let last = settings.number("login_failure_expiration").filter(|last| *last > 0).unwrap_or(FAILURES_LAST);
        let now = tx.seconds();
        let Before { value, is_counted } = tx.before_attempt(&key, |_| true)?;
        let member = |name| value.as_ref().and_then(|known| known.get(name)).and_then(integer);
        let since = member("since").filter(|since| {
            let is_ahead = time::is_ahead(since.saturating_mul(1_000), tx.now);
            !is_ahead && now.saturating_sub(*since) < last
        });
        let count = since.and(member("count")).unwrap_or(0);
        // The rules decide whether sign-in may be attempted at all.
        let (records, subject) = account.anonymous_subject(tx)?;
        let decision = tx.decide::<Tyk>(&records, &subject, Action::Attempt, &account.resource(), &Value::Null);
        decision.map_err(|_| BAD_CREDENTIALS)?;
        Ok(Self { key, limit, since: since.unwrap_or(now), count, is_counted })
    }

    fn limit(settings: &Settings) -> i64 {
        settings.number("login_failure_username_limit").unwrap_or(0)
    }

    fn is_limit_reached(&self) -> bool {
        self.count >= self.limit
    }

    /// Removes this attempt from the count.
    fn undo_attempt(&self, tx: &mut Transaction<'_>) -> Result<(), Interrupt> {
        if self.is_limit_reached() {
            return Ok(());
        }
        tx.replace_count(&self.key, |present| {
            let present = present?;
            let count = present.get("count").and_then(integer)?.saturating_sub(1);
            (count > 0).then(|| failures_to_value(present.get("since").and_then(integer).unwrap_or(self.since), count))
        })
    }
}

impl AttemptCounter for Failures {
    fn is_shut(&self) -> bool {
        self.is_limit_reached()
    }

    fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// An attempt that is not checked does not change the count, so that an attacker cannot extend another user's
    /// lockout. It is still written, so that it takes the same time.
    fn entries_to_commit(&self) -> Vec<(Key, Option<Value>)> {
        let count = if self.is_limit_reached() { self.count } else { self.count.saturating_add(1) };
        vec![(self.key.clone(), Some(failures_to_value(self.since, count)))]
    }
}

fn failures_to_value(since: i64, count: i64) -> Value {
    Value::object([("since", since.into()), ("count", count.into())])
}
