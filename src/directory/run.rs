//! Runs a task: the request, what the guards and conditions say of it, and the indexes of what it changes.

use super::conditions;
use super::fault::Fault;
use super::first_records::{bootstrap, first_records, seed, typed, BOOTSTRAP};
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

/// Runs a task on the facts known so far.
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
    let Transaction { asks, changes, mails, noted, actor, .. } = tx;
    // What the host asks for itself is no request of the product's.
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
        noted,
    };
    let outcome = match result {
        Ok(response) if response.status < 400 => Outcome { response, changes: changes.into_list(), mails, ..blank },
        // What refuses changes no record, however the room says it.
        Ok(response) | Err(Interrupt::Refused(response)) => {
            Outcome { response, changes: changes.into_always_written(), ..blank }
        }
        Err(Interrupt::Pending) if !asks.is_empty() => Outcome { asks, ..blank },
        // The host answers what the last decision allows, and nothing that nobody decided.
        Err(Interrupt::Upstream) if blank.noted.last().is_some_and(|noted| noted.allow) => Outcome {
            response: answer_to(Fault::NotFound),
            upstream: true,
            changes: changes.into_always_written(),
            ..blank
        },
        // What a right password rests on is checked before the body is read, as if it were the answer.
        Err(Interrupt::Body) => Outcome { body: true, changes: changes.into_always_written(), ..blank },
        // The count of an attempt is kept, or taken back, whatever the answer is.
        Err(Interrupt::Fault(fault)) => {
            let changes = changes.into_always_written();
            Outcome { response: answer_to(fault), fault: Some(fault.word()), changes, ..blank }
        }
        // Waiting for nothing would be for ever. What a guard says has the product's form by now.
        Err(Interrupt::Pending | Interrupt::Upstream | Interrupt::Guarded(_)) => {
            Outcome { fault: Some(Fault::Internal.word()), ..blank }
        }
    };
    match task {
        Task::Call(_) => Outcome { response: outcome.response.with_headers_of::<S>(), ..outcome },
        Task::Seed(_) | Task::Bootstrap => outcome,
    }
}

/// How large a body the route of a call takes.
pub fn body_size<S: Directory>(call: &Call<'_>) -> BodySize {
    match call.path {
        BOOTSTRAP => BodySize::Upload,
        _ => S::body_size(call),
    }
}

/// What a run without its body came to. A refusal that comes before the body stands. An answer that was made without
/// the body does not: its route takes no body of this size.
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

/// What a run came to, unless a guard refuses it, or what it would leave behind.
fn apply_guards<S: Directory>(
    tx: &mut Transaction<'_>,
    task: &Task<'_>,
    result: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    // A request of the product's. What fills the store is the operator's.
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
        None => typed(rejection.status, rejection.word, rejection.message, &[]),
    };
    Err(Interrupt::Refused(refusal.with_header("latchwork-guard", guard.word())))
}

/// What a run came to, with the indexes in step with its changes.
fn update_indexes<S: Directory>(
    tx: &mut Transaction<'_>,
    result: Result<Response, Interrupt>,
) -> Result<Response, Interrupt> {
    if result.as_ref().is_ok_and(|response| response.status < 400) {
        index::update(tx, S::INDEXES)?;
    }
    result
}
