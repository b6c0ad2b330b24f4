//! The body of a request.

use super::super::{Antmedia, Kind, Records};
use super::responses::bad_request;
use crate::directory::prelude::{BodyError, Call, Interrupt, Transaction};
use crate::document::problem::{Code, Problem};
use crate::document::value::Value;

/// What a body says.
pub enum Form {
    /// `null`, which the panel takes, and finds nothing in.
    Null,
    /// Something is not there, which the service says, and not the reader.
    Without(Lack, Value),
    /// As it is stored.
    Whole(Value),
}

/// What is not there, or not as it must be. An empty text is as good as none.
pub enum Lack {
    Email,
    NewPassword,
    /// A password that can be anybody's. To sign in, one that is no text or too long is none.
    Password,
    /// An e-mail address that a new user can have; with why it is none.
    NewEmail(String),
    /// No grant; with what to type instead.
    Grant(String),
}

/// Reads a body: JSON, whatever the header says.
///
/// # Errors
///
/// 400 for what is no such document: broken, a list, an unknown member, another type, or over a limit.
pub fn read(tx: &Transaction<'_>, call: &Call<'_>, kind: Kind) -> Result<Form, Interrupt> {
    let document = call.json().map_err(|error| match error {
        BodyError::Absent => bad_request(kind, "expected a user as a JSON object, got no body"),
        BodyError::Malformed => bad_request(kind, "expected a user as a JSON object, got no JSON"),
    })?;
    if document == Value::Null {
        return Ok(Form::Null);
    }
    match tx.validate::<Antmedia>(&Records::default(), kind, &document) {
        Ok(form) => Ok(Form::Whole(form)),
        Err(problems) => Ok(Form::Without(first_lack(kind, &problems)?, document)),
    }
}

/// What the service would miss first, if the body lacks something and nothing else is wrong with it.
fn first_lack(kind: Kind, problems: &[Problem]) -> Result<Lack, Interrupt> {
    let mut lacks = Vec::new();
    for problem in problems {
        lacks.push(lack(kind, problem).ok_or_else(|| bad_request(kind, &problem.message))?);
    }
    let order = |lack: &Lack| match lack {
        Lack::Email => 0,
        Lack::NewPassword => 1,
        Lack::Password => 2,
        Lack::NewEmail(_) => 3,
        Lack::Grant(_) => 4,
    };
    lacks.into_iter().min_by_key(order).ok_or_else(|| bad_request(kind, "expected a user as a JSON object"))
}

fn lack(kind: Kind, problem: &Problem) -> Option<Lack> {
    match (problem.path.as_str(), problem.code, kind) {
        ("/email", Code::Required | Code::TooShort, _) => Some(Lack::Email),
        ("/email", Code::TooLong | Code::BadFormat, Kind::UserCreate | Kind::UserInitial) => {
            Some(Lack::NewEmail(problem.message.clone()))
        }
        ("/password", Code::Required | Code::TooShort, _) => Some(Lack::Password),
        ("/password", Code::WrongType | Code::TooLong, Kind::SessionCreate) => Some(Lack::Password),
        ("/newPassword", Code::Required | Code::TooShort, _) => Some(Lack::NewPassword),
        ("/scope", Code::Required, _) | (_, Code::NoGrant, _) => Some(Lack::Grant(problem.message.clone())),
        _ => None,
    }
}
