//! Who makes a request: by a name and a password, or by a token.
//!
//! Source: the server's arangod/GeneralServer/CommTask.cpp and arangod/RestHandler/RestAuthHandler.cpp.

use super::super::model::{PASSWORD_MAX, ROOT, SYSTEM, WILDCARD};
use super::super::{Kind, Level};
use super::body;
use super::database::Database;
use super::responses::{BAD_LOGIN, METHOD_NOT_ALLOWED, WRONG_CREDENTIALS};
use super::rules::Who;
use super::stored::{self, user_key};
use super::token;
use super::user::User;
use super::values::whole;
use crate::directory::prelude::{
    basic, jwt, scheme, Basic, Call, Fault, Interrupt, Key, Response, Throttle, Transaction, Verified,
};
use crate::document::value::Value;

/// How long a token lasts, in seconds: the server's own default for a session.
const SESSION: i64 = 3_600;
/// Who signs the tokens.
const ISSUER: &str = "arangodb";
/// The claim of the tokens that are made here: `{"id", "epoch"}` of the user, and `"token"` with the number of the access
/// token that opened the session, if it was one.
const CLAIM: &str = "latchwork";

/// What a request brings to say who makes it.
pub enum Credentials {
    Password(Basic, Throttle),
    /// Claims of a token that was signed under this directory's secret.
    Token {
        owner: Owner,
        /// The only paths that the token is good for, if it names any.
        allowed_paths: Option<Vec<String>>,
    },
}

/// The owner of a token.
pub enum Owner {
    /// A user, and what the token says of them if it was made here.
    User { name: String, claim: Option<Value> },
    /// One server of a cluster, which asks another.
    Server,
    /// The user of this name, whom the host authenticated.
    Identity(String),
}

/// Who makes a request.
pub struct Caller {
    pub name: String,
    pub user: User,
    /// There is an entry of this user.
    pub is_stored: bool,
}

impl Caller {
    pub fn who(&self) -> Who<'_> {
        Who { name: &self.name, user: Some(&self.user) }
    }
}

impl Credentials {
    /// Who makes the request: the user whom the host authenticated, or what the header says. `None` for neither. The
    /// paths that a token in the header is restricted to hold for both.
    pub fn read(tx: &Transaction<'_>, call: &Call<'_>) -> Option<Self> {
        let sent = Self::sent(tx, call);
        let Some(name) = call.identity else { return sent };
        let allowed_paths = match sent {
            Some(Self::Token { allowed_paths, .. }) => allowed_paths,
            Some(Self::Password(..)) | None => None,
        };
        Some(Self::Token { owner: Owner::Identity(name.to_owned()), allowed_paths })
    }

    /// Reads the header; `None` for none that says anything.
    fn sent(tx: &Transaction<'_>, call: &Call<'_>) -> Option<Self> {
        let header = call.header("authorization")?;
        let (scheme, token) = scheme(header);
        if !scheme.eq_ignore_ascii_case("bearer") {
            let mut basic = basic(header)?;
            if basic.name.is_empty() {
                basic.name = token::user_of(&basic.password).unwrap_or_default();
            }
            let throttle = Throttle::new(tx, &basic.name, call.client);
            return Some(Self::Password(basic, throttle));
        }
        let claims = jwt::verify(token, tx.secret(), tx.seconds())?;
        if claims.get("iss").and_then(Value::text) != Some(ISSUER) {
            return None;
        }
        let owner = match (claims.get("preferred_username"), claims.get("server_id")) {
            (Some(name), _) => Owner::User { name: name.text()?.to_owned(), claim: claims.get(CLAIM).cloned() },
            (None, Some(Value::Text(_))) => Owner::Server,
            (None, _) => return None,
        };
        let allowed_paths = match claims.get("allowed_paths") {
            Some(paths) => Some(read_paths(paths)?),
            None => None,
        };
        Some(Self::Token { owner, allowed_paths })
    }

    /// Whether they are good for this path, which has no `/_db/{database}` in front. Paths are compared as they were
    /// sent: another spelling of an allowed path is not allowed, and neither is a path below it.
    ///
    /// Source: the server's CommTask.cpp, `canAccessPath`, which looks at this before it opens `/_open/` to everybody.
    pub fn allow(&self, path: &str) -> bool {
        match self {
            Self::Token { allowed_paths: Some(paths), .. } => paths.iter().any(|allowed| allowed == path),
            Self::Token { allowed_paths: None, .. } | Self::Password(..) => true,
        }
    }

    /// The entry that decides whether they hold.
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::Password(Basic { name, .. }, _)
            | Self::Token { owner: Owner::User { name, .. } | Owner::Identity(name), .. } => Some(user_key(name)),
            Self::Token { owner: Owner::Server, .. } => None,
        }
    }

    /// The throttle on guesses at them.
    pub fn throttle(&self) -> Option<&Throttle> {
        match self {
            Self::Password(_, throttle) => Some(throttle),
            Self::Token { .. } => None,
        }
    }

    /// Whose they are; `None` if they do not hold.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn caller(&self, tx: &mut Transaction<'_>) -> Result<Option<Caller>, Interrupt> {
        let (name, user) = match self {
            Self::Token { owner: Owner::Server, .. } => return Ok(Some(superuser(tx))),
            Self::Password(Basic { name, password }, throttle) => {
                (name, signed_in(tx, throttle, name, password, true)?.map(|(user, _)| user))
            }
            Self::Token { owner: Owner::User { name, claim }, .. } => {
                let seconds = tx.seconds();
                (name, stored::user(tx, name)?.filter(|user| holds(user, claim.as_ref(), seconds)))
            }
            Self::Token { owner: Owner::Identity(name), .. } => {
                let user = stored::user(tx, name)?.filter(|user| user.active);
                (name, Some(user.ok_or(Fault::Unauthorized)?))
            }
        };
        Ok(user.map(|user| {
            tx.actor(name, &user_key(name));
            Caller { name: name.clone(), user, is_stored: true }
        }))
    }
}

/// The paths of a token: a list of at least one, of strings alone. `None` for anything else, which makes the token
/// malformed.
///
/// Source: the server's arangod/Auth/TokenCache.cpp, `validateJwtBody`.
fn read_paths(claim: &Value) -> Option<Vec<String>> {
    let Value::List(paths) = claim else { return None };
    let paths: Vec<String> = paths.iter().map(|path| path.text().map(str::to_owned)).collect::<Option<_>>()?;
    (!paths.is_empty()).then_some(paths)
}

/// Whether a token still is this user's. One that was made elsewhere under the same secret names the user alone.
///
/// The server itself lets a token live on until it expires, and looks at nothing but the user's name. Here it
/// ends with the user's `active` flag, with a new password, with the access token that opened it, and with the user:
/// another of the same name is not the one it was made for.
fn holds(user: &User, claim: Option<&Value>, seconds: i64) -> bool {
    let is_made_for = |claim: &Value| {
        let token = claim.get("token").and_then(whole);
        let is_current = token.is_none_or(|id| user.has_active_token(id, seconds));
        is_current && *claim == claim_of(user, token)
    };
    user.active && claim.is_none_or(is_made_for)
}

fn claim_of(user: &User, token: Option<i64>) -> Value {
    let mut claim = vec![("id".to_owned(), user.id.as_str().into()), ("epoch".to_owned(), user.epoch.into())];
    claim.extend(token.map(|id| ("token".to_owned(), id.into())));
    Value::Object(claim)
}

/// The server itself: as `root` was on its first day. It is no user, and the log has no name for it.
fn superuser(tx: &mut Transaction<'_>) -> Caller {
    let mut user = User::new(String::new());
    for name in [SYSTEM, WILDCARD] {
        user.set(name, &Database::absent(name), None, Level::Rw);
        user.set(name, &Database::absent(name), Some(WILDCARD), Level::Rw);
    }
    tx.operator("");
    Caller { name: ROOT.to_owned(), user, is_stored: false }
}

/// The user, if the password is the right one, or one of the user's access tokens, whose number comes with it. A hash
/// that is out of date is made anew.
///
/// A right access token passes while the throttle lets no password through: it has too many random bits to be a lucky
/// guess. A wrong one takes the work of a wrong password and counts as one.
///
/// # Errors
///
/// [`Interrupt::Pending`].
fn signed_in(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    name: &str,
    password: &str,
    remember: bool,
) -> Result<Option<(User, Option<i64>)>, Interrupt> {
    tx.prefetch(std::slice::from_ref(throttle.key()));
    if let Some(user) = stored::user(tx, name)?.filter(|user| user.active) {
        if let Some(id) = token::presented(tx, &user, password).map(|token| token.id) {
            return Ok(Some((user, Some(id))));
        }
    }
    let found = with_password(tx, throttle, name, password, remember)?;
    let user = found.map(|(user, verified)| refresh(tx, name, user, password, &verified)).transpose()?;
    Ok(user.map(|user| (user, None)))
}

/// The user whose password it is. An unknown one, one without a password and one who is not active take the same
/// work, and come to the same.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn with_password(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    name: &str,
    password: &str,
    remember: bool,
) -> Result<Option<(User, Verified)>, Interrupt> {
    // It is nobody's, and no guess that would have to be counted.
    if password.len() > PASSWORD_MAX {
        return Ok(None);
    }
    tx.prefetch(std::slice::from_ref(throttle.key()));
    let user = stored::user(tx, name)?.filter(|user| user.active);
    let hash = user.as_ref().and_then(|user| user.hash.as_deref());
    let verified = throttle.verify(tx, password, hash, remember)?;
    Ok(user.zip(verified))
}

/// A call that changes this user itself puts its own entry in the end, and the hash waits for the next sign-in.
fn refresh(
    tx: &mut Transaction<'_>,
    name: &str,
    mut user: User,
    password: &str,
    verified: &Verified,
) -> Result<User, Interrupt> {
    if verified.is_outdated() {
        user.hash = Some(tx.rehash(password)?);
        stored::put_user(tx, &verified.authorized(), name, &user)?;
    }
    Ok(user)
}

/// `POST /_open/auth`
///
/// # Errors
///
/// [`Interrupt`].
pub fn open_session(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    if call.method != "POST" {
        return Err(METHOD_NOT_ALLOWED.into());
    }
    let document = call.json().map_err(|_| BAD_LOGIN)?;
    let form = body::checked(tx, Kind::SessionCreate, &document).map_err(|problems| BAD_LOGIN.of(&problems))?;
    let text = |name| form.get(name).and_then(Value::text).unwrap_or("");
    let (named, password) = (text("username"), text("password"));
    let owner = if named.is_empty() { token::user_of(password) } else { None };
    let name = owner.as_deref().unwrap_or(named);
    let throttle = Throttle::new(tx, name, call.client);
    let (user, token) = signed_in(tx, &throttle, name, password, false)?.ok_or(WRONG_CREDENTIALS)?;
    tx.actor(name, &user_key(name));
    let now = tx.seconds();
    let claims = Value::object([
        ("preferred_username", name.into()),
        ("iss", ISSUER.into()),
        ("iat", now.into()),
        ("exp", now.saturating_add(SESSION).into()),
        (CLAIM, claim_of(&user, token)),
    ]);
    let token = jwt::sign(&claims, tx.secret()).ok_or(WRONG_CREDENTIALS)?;
    Ok(Response::json(200, Value::object([("jwt", Value::Text(token))])))
}
