//! Authenticates callers by name and password, or by token.
//!
//! Source: the server's arangod/GeneralServer/CommTask.cpp and arangod/RestHandler/RestAuthHandler.cpp.

use super::super::model::{PASSWORD_MAX, ROOT, SYSTEM, WILDCARD};
use super::super::Level;
use super::database::Database;
use super::rules::UserRef;
use super::stored::{self, user_key};
use super::token;
use super::user::User;
use super::values::integer;
use crate::directory::prelude::{
    basic, jwt, scheme, Basic, Call, Fault, Interrupt, Key, Throttle, Transaction, Verified,
};
use crate::document::value::Value;

/// The issuer of the tokens.
pub const ISSUER: &str = "arangodb";
/// The claim of our own tokens: `{"id", "epoch"}` of the user. If an access token opened the session, also `"token"`
/// with its number.
pub const CLAIM: &str = "latchwork";

/// The credentials of a request.
pub enum Credentials {
    Password(Basic, Throttle),
    /// The claims of a token that was signed with this directory's secret.
    Token {
        owner: Owner,
        /// If the token is restricted, the only paths that it allows.
        allowed_paths: Option<Vec<String>>,
    },
}

/// The owner of a token.
pub enum Owner {
    /// A user, with the claim of the token if it is one of ours, and when the token expires.
    User { name: String, claim: Option<Value>, expires: Option<i64> },
    /// A server of the cluster.
    Server,
    /// The name of the user whom the host authenticated.
    Identity(String),
}

/// The caller of a request.
pub struct Caller {
    pub name: String,
    pub user: User,
    /// Whether the store has an entry of this user.
    pub is_stored: bool,
}

impl Caller {
    pub fn user_ref(&self) -> UserRef<'_> {
        UserRef { name: &self.name, user: Some(&self.user) }
    }
}

impl Credentials {
    /// The credentials of a request: the user whom the host authenticated, or the header; `None` without both. If a
    /// token in the header is restricted to paths, the restriction applies to both.
    pub fn from_call(tx: &Transaction<'_>, call: &Call<'_>) -> Option<Self> {
        let sent = Self::from_header(tx, call);
        let Some(name) = call.identity else { return sent };
        let allowed_paths = match sent {
            Some(Self::Token { allowed_paths, .. }) => allowed_paths,
            Some(Self::Password(..)) | None => None,
        };
        Some(Self::Token { owner: Owner::Identity(name.to_owned()), allowed_paths })
    }

    /// Parses the header `Authorization`; `None` without valid credentials.
    pub fn from_header(tx: &Transaction<'_>, call: &Call<'_>) -> Option<Self> {
        let header = call.header("authorization")?;
        let (scheme, token) = scheme(header);
        if !scheme.eq_ignore_ascii_case("bearer") {
            let mut basic = basic(header)?;
            if basic.name.is_empty() {
                basic.name = token::user_name_in_token(&basic.password).unwrap_or_default();
            }
            let throttle = Throttle::new(tx, &basic.name, call.client);
            return Some(Self::Password(basic, throttle));
        }
        let claims = jwt::verify(token, tx.secret(), tx.seconds())?;
        if claims.get("iss").and_then(Value::text) != Some(ISSUER) {
            return None;
        }
        let owner = match (claims.get("preferred_username"), claims.get("server_id")) {
            (Some(name), _) => Owner::User {
                name: name.text()?.to_owned(),
                claim: claims.get(CLAIM).cloned(),
                expires: claims.get("exp").and_then(integer),
            },
            (None, Some(Value::Text(_))) => Owner::Server,
            (None, _) => return None,
        };
        let allowed_paths = match claims.get("allowed_paths") {
            Some(paths) => Some(parse_paths(paths)?),
            None => None,
        };
        Some(Self::Token { owner, allowed_paths })
    }

    /// Whether the credentials allow this path, which does not start with `/_db/{database}`. Raw paths are
    /// compared: a different encoding of an allowed path is not allowed, and a path below it is not allowed.
    ///
    /// Source: the server's CommTask.cpp, `canAccessPath`, which checks this also for paths below `/_open/`.
    pub fn allows_path(&self, path: &str) -> bool {
        match self {
            Self::Token { allowed_paths: Some(paths), .. } => paths.iter().any(|allowed| allowed == path),
            Self::Token { allowed_paths: None, .. } | Self::Password(..) => true,
        }
    }

    /// The entry by which the credentials are verified.
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::Password(Basic { name, .. }, _)
            | Self::Token { owner: Owner::User { name, .. } | Owner::Identity(name), .. } => Some(user_key(name)),
            Self::Token { owner: Owner::Server, .. } => None,
        }
    }

    /// The throttle for wrong passwords.
    pub fn throttle(&self) -> Option<&Throttle> {
        match self {
            Self::Password(_, throttle) => Some(throttle),
            Self::Token { .. } => None,
        }
    }

    /// Verifies the credentials, and loads the caller; `None` if they are wrong.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn load_caller(&self, tx: &mut Transaction<'_>) -> Result<Option<Caller>, Interrupt> {
        let (name, user) = match self {
            Self::Token { owner: Owner::Server, .. } => return Ok(Some(superuser(tx))),
            Self::Password(Basic { name, password }, throttle) => {
                (name, authenticate(tx, throttle, name, password, true)?.map(|(user, _)| user))
            }
            Self::Token { owner: Owner::User { name, claim, .. }, .. } => {
                let seconds = tx.seconds();
                (name, stored::load_user(tx, name)?.filter(|user| is_token_valid(user, claim.as_ref(), seconds)))
            }
            Self::Token { owner: Owner::Identity(name), .. } => {
                let user = stored::load_user(tx, name)?.filter(|user| user.active);
                (name, Some(user.ok_or(Fault::Unauthorized)?))
            }
        };
        Ok(user.map(|user| {
            tx.actor(name, &user_key(name));
            Caller { name: name.clone(), user, is_stored: true }
        }))
    }
}

/// Parses the paths of a token: a list of strings that is not empty. `None` for any other value; the token is then
/// malformed.
///
/// Source: the server's arangod/Auth/TokenCache.cpp, `validateJwtBody`.
fn parse_paths(claim: &Value) -> Option<Vec<String>> {
    let Value::List(paths) = claim else { return None };
    let paths: Vec<String> = paths.iter().map(|path| path.text().map(str::to_owned)).collect::<Option<_>>()?;
    (!paths.is_empty()).then_some(paths)
}

/// Whether a token is still valid for this user. A token that another program signed with the same secret has only the
/// user's name.
///
/// In the product, a token is valid until it expires: the server only compares the user's name. Here a token also ends
/// when the user is deactivated or deleted, when the password changes, and when the access token that opened the
/// session ends. It is not valid for a new user of the same name.
fn is_token_valid(user: &User, claim: Option<&Value>, seconds: i64) -> bool {
    let is_made_for = |claim: &Value| {
        let token = claim.get("token").and_then(integer);
        let is_current = token.is_none_or(|id| user.has_active_token(id, seconds));
        is_current && *claim == session_claim(user, token)
    };
    user.active && claim.is_none_or(is_made_for)
}

pub fn session_claim(user: &User, token: Option<i64>) -> Value {
    let mut claim = vec![("id".to_owned(), user.id.as_str().into()), ("epoch".to_owned(), user.epoch.into())];
    claim.extend(token.map(|id| ("token".to_owned(), id.into())));
    Value::Object(claim)
}

/// A server of the cluster: it has the initial grants of `root`. It is not a user, and has no name in the log.
fn superuser(tx: &mut Transaction<'_>) -> Caller {
    let mut user = User::new(String::new());
    for name in [SYSTEM, WILDCARD] {
        user.set_level(name, &Database::absent(name), None, Level::Rw);
        user.set_level(name, &Database::absent(name), Some(WILDCARD), Level::Rw);
    }
    tx.operator("");
    Caller { name: ROOT.to_owned(), user, is_stored: false }
}

/// Verifies a password, or an access token in its place, and returns the user and the number of the token. An outdated
/// hash is replaced.
///
/// A right access token is accepted while the throttle rejects passwords, because its random bits cannot be guessed. A
/// wrong access token costs the same work as a wrong password, and counts as one.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn authenticate(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    name: &str,
    password: &str,
    remember: bool,
) -> Result<Option<(User, Option<i64>)>, Interrupt> {
    tx.prefetch(std::slice::from_ref(throttle.key()));
    if let Some(user) = stored::load_user(tx, name)?.filter(|user| user.active) {
        if let Some(id) = token::find_presented_token(tx, &user, password).map(|token| token.id) {
            return Ok(Some((user, Some(id))));
        }
    }
    let verified = verify_password(tx, throttle, name, password, remember)?;
    let user = verified.map(|(user, proof)| replace_outdated_hash(tx, name, user, password, &proof)).transpose()?;
    Ok(user.map(|user| (user, None)))
}

/// Verifies a password, and returns its user. An unknown user, a user without a password and an inactive user cost the
/// same work, and have the same result as a wrong password.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn verify_password(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    name: &str,
    password: &str,
    remember: bool,
) -> Result<Option<(User, Verified)>, Interrupt> {
    // No user can have such a password, so it is not counted as an attempt.
    if password.len() > PASSWORD_MAX {
        return Ok(None);
    }
    tx.prefetch(std::slice::from_ref(throttle.key()));
    let user = stored::load_user(tx, name)?.filter(|user| user.active);
    let hash = user.as_ref().and_then(|user| user.hash.as_deref());
    let verified = throttle.verify(tx, password, hash, remember)?;
    Ok(user.zip(verified))
}

/// Replaces an outdated hash. If the call later stores the same user without it, the next sign-in replaces the hash.
fn replace_outdated_hash(
    tx: &mut Transaction<'_>,
    name: &str,
    mut user: User,
    password: &str,
    verified: &Verified,
) -> Result<User, Interrupt> {
    if verified.is_outdated() {
        user.hash = Some(tx.rehash(password)?);
        stored::store_user(tx, &verified.authorized(), name, &user)?;
    }
    Ok(user)
}
