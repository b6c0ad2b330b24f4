//! Grows the memory of WebAssembly in large steps.
//!
//! The allocator grows it by 64 KiB at a time, and V8 may collect the whole JavaScript heap at each growth. Parsing
//! 100,000 users then takes minutes.

#[cfg(target_family = "wasm")]
use core::arch::wasm32::memory_size;
#[cfg(target_family = "wasm")]
use std::hint::black_box;

/// The bytes of a page of memory.
#[cfg(target_family = "wasm")]
const PAGE: usize = 1 << 16;

/// Reserves the memory for parsing a text of this many bytes and indexing its value.
#[inline(always)]
pub(super) fn reserve_for_text(_length: usize) {
    #[cfg(target_family = "wasm")]
    {
        /// The length from which memory is reserved.
        const RESERVED_FROM: usize = 1 << 16;
        /// What a text needs, as a multiple of its length.
        const RESERVED_TIMES: usize = 5;

        let reserved = _length.saturating_mul(RESERVED_TIMES);
        // The directory parses the same text in each execution of a run, in memory that is free by then.
        if _length >= RESERVED_FROM
            && !(cfg!(feature = "directory") && reserved < memory_size::<0>().saturating_mul(PAGE))
        {
            reserve(reserved);
        }
    }
}

/// Grows the memory by a half, if it has grown since the last call. What allocates for each of many records calls it
/// for each.
pub(crate) fn grow_ahead() {
    #[cfg(target_family = "wasm")]
    {
        use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

        /// A smaller memory grows by what is needed: most requests and documents need no more.
        const PAGES_MIN: usize = 32;
        /// The pages at the last call.
        static PAGES: AtomicUsize = AtomicUsize::new(PAGES_MIN);

        let pages = memory_size::<0>();
        if pages > PAGES.load(Relaxed) {
            reserve((pages / 2).saturating_mul(PAGE));
            PAGES.store(memory_size::<0>(), Relaxed);
        }
    }
}

/// Grows the memory by this many bytes, and frees them for use.
#[cfg(target_family = "wasm")]
fn reserve(bytes: usize) {
    let mut memory: Vec<u8> = Vec::new();
    // If that much memory is not available, what needs it may still fit.
    let reserved = memory.try_reserve_exact(bytes);
    // The compiler would remove an allocation that is never read.
    black_box((reserved.is_ok(), memory.as_ptr()));
}
