import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in a Durable Object of the class `LatchworkStore`.
 *
 * Given the namespace that is bound to the worker, all stores of one `name` share one object. Given a stub, that object is
 * the store.
 *
 * @throws {LatchworkError} `wrong_type` for what is neither, `invalid_value` for an unknown option.
 */
export function durableObjectStore(binding: ObjectNamespace | ObjectStub, options?: { name?: string | undefined }): Store;

/**
 * The Durable Object that keeps the entries. A worker exports it, and its configuration lists it among
 * `new_sqlite_classes`: it needs SQLite storage.
 */
export class LatchworkStore {
  constructor(state: { readonly storage: any }, env?: unknown);
  fetch(request: { text(): Promise<string> }): Promise<RuntimeResponse>;
}

/** What this package uses of a `DurableObjectNamespace`. */
export interface ObjectNamespace {
  idFromName(name: string): any;
  get(id: any): ObjectStub;
}

/** What this package uses of a `DurableObjectStub`. */
export interface ObjectStub {
  fetch(url: string, init: { method: string; body: string }): Promise<{ readonly status: number; text(): Promise<string> }>;
}

/** `Response`, where the project that reads this knows one. */
type RuntimeResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : unknown;
