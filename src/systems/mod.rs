//! The list of models: one folder and one cargo feature each. Only this file and `directory.rs` name them.
//!
//! The file has over 300 lines because it is one macro: each of its enums needs every name in the list of models, and
//! the list is the argument of the macro.

#[cfg(feature = "directory")]
mod directory;
mod vocabulary;

use crate::decision::{Decision, Packed};
use crate::document::node::Node;
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
use crate::system::{unpack, Details, Principal, Question, Request, System, Term};
use crate::tables::digest::Digest;
use crate::tables::word::Word;

pub use vocabulary::Vocabulary;

/// Declares the modules of the models, and the enums that hold what belongs to one of them.
macro_rules! systems {
    ($($system:ident = $name:literal in $folder:ident),+ $(,)?) => {
        #[cfg(not(any($(feature = $name),+)))]
        compile_error!(concat!("choose a model by its feature:", $(" ", $name),+));

        $(
            #[cfg(feature = $name)]
            pub mod $folder;
        )+

        crate::tables::word::words! {
            /// The models by name.
            pub enum SystemName { $($system = $name if feature = $name),+ }
        }

        $(
            #[cfg(all(feature = $name, feature = "directory"))]
            impl crate::directory::model::Named for $folder::$system {
                const NAME: &'static str = $name;
            }
        )+

        /// The records of one model.
        #[derive(Debug)]
        pub(crate) enum Records { $(#[cfg(feature = $name)] $system(<$folder::$system as System>::Records)),+ }

        /// A resolved subject of one model.
        #[derive(Debug)]
        pub(crate) enum Subject { $(#[cfg(feature = $name)] $system(<$folder::$system as System>::Subject)),+ }

        /// Records of one model, with a subject resolved from records of the same model.
        enum Pair<'r> {
            $(#[cfg(feature = $name)] $system(&'r <$folder::$system as System>::Records, &'r <$folder::$system as System>::Subject)),+
        }

        impl SystemName {
            /// Parses the records of this model.
            pub(crate) fn records(self, document: &Value, problems: &mut Problems) -> Records {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => Records::$system($folder::$system::parse_records(Node { value: document }, problems))),+
                }
            }

            /// The JSON Schema of the records, as text.
            #[cfg(feature = "schemas")]
            pub fn schema(self) -> String {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $folder::$system::schema().json()),+
                }
            }

            /// The vocabulary, if it does not depend on the records.
            pub(crate) fn vocabulary(self) -> Option<Vocabulary<'static>> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => Vocabulary::shared::<$folder::$system>()),+
                }
            }

            /// Whether the model maps requests to questions.
            pub(crate) fn has_routes(self) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $folder::$system::HAS_ROUTES),+
                }
            }

            /// The question that a request asks.
            pub(crate) fn classify(self, request: &Request<'_>) -> Option<Question> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $folder::$system::classify(request)),+
                }
            }

            /// Whether the question depends on the body of the request.
            pub(crate) fn needs_body(self, request: &Request<'_>) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system => $folder::$system::needs_body(request)),+
                }
            }
        }

        impl Records {
            pub(crate) fn system(&self) -> SystemName {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(_) => SystemName::$system),+
                }
            }

            /// These records with a subject. Returns `None` for a subject of another model.
            #[inline(always)]
            fn pair_with<'r>(&'r self, subject: &'r Subject) -> Option<Pair<'r>> {
                match (self, subject) {
                    $(#[cfg(feature = $name)] (Self::$system(records), Subject::$system(subject)) => {
                        Some(Pair::$system(records, subject))
                    })+
                    // With one model, every subject is its own.
                    #[expect(clippy::allow_attributes, reason = "it is reachable as soon as there are two models")]
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }

            pub(crate) fn digest(&self) -> String {
                let mut digest = Digest::new(self.system().word(), "records");
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::digest_records(records, &mut digest)),+
                }
                digest.finish()
            }

            /// Whether a role can be the subject.
            pub(crate) fn accepts_roles(&self) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(_) => $folder::$system::ACCEPTS_ROLES),+
                }
            }

            /// Resolves a principal.
            pub(crate) fn resolve(&self, principal: Principal<'_>) -> Subject {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        Subject::$system($folder::$system::resolve(records, principal))
                    }),+
                }
            }

            /// Whether a user can bring a record of their own, and be limited by `within`.
            pub(crate) fn accepts_records(&self) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(_) => $folder::$system::ACCEPTS_RECORDS),+
                }
            }

            /// Resolves a user with this record.
            pub(crate) fn resolve_record(&self, record: &Value, problems: &mut Problems) -> Option<Subject> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        $folder::$system::resolve_record(records, Node { value: record }, problems).map(Subject::$system)
                    }),+
                }
            }

            /// Limits a subject by `within`. Returns `None` for a subject of another model.
            pub(crate) fn limit_subject(&self, subject: Subject, holders: &Value, problems: &mut Problems) -> Option<Subject> {
                match (self, subject) {
                    $(#[cfg(feature = $name)] (Self::$system(records), Subject::$system(subject)) => {
                        $folder::$system::limit_subject(records, subject, Node { value: holders }, problems).map(Subject::$system)
                    })+
                    #[expect(clippy::allow_attributes, reason = "it is reachable as soon as there are two models")]
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }

            /// Whether a resource of this name is known.
            #[inline(always)]
            pub(crate) fn knows_resource(&self, resource: &str) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::knows_resource(records, resource)),+
                }
            }

            /// The path of a resource that is given by its parts.
            pub(crate) fn path(&self, resource: &Value) -> Result<String, String> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::path(records, resource)),+
                }
            }

            /// Whether the records have time bounds.
            pub(crate) fn has_bounds(&self) -> bool {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::has_bounds(records)),+
                }
            }

            /// Whether a decision for this subject depends on the time.
            pub(crate) fn is_timed(&self, subject: &Subject) -> bool {
                match self.pair_with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        $folder::$system::is_timed(records, subject)
                    })+
                    None => false,
                }
            }

            /// When a decision for this subject next changes by the time alone.
            pub(crate) fn changes_at(&self, subject: &Subject, now: u64) -> Option<u64> {
                match self.pair_with(subject)? {
                    $(#[cfg(feature = $name)] Pair::$system(records, subject) => {
                        $folder::$system::changes_at(records, subject, now)
                    })+
                }
            }

            /// The vocabulary of these records.
            pub(crate) fn vocabulary(&self) -> Vocabulary<'_> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => Vocabulary::of_records::<$folder::$system>(records)),+
                }
            }

            /// The kinds of values that can be validated.
            pub(crate) fn kinds(&self) -> &'static [&'static str] {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(_) => <$folder::$system as System>::Kind::WORDS),+
                }
            }

            /// A packed decision with names.
            pub(crate) fn decision(&self, packed: Packed) -> Decision<'_> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => unpack::<$folder::$system>(records, packed)),+
                }
            }

            pub(crate) fn digest_subject(&self, subject: &Subject) -> String {
                let mut digest = Digest::new(self.system().word(), "subject");
                match self.pair_with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        $folder::$system::digest_subject(records, subject, &mut digest);
                    })+
                    None => {}
                }
                digest.finish()
            }

            /// Decides by codes. A subject of another model, or an unknown code, is denied.
            #[inline(always)]
            pub(crate) fn decide(&self, subject: &Subject, action: u8, resource: &str, details: Details<'_>) -> Packed {
                match self.pair_with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        <$folder::$system as System>::Action::of_code(records, action).map_or(Packed::DENY, |action| {
                            $folder::$system::decide(records, subject, action, resource, details).pack()
                        })
                    })+
                    None => Packed::DENY,
                }
            }

            /// What decided, as an object. Returns `None` if the explanation of the rule is enough.
            pub(crate) fn explain(&self, subject: &Subject, action: u8, resource: &str, details: Details<'_>) -> Option<Value> {
                match self.pair_with(subject)? {
                    $(#[cfg(feature = $name)] Pair::$system(records, subject) => {
                        let action = <$folder::$system as System>::Action::of_code(records, action)?;
                        $folder::$system::explain(records, subject, action, resource, details)
                    })+
                }
            }

            /// The code of an action, as this subject asks for it. Returns `None` for a subject of another model.
            pub(crate) fn action(&self, subject: &Subject, name: &str) -> Result<Option<u8>, Error> {
                match self.pair_with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        let action = $folder::$system::action(records, subject, name)?;
                        Ok(Some(Term::<<$folder::$system as System>::Records>::to_code(action)))
                    })+
                    None => Ok(None),
                }
            }

            /// The resources for which a subject has the action with this code. Returns `None` if the model cannot say
            /// exactly.
            pub(crate) fn reach(&self, subject: &Subject, action: u8) -> Option<Value> {
                match self.pair_with(subject)? {
                    $(#[cfg(feature = $name)] Pair::$system(records, subject) => {
                        let action = <$folder::$system as System>::Action::of_code(records, action)?;
                        $folder::$system::reach(records, subject, action)
                    })+
                }
            }

            /// Records with this subject alone. Returns `None` if the model cannot say.
            pub(crate) fn slice(&self, subject: &Subject, roles: &Value, problems: &mut Problems) -> Option<Value> {
                match self.pair_with(subject)? {
                    $(#[cfg(feature = $name)] Pair::$system(records, subject) => {
                        $folder::$system::slice(records, subject, Node { value: roles }, problems)
                    })+
                }
            }

            /// Records with this principal alone, cut out of the document of these records. Returns `None` if the model
            /// cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn slice_document(&self, document: &Value, principal: Principal<'_>) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        $folder::$system::slice_document(records, document, principal)
                    })+
                }
            }

            /// The resources of a type for which a subject has the action. Returns `None` if the model cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn filter(
                &self,
                subject: &Subject,
                action: u8,
                kind: &str,
                details: Details<'_>,
            ) -> Result<Option<Value>, Error> {
                match self.pair_with(subject) {
                    $(#[cfg(feature = $name)] Some(Pair::$system(records, subject)) => {
                        match <$folder::$system as System>::Action::of_code(records, action) {
                            Some(action) => $folder::$system::filter(records, subject, action, kind, details),
                            None => Ok(None),
                        }
                    })+
                    None => Ok(None),
                }
            }

            /// The name of the part that is the last segment of each resource of a type. Returns `None` if that segment
            /// is not a part.
            #[cfg(feature = "tools")]
            pub(crate) fn last_part(&self, kind: &str) -> Option<&str> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::last_part(records, kind)),+
                }
            }

            /// Who has the action with this code. Returns `None` if the model cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn holders(&self, action: u8, resource: &str, details: Details<'_>) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        let action = <$folder::$system as System>::Action::of_code(records, action)?;
                        $folder::$system::holders(records, action, resource, details)
                    })+
                }
            }

            /// The questions that other records of the same model answer differently. Returns `None` if the model
            /// cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn diff(&self, other: &Self) -> Result<Option<Value>, Error> {
                match (self, other) {
                    $(#[cfg(feature = $name)] (Self::$system(records), Self::$system(other)) => {
                        $folder::$system::diff(records, other)
                    })+
                    // With one model, all records are its own.
                    #[expect(clippy::allow_attributes, reason = "it is reachable as soon as there are two models")]
                    #[allow(unreachable_patterns)]
                    _ => Ok(None),
                }
            }

            /// What in the records has no effect or is probably a mistake. Returns `None` if the model cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn lint(&self, now: Option<u64>) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::lint(records, now)),+
                }
            }

            /// The parts of the records that can decide. Returns `None` if the model cannot say.
            #[cfg(feature = "tools")]
            pub(crate) fn parts(&self) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::parts(records)),+
                }
            }

            /// Small changes of the records, each of which changes a decision. Returns `None` if the model has none.
            #[cfg(feature = "tools")]
            pub(crate) fn mutants(&self) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => $folder::$system::mutants(records)),+
                }
            }

            /// The value as the model would store it. Returns `None` if the model has no such kind.
            pub(crate) fn validate(&self, kind: &str, value: &Value, problems: &mut Problems) -> Option<Value> {
                match self {
                    $(#[cfg(feature = $name)] Self::$system(records) => {
                        let kind = <$folder::$system as System>::Kind::from_word(kind)?;
                        Some($folder::$system::validate(records, kind, Node { value }, problems))
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
    Rbac = "rbac" in rbac,
    Tyk = "tyk" in tyk,
    Wso2 = "wso2" in wso2,
}
