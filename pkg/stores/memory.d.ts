import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in this process's memory, empty and gone with it: for tests, demos and data that a seed brings anew.
 * @throws {LatchworkError} `invalid_value` for options: it has none.
 */
export function memoryStore(): Store;
