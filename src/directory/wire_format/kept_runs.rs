//! The runs that wait for facts, kept between their messages, so that each message has only the facts that are new.

use super::message::parse_task;
use crate::directory::facts::Facts;
use crate::directory::inputs::Inputs;
use crate::directory::model::Directory;
use crate::directory::outcome::Outcome;
use crate::directory::rejection::Guards;
use crate::directory::run::run_task;
use crate::document::value::Value;

/// The most runs that are kept. Runs hold passwords and hashes, and a host seldom waits for the store in more at once.
pub const RUNS_MAX: usize = 16;
/// The most bytes of text from which the kept runs were parsed. Their values take several times as much memory.
pub const SIZE_MAX: usize = 1 << 20;

/// A task with its inputs.
pub struct Run {
    /// The host gives each run another number.
    pub number: u64,
    pub task: Value,
    pub guards: Guards,
    pub now: i64,
    pub secret: Vec<u8>,
    pub entropy: Vec<u8>,
    pub facts: Facts,
    /// The bytes of text from which all this was parsed.
    pub size: usize,
}

impl Run {
    /// Executes the task on the facts known so far. Returns `None` if the task is malformed.
    pub fn execute<S: Directory>(&self) -> Option<Outcome> {
        let Self { guards, now, secret, entropy, facts, .. } = self;
        let inputs = Inputs { guards: *guards, now: *now, secret, entropy, facts };
        Some(run_task::<S>(&parse_task(&self.task)?, inputs))
    }
}

/// The runs that wait for facts, the oldest one first. A run is dropped when it ends, when the host forgets it, and
/// when later runs need its place: then the host sends it again.
#[derive(Default)]
pub(crate) struct KeptRuns(Vec<(&'static str, Run)>);

impl KeptRuns {
    /// No runs.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Removes the run of a model.
    pub(super) fn take<S: Directory>(&mut self, number: u64) -> Option<Run> {
        let place = self.0.iter().position(|(system, run)| *system == S::NAME && run.number == number)?;
        Some(self.0.remove(place).1)
    }

    /// Keeps a run of a model, unless it is too large.
    pub(super) fn keep<S: Directory>(&mut self, run: Run) {
        if run.size > SIZE_MAX {
            return;
        }
        self.0.push((S::NAME, run));
        let size = |runs: &[(_, Run)]| runs.iter().fold(0_usize, |sum, (_, run)| sum.saturating_add(run.size));
        while self.0.len() > RUNS_MAX || size(&self.0) > SIZE_MAX {
            self.0.remove(0);
        }
    }
}
