//! The rights of users and groups that the strict guards compare.

use super::super::model::Records;
use super::super::permissions::{is_not_a_section, section_name};
use super::super::subject::Subject;
use super::super::{Action, Tyk};
use super::settings::settings_key;
use super::stored::{group_key, items, members, without_member, User};
use crate::directory::prelude::{Fault, Holder, Interrupt, Key, View};
use crate::document::value::Value;
use crate::system::System as _;

/// The question whether a user is an admin. The user in the resource need not exist.
const MAKE_ADMIN: (Action, &str) = (Action::MakeAdmin, "user:any");

/// Questions that only a specific permission or an admin right allows.
const QUESTIONS_OF_ADMINS: [(Action, &str); 3] = [
    MAKE_ADMIN,
    (Action::Write, "section:any"),
    // Source: Tyk Dashboard, default OPA rules, D6.
    (Action::Post, "path:/api/users/any/actions/reset"),
];

/// The id of a placeholder user for the members of a group.
const MEMBER: &str = "member";

/// The rights of a user, or the rights that a group gives to its members.
///
/// # Errors
///
/// [`Interrupt`].
pub fn holder_of_entry(view: &mut View<'_, '_>, key: &Key, value: &Value) -> Result<Holder<Tyk>, Interrupt> {
    let config = view.read_entry(&settings_key())?.and_then(|settings| settings.get("config").cloned());
    // The product's own rules decide whether admins can make admins. Here the question identifies the admins.
    let config = without_member(config.unwrap_or(Value::Object(Vec::new())), "only_super_admin_creates_admin");
    // No request changes the APIs and their owners.
    let is_limited = config.get("enable_ownership") == Some(&Value::Bool(true));
    let apis = if is_limited { view.all_before("api/")? } else { Vec::new() };
    // The table of paths decides which section the analytics of an API belong to.
    let map = view
        .read_entry(&settings_key())?
        .filter(|_| is_limited)
        .and_then(|settings| settings.get("permissions").cloned());
    let shared = SharedRecords { config, apis, map };
    if key.text().starts_with("group/") {
        // The group counts as active, as users do.
        let id = value.get("id").cloned().unwrap_or_default();
        let org = value.get("org_id").cloned().unwrap_or_else(|| "".into());
        let nothing = Value::Object(Vec::new());
        let member = user_record(MEMBER, [("org_id", org), ("group_id", id), ("user_permissions", nothing)]);
        let name = value.get("name").and_then(Value::text).unwrap_or("");
        let owner = resolve_member(view, MEMBER, shared.clone().owned_by(MEMBER), member.clone(), Some(value.clone()))?;
        let holder = build_holder(view, (MEMBER, name), shared, member, Some(value.clone()), value)?;
        return Ok(Holder { replaces: true, owner: Some(owner), ..holder });
    }
    let stored = User::from_value(value).ok_or(Fault::Internal)?;
    let group = match stored.group.as_str() {
        "" => None,
        id => view.read_entry(&group_key(id))?,
    };
    let member = user_record(
        &stored.id,
        [
            ("org_id", stored.org.as_str().into()),
            ("group_id", stored.group.as_str().into()),
            ("user_permissions", stored.permissions.clone()),
        ],
    );
    let is_inactive = group.as_ref().is_some_and(|group| group.get("active") != Some(&Value::Bool(true)));
    let now = match is_inactive {
        true => Some(resolve_member(view, &stored.id, shared.clone(), member.clone(), group.clone())?),
        false => None,
    };
    let holder = build_holder(view, (&stored.id, &stored.email), shared, member, group, value)?;
    let can_sign_in = stored.active && (stored.hash.is_some() || !stored.access_key.is_none());
    let is_admin = can_sign_in && holder.can(MAKE_ADMIN.0, MAKE_ADMIN.1);
    let is_denied = |(section, _): &(String, Value)| {
        let name = section_name(section);
        !is_not_a_section(name) && !holder.can(Action::Write, &format!("section:{name}"))
    };
    let is_capped = members(&stored.permissions).iter().any(is_denied);
    let administers = is_admin.then_some(stored.org);
    Ok(Holder { now, is_active: stored.active, is_capped, administers, ..holder })
}

fn user_record(id: &str, rest: [(&'static str, Value); 3]) -> Value {
    let [org, group, permissions] = rest;
    Value::object([("id", id.into()), ("active", true.into()), org, group, permissions])
}

/// The settings and APIs that affect decisions, in addition to users and groups.
#[derive(Clone)]
struct SharedRecords {
    config: Value,
    apis: Vec<Value>,
    map: Option<Value>,
}

impl SharedRecords {
    /// The same, with another user owner for each API that has user owners.
    fn owned_by(self, id: &str) -> Self {
        let with_owner = |api: Value| {
            let owners = api.get("user_owners").map(items).unwrap_or_default();
            let owners: Vec<Value> = owners.iter().cloned().chain((!owners.is_empty()).then(|| id.into())).collect();
            let rest = without_member(api, "user_owners");
            let owners = ("user_owners".to_owned(), Value::List(owners));
            Value::Object(members(&rest).iter().cloned().chain([owners]).collect())
        };
        Self { apis: self.apis.into_iter().map(with_owner).collect(), ..self }
    }
}

fn build_holder(
    view: &View<'_, '_>,
    (id, name): (&str, &str),
    shared: SharedRecords,
    member: Value,
    group: Option<Value>,
    managed: &Value,
) -> Result<Holder<Tyk>, Interrupt> {
    let mut questions = QUESTIONS_OF_ADMINS.map(|(action, resource)| (action, resource.to_owned())).to_vec();
    for record in [Some(&member), group.as_ref()].into_iter().flatten() {
        for (section, _) in members(record.get("user_permissions").unwrap_or(&Value::Null)) {
            let resource = format!("section:{}", section_name(section));
            questions.extend([Action::Read, Action::Write].map(|action| (action, resource.clone())));
        }
    }
    for owned in shared.apis.iter().filter_map(|api| api.get("id").and_then(Value::text)) {
        questions.extend([Action::Read, Action::Write].map(|action| (action, format!("api:{owned}"))));
        // `owned_analytics` is a permission that removes rights.
        questions.push((Action::Get, format!("path:/api/usage/apis/{owned}")));
    }
    let (records, subject) = resolve_member(view, id, shared, member, group.map(activated))?;
    Ok(Holder::new(name.to_owned(), records, subject, questions, managed.clone()))
}

/// Records with a user and the user's group, and the user as their subject.
fn resolve_member(
    view: &View<'_, '_>,
    id: &str,
    SharedRecords { config, apis, map }: SharedRecords,
    member: Value,
    group: Option<Value>,
) -> Result<(Records, Subject), Interrupt> {
    let mut document = vec![
        ("config".to_owned(), config),
        ("users".to_owned(), Value::List(vec![member])),
        ("groups".to_owned(), Value::List(group.into_iter().collect())),
        ("apis".to_owned(), Value::List(apis)),
    ];
    document.extend(map.map(|map| ("permissions".to_owned(), map)));
    let records = view.parse_records::<Tyk>(&Value::Object(document))?;
    let subject = Tyk::subject(&records, Some(id));
    Ok((records, subject))
}

/// The group with `active` set.
fn activated(group: Value) -> Value {
    let rest = without_member(group, "active");
    Value::Object(members(&rest).iter().cloned().chain([("active".to_owned(), true.into())]).collect())
}
