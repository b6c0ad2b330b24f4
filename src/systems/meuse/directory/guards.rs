//! What the strict guards compare.

use super::super::{Action, Meuse};
use super::stored::User;
use crate::directory::{Fault, Holder, Stop, View};
use crate::system::System as _;
use crate::value::Value;
use crate::word::Word as _;

/// One question for each role: only an admin makes users, nobody else but a `tech` user publishes a new crate.
const QUESTIONS: [(Action, &str); 3] =
    [(Action::UserCreate, "users"), (Action::CratePublish, "crate:new@1.0.0"), (Action::CrateList, "crates")];

/// A user. Which crates it owns is the crates' business.
///
/// # Errors
///
/// [`Fault::Internal`].
pub(super) fn holder(view: &View<'_, '_>, value: &Value) -> Result<Holder<Meuse>, Stop> {
    let mut user = User::read(value).ok_or(Fault::Internal)?;
    let (name, role) = (Value::from(user.name.as_str()), Value::from(user.role.word()));
    let record = Value::object([("name", name), ("role", role), ("active", true.into())]);
    let records = view.records::<Meuse>(&Value::object([("users", Value::List(vec![record]))]))?;
    let subject = Meuse::subject(&records, Some(&user.name));
    user.owns.clear();
    let holder = Holder {
        name: user.name.clone(),
        records,
        subject,
        questions: QUESTIONS.map(|(action, resource)| (action, resource.to_owned())).to_vec(),
        managed: user.written(),
        is_active: user.active,
        administers: None,
    };
    let is_admin = user.active && user.hash.is_some() && holder.may(Action::UserCreate, "users");
    Ok(Holder { administers: is_admin.then(String::new), ..holder })
}
