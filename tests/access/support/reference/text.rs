//! JSON text, with the places of repeated members.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer as Text, Map, Number, Value as Json};

use super::problems::pointer_to;

/// The document, where the last of repeated members counts, and a pointer to each repeated member.
pub fn parse_with_repeats(text: &str) -> serde_json::Result<(Json, Vec<String>)> {
    let mut repeated = Vec::new();
    let document = Reader { path: String::new(), repeated: &mut repeated }.deserialize(&mut Text::from_str(text))?;
    Ok((document, repeated))
}

struct Reader<'r> {
    path: String,
    repeated: &'r mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<Json, D::Error> {
        text.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(Json::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(Json::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json, E> {
        Number::from_f64(number).map(Json::Number).ok_or(E::custom("not a finite number"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        loop {
            let path = pointer_to(&self.path, &items.len().to_string());
            match list.next_element_seed(Reader { path, repeated: self.repeated })? {
                Some(item) => items.push(item),
                None => return Ok(Json::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let path = pointer_to(&self.path, &name);
            let value = object.next_value_seed(Reader { path: path.clone(), repeated: self.repeated })?;
            if members.insert(name, value).is_some() {
                self.repeated.push(path);
            }
        }
        Ok(Json::Object(members))
    }
}
