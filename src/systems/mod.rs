//! The list of models: one folder and one cargo feature each. Only this file and `directory.rs` name them.

#[cfg(feature = "directory")]
mod directory;

use crate::decision::{Decision, Packed};
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{Question, Request, System};
use crate::tables::digest::Digest;
use crate::tables::word::Word;

/// Declares the rooms, and the enums that hold what belongs to one of them.
macro_rules! systems {
    ($($system:ident = $name:literal in $room:ident),+ $(,)?) => {
        #[cfg(not(any($(feature = $name),+)))]
        compile_error!(concat!("choose a model by its feature:", $(" ", $name),+));

        $(
            #[cfg(feature = $name)]
            pub mod $room;
        )+

        crate::tables::word::words! {
            /// The systems by name.
            pub enum SystemName { $($system = $name if feature = $name),+ }
        }

        $(
            #[cfg(all(feature = $name, feature = "directory"))]
            impl crate::directory::model::Named for $room::$system {
                const NAME: &'static str = $name;
            }
        )+

        /// The records of one system.
        #[derive(Debug)]
        pub(crate) enum Records { $(#[cfg(feature = $name)] $system(<$room::$system as System>::Records)),+ }

        /// What one subject holds in one system.
        #[derive(Debug)]
        pub(crate) enum Subject { $(#[cfg(feature = $name)] $system(<$room::$system as System>::Subject)),+ }

        /// Records of one system, with a subject that was resolved from records of the same one.
        enum Pair<'r> {
            $(#[cfg(feature = $name)] $system(&'r <$room::$system as System>::Records, &'r <$room::$system as System>::Subject)),+
        }

        impl SystemName {
            /// Reads the records of this system.
            pub(crate) fn records(self, document: &Value, problems: &mut Problems) -> Records {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => Records::$system($room::$system::records(Node { value: document }, problems))),+
                }
            }

            /// The names of actions, levels, rules and kinds, each in the order of their codes.
            pub(crate) fn vocabulary(self) -> Vocabulary {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => Vocabulary::of::<$room::$system>()),+
                }
            }

            /// Whether requests have questions.
            pub(crate) fn has_routes(self) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $room::$system::HAS_ROUTES),+
                }
            }

            /// The question that a request asks.
            pub(crate) fn classify(self, request: &Request<'_>) -> Option<Question> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $room::$system::classify(request)),+
                }
            }

            /// Whether the question of a request depends on its body.
            pub(crate) fn needs_body(self, request: &Request<'_>) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $room::$system::needs_body(request)),+
                }
            }

            /// The code of an action.
            pub(crate) fn action(self, name: &str) -> Option<u8> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $room::$system::action(name).map(Word::code)),+
                }
            }

            /// A packed decision in words.
            pub(crate) fn decision(self, packed: Packed) -> Decision {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => packed.decision::<<$room::$system as System>::Rule, <$room::$system as System>::Level>()),+
                }
            }
        }

        impl Records {
            pub(crate) fn system(&self) -> SystemName {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(_) => SystemName::$system),+
                }
            }

            /// These records with a subject; `None` for a subject of another system.
            #[inline(always)]
            fn with<'r>(&'r self, subject: &'r Subject) -> Option<Pair<'r>> {
                match (self, subject) {
                    $(#[cfg(feature = $name)] (Self::$system(records), Subject::$system(subject)) => {
                        Some(Pair::$system(records, subject))
                    })+
                    // With one model there is no other.
                    #[expect(clippy::allow_attributes, reason = "it is reachable as soon as there are two models")]
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }

            pub(crate) fn digest(&self) -> String {
                let mut digest = Digest::new(self.system().word(), "records");
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $room::$system::digest_records(records, &mut digest)),+
                }
                digest.finish()
            }

            pub(crate) fn subject(&self, id: Option<&str>) -> Subject {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => Subject::$system($room::$system::subject(records, id))),+
                }
            }

            pub(crate) fn role(&self, name: &str) -> Option<Subject> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $room::$system::role(records, name).map(Subject::$system)),+
                }
            }

            pub(crate) fn digest_subject(&self, subject: &Subject) -> String {
                let mut digest = Digest::new(self.system().word(), "subject");
                match self.with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        $room::$system::digest_subject(records, subject, &mut digest);
                    })+
                    None => {}
                }
                digest.finish()
            }

            /// Decides by codes. A subject of another system, or a code that no action has, is denied.
            #[inline(always)]
            pub(crate) fn decide(&self, subject: &Subject, action: u8, resource: &str, attributes: &Value) -> Packed {
                match self.with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        <$room::$system as System>::Action::from_code(action).map_or(Packed::DENY, |action| {
                            $room::$system::decide(records, subject, action, resource, attributes).pack()
                        })
                    })+
                    None => Packed::DENY,
                }
            }

            /// What a question about an unknown action comes to.
            pub(crate) fn unknown_action(&self, subject: &Subject, name: &str) -> Result<Packed, Error> {
                match self.with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        $room::$system::unknown_action(records, subject, name).map(|ruling| ruling.pack())
                    })+
                    None => Ok(Packed::DENY),
                }
            }

            pub(crate) fn listing(&self, subject: &Subject) -> Vec<String> {
                match self.with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        $room::$system::listing(records, subject)
                    })+
                    None => Vec::new(),
                }
            }

            /// The value as the system would store it; `None` when the system has no such kind.
            pub(crate) fn validate(&self, kind: &str, value: &Value, problems: &mut Problems) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        let kind = <$room::$system as System>::Kind::from_word(kind)?;
                        Some($room::$system::validate(records, kind, Node { value }, problems))
                    })+
                }
            }
        }
    };
}

systems! {
    Antmedia = "antmedia" in antmedia,
    Arangodb = "arangodb" in arangodb,
    Meuse = "meuse" in meuse,
    Tyk = "tyk" in tyk,
    Wso2 = "wso2" in wso2,
}

/// The words of one system, each list in the order of the codes.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Vocabulary {
    /// What can be asked.
    pub actions: &'static [&'static str],
    /// The levels that rules compare.
    pub levels: &'static [&'static str],
    /// The rules that decide.
    pub rules: &'static [&'static str],
    /// What can be validated.
    pub kinds: &'static [&'static str],
}

impl Vocabulary {
    fn of<S: System>() -> Self {
        Self { actions: S::Action::WORDS, levels: S::Level::WORDS, rules: S::Rule::WORDS, kinds: S::Kind::WORDS }
    }
}
