//! Replaces the panics of a compiled module with traps, and removes what only panics need.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{ensure, Result};
use walrus::ir::{dfs_in_order, Value, Visitor};
use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ExportItem, FunctionBuilder, FunctionId, FunctionKind, ModuleConfig,
};

use crate::keep_names;
use crate::modules::{Boundary, Module};

/// Parts of the names of the standard library's functions that panic; none of them returns.
const PANICS: [&str; 13] = [
    "4core9panicking",
    "3std9panicking13panic_handler",
    "3std9panicking15panic_with_hook",
    "rust_begin_unwind",
    "assert_failed",
    "do_panic",
    "mismatch_fail",
    "slice_index_fail",
    "slice_error_fail",
    "unwrap_failed",
    "expect_failed",
    "handle_alloc_error",
    "alloc_error_hook",
];

/// Parts of the names of the standard library's formatting functions.
const FORMATTING: [&str; 2] = ["4core3fmt", "5alloc3fmt"];

/// Replaces every panic with a trap. JavaScript sees the same exception without the panic's message, and the code that
/// formats messages is larger than argon2. If no other code formats, the formatting functions are replaced too. A tool
/// cannot remove them, because tables of methods refer to them.
pub fn replace_panics(compiled: &Path, entry: &Module) -> Result<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    // wasm-bindgen needs the names later.
    config.generate_name_section(keep_names() || entry.boundary != Boundary::Bare);
    let mut module = config.parse_file(compiled)?;
    let panics = functions_named(&module, &PANICS);
    ensure!(!panics.is_empty(), "{} names no panics", compiled.display());
    replace_with_traps(&mut module, &panics);
    if !entry.formats {
        let formatting = functions_named(&module, &FORMATTING);
        let callers = find_callers(&module, &formatting);
        ensure!(callers.is_empty(), "{} has no formatting, and these call it: {callers:?}", compiled.display());
        replace_with_traps(&mut module, &formatting);
        erase_panic_messages(&mut module);
    }
    erase_panic_locations(&mut module);
    for name in ["__data_end", "__heap_base"] {
        module.exports.remove(name)?;
    }
    Ok(module.emit_wasm())
}

/// The functions whose names have one of these parts.
fn functions_named(module: &walrus::Module, parts: &[&str]) -> HashSet<FunctionId> {
    let has_part = |name: Option<&str>| parts.iter().any(|part| name.unwrap_or("").contains(part));
    module.funcs.iter_local().map(|(id, _)| id).filter(|id| has_part(module.funcs.get(*id).name.as_deref())).collect()
}

/// Replaces functions with traps.
fn replace_with_traps(module: &mut walrus::Module, functions: &HashSet<FunctionId>) {
    for id in functions {
        let (parameters, results) = module.types.params_results(module.funcs.get(*id).ty());
        let (parameters, results) = (parameters.to_vec(), results.to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        let arguments = parameters.iter().map(|parameter| module.locals.add(*parameter)).collect();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
}

/// Parts of the names of functions that the standard library puts into tables only for its panics: those of the
/// runtime, and those of a cell that is borrowed twice.
const LIBRARY: [&str; 2] = ["3std", "4core4cell"];

/// The names of all reachable functions that call one of these functions. A function is reachable from an export, or
/// from an entry of a table that is not one of the standard library.
fn find_callers(module: &walrus::Module, wanted: &HashSet<FunctionId>) -> Vec<String> {
    struct Calls(Vec<FunctionId>);
    impl<'i> Visitor<'i> for Calls {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.push(*function);
        }
    }

    let name = |id: FunctionId| module.funcs.get(id).name.clone().unwrap_or_default();
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(id) => Some(id),
        _ => None,
    });
    let listed = module.elements.iter().flat_map(|element| match &element.items {
        ElementItems::Functions(functions) => functions.as_slice(),
        ElementItems::Expressions(..) => &[],
    });
    let is_own = |id: &FunctionId| !LIBRARY.iter().any(|part| name(*id).contains(part));
    let mut open: Vec<_> = exported.chain(listed.copied().filter(is_own)).collect();
    let mut seen = HashSet::new();
    let mut callers = Vec::new();
    while let Some(id) = open.pop() {
        if wanted.contains(&id) || !seen.insert(id) {
            continue;
        }
        if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
            let mut calls = Calls(Vec::new());
            dfs_in_order(&mut calls, function, function.entry_block());
            if calls.0.iter().any(|called| wanted.contains(called)) {
                callers.push(name(id));
            }
            open.extend(calls.0);
        }
    }
    callers
}

/// The standard library's panic messages and its table of digits, which only formatting reads.
const PANIC_MESSAGES: [&str; 21] = [
    "assertion failed: self.is_char_boundary(new_len)",
    "slice index starts at ",
    " but ends at ",
    "index out of bounds: the len is ",
    " but the index is ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "copy_from_slice: source slice length (",
    ") does not match destination slice length (",
    "mid > len",
    "Tried to shrink to a larger capacity",
    "capacity overflow",
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
    "attempt to add with overflow",
    "attempt to subtract with overflow",
    "attempt to multiply with overflow",
    "attempt to shift left with overflow",
    "attempt to shift right with overflow",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
];

/// Overwrites the panic messages, which are unused now.
fn erase_panic_messages(module: &mut walrus::Module) {
    let places: Vec<_> = module.data.iter().map(Data::id).collect();
    for data in places {
        let data = module.data.get_mut(data);
        for word in PANIC_MESSAGES.map(str::as_bytes) {
            while let Some(at) = data.value.windows(word.len()).position(|bytes| bytes == word) {
                data.value[at..at + word.len()].fill(0);
            }
        }
    }
}

/// Overwrites the source location (file, line and column) of each panic. Only panic messages use it.
fn erase_panic_locations(module: &mut walrus::Module) {
    let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
    let places: Vec<_> = module.data.iter().map(Data::id).collect();
    for data in places {
        let data = module.data.get_mut(data);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else { continue };
        let within = |address: u32, length: u32| {
            let from = usize::try_from(address.checked_sub(start.cast_unsigned())?).ok()?;
            Some(from..from.checked_add(usize::try_from(length).ok()?)?)
        };
        let mut wiped = Vec::new();
        for at in (0..data.value.len()).step_by(4) {
            let Some(place) = data.value.get(at..at + 16) else { break };
            let Some(file) = within(word(place), word(&place[4..])) else { continue };
            let is_file = data.value.get(file.clone()).is_some_and(|name| name.len() > 6 && name.ends_with(b".rs"));
            if is_file && word(&place[8..]) > 0 && word(&place[12..]) > 0 {
                wiped.extend([at..at + 16, file]);
            }
        }
        for place in wiped {
            data.value[place].fill(0);
        }
    }
}
