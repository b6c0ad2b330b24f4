//! Sessions: the cookie that a sign-in sets, and its stored entry.
//!
//! Source: the servlet container's `JSESSIONID`. The product keeps all sessions of a user when the user changes. Here,
//! too, sessions are kept when an administrator sets the user's password. When users set their own password, their
//! other sessions end. Under strict guards, a new password ends all sessions of its user. Each session ends after a day.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::stored::{self, integer, User};
use crate::directory::prelude::{digest, time, Authorized, Call, Fault, Interrupt, Key, Transaction};
use crate::document::value::Value;

const COOKIE: &str = "JSESSIONID";
/// The most cookies of sessions that a request can try: each reads an entry.
const COOKIES_MAX: usize = 8;
/// The lifetime of a session, in milliseconds.
const LIFETIME: i64 = 86_400_000;
/// The most sessions of one user. A further session ends the oldest one.
const SESSIONS_MAX: usize = 128;

/// The session of a request; it has not expired.
pub struct Session {
    /// The address of the user, who may have been deleted.
    pub email: String,
    id: String,
    epoch: i64,
    digest: String,
}

/// The stored sessions of one user.
struct Sessions {
    email: String,
    open: Vec<SessionEntry>,
}

struct SessionEntry {
    digest: String,
    epoch: i64,
    /// In milliseconds since 1970.
    ends: i64,
}

impl SessionEntry {
    /// Whether the session has not expired. A start in the future, apart from clock skew, is invalid.
    fn is_valid(&self, now: i64) -> bool {
        self.ends > now && !time::is_ahead(self.ends.saturating_sub(LIFETIME), now)
    }
}

impl Session {
    /// The user of the session; `None` if the user was deleted, also if a new user has the same name.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn load_user(&self, tx: &mut Transaction<'_>) -> Result<Option<User>, Interrupt> {
        Ok(stored::load_user(tx, &self.email)?.filter(|user| user.id == self.id))
    }

    /// Ends the session.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn end(&self, tx: &mut Transaction<'_>, authorized: &Authorized) -> Result<(), Interrupt> {
        let Some(mut sessions) = Sessions::load(tx, &self.id)? else { return Ok(()) };
        sessions.open.retain(|open| open.digest != self.digest);
        sessions.store(tx, authorized, &self.id)
    }

    /// Moves this session to the user's new epoch. All other sessions of the user end with the old epoch.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn renew(&self, tx: &mut Transaction<'_>, authorized: &Authorized, user: &User) -> Result<(), Interrupt> {
        let Some(mut sessions) = Sessions::load(tx, &self.id)? else { return Ok(()) };
        sessions.open.iter_mut().filter(|open| open.digest == self.digest).for_each(|open| open.epoch = user.epoch);
        sessions.store(tx, authorized, &self.id)
    }
}

/// The session of a request; `None` without a session, and for a session that has ended.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn find_session(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Option<Session>, Interrupt> {
    let presented = parse_cookies(call);
    tx.prefetch(&presented.iter().map(|(id, _)| sessions_key(id)).collect::<Vec<_>>());
    for (id, secret) in presented {
        if let Some(session) = find_presented(tx, id, secret)? {
            return Ok(Some(session));
        }
    }
    Ok(None)
}

fn find_presented(tx: &mut Transaction<'_>, id: &str, secret: &str) -> Result<Option<Session>, Interrupt> {
    let Some(Sessions { email, open }) = Sessions::load(tx, id)? else { return Ok(None) };
    let is_valid = |open: &SessionEntry| open.is_valid(tx.now) && tx.verify_secret(secret, &open.digest).is_some();
    let Some(SessionEntry { digest, epoch, .. }) = open.into_iter().find(is_valid) else { return Ok(None) };
    let session = Session { email, id: id.to_owned(), epoch, digest };
    // A deleted user has no epoch. The session is returned, so that the response can say that its user does not exist.
    let has_ended = session.load_user(tx)?.is_some_and(|user| user.epoch != session.epoch);
    Ok((!has_ended).then_some(session))
}

/// The key of the sessions of a user.
pub fn sessions_key(id: &str) -> Key {
    Key::new("sessions", &[id])
}

/// Opens a session, and returns the token for the client.
///
/// # Errors
///
/// As [`Transaction::put`].
pub fn open_session(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    email: &str,
    user: &User,
) -> Result<String, Interrupt> {
    let mut sessions = Sessions::load(tx, &user.id)?.unwrap_or_else(|| Sessions::empty(email));
    let token = sessions.add_session(tx, user)?;
    sessions.store(tx, authorized, &user.id)?;
    Ok(token)
}

/// Opens the first session of a new user.
///
/// # Errors
///
/// As [`Transaction::create`].
pub fn open_first_session(
    tx: &mut Transaction<'_>,
    authorized: &Authorized,
    email: &str,
    user: &User,
) -> Result<String, Interrupt> {
    let mut sessions = Sessions::empty(email);
    let token = sessions.add_session(tx, user)?;
    tx.create(authorized, &sessions_key(&user.id), sessions.to_value())?;
    Ok(token)
}

/// The value of the header `Set-Cookie` that gives the token to the client.
pub fn session_cookie(call: &Call<'_>, token: &str) -> String {
    cookie_with_attributes(call, format!("{COOKIE}={token}"))
}

/// The value of the header `Set-Cookie` that removes the cookie.
pub fn expired_cookie(call: &Call<'_>) -> String {
    cookie_with_attributes(call, format!("{COOKIE}=; Max-Age=0"))
}

fn cookie_with_attributes(call: &Call<'_>, cookie: String) -> String {
    let secure = if call.is_secure() { "; Secure" } else { "" };
    format!("{cookie}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The user's id and the secret from each cookie of a session. A browser sends several if a page of another path or of
/// the parent domain set one too, and any of them can be the valid one.
// Source: Tomcat, `CoyoteAdapter.parseSessionCookiesId`: the next cookie is taken until an id is valid.
fn parse_cookies<'c>(call: &'c Call<'_>) -> Vec<(&'c str, &'c str)> {
    let cookies = call.header("cookie").unwrap_or_default().split(';');
    let tokens = cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(name, _)| *name == COOKIE);
    let presented =
        tokens.filter_map(|(_, token)| token.split_once('.').filter(|(id, _)| id.len() == stored::ID_LENGTH));
    presented.take(COOKIES_MAX).collect()
}

impl Sessions {
    fn empty(email: &str) -> Self {
        Self { email: email.to_owned(), open: Vec::new() }
    }

    fn load(tx: &mut Transaction<'_>, id: &str) -> Result<Option<Self>, Interrupt> {
        let Some(value) = tx.read_entry(&sessions_key(id))? else { return Ok(None) };
        Self::from_value(value).map(Some).ok_or(Interrupt::Fault(Fault::Internal))
    }

    fn from_value(value: &Value) -> Option<Self> {
        let Value::List(list) = value.get("open")? else { return None };
        let mut open = Vec::with_capacity(list.len());
        for session in list {
            open.push(SessionEntry {
                digest: session.get("digest")?.text()?.to_owned(),
                epoch: integer(session.get("epoch")?)?,
                ends: integer(session.get("ends")?)?,
            });
        }
        Some(Self { email: value.get("email")?.text()?.to_owned(), open })
    }

    /// Adds a session, drops the ended ones, and returns the token for the client.
    fn add_session(&mut self, tx: &mut Transaction<'_>, user: &User) -> Result<String, Interrupt> {
        let secret = Base64UrlUnpadded::encode_string(&tx.random::<32>()?);
        self.open.retain(|open| open.is_valid(tx.now) && open.epoch == user.epoch);
        let ends = tx.now.saturating_add(LIFETIME);
        self.open.insert(0, SessionEntry { digest: digest(secret.as_bytes()), epoch: user.epoch, ends });
        self.open.truncate(SESSIONS_MAX);
        Ok(format!("{}.{secret}", user.id))
    }

    fn store(&self, tx: &mut Transaction<'_>, authorized: &Authorized, id: &str) -> Result<(), Interrupt> {
        tx.put(authorized, &sessions_key(id), self.to_value())
    }

    fn to_value(&self) -> Value {
        let mut list = Vec::with_capacity(self.open.len());
        for SessionEntry { digest, epoch, ends } in &self.open {
            list.push(Value::object([
                ("digest", digest.as_str().into()),
                ("epoch", (*epoch).into()),
                ("ends", (*ends).into()),
            ]));
        }
        Value::object([("email", self.email.as_str().into()), ("open", Value::List(list))])
    }
}
