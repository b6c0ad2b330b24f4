//! The doors of `latchwork`.
//!
//! Questions go through numeric doors: handles and codes in, one packed number out, strings through a fixed
//! scratch area that JavaScript fills. Everything else is rare, and is a text for up to three texts: JSON text
//! becomes objects only in JavaScript, where no setter that somebody put on `Object.prototype` runs while it does.
//! No door calls out, and none takes or gives a JavaScript value.

mod desk;
mod doors;
mod exports;
mod slots;

use std::sync::Mutex;

use self::desk::Desk;

/// Bytes of the scratch area: a name of 4,096 UTF-16 units in UTF-8, or 4,096 question numbers.
const SCRATCH: usize = 16_384;

/// Beside the length of an answer that is an error. No answer is half that long: records have an end before.
const FAILED: u32 = 1 << 31;

struct State {
    desk: Desk,
    scratch: Vec<u8>,
    /// The texts of the next rare door, one behind the other.
    asked: Vec<u8>,
    /// What the last one answered.
    answer: String,
}

/// There is one thread, and no door calls back into JavaScript, so the lock is always free: it is only how state
/// is shared without unsafe code, and costs a load and two stores.
static STATE: Mutex<State> =
    Mutex::new(State { desk: Desk::new(), scratch: Vec::new(), asked: Vec::new(), answer: String::new() });

/// Runs `step` on the state.
#[inline(always)]
fn with<T>(step: impl FnOnce(&mut State) -> T) -> Option<T> {
    STATE.try_lock().ok().map(|mut state| step(&mut state))
}
