//! Authentication and authorization of requests.

use super::super::access::{classify_action, ResourceKind};
use super::super::model::Records;
use super::super::paths::{is_escaped, Path};
use super::super::subject::Subject;
use super::super::{Action, Rule, Tyk};
use super::access_key::{access_key_entry, AccessKey};
use super::responses::{denied_response, ADMIN_GRANT, NOT_AUTHORISED, SUPER_ADMIN_GRANT};
use super::settings::{self, settings_key, Settings};
use super::stored::{self, api_key, group_key, session_key, user_key, User};
use crate::directory::prelude::{digest, Authorized, Call, Fault, Interrupt, Key, Transaction, Verified};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Details, System as _};
use crate::tables::word::Word as _;

/// The credential of a request.
#[derive(Clone, Copy)]
pub enum Credential<'c> {
    /// `Authorization: <access key>`, without a scheme.
    Key(&'c str),
    /// The token in the session's cookie.
    Session(&'c str),
}

impl<'c> Credential<'c> {
    /// The name of the session cookie.
    pub const COOKIE: &'static str = "authorisation";

    /// The credential of a request. An access key takes precedence over a session; an empty header counts as absent.
    pub fn from_request(call: &'c Call<'_>) -> Option<Self> {
        let key = call.header("authorization").filter(|key| !key.is_empty());
        key.map(Self::Key).or_else(|| Self::session_of_request(call))
    }

    /// The session of a request, even if it also has an access key.
    pub fn session_of_request(call: &'c Call<'_>) -> Option<Self> {
        let mut pairs = call.header("cookie")?.split(';').filter_map(|pair| pair.trim_matches(' ').split_once('='));
        pairs.find(|(name, _)| *name == Self::COOKIE).map(|(_, token)| Self::Session(token))
    }

    /// The key of the entry that maps the credential to its user.
    fn entry_key(self) -> Key {
        match self {
            Self::Key(key) => access_key_entry(&digest(key.as_bytes())),
            Self::Session(token) => session_key(&digest(token.as_bytes())),
        }
    }

    /// Verifies that the credential still belongs to this user.
    pub fn verify(self, tx: &Transaction<'_>, user: &User) -> Option<Verified> {
        match self {
            Self::Key(key) => tx.verify_secret(key, &user.access_key.digest()),
            Self::Session(token) => user.sessions.iter().find_map(|session| tx.verify_secret(token, session)),
        }
    }
}

/// An authenticated user, and what decides about the request.
pub struct Session {
    pub user: User,
    pub settings: Settings,
    /// Records with only the data that affects this request of this user.
    pub records: Records,
    subject: Subject,
    /// Whether access keys are shown only once, in the response to the request that creates them.
    hides_keys: bool,
}

/// Authenticates an active user by the product's credentials, or by the id that the host authenticated.
///
/// # Errors
///
/// [`Interrupt`]: 401.
pub fn authenticate(tx: &mut Transaction<'_>, call: &Call<'_>, segments: &[String]) -> Result<Session, Interrupt> {
    let api = Path::parse(call.path).and_then(|path| path.api().or(path.measured_api()));
    let credential = Credential::from_request(call);
    let key = match call.identity {
        Some(id) => user_key(id),
        None => credential.ok_or(NOT_AUTHORISED)?.entry_key(),
    };
    let mut keys = vec![settings_key(), key.clone()];
    keys.extend(api.map(api_key));
    // The entry that the request names is read together with the others.
    if let [_, kind, id, ..] = segments {
        keys.extend((kind == "users").then(|| user_key(id)));
        keys.extend((kind == "usergroups").then(|| group_key(id)));
    }
    tx.read_all(&keys)?;
    let settings = settings::read_settings(tx)?;
    let user = match (call.identity, credential) {
        (Some(id), _) => stored::read_user(tx, id)?.filter(|user| user.active).ok_or(Fault::Unauthorized)?,
        (None, Some(credential)) => {
            let Some(id) = tx.read_entry(&key)?.and_then(Value::text) else { return Err(NOT_AUTHORISED.into()) };
            let user = stored::read_user(tx, id)?.filter(|user| user.active).ok_or(NOT_AUTHORISED)?;
            credential.verify(tx, &user).ok_or(NOT_AUTHORISED)?;
            user
        }
        (None, None) => return Err(NOT_AUTHORISED.into()),
    };
    tx.actor(&user.id, &user_key(&user.id));
    let document = records_for_request(tx, &settings, &user, api)?;
    let records = tx.parse_records::<Tyk>(&document)?;
    let subject = Tyk::subject(&records, Some(&user.id));
    Ok(Session { user, settings, records, subject, hides_keys: tx.is_strict() })
}

/// The records that affect decisions about a user and an API.
fn records_for_request(
    tx: &mut Transaction<'_>,
    settings: &Settings,
    user: &User,
    api: Option<&str>,
) -> Result<Value, Interrupt> {
    let user_record = Value::object([
        ("id", user.id.as_str().into()),
        ("org_id", user.org.as_str().into()),
        ("active", user.active.into()),
        ("group_id", user.group.as_str().into()),
        ("user_permissions", user.permissions.clone()),
    ]);
    let mut members =
        vec![("config".to_owned(), settings.config.clone()), ("users".to_owned(), Value::List(vec![user_record]))];
    members.extend(settings.map.clone().map(|map| ("permissions".to_owned(), map)));
    if !user.group.is_empty() {
        // The group may belong to another organisation: the rules check that.
        let group = tx.read_entry(&group_key(&user.group))?.cloned();
        members.push(("groups".to_owned(), Value::List(group.into_iter().collect())));
    }
    if let Some(api) = api {
        let mut entry = tx.read_entry(&api_key(api))?.cloned();
        // The rules deny an escaped id if any API has owners or an organisation.
        if is_escaped(api) && settings.are_apis_limited {
            entry = Some(Value::object([("id", "limited".into()), ("org_id", "".into())]));
        }
        members.push(("apis".to_owned(), Value::List(entry.into_iter().collect())));
    }
    Ok(Value::Object(members))
}

impl Session {
    /// Authorizes the request, or returns the refusal.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    pub fn authorize(&self, tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Authorized, Interrupt> {
        let action = Action::from_word(call.method).filter(|action| classify_action(*action).0 == ResourceKind::Path);
        let Some(requested) = action else {
            return Err(denied_response(&Ruling::deny(Rule::UnknownAction), None, call.path));
        };
        let resource = format!("path:{}", call.path);
        let decision = tx.decide::<Tyk>(&self.records, &self.subject, requested, &resource, &Value::Null);
        decision.map_err(|ruling| denied_response(&ruling, action, call.path))
    }

    /// Requires that the caller may make this user an admin.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    pub fn require_make_admin(&self, tx: &mut Transaction<'_>, id: &str) -> Result<(), Interrupt> {
        let resource = format!("user:{id}");
        match tx.decide::<Tyk>(&self.records, &self.subject, Action::MakeAdmin, &resource, &Value::Null) {
            Ok(_) => Ok(()),
            Err(Ruling { rule: Rule::SuperAdminMakesAdmins, .. }) => Err(SUPER_ADMIN_GRANT.into()),
            Err(_) => Err(ADMIN_GRANT.into()),
        }
    }

    /// A new access key for the response, if it is not shown later.
    pub fn new_key_json(&self, access_key: &AccessKey) -> Value {
        access_key.clear_text().filter(|_| self.hides_keys).map_or(Value::Null, Value::from)
    }

    /// A user as JSON, with the access key if the caller may see it. This decision is not logged, because a list
    /// would log one for each user.
    pub fn user_json(&self, user: &User) -> Value {
        let resource = format!("user:{}", user.id);
        if self.hides_keys {
            user.to_json_without_key()
        } else if Tyk::decide(&self.records, &self.subject, Action::ViewKey, &resource, Details::NONE).allow {
            user.to_json()
        } else {
            user.to_json_without_key()
        }
    }

    /// The user with this id, if it belongs to the caller's organisation.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: it must be read first, or can not be.
    pub fn find_user(&self, tx: &mut Transaction<'_>, id: &str) -> Result<Option<User>, Interrupt> {
        Ok(stored::read_user(tx, id)?.filter(|user| user.org == self.user.org))
    }
}
