//! A database, with its collections.

use std::collections::BTreeMap;

use super::super::model::SYSTEM;
use super::values::{members, object, whole};
use crate::document::value::Value;

/// A database, or what is left of one.
#[derive(Clone, Default)]
pub struct Database {
    pub present: bool,
    pub generation: i64,
    collections: BTreeMap<String, Collection>,
}

/// A collection, or what is left of one.
#[derive(Clone, Copy, Default)]
struct Collection {
    present: bool,
    generation: i64,
}

impl Database {
    /// A name that nobody used yet. `_system` is always there.
    pub fn absent(name: &str) -> Self {
        Self { present: name == SYSTEM, ..Self::default() }
    }

    pub fn read(value: &Value) -> Option<Self> {
        let mut collections = BTreeMap::new();
        for (name, collection) in members(value.get("collections")?) {
            let present = *collection.get("present")? == Value::Bool(true);
            collections.insert(name.clone(), Collection { present, generation: whole(collection.get("generation")?)? });
        }
        let present = *value.get("present")? == Value::Bool(true);
        Some(Self { present, generation: whole(value.get("generation")?)?, collections })
    }

    pub fn value(&self) -> Value {
        let collections = object(&self.collections, |Collection { present, generation }| {
            Value::object([("present", (*present).into()), ("generation", (*generation).into())])
        });
        Value::object([
            ("present", self.present.into()),
            ("generation", self.generation.into()),
            ("collections", collections),
        ])
    }

    pub fn generation_of(&self, collection: &str) -> i64 {
        self.collections.get(collection).map_or(0, |collection| collection.generation)
    }

    /// The collections that are there.
    pub fn collections(&self) -> impl Iterator<Item = &str> {
        self.collections.iter().filter(|(_, collection)| collection.present).map(|(name, _)| name.as_str())
    }

    /// Whether there is this collection.
    pub fn has(&self, collection: &str) -> bool {
        self.collections.get(collection).is_some_and(|collection| collection.present)
    }

    /// How many names of collections it knows, of those that are there and those that were.
    pub fn names(&self) -> usize {
        self.collections.len()
    }

    pub fn create(&mut self, collection: &str) {
        self.collections.entry(collection.to_owned()).or_default().present = true;
    }

    pub fn drop_collection(&mut self, name: &str) {
        let collection = self.collections.entry(name.to_owned()).or_default();
        *collection = Collection { present: false, generation: collection.generation.saturating_add(1) };
    }

    /// The same name without its database: what was granted so far counts no more.
    pub fn dropped(&self) -> Self {
        Self { generation: self.generation.saturating_add(1), ..Self::default() }
    }
}
