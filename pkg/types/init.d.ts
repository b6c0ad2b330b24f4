/**
 * Fetches and compiles the module. Call it once before anything else; calling it again waits for the same.
 * Before it is done, every other function throws `not_initialized`.
 *
 * @param source where the module is, if not where the package has it (`wasm/latchwork.wasm`, or that of the model): an
 * address to fetch, a response, the bytes, or a compiled module
 * @throws {LatchworkError} `not_initialized`, when the module can not be loaded. Call it again to try again.
 */
export function init(source?: string | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;
