//! The questions that the strict guards compare.

use super::super::{Action, Antmedia};
use super::stored::User;
use crate::directory::prelude::{Fault, Holder, Interrupt, Key, View};
use crate::document::value::Value;
use crate::system::System as _;

/// The panel: every type in `system` can read it, and an `ADMIN` of `system` can write it.
const USERS: &str = "system:users";

/// The privileges of a stored user.
///
/// # Errors
///
/// [`Fault::Internal`].
pub fn user_holder(view: &View<'_, '_>, key: &Key, value: &Value) -> Result<Holder<Antmedia>, Interrupt> {
    let user = User::from_value(value).ok_or(Fault::Internal)?;
    let email = Key::last_name(key.text());
    let records =
        view.parse_records::<Antmedia>(&Value::object([("users", Value::List(vec![user.to_record(&email)]))]))?;
    let subject = Antmedia::subject(&records, Some(&email));
    // `any` represents every application without a grant of its own.
    let mut applications = vec!["any"];
    applications.extend(user.profile_text("scope"));
    if let Some(Value::Object(types)) = user.profile.get("appNameUserType") {
        applications.extend(types.iter().map(|(application, _)| application.as_str()));
    }
    let mut questions = vec![(Action::Read, USERS.to_owned()), (Action::Update, USERS.to_owned())];
    for name in applications {
        questions.push((Action::Read, format!("app:{name}/broadcasts")));
        questions.push((Action::Update, format!("app:{name}/broadcasts")));
        questions.push((Action::Update, format!("app:{name}/section")));
        questions.push((Action::Update, format!("app-settings:{name}")));
        questions.push((Action::Delete, format!("application:{name}")));
    }
    let holder = Holder::new(email.clone(), records, subject, questions, value.clone());
    let is_admin = user.hash.is_some() && holder.can(Action::Update, USERS);
    Ok(Holder { administers: is_admin.then(String::new), ..holder })
}
