//! The questions that the strict guards compare.

use super::super::{Action, Meuse};
use super::stored::{crate_key, Crate, User};
use crate::directory::prelude::{Fault, Holder, Interrupt, Owned, View};
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::word::Word as _;

/// One question for each role: only an admin can create users, and only a `tech` user or an admin can publish a new
/// crate.
const QUESTIONS: [(Action, &str); 3] =
    [(Action::UserCreate, "users"), (Action::CratePublish, "crate:new@1.0.0"), (Action::CrateList, "crates")];

/// The privileges of a stored user, and the crates that it owns. Crates that had no owner before the call are not
/// compared, so a call can publish a new crate, or add an owner to a crate without owners.
///
/// Admins can change the roles of users, activate, deactivate and delete them, and remove owners, also if these users
/// own crates that the admin does not own. The guards reject changes by which an admin could become an owner through
/// another account. These are: adding an owner to a crate that the caller does not own, setting the password of an
/// owner of such a crate, and removing its last owner.
///
/// # Errors
///
/// [`Interrupt`].
pub(super) fn user_holder(view: &mut View<'_, '_>, value: &Value) -> Result<Holder<Meuse>, Interrupt> {
    let mut user = User::from_value(value).ok_or(Fault::Internal)?;
    let names = std::mem::take(&mut user.owns);
    let keys: Vec<_> = names.iter().map(|name| crate_key(name)).collect();
    let mut owns = Vec::new();
    for (name, entry) in names.into_iter().zip(view.read_all_before(&keys)?) {
        let Some(entry) = entry else { continue };
        let owners = Crate::from_value(&entry).ok_or(Fault::Internal)?.owners.len();
        if owners > 0 {
            owns.push(Owned { name, owners });
        }
    }
    let (name, role) = (Value::from(user.name.as_str()), Value::from(user.role.word()));
    let record = Value::object([("name", name), ("role", role), ("active", true.into())]);
    let records = view.parse_records::<Meuse>(&Value::object([("users", Value::List(vec![record]))]))?;
    let subject = Meuse::subject(&records, Some(&user.name));
    let questions = QUESTIONS.map(|(action, resource)| (action, resource.to_owned())).to_vec();
    let holder = Holder::new(user.name.clone(), records, subject, questions, user.to_value());
    let is_admin = user.active && user.hash.is_some() && holder.can(Action::UserCreate, "users");
    let administers = is_admin.then(String::new);
    Ok(Holder { owns, secret: user.hash, is_active: user.active, administers, ..holder })
}
