//! JSON Schemas (2020-12) of documents, for editors and other validators. A model builds its schema from the constants
//! with which it parses. `cargo xtask schemas` writes them.

use crate::document::limits::NAME_MAX;
use crate::document::value::Value;
use crate::tables::word::Word;

/// A schema: its keywords, in the order in which they are printed.
#[derive(Clone, Debug, Default)]
pub struct Schema(Vec<(String, Value)>);

impl Schema {
    /// Any value.
    pub fn any() -> Self {
        Self::default()
    }

    /// A value of this type.
    fn of_type(name: &str) -> Self {
        Self::any().with("type", name)
    }

    /// A string.
    pub fn text() -> Self {
        Self::of_type("string")
    }

    /// A string that is not empty, and short enough for a name. The schema counts characters, while the limit counts
    /// bytes.
    pub fn name() -> Self {
        Self::text().with("minLength", 1).with_max_length(NAME_MAX)
    }

    /// True or false.
    pub fn flag() -> Self {
        Self::of_type("boolean")
    }

    /// An integer from `least` to `most`.
    pub fn integer(least: i64, most: i64) -> Self {
        Self::of_type("integer").with("minimum", least).with("maximum", most)
    }

    /// One of these words.
    pub fn one_of(words: &[&str]) -> Self {
        Self::any().with("enum", Value::texts(words))
    }

    /// A word of a fixed list.
    pub fn keyword<W: Word>() -> Self {
        Self::one_of(W::WORDS)
    }

    /// Null.
    pub fn null() -> Self {
        Self::of_type("null")
    }

    /// A list.
    pub fn list(items: Self) -> Self {
        Self::of_type("array").with("items", items)
    }

    /// An object with these members and no others. Some are required.
    pub fn object(members: &[&str], required: &[&str], member: impl Fn(&str) -> Self) -> Self {
        let mut object = Self::of_type("object");
        if !required.is_empty() {
            object = object.with("required", Value::texts(required));
        }
        let properties = members.iter().map(|name| ((*name).to_owned(), member(name).into())).collect();
        object.with("properties", Value::Object(properties)).with("additionalProperties", false)
    }

    /// An object whose members have any names.
    pub fn map(values: Self) -> Self {
        Self::of_type("object").with("additionalProperties", values)
    }

    /// A value that matches one of these.
    pub fn any_of(schemas: impl IntoIterator<Item = Self>) -> Self {
        Self::any().with("anyOf", Value::List(schemas.into_iter().map(Value::from).collect()))
    }

    /// A schema in the definitions of the document's schema.
    pub fn reference(name: &str) -> Self {
        Self::any().with("$ref", &*["#/$defs/", name].concat())
    }

    /// Adds one keyword.
    pub fn with(mut self, keyword: &str, value: impl Into<Value>) -> Self {
        self.0.push((keyword.to_owned(), value.into()));
        self
    }

    /// Limits the number of characters.
    pub fn with_max_length(self, most: usize) -> Self {
        self.with_count("maxLength", most)
    }

    /// Adds a keyword with a number.
    pub fn with_count(self, keyword: &str, count: usize) -> Self {
        self.with(keyword, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Requires a regular expression that matches a part of the string.
    pub fn with_pattern(self, pattern: &str) -> Self {
        self.with("pattern", pattern)
    }

    /// Requires one of these prefixes.
    pub fn with_prefix(self, starts: &[&str]) -> Self {
        let starts: Vec<String> = starts.iter().map(|start| escaped(start)).collect();
        self.with_pattern(&["^(?:", &starts.join("|"), ")"].concat())
    }

    /// Requires one of these words, in any letter case.
    pub fn in_any_case(self, words: &[&str]) -> Self {
        self.with_pattern(&["^(?:", &any_case(words), ")$"].concat())
    }

    /// Allows only one of these two members to be a string.
    pub fn not_both(self, one: &str, other: &str) -> Self {
        let properties = Value::object([(one, Self::text().into()), (other, Self::text().into())]);
        self.with(
            "not",
            Self::of_type("object").with("required", Value::texts(&[one, other])).with("properties", properties),
        )
    }

    /// Adds a description for people.
    pub fn with_description(self, text: &str) -> Self {
        self.with("description", text)
    }

    /// Allows null as well.
    pub fn or_null(mut self) -> Self {
        for (keyword, value) in &mut self.0 {
            match (keyword.as_str(), &mut *value) {
                ("type", Value::Text(_)) => {
                    let own = std::mem::take(value);
                    *value = Value::List(vec![own, "null".into()]);
                    return self;
                }
                ("enum" | "anyOf", Value::List(list)) => {
                    list.push(if keyword == "enum" { Value::Null } else { Self::null().into() });
                    return self;
                }
                _ => {}
            }
        }
        Self::any_of([self, Self::null()])
    }

    /// The schema of a document, with its definitions.
    pub fn of_document(self, title: &str, definitions: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        let head = [("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", title)];
        let mut document = Self(head.map(|(keyword, text)| (keyword.to_owned(), text.into())).to_vec());
        document.0.extend(self.0);
        let definitions: Vec<_> =
            definitions.into_iter().map(|(name, schema)| (name.to_owned(), schema.into())).collect();
        if definitions.is_empty() {
            return document;
        }
        document.with("$defs", Value::Object(definitions))
    }

    /// The schema as JSON text.
    pub fn json(&self) -> String {
        Value::from(self.clone()).json()
    }
}

/// A regular expression that matches this text alone.
fn escaped(text: &str) -> String {
    let mut expression = String::new();
    for letter in text.chars() {
        if "^$\\.*+?()[]{}|/".contains(letter) {
            expression.push('\\');
        }
        expression.push(letter);
    }
    expression
}

/// A regular expression that matches these words, in capital or small letters.
fn any_case(words: &[&str]) -> String {
    let word = |word: &&str| -> String {
        let letter = |letter: char| match (letter.to_ascii_lowercase(), letter.to_ascii_uppercase()) {
            (small, capital) if small != capital => ['[', small, capital, ']'].iter().collect(),
            _ => escaped(letter.encode_utf8(&mut [0; 4])),
        };
        word.chars().map(letter).collect()
    };
    words.iter().map(word).collect::<Vec<String>>().join("|")
}

impl From<Schema> for Value {
    fn from(schema: Schema) -> Self {
        Self::Object(schema.0)
    }
}
