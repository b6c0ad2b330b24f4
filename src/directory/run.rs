//! Executes a task: the request, its guards and conditions, and the indexes of what it changes.

use super::conditions;
use super::fault::Fault;
use super::first_records::{bootstrap, error_response, first_records, seed, BOOTSTRAP};
use super::guards;
use super::index;
use super::inputs::Inputs;
use super::interrupt::Interrupt;
use super::model::Directory;
use super::outcome::Outcome;
use super::request::{BodySize, Call};
use super::response::Response;
use super::task::Task;
use super::transaction::Transaction;
use crate::tables::word::Word as _;

/// Executes a task on the facts known so far.
pub fn run_task<S: Directory>(task: &Task<'_>, inputs: Inputs<'_>) -> Outcome {
    let mut tx = Transaction::new(inputs, S::NAME);
    let result = match task {
        Task::Call(call) if call.path == BOOTSTRAP => first_records::<S>(&mut tx, call),
        Task::Call(call) => S::handle_call(&mut tx, call),
        Task::Seed(document) => seed::<S>(&mut tx, document),
        Task::Bootstrap => bootstrap::<S>(&mut tx),
    };
    let result = apply_guards::<S>(&mut tx, task, result);
    let result = match task {
        Task::Call(call) => check_withheld_body::<S>(call, conditions::check_conditions::<S>(&mut tx, call, result)),
        Task::Seed(_) | Task::Bootstrap => result,
    };
    let result = update_indexes::<S>(&mut tx, result);
    let Transaction { asks, changes, mails, logged, actor, .. } = tx;
    // A task of the host itself is not a request of the product.
    let answer_to = |fault: Fault| match task {
        Task::Call(call) => fault.response_of::<S>(call.path),
        Task::Seed(_) | Task::Bootstrap => fault.response(),
    };
    let blank = Outcome {
        asks: Vec::new(),
        response: answer_to(Fault::Internal),
        upstream: false,
        body: false,
        fault: None,
        changes: Vec::new(),
        mails: Vec::new(),
        actor,
        logged,
    };
    let outcome = match result {
        Ok(response) if response.status < 400 => Outcome { response, changes: changes.into_list(), mails, ..blank },
        // A rejection changes no record, however the handler returns it.
        Ok(response) | Err(Interrupt::Refused(response)) => {
            Outcome { response, changes: changes.into_always_written(), ..blank }
        }
        Err(Interrupt::Pending) if !asks.is_empty() => Outcome { asks, ..blank },
        // The host answers only what the last decision allows.
        Err(Interrupt::Upstream) if blank.logged.last().is_some_and(|decision| decision.allow) => Outcome {
            response: answer_to(Fault::NotFound),
            upstream: true,
            changes: changes.into_always_written(),
            ..blank
        },
        // The versions that a verified password depends on are checked before the body is read, as for a response.
        Err(Interrupt::Body) => Outcome { body: true, changes: changes.into_always_written(), ..blank },
        // The count of an attempt is committed whatever the response is.
        Err(Interrupt::Fault(fault)) => {
            let changes = changes.into_always_written();
            Outcome { response: answer_to(fault), fault: Some(fault.word()), changes, ..blank }
        }
        // A handler that waits without asking for anything would never finish. A guard has been turned into a response
        // before.
        Err(Interrupt::Pending | Interrupt::Upstream | Interrupt::Guarded(_)) => {
            Outcome { fault: Some(Fault::Internal.word()), ..blank }
        }
    };
    match task {
        Task::Call(_) => Outcome { response: outcome.response.with_headers_of::<S>(), ..outcome },
        Task::Seed(_) | Task::Bootstrap => outcome,
    }
}

/// The body size that the route of a request accepts.
pub fn body_size<S: Directory>(call: &Call<'_>) -> BodySize {
    match call.path {
        BOOTSTRAP => BodySize::Upload,
        _ => S::body_size(call),
    }
}

/// Checks the result of an execution without the body. A rejection made before the body is needed is final. Any other
/// response made without the body is not: its route does not accept a body of this size.
fn check_withheld_body<S: Directory>(
    call: &Call<'_>,
    result: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    if !call.body_withheld {
        return result;
    }
    let is_larger = body_size::<S>(call) != BodySize::Ordinary;
    match result {
        Err(Interrupt::Refused(response)) if is_larger || matches!(response.status, 401 | 403 | 404) => {
            Err(response.into())
        }
        Err(Interrupt::Body) if is_larger => Err(Interrupt::Body),
        Err(interrupt @ (Interrupt::Pending | Interrupt::Upstream | Interrupt::Fault(_))) => Err(interrupt),
        Ok(_) | Err(Interrupt::Refused(_) | Interrupt::Guarded(_) | Interrupt::Body) => Err(Fault::TooLarge.into()),
    }
}

/// Returns the result, unless a guard rejects the request or its changes.
fn apply_guards<S: Directory>(
    tx: &mut Transaction<'_>,
    task: &Task<'_>,
    result: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    // A request of the product. The operator fills the store.
    let request = match task {
        Task::Call(call) if call.path != BOOTSTRAP => Some(call),
        Task::Call(_) | Task::Seed(_) | Task::Bootstrap => None,
    };
    let commits = result.as_ref().is_ok_and(|response| response.status < 400);
    let refused = match &result {
        Err(Interrupt::Guarded(guard)) => Some(*guard),
        _ if commits && tx.is_strict() => guards::check_guards::<S>(tx, request.is_some())?,
        _ => None,
    };
    let Some(guard) = refused else { return result };
    let rejection = guard.rejection();
    let refusal = match request {
        Some(call) => S::rejection_response(rejection, call),
        None => error_response(rejection.status, rejection.word, rejection.message, &[]),
    };
    Err(Interrupt::Refused(refusal.with_header("latchwork-guard", guard.word())))
}

/// Updates the indexes with the changes of the result.
fn update_indexes<S: Directory>(
    tx: &mut Transaction<'_>,
    result: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    if result.as_ref().is_ok_and(|response| response.status < 400) {
        index::update(tx, S::INDEXES)?;
    }
    result
}
