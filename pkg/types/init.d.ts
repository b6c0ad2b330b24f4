/**
 * Fetches and compiles the module. Call it once before any other function; a further call waits for the first one. Until
 * it has finished, every other function throws `not_initialized`.
 *
 * @param source the module, if it is not at its place in the package (`wasm/latchwork.wasm`, or that of the model): a URL
 * to fetch, a response, the bytes, or a compiled module
 * @throws {LatchworkError} `not_initialized` if the module cannot be loaded. Call it again to retry.
 */
export function init(source?: string | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;
