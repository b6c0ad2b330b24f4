//! A caller who signed in, and what it may.

use super::super::domain::{RoleName, UserName};
use super::super::vocabulary::Action;
use super::super::{access, Wso2};
use super::answers::{Face, Refusal, NO_PERMISSION, UNAUTHORIZED};
use super::book::{Book, Settings};
use super::privileges::Privileges;
use super::stored::{role_key, user_key, Role, User};
use crate::directory::prelude::{basic, Brake, Call, Fault, Permit, Stop, Verified, World};
use crate::document::value::Value;

/// The longest password, in bytes, whatever a store allows.
pub const PASSWORD_MAX: usize = 1_024;

/// Somebody at work.
pub struct Visit<'s> {
    pub settings: &'s Settings,
    pub face: Face,
    /// The caller as its entry has it, or will have it after this call.
    pub caller: User,
    book: Book,
}

impl<'s> Visit<'s> {
    /// Signs a caller in by `Authorization: Basic`, or as the user whom the host authenticated. An old hash is replaced with the changes of the call.
    ///
    /// # Errors
    ///
    /// [`Stop`]: 401 whoever it is that may not.
    pub fn enter(world: &mut World<'_>, call: &Call<'_>, settings: &'s Settings, face: Face) -> Result<Self, Stop> {
        if let Some(name) = call.identity {
            return Self::identified(world, settings, face, name);
        }
        let credentials = call.header("authorization").and_then(basic).ok_or_else(|| face.refuse(UNAUTHORIZED))?;
        let written = settings.without_tenant(&credentials.name);
        let name = settings.user(written);
        let brake = brake(world, name.as_ref().ok_or(written), call);
        world.prefetch(std::slice::from_ref(brake.key()));
        let mut caller = match &name {
            Some(name) => stored(world, name)?,
            None => None,
        };
        // Whoever comes in needs them, and they come together with the verification. Nobody needs none, and takes as
        // long all the same.
        let roles = caller.as_ref().map(|user| user.roles.as_slice()).unwrap_or_default();
        let keys: Vec<_> = roles.iter().chain([&settings.everyone]).map(|id| role_key(id)).collect();
        world.prefetch(&keys);
        let verified = verify(world, &brake, caller.as_ref(), &credentials.password, true)?;
        let (Some(name), Some(user), Some(verified)) = (name, &mut caller, verified) else {
            return Err(face.refuse(UNAUTHORIZED));
        };
        world.actor(&user.name, &user_key(&name));
        if verified.is_outdated() {
            user.hash = Some(world.rehash(&credentials.password)?);
            world.put(&verified.permit(), &user_key(&name), user.value())?;
        }
        let user = user.clone();
        Self::of(world, settings, face, &name, user)
    }

    /// The user whom the host authenticated.
    fn identified(world: &mut World<'_>, settings: &'s Settings, face: Face, name: &str) -> Result<Self, Stop> {
        let name = settings.user(name).ok_or(Fault::Unauthorized)?;
        let user = stored(world, &name)?.filter(User::is_active).ok_or(Fault::Unauthorized)?;
        world.actor(&user.name, &user_key(&name));
        Self::of(world, settings, face, &name, user)
    }

    fn of(
        world: &mut World<'_>,
        settings: &'s Settings,
        face: Face,
        name: &UserName<'_, '_>,
        caller: User,
    ) -> Result<Self, Stop> {
        let mut visit = Self { settings, face, caller, book: Book::default() };
        visit.user(world, name)?;
        Ok(visit)
    }

    /// The answer that says no.
    pub fn refuse(&self, refusal: Refusal) -> Stop {
        self.face.refuse(refusal)
    }

    /// A user's entry alone: the rules learn nothing of it.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn entry(&self, world: &mut World<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Stop> {
        Ok(stored(world, name)?.map(|user| self.as_after(user)))
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
    /// [`Stop`].
    pub fn user(&mut self, world: &mut World<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Stop> {
        let user = self.book.user(world, self.settings, name)?;
        Ok(user.map(|user| self.as_after(user)))
    }

    /// The user with this identifier of SCIM.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn user_by_id(&mut self, world: &mut World<'_>, id: &str) -> Result<Option<User>, Stop> {
        let Some(name) = Book::name_of(world, id)? else { return Ok(None) };
        let name = self.settings.user(&name).ok_or(Fault::Internal)?;
        Ok(self.user(world, &name)?.filter(|user| user.id == id))
    }

    /// Roles by their names, looked up for the rules too.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn roles(&mut self, world: &mut World<'_>, names: &[RoleName<'_, '_>]) -> Result<Vec<Option<Role>>, Stop> {
        self.book.roles(world, names)
    }

    /// Roles by their identifiers: those that are there.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn roles_by_id(&mut self, world: &mut World<'_>, ids: &[String]) -> Result<Vec<Role>, Stop> {
        self.book.roles_by_id(world, ids.iter())
    }

    /// The rules that wait for a new name.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn waiting(&mut self, world: &mut World<'_>, key: &str) -> Result<Vec<Value>, Stop> {
        self.book.waiting(world, key)
    }

    /// Leave to do what takes one of these permissions.
    ///
    /// # Errors
    ///
    /// [`Stop`]: 403.
    // Source: WSO2 identity framework, `META-INF/services.xml`; axis2's AuthorizationHandler: one of them is enough.
    pub fn may(&self, world: &mut World<'_>, needs: &[&str]) -> Result<Permit, Stop> {
        let records = self.book.records(self.settings)?;
        let caller = access::user(&records, Some(&self.caller.name));
        for path in needs {
            if let Ok(permit) = world.decide::<Wso2>(&records, &caller, Action::UiExecute, path, &Value::Null) {
                return Ok(permit);
            }
        }
        Err(self.refuse(NO_PERMISSION))
    }

    /// The rules on privileges, over all that was looked up so far.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn privileges(&self) -> Result<Privileges, Stop> {
        Ok(Privileges::new(self.book.records(self.settings)?, &self.caller.name))
    }

    /// A rule's verdict as an answer.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn hold<T>(&self, verdict: Result<T, Refusal>) -> Result<T, Stop> {
        verdict.map_err(|refusal| self.refuse(refusal))
    }
}

/// The user of this name, as its entry has it.
///
/// # Errors
///
/// [`Stop`].
pub fn stored(world: &mut World<'_>, name: &UserName<'_, '_>) -> Result<Option<User>, Stop> {
    let Some(value) = world.read(&user_key(name))? else { return Ok(None) };
    Ok(Some(User::read(value).ok_or(Fault::Internal)?))
}

/// The brake on guesses at a user's password. A name that none of the stores takes counts as it is written.
pub fn brake(world: &World<'_>, name: Result<&UserName<'_, '_>, &str>, call: &Call<'_>) -> Brake {
    match name {
        Ok(name) => Brake::new(world, user_key(name).text(), call.client),
        Err(written) => Brake::new(world, written, call.client),
    }
}

/// Whether this is the user's password. The work is the same for a user who is not there, or not active.
///
/// # Errors
///
/// [`Stop`].
pub fn verify(
    world: &mut World<'_>,
    brake: &Brake,
    user: Option<&User>,
    password: &str,
    remember: bool,
) -> Result<Option<Verified>, Stop> {
    let stored = user.filter(|user| user.is_active()).and_then(|user| user.hash.as_deref());
    // It is nobody's, and no guess that would have to be counted.
    if password.len() > PASSWORD_MAX {
        return world.spend_attempt().map(|()| None);
    }
    brake.verify(world, password, stored, remember)
}
