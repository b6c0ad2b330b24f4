//! The way in: who asks, and whether that may be asked.

use super::super::access::{classify_action, ResourceKind};
use super::super::model::Records;
use super::super::paths::{is_escaped, Path};
use super::super::subject::Subject;
use super::super::{Action, Rule, Tyk};
use super::access_key::{key_key, AccessKey};
use super::responses::{denied, ADMIN_GRANT, NOT_AUTHORISED, SUPER_ADMIN_GRANT};
use super::settings::{self, settings_key, Settings};
use super::stored::{self, api_key, group_key, session_key, user_key, User};
use crate::directory::prelude::{digest, Authorized, Call, Fault, Interrupt, Key, Transaction, Verified};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, System as _};
use crate::tables::word::Word as _;

/// What a request brings to say who makes it.
#[derive(Clone, Copy)]
pub enum Credential<'c> {
    /// `Authorization: <access key>`, as it is: it has no scheme.
    Key(&'c str),
    /// The token in the session's cookie.
    Session(&'c str),
}

impl<'c> Credential<'c> {
    /// The cookie of a session.
    pub const COOKIE: &'static str = "authorisation";

    /// What a request brings. Where it has a key, the key alone counts; an empty header is none.
    pub fn of(call: &'c Call<'_>) -> Option<Self> {
        let key = call.header("authorization").filter(|key| !key.is_empty());
        key.map(Self::Key).or_else(|| Self::session(call))
    }

    /// The session that a request brings, whatever else it brings.
    pub fn session(call: &'c Call<'_>) -> Option<Self> {
        let mut pairs = call.header("cookie")?.split(';').filter_map(|pair| pair.trim_matches(' ').split_once('='));
        pairs.find(|(name, _)| *name == Self::COOKIE).map(|(_, token)| Self::Session(token))
    }

    /// The entry that says whose it is.
    fn key(self) -> Key {
        match self {
            Self::Key(key) => key_key(&digest(key.as_bytes())),
            Self::Session(token) => session_key(&digest(token.as_bytes())),
        }
    }

    /// Whether it still is this user's.
    pub fn fits(self, tx: &Transaction<'_>, user: &User) -> Option<Verified> {
        match self {
            Self::Key(key) => tx.verify_secret(key, &user.access_key.digest()),
            Self::Session(token) => user.sessions.iter().find_map(|session| tx.verify_secret(token, session)),
        }
    }
}

/// Somebody who is in.
pub struct Session {
    pub user: User,
    pub settings: Settings,
    /// Only what decides about this user and this request.
    pub records: Records,
    subject: Subject,
    /// Access keys are told once, to whoever makes them.
    shows_no_keys: bool,
}

/// Lets an active user in: by the product's credentials, or by the id that the host authenticated.
///
/// # Errors
///
/// [`Interrupt`]: 401.
pub fn enter(tx: &mut Transaction<'_>, call: &Call<'_>, segments: &[String]) -> Result<Session, Interrupt> {
    let api = Path::parse(call.path).and_then(|path| path.api().or(path.measured_api()));
    let credential = Credential::of(call);
    let key = match call.identity {
        Some(id) => user_key(id),
        None => credential.ok_or(NOT_AUTHORISED)?.key(),
    };
    let mut keys = vec![settings_key(), key.clone()];
    keys.extend(api.map(api_key));
    // What the request is about, so that all is read together.
    if let [_, kind, id, ..] = segments {
        keys.extend((kind == "users").then(|| user_key(id)));
        keys.extend((kind == "usergroups").then(|| group_key(id)));
    }
    tx.read_all(&keys)?;
    let settings = settings::settings(tx)?;
    let user = match (call.identity, credential) {
        (Some(id), _) => stored::user(tx, id)?.filter(|user| user.active).ok_or(Fault::Unauthorized)?,
        (None, Some(credential)) => {
            let Some(id) = tx.read(&key)?.and_then(Value::text) else { return Err(NOT_AUTHORISED.into()) };
            let user = stored::user(tx, id)?.filter(|user| user.active).ok_or(NOT_AUTHORISED)?;
            credential.fits(tx, &user).ok_or(NOT_AUTHORISED)?;
            user
        }
        (None, None) => return Err(NOT_AUTHORISED.into()),
    };
    tx.actor(&user.id, &user_key(&user.id));
    let given = given(tx, &settings, &user, api)?;
    let records = tx.parse_records::<Tyk>(&given)?;
    let subject = Tyk::subject(&records, Some(&user.id));
    Ok(Session { user, settings, records, subject, shows_no_keys: tx.is_strict() })
}

/// The records that decide about a user and an API.
fn given(tx: &mut Transaction<'_>, settings: &Settings, user: &User, api: Option<&str>) -> Result<Value, Interrupt> {
    let who = Value::object([
        ("id", user.id.as_str().into()),
        ("org_id", user.org.as_str().into()),
        ("active", user.active.into()),
        ("group_id", user.group.as_str().into()),
        ("user_permissions", user.permissions.clone()),
    ]);
    let mut members =
        vec![("config".to_owned(), settings.config.clone()), ("users".to_owned(), Value::List(vec![who]))];
    members.extend(settings.map.clone().map(|map| ("permissions".to_owned(), map)));
    if !user.group.is_empty() {
        // Whichever organisation it is of: the rules look at that.
        let group = tx.read(&group_key(&user.group))?.cloned();
        members.push(("groups".to_owned(), Value::List(group.into_iter().collect())));
    }
    if let Some(api) = api {
        let mut found = tx.read(&api_key(api))?.cloned();
        // The rules refuse an escaped id wherever there are limits that it might hide from.
        if is_escaped(api) && settings.are_apis_limited {
            found = Some(Value::object([("id", "limited".into()), ("org_id", "".into())]));
        }
        members.push(("apis".to_owned(), Value::List(found.into_iter().collect())));
    }
    Ok(Value::Object(members))
}

impl Session {
    /// Leave for the request itself; else the refusal.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    pub fn may(&self, tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Authorized, Interrupt> {
        let action = Action::from_word(call.method).filter(|action| classify_action(*action).0 == ResourceKind::Path);
        let Some(asked) = action else {
            return Err(denied(&Ruling::deny(Rule::UnknownAction), None, call.path));
        };
        let resource = format!("path:{}", call.path);
        let decided = tx.decide::<Tyk>(&self.records, &self.subject, asked, &resource, &Value::Null);
        decided.map_err(|ruling| denied(&ruling, action, call.path))
    }

    /// Lets only those go on who may make an admin of this user.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    pub fn may_make_admin(&self, tx: &mut Transaction<'_>, id: &str) -> Result<(), Interrupt> {
        let resource = format!("user:{id}");
        match tx.decide::<Tyk>(&self.records, &self.subject, Action::MakeAdmin, &resource, &Value::Null) {
            Ok(_) => Ok(()),
            Err(Ruling { rule: Rule::SuperAdminMakesAdmins, .. }) => Err(SUPER_ADMIN_GRANT.into()),
            Err(_) => Err(ADMIN_GRANT.into()),
        }
    }

    /// A new access key as an answer tells it, where it is not shown later.
    pub fn told(&self, access_key: &AccessKey) -> Value {
        access_key.clear().filter(|_| self.shows_no_keys).map_or(Value::Null, Value::from)
    }

    /// A user's record, with the access key if this visitor may see it. Not a line of the log for each user of
    /// a list.
    pub fn shown(&self, user: &User) -> Value {
        let resource = format!("user:{}", user.id);
        if self.shows_no_keys {
            user.record_without_key()
        } else if Tyk::decide(&self.records, &self.subject, Action::ViewKey, &resource, Details::NONE).allow {
            user.record()
        } else {
            user.record_without_key()
        }
    }

    /// The user of this id, if it is one of the visitor's own organisation.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: it must be read first, or can not be.
    pub fn member(&self, tx: &mut Transaction<'_>, id: &str) -> Result<Option<User>, Interrupt> {
        Ok(stored::user(tx, id)?.filter(|user| user.org == self.user.org))
    }
}
