//! Parses documents, and the records and holders of questions, with every problem at once.
//!
//! The file has over 300 lines because it is one parser: roles, groups and users refer to each other by name, and all
//! of its steps look these names up in the same lists.

use super::cycle::{on_cycle, Edge};
use super::fields::{check_repeated, Fields};
use super::grants::Grants;
use super::length_limits::{check_length, check_name, check_segments};
use super::model::{Action, Assignment, Group, Holder, Records, Role, Types, User};
use super::pattern::parse_literal;
use super::shape;
use super::table::Table;
use super::term_parser::{parse_actions, parse_levels};
use super::time;
use super::vocabulary::Level;
use crate::document::node::Node;
use crate::document::problem::{Code, Problems};
use crate::document::value::Value;
use crate::system::Term;
use crate::tables::bytes::compare_texts;
use crate::tables::sort::sort;
use crate::tables::text::{fill, split};

/// The members of the document.
pub(super) const MEMBERS: [&str; 9] =
    ["levels", "actions", "resources", "roles", "groups", "everyone", "authenticated", "users", "limits"];
pub(super) const ROLE: [&str; 2] = ["grants", "inherits"];
pub(super) const HOLDER: [&str; 2] = ["roles", "grants"];
pub(super) const ASSIGNMENT: [&str; 4] = ["role", "scope", "from", "until"];
pub(super) const USER: [&str; 5] = ["roles", "groups", "grants", "attributes", "active"];
pub(super) const RECORD: [&str; 6] = ["id", "roles", "groups", "grants", "attributes", "active"];

/// Parses a document.
pub(super) fn parse_records(document: Node<'_>, problems: &mut Problems) -> Records {
    check_repeated(document.value, problems);
    let Some(fields) = Fields::with_known_names(document, &MEMBERS, problems) else { return Records::default() };
    let mut records = Records::default();
    let mut reader = Parser::new(&fields, &mut records, problems);
    records.types = fields.get("resources").and_then(|node| reader.parse_types(node));
    records.roles = reader.parse_roles();
    records.groups = reader.parse_groups();
    records.everyone = reader.parse_member(&fields, "everyone");
    records.authenticated = reader.parse_member(&fields, "authenticated");
    records.users = reader.parse_users(&fields);
    records.limits =
        fields.get("limits").map_or_else(Table::default, |node| reader.names.limits(node, reader.problems));
    records
}

/// Parses the record of the user who asks a question.
pub(super) fn parse_record(records: &Records, node: Node<'_>, problems: &mut Problems) -> Option<User> {
    check_repeated(node.value, problems);
    let fields = Fields::with_known_names(node, &RECORD, problems)?;
    let id = match fields.get("id") {
        None => {
            fields.report_missing("id", problems);
            None
        }
        Some(node) => node.text(problems).inspect(|id| check_name(id, node, problems)),
    };
    let user = Parser::for_question(records, problems).parse_user(id.unwrap_or_default(), &fields, Unknown::Passes);
    Some(user)
}

/// Parses a `within`: one holder, or several.
pub(super) fn parse_within(records: &Records, node: Node<'_>, problems: &mut Problems) -> Vec<Holder> {
    check_repeated(node.value, problems);
    let mut reader = Parser::for_question(records, problems);
    let mut holders = Vec::new();
    let Value::List(list) = node.value else {
        holders.extend(reader.parse_holder_node(node));
        return holders;
    };
    if list.is_empty() {
        let message =
            "expected a holder or a list of holders: without `within` nothing is narrowed, and `{}` allows nothing";
        node.problem(reader.problems, Code::TooShort, message);
    }
    for value in list {
        holders.extend(reader.parse_holder_node(Node { value }));
    }
    holders
}

/// The places of roles that a `within` of a later question may name.
pub(super) fn further_roles(records: &Records, node: Node<'_>, problems: &mut Problems) -> Vec<u32> {
    let Some(items) = node.items(problems) else { return Vec::new() };
    let mut reader = Parser::for_question(records, problems);
    let mut places = Vec::new();
    for node in items.iter() {
        places.extend(reader.parse_role_name(node, Unknown::Fails).map(to_u32));
    }
    places
}

/// How to treat names of roles and groups that the document does not define.
#[derive(Clone, Copy, PartialEq)]
enum Unknown {
    /// Each is a problem.
    Fails,
    /// They grant nothing: a token may name others.
    Passes,
}

/// The parser, with the names that the document defines.
struct Parser<'v, 'p> {
    names: Grants<'v>,
    /// The roles and groups in the order of their names, each with its definition if it is available.
    roles: Vec<(&'v str, Option<Node<'v>>)>,
    groups: Vec<(&'v str, Option<Node<'v>>)>,
    problems: &'p mut Problems,
}

impl<'v, 'p> Parser<'v, 'p> {
    /// Parses the names that a document defines. Levels and actions are stored in its records.
    fn new(fields: &Fields<'v>, records: &mut Records, problems: &'p mut Problems) -> Self {
        let (levels, judges_levels) = parse_levels(fields.get("levels"), problems);
        let (actions, judges_actions) = parse_actions(fields.get("actions"), &levels, judges_levels, problems);
        for (place, name) in levels.iter().enumerate() {
            records.levels.push((*name).into());
            if place > 0 {
                records.actions.push(Action { name: (*name).into(), least: u8::try_from(place).ok() });
            }
        }
        for (name, least) in &actions {
            records.actions.push(Action { name: (*name).into(), least: *least });
        }
        let names = Grants::new(levels, &actions, judges_levels, judges_actions);
        let mut reader = Self { names, roles: Vec::new(), groups: Vec::new(), problems };
        reader.roles = reader.defined_names(fields, "roles");
        reader.groups = reader.defined_names(fields, "groups");
        reader
    }

    /// A parser for the record or the holders of a question.
    fn for_question(records: &'v Records, problems: &'p mut Problems) -> Self {
        let levels = Level::names(records);
        let (mut actions, mut roles, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for action in records.actions.iter().skip(levels.len().saturating_sub(1)) {
            actions.push((&*action.name, None));
        }
        for role in &records.roles {
            roles.push((&*role.name, None));
        }
        for group in &records.groups {
            groups.push((&*group.name, None));
        }
        Self { names: Grants::new(levels, &actions, true, true), roles, groups, problems }
    }

    /// The names that a map defines.
    fn defined_names(&mut self, fields: &Fields<'v>, member: &str) -> Vec<(&'v str, Option<Node<'v>>)> {
        let Some(fields) = fields.get(member).and_then(|node| Fields::with_any_names(node, self.problems)) else {
            return Vec::new();
        };
        let mut list = Vec::with_capacity(fields.list().len());
        for (name, node) in fields.list() {
            check_name(name, *node, self.problems);
            list.push((*name, Some(*node)));
        }
        list
    }

    fn parse_types(&mut self, node: Node<'v>) -> Option<Types> {
        let fields = Fields::with_any_names(node, self.problems)?;
        for (name, node) in fields.list() {
            check_name(name, *node, self.problems);
        }
        Some(shape::parse_types(&fields, self.problems))
    }

    fn parse_roles(&mut self) -> Vec<Role> {
        let mut edges: Vec<(Edge, Node<'_>)> = Vec::new();
        let mut roles = Vec::with_capacity(self.roles.len());
        for place in 0..self.roles.len() {
            let Some((name, Some(node))) = self.roles.get(place).copied() else { continue };
            let fields = Fields::with_known_names(node, &ROLE, self.problems);
            let mut inherits = Vec::new();
            for node in member_items(fields.as_ref(), "inherits", self.problems) {
                if let Some(role) = self.parse_role_name(node, Unknown::Fails) {
                    edges.push(((place, role), node));
                    inherits.push(to_u32(role));
                }
            }
            let grants = self.parse_grants(fields.as_ref());
            roles.push(Role { name: name.into(), inherits: inherits.into(), grants });
        }
        let mut places: Vec<Edge> = Vec::new();
        for (edge, _) in &edges {
            places.push(*edge);
        }
        for (is_cyclic, (_, node)) in on_cycle(roles.len(), &places).into_iter().zip(edges) {
            if is_cyclic {
                let message = "a role cannot inherit from itself, not by way of others either: remove this name";
                node.problem(self.problems, Code::InheritanceCycle, message);
            }
        }
        roles
    }

    fn parse_groups(&mut self) -> Vec<Group> {
        let mut groups = Vec::with_capacity(self.groups.len());
        for place in 0..self.groups.len() {
            let Some((name, Some(node))) = self.groups.get(place).copied() else { continue };
            let holder = self.parse_holder_node(node).unwrap_or_default();
            groups.push(Group { name: name.into(), holder });
        }
        groups
    }

    fn parse_users(&mut self, fields: &Fields<'v>) -> Vec<User> {
        let Some(fields) = fields.get("users").and_then(|node| Fields::with_any_names(node, self.problems)) else {
            return Vec::new();
        };
        let mut users = Vec::with_capacity(fields.list().len());
        for (id, node) in fields.list() {
            check_name(id, *node, self.problems);
            if let Some(fields) = Fields::with_known_names(*node, &USER, self.problems) {
                users.push(self.parse_user(id, &fields, Unknown::Fails));
            }
        }
        users
    }

    fn parse_user(&mut self, id: &str, fields: &Fields<'v>, unknown: Unknown) -> User {
        let mut groups: Vec<Box<str>> = Vec::new();
        for node in member_items(Some(fields), "groups", self.problems) {
            let Some(name) = node.text(self.problems) else { continue };
            let known = find_name(&self.groups, name).is_some();
            if !known && unknown == Unknown::Fails {
                self.report_unknown(node, Code::UnknownGroup, "group", name);
            }
            groups.push(name.into());
        }
        sort(&mut groups, |a, b| compare_texts(a, b));
        groups.dedup();
        let attributes = fields.get("attributes").and_then(|node| parse_object(node, self.problems));
        User {
            id: id.into(),
            is_active: fields.get("active").and_then(|node| node.flag(self.problems)).unwrap_or(true),
            holder: self.parse_holder(fields, unknown),
            groups: groups.into(),
            attributes: attributes.cloned().unwrap_or_default(),
        }
    }

    /// A holder that is a member of the document.
    fn parse_member(&mut self, fields: &Fields<'v>, name: &str) -> Holder {
        fields.get(name).and_then(|node| self.parse_holder_node(node)).unwrap_or_default()
    }

    fn parse_holder_node(&mut self, node: Node<'v>) -> Option<Holder> {
        let fields = Fields::with_known_names(node, &HOLDER, self.problems)?;
        Some(self.parse_holder(&fields, Unknown::Fails))
    }

    fn parse_holder(&mut self, fields: &Fields<'v>, unknown: Unknown) -> Holder {
        let mut roles = Vec::new();
        for (index, node) in member_items(Some(fields), "roles", self.problems).into_iter().enumerate() {
            roles.extend(self.parse_assignment(node, index, unknown));
        }
        Holder {
            roles: roles.into(),
            grants: self.parse_grants(Some(fields)),
            has_roles: fields.get("roles").is_some(),
            has_grants: fields.get("grants").is_some(),
        }
    }

    fn parse_grants(&mut self, fields: Option<&Fields<'v>>) -> Table {
        let node = fields.and_then(|fields| fields.get("grants"));
        node.map_or_else(Table::default, |node| self.names.grants(node, self.problems))
    }

    fn parse_assignment(&mut self, node: Node<'v>, index: usize, unknown: Unknown) -> Option<Assignment> {
        if let Value::Text(_) = node.value {
            let role = to_u32(self.parse_role_name(node, unknown)?);
            return Some(Assignment { role, scope: Box::default(), bounds: None, index });
        }
        let Value::Object(_) = node.value else {
            node.wrong_type(self.problems, "the name of a role, or an object with `role`");
            return None;
        };
        let fields = Fields::with_known_names(node, &ASSIGNMENT, self.problems)?;
        let role = match fields.get("role") {
            Some(node) => self.parse_role_name(node, unknown),
            None => {
                fields.report_missing("role", self.problems);
                None
            }
        };
        let scope = fields.get("scope").and_then(|node| parse_scope(node, self.problems));
        let bounds = time::bounds(&fields, self.problems).map(Box::new);
        Some(Assignment { role: to_u32(role?), scope: scope.unwrap_or_default().into(), bounds, index })
    }

    /// The role that is named here.
    fn parse_role_name(&mut self, node: Node<'v>, unknown: Unknown) -> Option<usize> {
        let name = node.text(self.problems)?;
        let place = find_name(&self.roles, name);
        if place.is_none() && unknown == Unknown::Fails {
            self.report_unknown(node, Code::UnknownRole, "role", name);
        }
        place
    }

    fn report_unknown(&mut self, node: Node<'_>, code: Code, what: &str, name: &str) {
        let message = fill("unknown {} <>: the document does not define it", &[what, name]);
        node.problem(self.problems, code, &message);
    }
}

fn to_u32(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn find_name(list: &[(&str, Option<Node<'_>>)], name: &str) -> Option<usize> {
    list.binary_search_by(|(known, _)| compare_texts(known, name)).ok()
}

/// The items of a list member. Empty if it is absent.
fn member_items<'v>(fields: Option<&Fields<'v>>, member: &str, problems: &mut Problems) -> Vec<Node<'v>> {
    let node = fields.and_then(|fields| fields.get(member));
    let mut nodes = Vec::new();
    if let Some(items) = node.and_then(|node| node.items(problems)) {
        for node in items.iter() {
            nodes.push(node);
        }
    }
    nodes
}

/// The object, whose members are free values.
fn parse_object<'v>(node: Node<'v>, problems: &mut Problems) -> Option<&'v Value> {
    if matches!(node.value, Value::Object(_)) {
        return Some(node.value);
    }
    node.wrong_type(problems, "an object");
    None
}

/// Parses a scope: a path in the syntax of a pattern with literals only.
fn parse_scope<'v>(node: Node<'v>, problems: &mut Problems) -> Option<&'v str> {
    let text = node.text(problems)?;
    check_length(text, node, problems);
    check_segments(text, node, problems);
    if split(text, b'/').any(|segment| parse_literal(segment).is_err()) {
        let message = "expected a path of names, such as `acme` or `acme/docs`: no empty segment, no `*` and no `{…}`";
        node.problem(problems, Code::BadScope, message);
    }
    Some(text)
}
