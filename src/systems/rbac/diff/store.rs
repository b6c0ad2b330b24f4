//! All patterns and conditions of two documents, each once.

use std::collections::BTreeMap;

use super::super::attributes::{Attribute, Root};
use super::super::condition::{Condition, Conditions, Scalar};
use super::super::model::Records;
use super::super::pattern::parse_literal;
use super::super::shape::RESERVED;
use super::atom::{Atom, Find};
use super::pattern::{Pattern, Texts};
use super::values::Values;
use crate::document::value::Value;

/// Conditions, by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ConditionsRef {
    /// They always hold.
    Always,
    /// They never hold.
    Never,
    /// Those at this place.
    These(usize),
}

/// Lists of statements. All statements of at least one list must hold.
pub(super) type Alternatives = Vec<Vec<usize>>;

#[derive(Debug)]
pub(super) struct Store<'r> {
    pub(super) documents: [&'r Records; 2],
    pub(super) texts: Texts,
    patterns: Vec<Pattern>,
    pattern_places: BTreeMap<Pattern, usize>,
    atoms: Vec<Atom>,
    atom_places: BTreeMap<String, usize>,
    whens: Vec<Alternatives>,
    when_places: BTreeMap<Alternatives, usize>,
    /// The names of parts, if the documents have different resources.
    parts: Vec<Box<str>>,
    /// Whether both documents have the same resources.
    pub(super) has_same_resources: bool,
}

impl<'r> Store<'r> {
    pub(super) fn new(documents: [&'r Records; 2]) -> Self {
        let [from, to] = documents.map(shapes);
        let types = documents.iter().filter_map(|records| records.types.as_ref());
        let parts = types.flat_map(|types| &types.list).flat_map(|kind| kind.parts.iter().flatten().cloned());
        let mut store = Self {
            documents,
            texts: Texts::default(),
            patterns: Vec::new(),
            pattern_places: BTreeMap::new(),
            atoms: Vec::new(),
            atom_places: BTreeMap::new(),
            whens: Vec::new(),
            when_places: BTreeMap::new(),
            parts: parts.collect(),
            has_same_resources: from == to,
        };
        // Made-up texts differ from all names.
        for records in documents {
            for name in records.users.iter().map(|user| &user.id).chain(records.groups.iter().map(|group| &group.name))
            {
                store.texts.add(name);
            }
            for kind in records.types.iter().flat_map(|types| &types.list) {
                store.texts.add(&kind.name);
                for segment in kind.shape.split('/') {
                    store.texts.add(parse_literal(segment).unwrap_or(segment));
                }
            }
            for action in &records.actions {
                store.texts.add(&action.name);
            }
        }
        store
    }

    pub(super) fn add_pattern(&mut self, pattern: Pattern) -> usize {
        if let Some(known) = self.pattern_places.get(&pattern) {
            return *known;
        }
        let place = self.patterns.len();
        self.patterns.push(pattern.clone());
        self.pattern_places.insert(pattern, place);
        place
    }

    pub(super) fn pattern(&self, place: usize) -> Option<&Pattern> {
        self.patterns.get(place)
    }

    pub(super) fn atom(&self, place: usize) -> Option<&Atom> {
        self.atoms.get(place)
    }

    pub(super) fn alternatives(&self, place: usize) -> &[Vec<usize>] {
        self.whens.get(place).map(|alternatives| &**alternatives).unwrap_or_default()
    }

    /// All statements of conditions.
    pub(super) fn atoms_of(&self, when: ConditionsRef) -> impl Iterator<Item = &Atom> {
        let alternatives = match when {
            ConditionsRef::These(place) => self.alternatives(place),
            ConditionsRef::Always | ConditionsRef::Never => &[],
        };
        alternatives.iter().flatten().filter_map(|place| self.atom(*place))
    }

    /// The number of statements in conditions.
    pub(super) fn size(&self, when: ConditionsRef) -> usize {
        match when {
            ConditionsRef::These(place) => self.alternatives(place).iter().map(Vec::len).sum(),
            ConditionsRef::Always | ConditionsRef::Never => 0,
        }
    }

    /// Adds one statement.
    pub(super) fn add_atom(&mut self, atom: Atom) -> usize {
        let key = atom.to_value().json();
        if let Some(known) = self.atom_places.get(&key) {
            return *known;
        }
        for value in atom.constants() {
            if let Scalar::Text(text) = value {
                self.texts.add(&text);
                text.split('/').for_each(|segment| {
                    self.texts.add(segment);
                });
            }
        }
        let place = self.atoms.len();
        self.atoms.push(atom);
        self.atom_places.insert(key, place);
        place
    }

    /// Adds the conditions of one of the documents.
    pub(super) fn add_conditions(&mut self, side: usize, conditions: Option<&Conditions>) -> ConditionsRef {
        let Some(conditions) = conditions else { return ConditionsRef::Always };
        let mut alternatives = Vec::new();
        for all in &conditions.alternatives {
            let side_of = |attribute: &Attribute| self.side_of(attribute, side);
            let atom = |condition: &Condition| Atom::of_condition(condition, &side_of).resolve(&never_there);
            let atoms: Option<Vec<Vec<Atom>>> = all.iter().map(atom).collect();
            alternatives.extend(atoms.map(|atoms| atoms.into_iter().flatten().collect::<Vec<_>>()));
        }
        self.add_alternatives(alternatives)
    }

    /// The conditions if some attributes are known.
    pub(super) fn resolve(&mut self, when: ConditionsRef, find: Find<'_>) -> ConditionsRef {
        let ConditionsRef::These(place) = when else { return when };
        let mut alternatives = Vec::new();
        for all in self.alternatives(place) {
            let atoms: Option<Vec<Vec<Atom>>> =
                all.iter().filter_map(|place| self.atom(*place)).map(|atom| atom.resolve(find)).collect();
            alternatives.extend(atoms.map(|atoms| atoms.into_iter().flatten().collect::<Vec<_>>()));
        }
        self.add_alternatives(alternatives)
    }

    fn add_alternatives(&mut self, atoms: Vec<Vec<Atom>>) -> ConditionsRef {
        let mut alternatives: Alternatives = Vec::new();
        for all in atoms {
            let mut all: Vec<usize> = all.into_iter().map(|atom| self.add_atom(atom)).collect();
            all.sort_unstable();
            all.dedup();
            if all.is_empty() {
                return ConditionsRef::Always;
            }
            alternatives.push(all);
        }
        alternatives.sort_unstable();
        alternatives.dedup();
        if alternatives.is_empty() {
            return ConditionsRef::Never;
        }
        if let Some(known) = self.when_places.get(&alternatives) {
            return ConditionsRef::These(*known);
        }
        let place = self.whens.len();
        self.whens.push(alternatives.clone());
        self.when_places.insert(alternatives, place);
        ConditionsRef::These(place)
    }

    /// The document from which an attribute is read: types and parts depend on the resources.
    fn side_of(&self, attribute: &Attribute, side: usize) -> Option<usize> {
        let first = attribute.names.split('.').next().unwrap_or_default();
        let is_part = || first == "type" || self.parts.iter().any(|part| &**part == first);
        (!self.has_same_resources && attribute.root == Root::Resource && is_part()).then_some(side)
    }

    /// Whether an attribute is given by the resource's path.
    pub(super) fn is_of_path(&self, attribute: &Attribute) -> bool {
        let first = attribute.names.split('.').next().unwrap_or_default();
        attribute.root == Root::Resource
            && (RESERVED.contains(&first) || self.parts.iter().any(|part| &**part == first))
    }
}

/// The shapes of a document, in the order of their names.
pub(super) fn shapes(records: &Records) -> Option<Vec<(&str, &str)>> {
    let types = records.types.as_ref()?;
    let mut shapes: Vec<(&str, &str)> = types.list.iter().map(|kind| (&*kind.name, &*kind.shape)).collect();
    shapes.sort_unstable();
    Some(shapes)
}

/// The members of an object that has none, and the number of groups.
fn never_there(var: &super::atom::Var) -> Option<Values> {
    let (root, names) = (var.attribute.root, &*var.attribute.names);
    let has_none = match root {
        Root::Subject => names.starts_with("id.") || names.starts_with("groups."),
        Root::Resource => names.starts_with("path."),
        Root::Action => names.starts_with("name."),
        Root::Context => false,
    };
    has_none.then(Values::default)
}

/// An expression of which all must hold.
pub(super) fn all(mut list: Vec<Value>) -> Value {
    match list.pop() {
        Some(only) if list.is_empty() => only,
        last => {
            list.extend(last);
            Value::object([("all", Value::List(list))])
        }
    }
}

impl Store<'_> {
    /// Conditions as an expression; `None` if they always hold.
    pub(super) fn expression(&self, when: ConditionsRef) -> Option<Value> {
        let ConditionsRef::These(place) = when else { return None };
        let atoms =
            |places: &Vec<usize>| places.iter().filter_map(|place| self.atom(*place)).map(Atom::to_value).collect();
        let mut any: Vec<Value> = self.alternatives(place).iter().map(|places| all(atoms(places))).collect();
        match any.pop() {
            Some(only) if any.is_empty() => Some(only),
            last => {
                any.extend(last);
                Some(Value::object([("any", Value::List(any))]))
            }
        }
    }
}
