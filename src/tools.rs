//! Questions for servers and tools about a whole set of records. The modules for pages do not have them.

use crate::authorizer::{unsupported, Authorizer, Subject};
use crate::document::limits::NAME_MAX;
#[cfg(feature = "js")]
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
#[cfg(feature = "js")]
use crate::question::ParsedDetails;
use crate::system::{Details, Principal};
use crate::tables::text::{concat, fill, quote};

impl Authorizer {
    /// Records in which one user gets the same decisions and has the same digest. They contain no other users, so a
    /// server can send them to a page. In a model where roles can be subjects, they can also be those of a role.
    /// `document` is the document that was opened. [`Authorizer::slice`] does the same for a model in which users can
    /// bring records.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the decisions depend on other users' records, in a model with [`Authorizer::slice`],
    /// and for a role in a model where roles cannot be subjects.
    pub fn slice_document(&self, document: &Value, principal: Principal<'_>) -> Result<Value, Error> {
        self.principal(principal)?;
        let slice = self.records.slice_document(document, principal);
        slice.ok_or(unsupported(self.system(), "slice: the decisions depend on the records of other users"))
    }

    /// The resources of a type for which the subject has the action: an expression over their parts and attributes, to
    /// run in a database. A row is kept if and only if the subject has the action on its resource.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], [`Error::UnknownResource`] for a type that the records do not have, and
    /// [`Error::Unsupported`] if the model cannot say.
    pub fn filter<'d>(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
        details: impl Into<Details<'d>>,
    ) -> Result<Value, Error> {
        if kind.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        let code = self.action(subject, action)?;
        let details = details.into();
        let filter = code.map_or(Ok(None), |code| self.records.filter(&subject.grants, code, kind, details))?;
        filter.ok_or(unsupported(self.system(), "filter: ask about each resource"))
    }

    /// The fields of a record that the subject may see or change. Each of the `names` is the last segment of a
    /// resource. The result has those for which the subject has the action, in the given order. `resource` is the path,
    /// or the parts, of such a resource without its last segment.
    ///
    /// # Errors
    ///
    /// The errors of [`Authorizer::decide`] about the resource of each name. [`Error::UnknownResource`] also for a name
    /// that is empty or contains `/`, and for a type whose last segment is not a part.
    pub fn fields<'n, 'd>(
        &self,
        subject: &Subject,
        action: &str,
        resource: &Value,
        names: &[&'n str],
        details: impl Into<Details<'d>>,
    ) -> Result<Vec<&'n str>, Error> {
        self.action(subject, action)?;
        let paths = self.field_paths(resource, names)?;
        let details = details.into();
        let mut allowed = Vec::new();
        for (name, path) in names.iter().zip(&paths) {
            if self.decide_named(subject, action, path, details)?.allow() {
                allowed.push(*name);
            }
        }
        Ok(allowed)
    }

    /// The resources with these names as their last segments.
    fn field_paths(&self, resource: &Value, names: &[&str]) -> Result<Vec<String>, Error> {
        let unknown = |why: String| Error::UnknownResource { why };
        let mut paths = Vec::with_capacity(names.len());
        for name in names {
            if name.is_empty() || name.contains('/') {
                return Err(unknown(fill("expected the name of a field without `/`, got {}", &[&quote(name)])));
            }
            let path = match resource {
                Value::Text(path) if path.is_empty() => (*name).to_owned(),
                Value::Text(path) => concat(&[path, "/", name]),
                Value::Object(members) => {
                    let kind = resource.get("type").and_then(Value::text).unwrap_or_default();
                    let mut parts = members.clone();
                    if let Some(last) = self.records.last_part(kind) {
                        if resource.get(last).is_some() {
                            let why = "the part {} is the name of a field, which is asked for: leave it out";
                            return Err(unknown(fill(why, &[&quote(last)])));
                        }
                        parts.push((last.to_owned(), (*name).into()));
                    } else if self.path(resource).is_ok() {
                        let why = "the shape of {} does not end with a part, which could be the name of a field";
                        return Err(unknown(fill(why, &[&quote(kind)])));
                    }
                    self.path(&Value::Object(parts))?
                }
                other => self.path(other)?,
            };
            self.check_resource(&path)?;
            paths.push(path);
        }
        Ok(paths)
    }

    /// Who has the action: `users` (the ids of users in the records, sorted), `authenticated` (whether every active
    /// user has it) and `everyone` (whether an anonymous user has it).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], [`Error::UnknownResource`], [`Error::NameTooLong`] for a resource over 4,096 bytes,
    /// and [`Error::Unsupported`] if the model cannot say.
    pub fn holders<'d>(&self, action: &str, resource: &str, details: impl Into<Details<'d>>) -> Result<Value, Error> {
        if resource.len() > NAME_MAX {
            return Err(Error::NameTooLong);
        }
        let code = self.action(&self.subject(None), action)?;
        self.check_resource(resource)?;
        let details = details.into();
        let holders = code.and_then(|code| self.records.holders(code, resource, details));
        holders.ok_or(unsupported(self.system(), "list of who may do something: ask for each user"))
    }

    /// The questions that `other` answers differently than these records: a list with an example for each.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model cannot say and for records of another model, and [`Error::Incomplete`] if
    /// the exact list would be too large.
    pub fn diff(&self, other: &Self) -> Result<Value, Error> {
        self.records.diff(&other.records)?.ok_or(unsupported(self.system(), "comparison with these records"))
    }

    /// What in the records has no effect or is probably a mistake: a list of `code`, `path` and `message`. `now`, in
    /// seconds since 1970, is for time bounds that have passed.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model cannot say.
    pub fn lint(&self, now: Option<u64>) -> Result<Value, Error> {
        self.records.lint(now).ok_or(unsupported(self.system(), "lint"))
    }

    /// The parts of the records that can decide: a list of `path`, a JSON pointer, and `kind`. Explanations name what
    /// decided by the same pointers, so the two together show which parts no test exercises.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model cannot say.
    pub fn parts(&self) -> Result<Value, Error> {
        self.records.parts().ok_or(unsupported(self.system(), "list of what can decide"))
    }

    /// Small changes of the records, each of which changes a decision: a list of `path`, `change` (a text for people)
    /// and `patch` (a JSON Patch). If all tests pass with a change, they do not test it.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the model has none.
    pub fn mutants(&self) -> Result<Value, Error> {
        self.records.mutants().ok_or(unsupported(self.system(), "list of changes to test with"))
    }

    /// [`Authorizer::filter`] with details in the form that JavaScript sends.
    #[cfg(feature = "js")]
    pub(crate) fn filter_given(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
        question: &Value,
    ) -> Result<Value, Error> {
        let mut problems = Problems::default();
        let given = ParsedDetails::parse(question, &mut problems);
        if problems.is_empty() {
            return self.filter(subject, action, kind, given.details());
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// [`Authorizer::fields`] with details in the form that JavaScript sends. The resource may be given by its parts.
    #[cfg(feature = "js")]
    pub(crate) fn fields_given(
        &self,
        subject: &Subject,
        action: &str,
        resource: &str,
        question: &Value,
    ) -> Result<Value, Error> {
        self.action(subject, action)?;
        let named = Value::from(resource);
        let resource = question.get("resource").unwrap_or(&named);
        let names = match question.get("names") {
            Some(Value::List(names)) => names.iter().filter_map(Value::text).collect(),
            _ => Vec::new(),
        };
        self.field_paths(resource, &names)?;
        let mut problems = Problems::default();
        let given = ParsedDetails::parse(question, &mut problems);
        if problems.is_empty() {
            return self.fields(subject, action, resource, &names, given.details()).map(|names| Value::texts(&names));
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// [`Authorizer::holders`] with details in the form that JavaScript sends. The resource may be given by its parts.
    #[cfg(feature = "js")]
    pub(crate) fn holders_given(&self, action: &str, resource: &str, question: &Value) -> Result<Value, Error> {
        let (resource, given) = self.parse_resource_and_details(resource, question)?;
        self.holders(action, &resource, given.details())
    }
}
