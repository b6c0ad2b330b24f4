//! What is wrong with a document, a record of a user, or a holder of a question.

use std::collections::BTreeSet;

use serde_json::{json, Map, Value as Json};

use super::condition::{is_attribute_path, is_whole, scalar, Scalar};
use super::pattern::{is_ambiguous, pattern_segments, scope_segments, shape_parts, Part, SEGMENTS_MOST};
use super::text::parse_with_repeats;

/// Pairs of a path, which is a JSON pointer, and a code.
pub type Problems = BTreeSet<(String, String)>;

const NAME_BYTES_MOST: usize = 4_096;
const LEVELS_LEAST: usize = 2;
const LEVELS_MOST: usize = 15;
const NAMES_MOST: usize = 200;
const ENTRIES_MOST: usize = 10_000;
const CONDITIONS_MOST: usize = 16;

/// What is wrong with the text of a document.
pub fn problems(text: &str) -> Problems {
    let (document, repeated) = parse_with_repeats(text).unwrap();
    let mut check = Check::new(&document);
    check.check_document();
    for path in repeated {
        check.add(&path, "duplicate");
    }
    check.found
}

/// What is wrong with the record of a user that comes with a question.
pub fn record_problems(document: &Json, record: &Json, path: &str) -> Problems {
    let mut check = Check::new(document);
    check.is_record = true;
    if let Some(members) = check.object(record, path) {
        check.check_member_names(members, &["id", "roles", "groups", "grants", "attributes", "active"], path);
        match members.get("id") {
            None => check.add(path, "missing_field"),
            Some(Json::String(id)) => check.check_new_name(id, &pointer_to(path, "id")),
            Some(_) => check.add(&pointer_to(path, "id"), "wrong_type"),
        }
        check.check_user(members, path);
    }
    check.found
}

/// What is wrong with a `within` of a question.
pub fn within_problems(document: &Json, holder: &Json, path: &str) -> Problems {
    let mut check = Check::new(document);
    check.check_holder(holder, path);
    check.found
}

/// A JSON pointer with one more step.
pub fn pointer_to(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The levels of a document that has no problems.
pub fn levels(document: &Json) -> Vec<String> {
    match document.get("levels") {
        None => ["none", "read", "write", "admin"].map(str::to_owned).to_vec(),
        Some(levels) => levels.as_array().unwrap().iter().map(|level| level.as_str().unwrap().to_owned()).collect(),
    }
}

struct Check<'d> {
    document: &'d Json,
    /// A record may name roles and groups that the document does not define.
    is_record: bool,
    found: Problems,
}

impl<'d> Check<'d> {
    fn new(document: &'d Json) -> Self {
        Self { document, is_record: false, found: Problems::new() }
    }

    fn add(&mut self, path: &str, code: &str) {
        self.found.insert((path.to_owned(), code.to_owned()));
    }

    // Types.

    fn object<'v>(&mut self, value: &'v Json, path: &str) -> Option<&'v Map<String, Json>> {
        if !value.is_object() {
            self.add(path, "wrong_type");
        }
        value.as_object()
    }

    fn list<'v>(&mut self, value: &'v Json, path: &str) -> Vec<&'v Json> {
        match value.as_array() {
            Some(list) => list.iter().collect(),
            None => {
                self.add(path, "wrong_type");
                Vec::new()
            }
        }
    }

    /// An object whose member names are fixed.
    fn check_member_names(&mut self, members: &Map<String, Json>, known: &[&str], path: &str) {
        for (name, value) in members {
            if name == "$schema" || name == "description" {
                if !value.is_string() {
                    self.add(&pointer_to(path, name), "wrong_type");
                }
            } else if !known.contains(&name.as_str()) {
                self.add(&pointer_to(path, name), "unknown_field");
            }
        }
    }

    /// The members of a map of free names, if it is there.
    fn map<'v>(&mut self, parent: &'v Map<String, Json>, name: &str, path: &str) -> Vec<(&'v str, &'v Json, String)> {
        let Some(map) = parent.get(name) else { return Vec::new() };
        let path = pointer_to(path, name);
        let Some(map) = self.object(map, &path) else { return Vec::new() };
        map.iter().map(|(name, value)| (name.as_str(), value, pointer_to(&path, name))).collect()
    }

    /// A name where it is defined.
    fn check_new_name(&mut self, name: &str, path: &str) {
        if name.is_empty() {
            self.add(path, "bad_name");
        }
        self.check_length(name, path);
    }

    fn check_length(&mut self, text: &str, path: &str) {
        if text.len() > NAME_BYTES_MOST {
            self.add(path, "too_long");
        }
    }

    /// The length of a pattern, scope or shape, in bytes and in segments.
    fn check_size(&mut self, text: &str, path: &str) {
        self.check_length(text, path);
        if text.split('/').count() > SEGMENTS_MOST {
            self.add(path, "out_of_range");
        }
    }

    // Levels and actions.

    /// The levels; none if names and levels are not judged.
    fn levels(&self) -> Option<Vec<&'d str>> {
        match self.document.get("levels") {
            None => Some(vec!["none", "read", "write", "admin"]),
            Some(levels) => levels.as_array()?.iter().map(Json::as_str).collect(),
        }
    }

    /// The names of actions that are not levels; none if names are not judged.
    fn actions(&self) -> Option<Vec<&'d str>> {
        match self.document.get("actions") {
            None => Some(Vec::new()),
            Some(actions) => Some(actions.as_object()?.keys().map(String::as_str).collect()),
        }
    }

    /// A name in a grant or `deny`.
    fn check_name(&mut self, name: &str, path: &str) {
        let (Some(levels), Some(actions)) = (self.levels(), self.actions()) else { return };
        if levels.first() == Some(&name) {
            self.add(path, "bad_grant");
        } else if !levels.contains(&name) && !actions.contains(&name) {
            self.add(path, "unknown_name");
        }
    }

    /// A name, or a list of names.
    fn check_names(&mut self, names: &Json, path: &str) {
        match names {
            Json::String(name) => self.check_name(name, path),
            Json::Array(list) => {
                for (index, name) in list.iter().enumerate() {
                    let path = pointer_to(path, &index.to_string());
                    match name {
                        Json::String(name) => self.check_name(name, &path),
                        _ => self.add(&path, "wrong_type"),
                    }
                }
            }
            _ => self.add(path, "wrong_type"),
        }
    }

    /// A level of a limit.
    fn check_level(&mut self, level: &Json, path: &str) {
        let Some(level) = level.as_str() else { return self.add(path, "wrong_type") };
        if self.levels().is_some_and(|levels| !levels.contains(&level)) {
            self.add(path, "unknown_level");
        }
    }

    // The document.

    fn check_document(&mut self) {
        let Some(members) = self.object(self.document, "") else { return };
        let known =
            ["levels", "actions", "resources", "roles", "groups", "everyone", "authenticated", "users", "limits"];
        self.check_member_names(members, &known, "");
        self.check_vocabulary(members);
        self.check_shapes(members);
        for (name, role, path) in self.map(members, "roles", "") {
            self.check_new_name(name, &path);
            self.check_role(name, role, &path);
        }
        for (name, group, path) in self.map(members, "groups", "") {
            self.check_new_name(name, &path);
            self.check_holder(group, &path);
        }
        for name in ["everyone", "authenticated"] {
            if let Some(holder) = members.get(name) {
                self.check_holder(holder, &pointer_to("", name));
            }
        }
        for (id, user, path) in self.map(members, "users", "") {
            self.check_new_name(id, &path);
            if let Some(user) = self.object(user, &path) {
                self.check_member_names(user, &["roles", "groups", "grants", "attributes", "active"], &path);
                self.check_user(user, &path);
            }
        }
        if members.contains_key("limits") {
            self.check_limits(members);
        }
    }

    fn check_vocabulary(&mut self, members: &Map<String, Json>) {
        if let Some(levels) = members.get("levels") {
            let list = self.list(levels, "/levels");
            if levels.is_array() && !(LEVELS_LEAST..=LEVELS_MOST).contains(&list.len()) {
                self.add("/levels", "out_of_range");
            }
            for (index, level) in list.iter().enumerate() {
                let path = pointer_to("/levels", &index.to_string());
                match level {
                    Json::String(name) => self.check_new_name(name, &path),
                    _ => self.add(&path, "wrong_type"),
                }
                if level.is_string() && list[..index].contains(level) {
                    self.add(&path, "duplicate");
                }
            }
        }
        let actions = self.map(members, "actions", "");
        let levels = self.levels();
        let defaults = ["none", "read", "write", "admin"].map(Json::from).to_vec();
        // Levels of the right type count, also beside one of another type: the document has at least as many names.
        let named = match members.get("levels") {
            None => defaults.len(),
            Some(list) => list.as_array().into_iter().flatten().filter(|level| level.is_string()).count(),
        };
        if named + actions.len() > NAMES_MOST {
            self.add("/actions", "out_of_range");
        }
        for (name, level, path) in actions {
            self.check_new_name(name, &path);
            let levels_list = members.get("levels").map_or(Some(&defaults), Json::as_array);
            if levels_list.is_some_and(|levels| levels.contains(&json!(name))) {
                self.add(&path, "duplicate");
            }
            match (level, &levels) {
                (Json::Null, _) | (Json::String(_), None) => {}
                (Json::String(level), Some(levels)) => {
                    if levels.first() == Some(&level.as_str()) {
                        self.add(&path, "bad_grant");
                    } else if !levels.contains(&level.as_str()) {
                        self.add(&path, "unknown_level");
                    }
                }
                _ => self.add(&path, "wrong_type"),
            }
        }
    }

    fn check_shapes(&mut self, members: &Map<String, Json>) {
        let mut shapes: Vec<(Vec<Part>, String)> = Vec::new();
        for (name, shape, path) in self.map(members, "resources", "") {
            self.check_new_name(name, &path);
            let Some(shape) = shape.as_str() else {
                self.add(&path, "wrong_type");
                continue;
            };
            self.check_size(shape, &path);
            match shape_parts(shape) {
                Some(parts) => shapes.push((parts, path)),
                None => self.add(&path, "bad_resource"),
            }
        }
        for (index, (one, path)) in shapes.iter().enumerate() {
            for (other_index, (other, _)) in shapes.iter().enumerate() {
                if index != other_index && is_ambiguous(one, other) {
                    self.add(path, "ambiguous_resource");
                }
            }
        }
    }

    fn check_role(&mut self, name: &str, role: &Json, path: &str) {
        let Some(role) = self.object(role, path) else { return };
        self.check_member_names(role, &["grants", "inherits"], path);
        self.check_grants(role, path);
        let Some(inherits) = role.get("inherits") else { return };
        let path = pointer_to(path, "inherits");
        for (index, other) in self.list(inherits, &path).into_iter().enumerate() {
            let path = pointer_to(&path, &index.to_string());
            let Some(other) = other.as_str() else {
                self.add(&path, "wrong_type");
                continue;
            };
            self.check_role_name(other, &path);
            if reachable(self.document, other).contains(&name.to_owned()) {
                self.add(&path, "inheritance_cycle");
            }
        }
    }

    fn check_user(&mut self, user: &Map<String, Json>, path: &str) {
        self.check_grants(user, path);
        self.check_roles(user, path);
        if let Some(groups) = user.get("groups") {
            let path = pointer_to(path, "groups");
            for (index, group) in self.list(groups, &path).into_iter().enumerate() {
                let path = pointer_to(&path, &index.to_string());
                let Some(group) = group.as_str() else {
                    self.add(&path, "wrong_type");
                    continue;
                };
                if !self.is_record && member(self.document, "groups", group).is_none() {
                    self.add(&path, "unknown_group");
                }
            }
        }
        if user.get("attributes").is_some_and(|attributes| !attributes.is_object()) {
            self.add(&pointer_to(path, "attributes"), "wrong_type");
        }
        if user.get("active").is_some_and(|active| !active.is_boolean()) {
            self.add(&pointer_to(path, "active"), "wrong_type");
        }
    }

    fn check_holder(&mut self, holder: &Json, path: &str) {
        let Some(holder) = self.object(holder, path) else { return };
        self.check_member_names(holder, &["roles", "grants"], path);
        self.check_grants(holder, path);
        self.check_roles(holder, path);
    }

    fn check_roles(&mut self, holder: &Map<String, Json>, path: &str) {
        let Some(roles) = holder.get("roles") else { return };
        let path = pointer_to(path, "roles");
        for (index, role) in self.list(roles, &path).into_iter().enumerate() {
            let path = pointer_to(&path, &index.to_string());
            match role {
                Json::String(name) => self.check_role_name(name, &path),
                Json::Object(assignment) => {
                    self.check_member_names(assignment, &["role", "scope", "from", "until"], &path);
                    match assignment.get("role") {
                        None => self.add(&path, "missing_field"),
                        Some(Json::String(name)) => self.check_role_name(name, &pointer_to(&path, "role")),
                        Some(_) => self.add(&pointer_to(&path, "role"), "wrong_type"),
                    }
                    if let Some(scope) = assignment.get("scope") {
                        self.check_scope(scope, &pointer_to(&path, "scope"));
                    }
                    self.check_bounds(assignment, &path);
                }
                _ => self.add(&path, "wrong_type"),
            }
        }
    }

    fn check_role_name(&mut self, name: &str, path: &str) {
        if !self.is_record && member(self.document, "roles", name).is_none() {
            self.add(path, "unknown_role");
        }
    }

    fn check_scope(&mut self, scope: &Json, path: &str) {
        let Some(scope) = scope.as_str() else { return self.add(path, "wrong_type") };
        self.check_size(scope, path);
        if scope_segments(scope).is_none() {
            self.add(path, "bad_scope");
        }
    }

    fn check_bounds(&mut self, members: &Map<String, Json>, path: &str) {
        let (from, until) = (members.get("from"), members.get("until"));
        for (name, bound) in [("from", from), ("until", until)] {
            if bound.is_some_and(|bound| !is_whole(bound)) {
                self.add(&pointer_to(path, name), "bad_time");
            }
        }
        if let (Some(from), Some(until)) = (from, until) {
            if is_whole(from) && is_whole(until) && until.as_f64() <= from.as_f64() {
                self.add(&pointer_to(path, "until"), "bad_time");
            }
        }
    }

    // Grants and limits.

    fn check_pattern(&mut self, pattern: &str, path: &str) {
        self.check_size(pattern, path);
        if pattern_segments(pattern).is_none() {
            self.add(path, "bad_pattern");
        }
    }

    /// More than 10,000 entries, where each of a list counts.
    fn check_entries(&mut self, members: &Map<String, Json>, name: &str, path: &str) {
        let map = members.get(name).and_then(Json::as_object);
        let entries = map.into_iter().flatten().map(|(_, value)| value.as_array().map_or(1, Vec::len));
        if entries.sum::<usize>() > ENTRIES_MOST {
            self.add(&pointer_to(path, name), "out_of_range");
        }
    }

    fn check_grants(&mut self, holder: &Map<String, Json>, path: &str) {
        self.check_entries(holder, "grants", path);
        for (pattern, grant, path) in self.map(holder, "grants", path) {
            self.check_pattern(pattern, &path);
            match grant {
                Json::Array(list) => {
                    for (index, grant) in list.iter().enumerate() {
                        self.check_grant(grant, &pointer_to(&path, &index.to_string()));
                    }
                }
                grant => self.check_grant(grant, &path),
            }
        }
    }

    fn check_grant(&mut self, grant: &Json, path: &str) {
        match grant {
            Json::String(name) => self.check_name(name, path),
            Json::Object(members) => {
                self.check_member_names(members, &["allow", "when", "from", "until"], path);
                match members.get("allow") {
                    None => self.add(path, "missing_field"),
                    Some(names) => self.check_names(names, &pointer_to(path, "allow")),
                }
                if let Some(when) = members.get("when") {
                    self.check_conditions(when, false, &pointer_to(path, "when"));
                }
                self.check_bounds(members, path);
            }
            _ => self.add(path, "wrong_type"),
        }
    }

    fn check_limits(&mut self, document: &Map<String, Json>) {
        self.check_entries(document, "limits", "");
        for (pattern, limit, path) in self.map(document, "limits", "") {
            self.check_pattern(pattern, &path);
            match limit {
                Json::Array(list) => {
                    for (index, limit) in list.iter().enumerate() {
                        self.check_limit(limit, &pointer_to(&path, &index.to_string()));
                    }
                }
                limit => self.check_limit(limit, &path),
            }
        }
    }

    fn check_limit(&mut self, limit: &Json, path: &str) {
        let Json::Object(members) = limit else { return self.check_level(limit, path) };
        match (members.get("level"), members.get("deny")) {
            (None, None) => {
                self.check_member_names(members, &["unless"], path);
                self.add(path, "missing_field");
            }
            (Some(level), _) => {
                self.check_member_names(members, &["level", "unless"], path);
                self.check_level(level, &pointer_to(path, "level"));
            }
            (None, Some(names)) => {
                self.check_member_names(members, &["deny", "unless"], path);
                self.check_names(names, &pointer_to(path, "deny"));
            }
        }
        if let Some(unless) = members.get("unless") {
            self.check_conditions(unless, true, &pointer_to(path, "unless"));
        }
    }

    // Conditions.

    fn check_conditions(&mut self, conditions: &Json, is_unless: bool, path: &str) {
        let Json::Array(list) = conditions else { return self.check_all_of(conditions, is_unless, path) };
        if list.is_empty() {
            self.add(path, "bad_condition");
        }
        if list.len() > CONDITIONS_MOST {
            self.add(path, "out_of_range");
        }
        for (index, conditions) in list.iter().enumerate() {
            self.check_all_of(conditions, is_unless, &pointer_to(path, &index.to_string()));
        }
    }

    fn check_all_of(&mut self, conditions: &Json, is_unless: bool, path: &str) {
        let Some(conditions) = self.object(conditions, path) else { return };
        if is_unless && conditions.is_empty() {
            self.add(path, "bad_condition");
        }
        if conditions.len() > CONDITIONS_MOST {
            self.add(path, "out_of_range");
        }
        for (attribute, right) in conditions {
            let path = pointer_to(path, attribute);
            if !is_attribute_path(attribute) {
                self.add(&path, "bad_condition");
            }
            self.check_right_side(attribute, right, &path);
        }
    }

    fn check_right_side(&mut self, attribute: &str, right: &Json, path: &str) {
        let Json::Object(members) = right else { return self.check_values(right, path) };
        match kind(members) {
            None => self.add(path, "bad_condition"),
            Some(Kind::Ref) => self.check_reference(members, path),
            Some(Kind::Not) => {
                self.check_member_names(members, &["not"], path);
                if attribute == "subject.groups" {
                    self.add(path, "bad_condition");
                }
                let path = pointer_to(path, "not");
                match &members["not"] {
                    Json::Object(behind) if kind(behind) == Some(Kind::Ref) => {
                        self.check_reference(behind, &path);
                        if behind["ref"] == "subject.groups" {
                            self.add(&pointer_to(&path, "ref"), "bad_condition");
                        }
                    }
                    behind => self.check_values(behind, &path),
                }
            }
            Some(Kind::Bounds) => {
                self.check_member_names(members, &["atLeast", "atMost"], path);
                for name in ["atLeast", "atMost"] {
                    let Some(bound) = members.get(name) else { continue };
                    let path = pointer_to(path, name);
                    match bound {
                        Json::Object(bound) if kind(bound) == Some(Kind::Ref) => self.check_reference(bound, &path),
                        bound if matches!(scalar(bound), Some(Scalar::Number(_))) => {}
                        _ => self.add(&path, "bad_condition"),
                    }
                }
            }
        }
    }

    /// A value, or a list of values.
    fn check_values(&mut self, value: &Json, path: &str) {
        match value {
            Json::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    if scalar(value).is_none() {
                        self.add(&pointer_to(path, &index.to_string()), "bad_condition");
                    }
                }
            }
            value if scalar(value).is_none() => self.add(path, "bad_condition"),
            _ => {}
        }
    }

    fn check_reference(&mut self, members: &Map<String, Json>, path: &str) {
        self.check_member_names(members, &["ref"], path);
        let path = pointer_to(path, "ref");
        match &members["ref"] {
            Json::String(attribute) if is_attribute_path(attribute) => {}
            Json::String(_) => self.add(&path, "bad_condition"),
            _ => self.add(&path, "wrong_type"),
        }
    }
}

#[derive(PartialEq)]
enum Kind {
    Ref,
    Not,
    Bounds,
}

/// The one kind of right side that an object is.
fn kind(members: &Map<String, Json>) -> Option<Kind> {
    let bounds = members.contains_key("atLeast") || members.contains_key("atMost");
    match (members.contains_key("ref"), members.contains_key("not"), bounds) {
        (true, false, false) => Some(Kind::Ref),
        (false, true, false) => Some(Kind::Not),
        (false, false, true) => Some(Kind::Bounds),
        _ => None,
    }
}

/// The entry of a map of the document, if both exist.
pub fn member<'d>(document: &'d Json, map: &str, name: &str) -> Option<&'d Json> {
    document.get(map)?.as_object()?.get(name)
}

/// A role and all roles that it inherits.
pub fn reachable(document: &Json, role: &str) -> Vec<String> {
    let mut roles = vec![role.to_owned()];
    let mut next = 0;
    while next < roles.len() {
        let inherits = member(document, "roles", &roles[next]).and_then(|role| role.get("inherits"));
        for other in inherits.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            if !roles.iter().any(|role| role == other) {
                roles.push(other.to_owned());
            }
        }
        next += 1;
    }
    roles
}
