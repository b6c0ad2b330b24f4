//! Authenticated callers and their rights.

use super::super::domain::{RoleName, UserName};
use super::super::vocabulary::Action;
use super::super::{access, Wso2};
use super::loaded::LoadedState;
use super::privileges::Privileges;
use super::responses::{ErrorFormat, Refusal, NO_PERMISSION, UNAUTHORIZED};
use super::settings::Settings;
use super::stored::{role_key, user_key, Role, User};
use crate::directory::prelude::{basic, Authorized, Call, Fault, Interrupt, Throttle, Transaction, Verified};
use crate::document::value::Value;

/// The longest password in bytes, even if a store allows more.
pub const PASSWORD_MAX: usize = 1_024;

/// An authenticated caller, and the users and roles that the request has loaded.
pub struct Session<'s> {
    pub settings: &'s Settings,
    pub format: ErrorFormat,
    /// The caller as stored, or as it will be stored by this request.
    pub caller: User,
    loaded: LoadedState,
}

impl<'s> Session<'s> {
    /// Authenticates a caller by `Authorization: Basic`, or as the user whom the host authenticated. A hash in an old
    /// format is replaced together with the changes of the request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 401, for every reason.
    pub fn authenticate(
        tx: &mut Transaction<'_>,
        call: &Call<'_>,
        settings: &'s Settings,
        format: ErrorFormat,
    ) -> Result<Self, Interrupt> {
        if let Some(name) = call.identity {
            return Self::authenticate_by_host(tx, settings, format, name);
        }
        let credentials = call.header("authorization").and_then(basic).ok_or_else(|| format.refuse(UNAUTHORIZED))?;
        let sent_name = settings.without_tenant(&credentials.name);
        let name = settings.user(sent_name);
        let throttle = throttle_for(tx, name.as_ref().ok_or(sent_name), call);
        tx.prefetch(std::slice::from_ref(throttle.key()));
        let mut caller = match &name {
            Some(name) => read_user(tx, name)?,
            None => None,
        };
        // An authenticated caller needs its roles, so they are read together with the verification. An unknown caller
        // needs none, and takes the same time.
        let roles = caller.as_ref().map(|user| user.roles.as_slice()).unwrap_or_default();
        let keys: Vec<_> = roles.iter().chain([&settings.everyone]).map(|id| role_key(id)).collect();
        tx.prefetch(&keys);
        let verified = verify_password(tx, &throttle, caller.as_ref(), &credentials.password, true)?;
        let (Some(name), Some(user), Some(verified)) = (name, &mut caller, verified) else {
            return Err(format.refuse(UNAUTHORIZED));
        };
        tx.actor(&user.name, &user_key(&name));
        if verified.is_outdated() {
            user.hash = Some(tx.rehash(&credentials.password)?);
            tx.put(&verified.authorized(), &user_key(&name), user.to_value())?;
        }
        let user = user.clone();
        Self::load(tx, settings, format, &name, user)
    }

    /// Authenticates the user whom the host authenticated.
    fn authenticate_by_host(
        tx: &mut Transaction<'_>,
        settings: &'s Settings,
        format: ErrorFormat,
        name: &str,
    ) -> Result<Self, Interrupt> {
        let name = settings.user(name).ok_or(Fault::Unauthorized)?;
        let user = read_user(tx, &name)?.filter(User::is_active).ok_or(Fault::Unauthorized)?;
        tx.actor(&user.name, &user_key(&name));
        Self::load(tx, settings, format, &name, user)
    }

    fn load(
        tx: &mut Transaction<'_>,
        settings: &'s Settings,
        format: ErrorFormat,
        name: &UserName<'_, '_>,
        caller: User,
    ) -> Result<Self, Interrupt> {
        let mut session = Self { settings, format, caller, loaded: LoadedState::default() };
        session.load_user(tx, name)?;
        Ok(session)
    }

    /// The error response of a refusal.
    pub fn refuse(&self, refusal: Refusal) -> Interrupt {
        self.format.refuse(refusal)
    }

    /// Reads a user's entry without loading it for the rules.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn read_user_entry(
        &self,
        tx: &mut Transaction<'_>,
        name: &UserName<'_, '_>,
    ) -> Result<Option<User>, Interrupt> {
        Ok(read_user(tx, name)?.map(|user| self.with_new_hash(user)))
    }

    /// The user with the new hash, if it is the caller whose hash is replaced.
    fn with_new_hash(&self, mut user: User) -> User {
        if user.id == self.caller.id {
            user.hash.clone_from(&self.caller.hash);
        }
        user
    }

    /// Loads a user, for the rules too.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_user(&mut self, tx: &mut Transaction<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Interrupt> {
        let user = self.loaded.load_user(tx, self.settings, name)?;
        Ok(user.map(|user| self.with_new_hash(user)))
    }

    /// Loads the user with this SCIM id.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_user_by_id(&mut self, tx: &mut Transaction<'_>, id: &str) -> Result<Option<User>, Interrupt> {
        let Some(name) = LoadedState::read_user_name(tx, id)? else { return Ok(None) };
        let name = self.settings.user(&name).ok_or(Fault::Internal)?;
        Ok(self.load_user(tx, &name)?.filter(|user| user.id == id))
    }

    /// Loads roles by name, for the rules too.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_roles(
        &mut self,
        tx: &mut Transaction<'_>,
        names: &[RoleName<'_, '_>],
    ) -> Result<Vec<Option<Role>>, Interrupt> {
        self.loaded.load_roles(tx, names)
    }

    /// Loads the existing roles among these ids.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_roles_by_id(&mut self, tx: &mut Transaction<'_>, ids: &[String]) -> Result<Vec<Role>, Interrupt> {
        self.loaded.load_roles_by_id(tx, ids.iter())
    }

    /// Loads the pending rules for a new name.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load_pending_rules(&mut self, tx: &mut Transaction<'_>, key: &str) -> Result<Vec<Value>, Interrupt> {
        self.loaded.load_pending_rules(tx, key)
    }

    /// Requires one of these permissions and authorizes the request.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    // Source: WSO2 identity framework, `META-INF/services.xml`; axis2's AuthorizationHandler: one of them is enough.
    pub fn require_permission(&self, tx: &mut Transaction<'_>, needs: &[&str]) -> Result<Authorized, Interrupt> {
        let records = self.loaded.build_records(self.settings)?;
        let caller = access::resolve_user(&records, Some(&self.caller.name));
        for path in needs {
            if let Ok(authorized) = tx.decide::<Wso2>(&records, &caller, Action::UiExecute, path, &Value::Null) {
                return Ok(authorized);
            }
        }
        Err(self.refuse(NO_PERMISSION))
    }

    /// The rules on privileges, for everything that was loaded so far.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn privileges(&self) -> Result<Privileges, Interrupt> {
        Ok(Privileges::new(self.loaded.build_records(self.settings)?, &self.caller.name))
    }

    /// Converts the refusal of a check into a response.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn or_refuse<T>(&self, verdict: Result<T, Refusal>) -> Result<T, Interrupt> {
        verdict.map_err(|refusal| self.refuse(refusal))
    }
}

/// Reads the user with this name.
///
/// # Errors
///
/// [`Interrupt`].
pub fn read_user(tx: &mut Transaction<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Interrupt> {
    let Some(value) = tx.read_entry(&user_key(name))? else { return Ok(None) };
    Ok(Some(User::from_value(value).ok_or(Fault::Internal)?))
}

/// The throttle for attempts at a user's password. A name without a matching store is throttled as written.
pub fn throttle_for(tx: &Transaction<'_>, name: Result<&UserName<'_, '_>, &str>, call: &Call<'_>) -> Throttle {
    match name {
        Ok(name) => Throttle::new(tx, user_key(name).text(), call.client),
        Err(sent_name) => Throttle::new(tx, sent_name, call.client),
    }
}

/// Verifies a user's password. The work is the same for an unknown or inactive user.
///
/// # Errors
///
/// [`Interrupt`].
pub fn verify_password(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    user: Option<&User>,
    password: &str,
    remember: bool,
) -> Result<Option<Verified>, Interrupt> {
    let stored = user.filter(|user| user.is_active()).and_then(|user| user.hash.as_deref());
    // No password is this long, so the attempt is not counted.
    if password.len() > PASSWORD_MAX {
        return tx.spend_attempt().map(|()| None);
    }
    throttle.verify(tx, password, stored, remember)
}
