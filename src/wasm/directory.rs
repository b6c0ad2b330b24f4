//! The door of the directory: a transcript as JSON text in, its outcome as JSON text out.
//!
//! Requests carry passwords and tokens, which pass through strings of all kinds here: the allocator wipes what
//! it gets back.

use wasm_bindgen::prelude::*;
use zeroizing_alloc::ZeroAlloc;

use crate::systems::SystemName;
use crate::tables::word::Word as _;

#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Runs a transcript of a system; the empty string if there is no such system, or it has no requests.
#[wasm_bindgen]
pub fn directory_answer(system: &str, transcript: String) -> String {
    SystemName::from_word(system).and_then(|system| system.run_message(&transcript)).unwrap_or_default()
}
