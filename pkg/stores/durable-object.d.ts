import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in a Durable Object of the class `LatchworkStore`.
 *
 * With a namespace that is bound to the worker, all stores of one `name` share one object. With a stub, its object is the
 * store.
 *
 * @throws {LatchworkError} `wrong_type` for any other binding, `invalid_value` for an unknown option.
 */
export function durableObjectStore(binding: ObjectNamespace | ObjectStub, options?: { name?: string | undefined }): Store;

/**
 * The Durable Object that stores the entries. Export it from the worker, and list it in `new_sqlite_classes` of the
 * worker's configuration: it needs SQLite storage.
 */
export class LatchworkStore {
  constructor(state: { readonly storage: any }, env?: unknown);
  fetch(request: { text(): Promise<string> }): Promise<RuntimeResponse>;
}

/** The members of a `DurableObjectNamespace` that this package uses. */
export interface ObjectNamespace {
  idFromName(name: string): any;
  get(id: any): ObjectStub;
}

/** The members of a `DurableObjectStub` that this package uses. */
export interface ObjectStub {
  fetch(url: string, init: { method: string; body: string }): Promise<{ readonly status: number; text(): Promise<string> }>;
}

/** `Response`, if the project's types have it. */
type RuntimeResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : unknown;
