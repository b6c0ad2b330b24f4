//! The stored entry of a database with its collections.

use std::collections::BTreeMap;

use super::super::model::SYSTEM;
use super::values::{integer, map_to_object, members};
use crate::document::value::Value;

/// A database, which may have been dropped.
#[derive(Clone, Default)]
pub struct Database {
    pub present: bool,
    pub generation: i64,
    collections: BTreeMap<String, Collection>,
}

/// A collection, which may have been dropped.
#[derive(Clone, Copy, Default)]
struct Collection {
    present: bool,
    generation: i64,
}

impl Database {
    /// A database that never existed. `_system` always exists.
    pub fn absent(name: &str) -> Self {
        Self { present: name == SYSTEM, ..Self::default() }
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        let mut collections = BTreeMap::new();
        for (name, collection) in members(value.get("collections")?) {
            let present = *collection.get("present")? == Value::Bool(true);
            collections
                .insert(name.clone(), Collection { present, generation: integer(collection.get("generation")?)? });
        }
        let present = *value.get("present")? == Value::Bool(true);
        Some(Self { present, generation: integer(value.get("generation")?)?, collections })
    }

    pub fn to_value(&self) -> Value {
        let collections = map_to_object(&self.collections, |Collection { present, generation }| {
            Value::object([("present", (*present).into()), ("generation", (*generation).into())])
        });
        Value::object([
            ("present", self.present.into()),
            ("generation", self.generation.into()),
            ("collections", collections),
        ])
    }

    pub fn collection_generation(&self, collection: &str) -> i64 {
        self.collections.get(collection).map_or(0, |collection| collection.generation)
    }

    /// The collections that exist.
    pub fn collections(&self) -> impl Iterator<Item = &str> {
        self.collections.iter().filter(|(_, collection)| collection.present).map(|(name, _)| name.as_str())
    }

    /// Whether the collection exists.
    pub fn has_collection(&self, collection: &str) -> bool {
        self.collections.get(collection).is_some_and(|collection| collection.present)
    }

    /// The number of collections, including dropped ones.
    pub fn collection_name_count(&self) -> usize {
        self.collections.len()
    }

    pub fn create_collection(&mut self, collection: &str) {
        self.collections.entry(collection.to_owned()).or_default().present = true;
    }

    pub fn drop_collection(&mut self, name: &str) {
        let collection = self.collections.entry(name.to_owned()).or_default();
        *collection = Collection { present: false, generation: collection.generation.saturating_add(1) };
    }

    /// The entry after the database was dropped. Existing grants on it no longer apply.
    pub fn dropped(&self) -> Self {
        Self { generation: self.generation.saturating_add(1), ..Self::default() }
    }
}
