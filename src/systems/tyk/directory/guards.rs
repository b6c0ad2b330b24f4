//! What the strict guards compare.

use super::super::permissions::section_name;
use super::super::{Action, Tyk};
use super::stored::{group_key, members, settings_key, without, User};
use crate::directory::{Fault, Holder, Key, Stop, View};
use crate::system::System as _;
use crate::value::Value;

/// Whether one is an admin. It needs no record of the user who would be made one.
const MAKE_ADMIN: (Action, &str) = (Action::MakeAdmin, "user:any");

/// What nothing but a permission of its own opens, or being an admin.
const OF_ADMINS: [(Action, &str); 3] = [
    MAKE_ADMIN,
    (Action::Write, "section:any"),
    // Source: Tyk Dashboard, default OPA rules, D6.
    (Action::Post, "path:/api/users/any/actions/reset"),
];

/// The id of whoever stands for the members of a group.
const MEMBER: &str = "member";

/// A user, or what a group gives to its members.
///
/// # Errors
///
/// [`Stop`].
pub fn holder(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Holder<Tyk>, Stop> {
    let config = view.read(&settings_key())?.and_then(|settings| settings.get("config").cloned());
    // Whether an admin may make one is for the product's own rules; here it says who is one.
    let config = without(config.unwrap_or(Value::Object(Vec::new())), "only_super_admin_creates_admin");
    // Which APIs there are, and whose, no call changes.
    let is_limited = config.get("enable_ownership") == Some(&Value::Bool(true));
    let apis = if is_limited { view.all_before("api/")? } else { Vec::new() };
    let given = Given { config, apis };
    if key.text().starts_with("group/") {
        // As if it were active, like users.
        let id = value.get("id").cloned().unwrap_or_default();
        let org = value.get("org_id").cloned().unwrap_or_else(|| "".into());
        let nothing = Value::Object(Vec::new());
        let member = user(MEMBER, [("org_id", org), ("group_id", id), ("user_permissions", nothing)]);
        let name = value.get("name").and_then(Value::text).unwrap_or("");
        let holder = assembled(view, (MEMBER, name), given, member, Some(value.clone()), value)?;
        return Ok(Holder { replaces: true, ..holder });
    }
    let stored = User::read(value).ok_or(Fault::Internal)?;
    let group = match stored.group.as_str() {
        "" => None,
        id => view.read(&group_key(id))?,
    };
    let member = user(
        &stored.id,
        [
            ("org_id", stored.org.as_str().into()),
            ("group_id", stored.group.as_str().into()),
            ("user_permissions", stored.permissions.clone()),
        ],
    );
    let holder = assembled(view, (&stored.id, &stored.email), given, member, group, value)?;
    let can_sign_in = stored.active && (stored.hash.is_some() || !stored.access_key.is_none());
    let is_admin = can_sign_in && holder.may(MAKE_ADMIN.0, MAKE_ADMIN.1);
    Ok(Holder { is_active: stored.active, administers: is_admin.then_some(stored.org), ..holder })
}

fn user(id: &str, rest: [(&'static str, Value); 3]) -> Value {
    let [org, group, permissions] = rest;
    Value::object([("id", id.into()), ("active", true.into()), org, group, permissions])
}

/// What decides beside users and groups.
struct Given {
    config: Value,
    apis: Vec<Value>,
}

fn assembled(
    view: &View<'_, '_>,
    (id, name): (&str, &str),
    Given { config, apis }: Given,
    member: Value,
    group: Option<Value>,
    managed: &Value,
) -> Result<Holder<Tyk>, Stop> {
    let mut questions = OF_ADMINS.map(|(action, resource)| (action, resource.to_owned())).to_vec();
    for record in [Some(&member), group.as_ref()].into_iter().flatten() {
        for (section, _) in members(record.get("user_permissions").unwrap_or(&Value::Null)) {
            let resource = format!("section:{}", section_name(section));
            questions.extend([Action::Read, Action::Write].map(|action| (action, resource.clone())));
        }
    }
    for owned in apis.iter().filter_map(|api| api.get("id").and_then(Value::text)) {
        questions.extend([Action::Read, Action::Write].map(|action| (action, format!("api:{owned}"))));
    }
    let groups: Vec<Value> = group.map(active).into_iter().collect();
    let records = view.records::<Tyk>(&Value::object([
        ("config", config),
        ("users", Value::List(vec![member])),
        ("groups", Value::List(groups)),
        ("apis", Value::List(apis)),
    ]))?;
    let subject = Tyk::subject(&records, Some(id));
    Ok(Holder::new(name.to_owned(), records, subject, questions, managed.clone()))
}

/// The group as if it were active.
fn active(group: Value) -> Value {
    let rest = without(group, "active");
    Value::Object(members(&rest).iter().cloned().chain([("active".to_owned(), true.into())]).collect())
}
