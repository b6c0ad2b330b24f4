// These types do not need the `dom` lib: each class is that of the project's types, if they have it.
type RuntimeUrl = typeof globalThis extends { URL: { prototype: infer T } } ? T : { readonly href: string };
type RuntimeResponse = typeof globalThis extends { Response: { prototype: infer T } } ? T : { readonly ok: boolean; arrayBuffer(): Promise<ArrayBuffer> };
type RuntimeModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

/**
 * Fetches and compiles the module. Call it once before any other function; a further call waits for the first one. Until
 * it has finished, every other function throws `not_initialized`.
 *
 * @param source the module, if it is not at its place in the package (`wasm/latchwork.wasm`, or that of the model): a URL
 * to fetch, a response, the bytes, or a compiled module
 * @throws {LatchworkError} `not_initialized` if the module cannot be loaded. Call it again to retry.
 */
export function init(source?: string | RuntimeUrl | RuntimeResponse | ArrayBuffer | ArrayBufferView | RuntimeModule): Promise<void>;
