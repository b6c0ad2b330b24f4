//! What the strict guards compare.

use super::super::{Action, Meuse};
use super::stored::{crate_key, User};
use crate::directory::{Fault, Holder, Stop, View};
use crate::system::System as _;
use crate::value::Value;
use crate::word::Word as _;

/// One question for each role: only an admin makes users, nobody else but a `tech` user publishes a new crate.
const QUESTIONS: [(Action, &str); 3] =
    [(Action::UserCreate, "users"), (Action::CratePublish, "crate:new@1.0.0"), (Action::CrateList, "crates")];

/// A user. Which crates it owns is the crates' business, but nobody makes themselves an owner; a crate that the
/// same call publishes was nobody's.
///
/// # Errors
///
/// [`Stop`].
pub(super) fn holder(view: &mut View<'_, '_>, value: &Value) -> Result<Holder<Meuse>, Stop> {
    let mut user = User::read(value).ok_or(Fault::Internal)?;
    let mut owns = std::mem::take(&mut user.owns);
    let keys: Vec<_> = owns.iter().map(|name| crate_key(name)).collect();
    let mut before = view.read_all_before(&keys)?.into_iter();
    owns.retain(|_| before.next().flatten().is_some());
    let (name, role) = (Value::from(user.name.as_str()), Value::from(user.role.word()));
    let record = Value::object([("name", name), ("role", role), ("active", true.into())]);
    let records = view.records::<Meuse>(&Value::object([("users", Value::List(vec![record]))]))?;
    let subject = Meuse::subject(&records, Some(&user.name));
    let questions = QUESTIONS.map(|(action, resource)| (action, resource.to_owned())).to_vec();
    let holder = Holder::new(user.name.clone(), records, subject, questions, user.written());
    let is_admin = user.active && user.hash.is_some() && holder.may(Action::UserCreate, "users");
    Ok(Holder { owns, is_active: user.active, administers: is_admin.then(String::new), ..holder })
}
