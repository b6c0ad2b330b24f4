//! The export of the directory: a message of the wire format in, its result out, both as JSON text. The message comes in
//! UTF-8, because the generated code copies a string letter by letter.
//!
//! Requests carry passwords and tokens, which are copied into many strings here, so the allocator wipes freed memory.

use std::cell::Cell;

use wasm_bindgen::prelude::*;
use zeroizing_alloc::ZeroAlloc;

use crate::directory::wire_format::KeptRuns;
use crate::systems::SystemName;
use crate::tables::word::Word as _;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

thread_local! {
    /// The runs that wait for facts.
    static RUNS: Cell<KeptRuns> = const { Cell::new(KeptRuns::new()) };
}

/// Executes a message for a model. Returns the empty string if the model does not exist or has no requests.
#[wasm_bindgen]
pub fn directory_answer(system: &str, message: Vec<u8>) -> String {
    // Bytes of another encoding are a malformed message.
    let message = String::from_utf8(message).unwrap_or_default();
    let mut runs = RUNS.take();
    let reply = SystemName::from_word(system).and_then(|system| system.run_message(&mut runs, &message));
    RUNS.set(runs);
    reply.unwrap_or_default()
}
