//! The exports of `latchwork`: calls take and return numbers, and pass text through two buffers.
//!
//! The export for questions takes a handle and a code, and returns one packed number; JavaScript writes the name of the
//! resource into a fixed scratch area. Everything else is rare and a call of `calls.rs`, which takes up to four texts and
//! returns a number or a text. In the modules of one model, all calls share one export. In those of all models, each is an export
//! of wasm-bindgen, whose wrappers, lists of strings and table of references weigh five kilobytes.

#[cfg(feature = "bindings")]
mod bindings;
mod calls;
mod exports;
mod handle_table;
mod slots;
#[cfg(feature = "tools")]
mod tools;

use std::sync::Mutex;

use self::handle_table::HandleTable;

/// A quarter of the code of the standard library's allocator. It joins free blocks, so memory that was freed is used again.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Bytes of the scratch area: a name of 4,096 UTF-16 units in UTF-8.
const SCRATCH: usize = 16_384;

struct State {
    handles: HandleTable,
    scratch: Vec<u8>,
    /// The texts of the next call, if they are longer than the scratch area.
    input: Vec<u8>,
    /// The text of the last call's result or error.
    output: String,
}

/// There is one thread, and no export calls back into JavaScript, so the lock is always free. It lets safe code share
/// state, and costs a load and two stores.
static STATE: Mutex<State> =
    Mutex::new(State { handles: HandleTable::new(), scratch: Vec::new(), input: Vec::new(), output: String::new() });

/// Runs `step` on the state.
#[inline(always)]
fn with_state<T>(step: impl FnOnce(&mut State) -> T) -> Option<T> {
    STATE.try_lock().ok().map(|mut state| step(&mut state))
}
