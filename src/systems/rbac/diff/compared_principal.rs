//! The principals whose decisions are compared.

use super::super::access::{resolve, resolve_record, Identity as Resolved, Subject};
use super::super::attributes::UserFacts;
use super::super::condition::Scalar;
use super::super::holders::bare_user;
use super::super::model::{Assignment, Holder, Records, User};
use super::super::object::object;
use super::goals::Groups;
use super::line::KnownSubject;
use super::solve::Model;
use super::store::Store;
use super::witness::Witness;
use crate::document::value::Value;
use crate::system::Principal;

/// A principal whose decisions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComparedPrincipal<'r> {
    /// Anonymous callers.
    Everyone,
    /// Users with a record that has neither roles, grants nor groups of the documents.
    Authenticated,
    /// The same with one role, without a scope.
    Role(&'r str),
    /// The same with one group.
    Group(&'r str),
    /// The user with this id. In a document without this user, an unknown user.
    User(&'r str),
}

/// All principals: everyone, every active user, and each role, group and user of one of the documents.
pub(super) fn all_principals(documents: [&Records; 2]) -> Vec<ComparedPrincipal<'_>> {
    let mut all = vec![ComparedPrincipal::Everyone, ComparedPrincipal::Authenticated];
    all.extend(
        names(documents, |records| records.roles.iter().map(|role| &*role.name).collect()).map(ComparedPrincipal::Role),
    );
    all.extend(
        names(documents, |records| records.groups.iter().map(|group| &*group.name).collect())
            .map(ComparedPrincipal::Group),
    );
    all.extend(
        names(documents, |records| records.users.iter().map(|user| &*user.id).collect()).map(ComparedPrincipal::User),
    );
    all
}

/// Names of both documents, each once and in order.
fn names<'r>(documents: [&'r Records; 2], of: impl Fn(&'r Records) -> Vec<&'r str>) -> impl Iterator<Item = &'r str> {
    let mut names: Vec<&str> = documents.into_iter().flat_map(of).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

impl<'r> ComparedPrincipal<'r> {
    /// The subject of the principal in a document.
    pub(super) fn subject(self, records: &Records) -> Subject {
        match self {
            Self::Everyone => resolve(records, Principal::Anonymous),
            Self::User(id) => resolve(records, Principal::User(id)),
            Self::Authenticated | Self::Role(_) | Self::Group(_) => self.record(records, bare_user("-")),
        }
    }

    /// The subject of a user with this record, and with the principal's role or group.
    fn record(self, records: &Records, user: User) -> Subject {
        let mut user = user;
        if let Self::Role(name) = self {
            let place = records.roles.binary_search_by(|role| (*role.name).cmp(name)).ok();
            let role = place.and_then(|place| u32::try_from(place).ok());
            let assignment = |role| Assignment { role, scope: Box::default(), bounds: None, index: 0 };
            user.holder = Holder { roles: role.into_iter().map(assignment).collect(), ..Holder::default() };
        }
        if let Self::Group(name) = self {
            let mut groups = Vec::from(user.groups);
            groups.push(name.into());
            groups.sort_unstable();
            groups.dedup();
            user.groups = groups.into();
        }
        resolve_record(records, user)
    }

    /// The subject for the patterns and conditions of a document.
    pub(super) fn known_subject<'q>(self, records: &'q Records, subject: &'q Subject) -> KnownSubject<'q> {
        match (&subject.identity, subject.identity.user(records)) {
            (Resolved::Record(_), _) => KnownSubject::AnyRecord,
            (_, None) => KnownSubject::Missing,
            (_, Some(user)) => {
                KnownSubject::User(UserFacts { id: &user.id, groups: &user.groups, attributes: &user.attributes })
            }
        }
    }

    /// The groups that the record can name. Returns `None` for principals without a record.
    pub(super) fn groups(self, store: &Store<'_>) -> Option<Groups> {
        let base = match self {
            Self::Everyone | Self::User(_) => return None,
            Self::Authenticated | Self::Role(_) => Vec::new(),
            Self::Group(name) => vec![name.into()],
        };
        let groups = store.documents.iter().flat_map(|records| &records.groups);
        Some(Groups { base, defined: groups.map(|group| group.name.clone()).collect() })
    }

    /// The principal in the form of an entry.
    pub(super) fn to_value(self) -> Value {
        match self {
            Self::Everyone => "everyone".into(),
            Self::Authenticated => "authenticated".into(),
            Self::Role(name) => Value::object([("role", name.into())]),
            Self::Group(name) => Value::object([("group", name.into())]),
            Self::User(id) => Value::object([("user", id.into())]),
        }
    }

    /// The subject of a question: an id, a record or null.
    pub(super) fn subject_value(self, witness: &Witness) -> Value {
        let mut members = vec![("id", Value::from(&*witness.id))];
        match self {
            Self::Everyone => return Value::Null,
            Self::User(id) => return id.into(),
            Self::Role(name) => members.push(("roles", Value::texts(&[name]))),
            Self::Authenticated | Self::Group(_) => {}
        }
        let groups = self.named_groups(&witness.model);
        members.extend((!groups.is_empty()).then(|| ("groups", Value::texts(&groups))));
        let attributes = attribute_tree(&witness.model, "subject.");
        members.extend((attributes != Value::Null).then_some(("attributes", attributes)));
        object(members)
    }

    fn named_groups(self, model: &Model) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        for group in model.get("subject.groups").into_iter().flat_map(|values| &values.members).flatten() {
            if let Scalar::Text(name) = group {
                groups.push((**name).to_owned());
            }
        }
        if let Self::Group(name) = self {
            groups.push(name.to_owned());
        }
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The subject of the same question in a document.
    pub(super) fn witness_subject(self, records: &Records, witness: &Witness) -> Subject {
        if matches!(self, Self::Everyone | Self::User(_)) {
            return self.subject(records);
        }
        let mut user = bare_user(&witness.id);
        user.groups = self.named_groups(&witness.model).into_iter().map(String::into_boxed_str).collect();
        user.attributes = attribute_tree(&witness.model, "subject.");
        self.record(records, user)
    }
}

/// The attributes of a root (`subject.`, `resource.` and so on) as an object, or null if there are none.
pub(super) fn attribute_tree(model: &Model, root: &str) -> Value {
    let mut tree = Value::Null;
    for (path, values) in model {
        if let (Some(names), Some(value)) =
            (path.strip_prefix(root).filter(|names| !is_groups(path, names)), values.value())
        {
            insert(&mut tree, names, value);
        }
    }
    tree
}

fn is_groups(path: &str, names: &str) -> bool {
    path == "subject.groups" && names == "groups"
}

fn insert(tree: &mut Value, names: &str, value: Value) {
    let (first, rest) = names.split_once('.').map_or((names, None), |(first, rest)| (first, Some(rest)));
    if !matches!(tree, Value::Object(_)) {
        *tree = Value::Object(Vec::new());
    }
    let Value::Object(members) = tree else { return };
    if !members.iter().any(|(name, _)| name == first) {
        members.push((first.to_owned(), Value::Null));
    }
    let Some((_, member)) = members.iter_mut().find(|(name, _)| name == first) else { return };
    match rest {
        Some(rest) => insert(member, rest, value),
        None => *member = value,
    }
}
