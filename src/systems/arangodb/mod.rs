//! ArangoDB stub.

use crate::decision::Ruling;
use crate::digest::Digest;
use crate::node::Node;
use crate::problem::Problems;
use crate::system::System;
use crate::value::Value;
use crate::word::words;

/// ArangoDB.
#[derive(Debug)]
pub struct Arangodb;

words! {
    /// Word.
    pub enum Word { None = "none" }
}

impl System for Arangodb {
    const NAME: &'static str = "arangodb";

    type Records = ();
    type Subject = ();
    type Action = Word;
    type Level = Word;
    type Rule = Word;
    type Kind = Word;

    fn records(_document: Node<'_, '_>, _problems: &mut Problems) {}
    fn digest_records(_records: &(), _digest: &mut Digest) {}
    fn subject(_records: &(), _id: Option<&str>) {}
    fn digest_subject(_records: &(), _subject: &(), _digest: &mut Digest) {}
    fn decide(_: &(), _: &(), _: Word, _: &str, _: &Value) -> Ruling<Self> {
        Ruling::deny(Word::None)
    }
    fn validate(_records: &(), _kind: Word, value: Node<'_, '_>, _problems: &mut Problems) -> Value {
        value.value.clone()
    }
}
