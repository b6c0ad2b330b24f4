//! A caller who signed in, and what it may.

use super::super::domain::{RoleName, UserName};
use super::super::vocabulary::Action;
use super::super::{access, Wso2};
use super::book::{Book, Settings};
use super::privileges::Privileges;
use super::responses::{Face, Refusal, NO_PERMISSION, UNAUTHORIZED};
use super::stored::{role_key, user_key, Role, User};
use crate::directory::prelude::{basic, Authorized, Call, Fault, Interrupt, Throttle, Transaction, Verified};
use crate::document::value::Value;

/// The longest password, in bytes, whatever a store allows.
pub const PASSWORD_MAX: usize = 1_024;

/// Somebody at work.
pub struct Session<'s> {
    pub settings: &'s Settings,
    pub face: Face,
    /// The caller as its entry has it, or will have it after this call.
    pub caller: User,
    book: Book,
}

impl<'s> Session<'s> {
    /// Signs a caller in by `Authorization: Basic`, or as the user whom the host authenticated. An old hash is replaced with the changes of the call.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 401 whoever it is that may not.
    pub fn enter(
        tx: &mut Transaction<'_>,
        call: &Call<'_>,
        settings: &'s Settings,
        face: Face,
    ) -> Result<Self, Interrupt> {
        if let Some(name) = call.identity {
            return Self::identified(tx, settings, face, name);
        }
        let credentials = call.header("authorization").and_then(basic).ok_or_else(|| face.refuse(UNAUTHORIZED))?;
        let written = settings.without_tenant(&credentials.name);
        let name = settings.user(written);
        let throttle = throttle(tx, name.as_ref().ok_or(written), call);
        tx.prefetch(std::slice::from_ref(throttle.key()));
        let mut caller = match &name {
            Some(name) => stored(tx, name)?,
            None => None,
        };
        // Whoever comes in needs them, and they come together with the verification. Nobody needs none, and takes as
        // long all the same.
        let roles = caller.as_ref().map(|user| user.roles.as_slice()).unwrap_or_default();
        let keys: Vec<_> = roles.iter().chain([&settings.everyone]).map(|id| role_key(id)).collect();
        tx.prefetch(&keys);
        let verified = verify(tx, &throttle, caller.as_ref(), &credentials.password, true)?;
        let (Some(name), Some(user), Some(verified)) = (name, &mut caller, verified) else {
            return Err(face.refuse(UNAUTHORIZED));
        };
        tx.actor(&user.name, &user_key(&name));
        if verified.is_outdated() {
            user.hash = Some(tx.rehash(&credentials.password)?);
            tx.put(&verified.authorized(), &user_key(&name), user.value())?;
        }
        let user = user.clone();
        Self::of(tx, settings, face, &name, user)
    }

    /// The user whom the host authenticated.
    fn identified(tx: &mut Transaction<'_>, settings: &'s Settings, face: Face, name: &str) -> Result<Self, Interrupt> {
        let name = settings.user(name).ok_or(Fault::Unauthorized)?;
        let user = stored(tx, &name)?.filter(User::is_active).ok_or(Fault::Unauthorized)?;
        tx.actor(&user.name, &user_key(&name));
        Self::of(tx, settings, face, &name, user)
    }

    fn of(
        tx: &mut Transaction<'_>,
        settings: &'s Settings,
        face: Face,
        name: &UserName<'_, '_>,
        caller: User,
    ) -> Result<Self, Interrupt> {
        let mut session = Self { settings, face, caller, book: Book::default() };
        session.user(tx, name)?;
        Ok(session)
    }

    /// The answer that says no.
    pub fn refuse(&self, refusal: Refusal) -> Interrupt {
        self.face.refuse(refusal)
    }

    /// A user's entry alone: the rules learn nothing of it.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn entry(&self, tx: &mut Transaction<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Interrupt> {
        Ok(stored(tx, name)?.map(|user| self.as_after(user)))
    }

    /// The user with the new hash, if it is the caller and had an old one.
    fn as_after(&self, mut user: User) -> User {
        if user.id == self.caller.id {
            user.hash.clone_from(&self.caller.hash);
        }
        user
    }

    /// A user, looked up for the rules too.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn user(&mut self, tx: &mut Transaction<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Interrupt> {
        let user = self.book.user(tx, self.settings, name)?;
        Ok(user.map(|user| self.as_after(user)))
    }

    /// The user with this identifier of SCIM.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn user_by_id(&mut self, tx: &mut Transaction<'_>, id: &str) -> Result<Option<User>, Interrupt> {
        let Some(name) = Book::name_of(tx, id)? else { return Ok(None) };
        let name = self.settings.user(&name).ok_or(Fault::Internal)?;
        Ok(self.user(tx, &name)?.filter(|user| user.id == id))
    }

    /// Roles by their names, looked up for the rules too.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn roles(
        &mut self,
        tx: &mut Transaction<'_>,
        names: &[RoleName<'_, '_>],
    ) -> Result<Vec<Option<Role>>, Interrupt> {
        self.book.roles(tx, names)
    }

    /// Roles by their identifiers: those that are there.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn roles_by_id(&mut self, tx: &mut Transaction<'_>, ids: &[String]) -> Result<Vec<Role>, Interrupt> {
        self.book.roles_by_id(tx, ids.iter())
    }

    /// The rules that wait for a new name.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn waiting(&mut self, tx: &mut Transaction<'_>, key: &str) -> Result<Vec<Value>, Interrupt> {
        self.book.waiting(tx, key)
    }

    /// Leave to do what takes one of these permissions.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: 403.
    // Source: WSO2 identity framework, `META-INF/services.xml`; axis2's AuthorizationHandler: one of them is enough.
    pub fn may(&self, tx: &mut Transaction<'_>, needs: &[&str]) -> Result<Authorized, Interrupt> {
        let records = self.book.records(self.settings)?;
        let caller = access::resolve_user(&records, Some(&self.caller.name));
        for path in needs {
            if let Ok(authorized) = tx.decide::<Wso2>(&records, &caller, Action::UiExecute, path, &Value::Null) {
                return Ok(authorized);
            }
        }
        Err(self.refuse(NO_PERMISSION))
    }

    /// The rules on privileges, over all that was looked up so far.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn privileges(&self) -> Result<Privileges, Interrupt> {
        Ok(Privileges::new(self.book.records(self.settings)?, &self.caller.name))
    }

    /// A rule's verdict as an answer.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn hold<T>(&self, verdict: Result<T, Refusal>) -> Result<T, Interrupt> {
        verdict.map_err(|refusal| self.refuse(refusal))
    }
}

/// The user of this name, as its entry has it.
///
/// # Errors
///
/// [`Interrupt`].
pub fn stored(tx: &mut Transaction<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Interrupt> {
    let Some(value) = tx.read(&user_key(name))? else { return Ok(None) };
    Ok(Some(User::read(value).ok_or(Fault::Internal)?))
}

/// The throttle on guesses at a user's password. A name that none of the stores takes counts as it is written.
pub fn throttle(tx: &Transaction<'_>, name: Result<&UserName<'_, '_>, &str>, call: &Call<'_>) -> Throttle {
    match name {
        Ok(name) => Throttle::new(tx, user_key(name).text(), call.client),
        Err(written) => Throttle::new(tx, written, call.client),
    }
}

/// Whether this is the user's password. The work is the same for a user who is not there, or not active.
///
/// # Errors
///
/// [`Interrupt`].
pub fn verify(
    tx: &mut Transaction<'_>,
    throttle: &Throttle,
    user: Option<&User>,
    password: &str,
    remember: bool,
) -> Result<Option<Verified>, Interrupt> {
    let stored = user.filter(|user| user.is_active()).and_then(|user| user.hash.as_deref());
    // It is nobody's, and no guess that would have to be counted.
    if password.len() > PASSWORD_MAX {
        return tx.spend_attempt().map(|()| None);
    }
    throttle.verify(tx, password, stored, remember)
}
