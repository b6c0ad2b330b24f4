//! Questions for servers and tools, about a whole set of records. They are not in the modules that a page loads.

use crate::authorizer::{unsupported, Authorizer, Subject};
use crate::document::limits::NAME_MAX;
#[cfg(feature = "js")]
use crate::document::problem::Problems;
use crate::document::value::Value;
use crate::error::Error;
#[cfg(feature = "js")]
use crate::question::Given;
use crate::system::Details;

impl Authorizer {
    /// Which resources of a type the subject may do this to: an expression over their parts and attributes, to run in a
    /// database. A row is kept if and only if the subject may do this to its resource.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], [`Error::UnknownResource`] for a type that the records do not have, and
    /// [`Error::Unsupported`] where the system cannot say.
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

    /// Who may do this: `users` (the ids of those users of the records who may, sorted), `authenticated` (whether every
    /// active user may) and `everyone` (whether an anonymous user may).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAction`], [`Error::UnknownResource`], [`Error::NameTooLong`] for a resource over 4,096 bytes, and
    /// [`Error::Unsupported`] where the system cannot say.
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

    /// The questions that `other` answers in another way than these records do: a list with an example for each.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system cannot say and for records of another system, and [`Error::Incomplete`]
    /// where the exact list would be too large.
    pub fn diff(&self, other: &Self) -> Result<Value, Error> {
        self.records.diff(&other.records)?.ok_or(unsupported(self.system(), "comparison with these records"))
    }

    /// What in the records never counts or is probably a mistake: a list of `code`, `path` and `message`. `now`, in seconds
    /// since 1970, is for time bounds that have passed.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system cannot say.
    pub fn lint(&self, now: Option<u64>) -> Result<Value, Error> {
        self.records.lint(now).ok_or(unsupported(self.system(), "lint"))
    }

    /// What in the records can decide: a list of `path`, a JSON pointer, and `kind`. Explanations name what decided by the
    /// same pointers, so the two together tell what no test exercises.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system cannot say.
    pub fn parts(&self) -> Result<Value, Error> {
        self.records.parts().ok_or(unsupported(self.system(), "list of what can decide"))
    }

    /// Small changes of the records, of which each changes an answer: a list of `path`, `change` (a text for a person) and
    /// `patch` (a JSON Patch). Tests that pass with one of them do not test it.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the system has none.
    pub fn mutants(&self) -> Result<Value, Error> {
        self.records.mutants().ok_or(unsupported(self.system(), "list of changes to test with"))
    }

    /// [`Authorizer::filter`] with details as JavaScript sends them.
    #[cfg(feature = "js")]
    pub(crate) fn filter_given(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
        question: &Value,
    ) -> Result<Value, Error> {
        let mut problems = Problems::default();
        let given = Given::read(question, &mut problems);
        if problems.is_empty() {
            return self.filter(subject, action, kind, given.details());
        }
        Err(Error::BadQuestion { problems: problems.into_list(question) })
    }

    /// [`Authorizer::holders`] with details as JavaScript sends them, and the resource perhaps by its parts.
    #[cfg(feature = "js")]
    pub(crate) fn holders_given(&self, action: &str, resource: &str, question: &Value) -> Result<Value, Error> {
        let (resource, given) = self.given(resource, question)?;
        self.holders(action, &resource, given.details())
    }
}
