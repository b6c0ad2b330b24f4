//! A document as JSON text, with its members in any order.

use serde_json::Value as Json;

use super::rng::Rng;

/// The text of a value, with the members of each object in a random order.
pub fn shuffled(rng: &mut Rng, value: &Json) -> String {
    write(rng, value, 0)
}

/// The same, with some members repeated: 1 of 1,000 for each `promille`.
pub fn with_repeats(rng: &mut Rng, value: &Json, promille: usize) -> String {
    write(rng, value, promille)
}

fn write(rng: &mut Rng, value: &Json, promille: usize) -> String {
    match value {
        Json::Array(list) => {
            let items: Vec<String> = list.iter().map(|item| write(rng, item, promille)).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(members) => {
            let mut rest: Vec<(&String, &Json)> = members.iter().collect();
            let mut texts = Vec::new();
            while !rest.is_empty() {
                let (name, value) = rest.remove(rng.below(rest.len()));
                let name = Json::from(name.as_str());
                if rng.below(1_000) < promille {
                    texts.push(format!("{name}:{}", rng.pick(&["null", "7", "\"read\"", "[]", "{}"])));
                }
                texts.push(format!("{name}:{}", write(rng, value, promille)));
            }
            format!("{{{}}}", texts.join(","))
        }
        value => value.to_string(),
    }
}
