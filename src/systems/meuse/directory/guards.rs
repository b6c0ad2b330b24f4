//! What the strict guards compare.

use super::super::{Action, Meuse};
use super::stored::{crate_key, Crate, User};
use crate::directory::prelude::{Fault, Holder, Interrupt, Owned, View};
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::word::Word as _;

/// One question for each role: only an admin makes users, nobody else but a `tech` user publishes a new crate.
const QUESTIONS: [(Action, &str); 3] =
    [(Action::UserCreate, "users"), (Action::CratePublish, "crate:new@1.0.0"), (Action::CrateList, "crates")];

/// A user, and which crates it owns of those that had an owner before the call: a crate that the call publishes, or one
/// without owners, is open to be given.
///
/// Admins manage users who own crates, though they do not own them: they change roles, switch users off and on, take
/// owners away and delete users. What would make an admin an owner by way of another account is refused: a new owner of
/// a crate that the caller does not own, a new password for an owner of one, and the loss of its last owner.
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
