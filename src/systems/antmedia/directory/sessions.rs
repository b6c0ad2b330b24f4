//! Sessions: the cookie that a sign-in sets, and what the store has of it.
//!
//! Source: the servlet container's `JSESSIONID`. The product ends no session when a user changes; an
//! administrator's new password for somebody else ends none here either. A user's own new password ends its other
//! sessions, and each ends after a day.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::stored::{self, whole, User};
use crate::directory::prelude::{digest, time, Authorized, Call, Fault, Interrupt, Key, Transaction};
use crate::document::value::Value;

const COOKIE: &str = "JSESSIONID";
/// How long a session lasts, in milliseconds.
const LASTS: i64 = 86_400_000;
/// The most sessions of one user: a further one ends the oldest.
const SESSIONS_MAX: usize = 128;

/// A session that a request brings, and that has not ended of itself.
pub struct Session {
    /// Whose it is, or was.
    pub email: String,
    id: String,
    epoch: i64,
    digest: String,
}

/// What the store has of the sessions of one user.
struct Sessions {
    email: String,
    open: Vec<Open>,
}

struct Open {
    digest: String,
    epoch: i64,
    /// In milliseconds since 1970.
    ends: i64,
}

impl Open {
    /// Whether it has begun, as far as clocks agree, and has not ended.
    fn lasts(&self, now: i64) -> bool {
        self.ends > now && !time::is_ahead(self.ends.saturating_sub(LASTS), now)
    }
}

impl Session {
    /// The user whose session it is; `None` if there is none any more, or another of the same name.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn user(&self, tx: &mut Transaction<'_>) -> Result<Option<User>, Interrupt> {
        Ok(stored::user(tx, &self.email)?.filter(|user| user.id == self.id))
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn end(&self, tx: &mut Transaction<'_>, authorized: &Authorized) -> Result<(), Interrupt> {
        let Some(mut sessions) = Sessions::read(tx, &self.id)? else { return Ok(()) };
        sessions.open.retain(|open| open.digest != self.digest);
        sessions.put(tx, authorized, &self.id)
    }

    /// Goes on under a new epoch of the user, which ends every other session.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn go_on(&self, tx: &mut Transaction<'_>, authorized: &Authorized, user: &User) -> Result<(), Interrupt> {
        let Some(mut sessions) = Sessions::read(tx, &self.id)? else { return Ok(()) };
        sessions.open.iter_mut().filter(|open| open.digest == self.digest).for_each(|open| open.epoch = user.epoch);
        sessions.put(tx, authorized, &self.id)
    }
}

/// The session of a request; `None` without one, and for one that has ended.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn find(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Option<Session>, Interrupt> {
    let Some((id, secret)) = sent(call) else { return Ok(None) };
    let Some(Sessions { email, open }) = Sessions::read(tx, id)? else { return Ok(None) };
    let lasts = |open: &Open| open.lasts(tx.now) && tx.verify_secret(secret, &open.digest).is_some();
    let Some(Open { digest, epoch, .. }) = open.into_iter().find(lasts) else { return Ok(None) };
    let session = Session { email, id: id.to_owned(), epoch, digest };
    // A user who is gone has no epoch, and the session tells so.
    let has_ended = session.user(tx)?.is_some_and(|user| user.epoch != session.epoch);
    Ok((!has_ended).then_some(session))
}

/// Where the sessions of a user stand.
pub fn key(id: &str) -> Key {
    Key::new("sessions", &[id])
}

/// Opens a session; what the client gets of it.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn open(tx: &mut Transaction<'_>, authorized: &Authorized, email: &str, user: &User) -> Result<String, Interrupt> {
    let mut sessions = Sessions::read(tx, &user.id)?.unwrap_or_else(|| Sessions::none(email));
    let token = sessions.draw(tx, user)?;
    sessions.put(tx, authorized, &user.id)?;
    Ok(token)
}

/// Opens the first session of a user who is new.
///
/// # Errors
///
/// As [`Transaction::create`].
pub fn open_first(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    email: &str,
    user: &User,
) -> Result<String, Interrupt> {
    let mut sessions = Sessions::none(email);
    let token = sessions.draw(tx, user)?;
    tx.create(authorized, &key(&user.id), sessions.written())?;
    Ok(token)
}

/// The header that gives a client its session.
pub fn cookie(call: &Call<'_>, token: &str) -> String {
    with_attributes(call, format!("{COOKIE}={token}"))
}

/// The header that takes it away.
pub fn no_cookie(call: &Call<'_>) -> String {
    with_attributes(call, format!("{COOKIE}=; Max-Age=0"))
}

fn with_attributes(call: &Call<'_>, cookie: String) -> String {
    let secure = if call.is_secure() { "; Secure" } else { "" };
    format!("{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The user's id and the secret, out of the cookie.
fn sent<'c>(call: &'c Call<'_>) -> Option<(&'c str, &'c str)> {
    let cookies = call.header("cookie")?.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    let (_, token) = cookies.into_iter().find(|(name, _)| *name == COOKIE)?;
    token.split_once('.').filter(|(id, _)| id.len() == stored::ID_LENGTH)
}

impl Sessions {
    fn none(email: &str) -> Self {
        Self { email: email.to_owned(), open: Vec::new() }
    }

    fn read(tx: &mut Transaction<'_>, id: &str) -> Result<Option<Self>, Interrupt> {
        let Some(value) = tx.read(&key(id))? else { return Ok(None) };
        Self::of(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn of(value: &Value) -> Option<Self> {
        let Value::List(list) = value.get("open")? else { return None };
        let mut open = Vec::with_capacity(list.len());
        for session in list {
            open.push(Open {
                digest: session.get("digest")?.text()?.to_owned(),
                epoch: whole(session.get("epoch")?)?,
                ends: whole(session.get("ends")?)?,
            });
        }
        Some(Self { email: value.get("email")?.text()?.to_owned(), open })
    }

    /// Adds a session, and drops those that have ended; what the client gets of it.
    fn draw(&mut self, tx: &mut Transaction<'_>, user: &User) -> Result<String, Interrupt> {
        let secret = Base64UrlUnpadded::encode_string(&tx.random::<32>()?);
        self.open.retain(|open| open.lasts(tx.now) && open.epoch == user.epoch);
        let ends = tx.now.saturating_add(LASTS);
        self.open.insert(0, Open { digest: digest(secret.as_bytes()), epoch: user.epoch, ends });
        self.open.truncate(SESSIONS_MAX);
        Ok(format!("{}.{secret}", user.id))
    }

    fn put(&self, tx: &mut Transaction<'_>, authorized: &Authorized, id: &str) -> Result<(), Interrupt> {
        tx.put(authorized, &key(id), self.written())
    }

    fn written(&self) -> Value {
        let mut list = Vec::with_capacity(self.open.len());
        for Open { digest, epoch, ends } in &self.open {
            list.push(Value::object([
                ("digest", digest.as_str().into()),
                ("epoch", (*epoch).into()),
                ("ends", (*ends).into()),
            ]));
        }
        Value::object([("email", self.email.as_str().into()), ("open", Value::List(list))])
    }
}
