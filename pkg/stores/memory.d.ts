import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in this process's memory. It starts empty, and its entries are lost with the process: use it for tests, demos
 * and data that each start seeds.
 * @throws {LatchworkError} `invalid_value` for any option.
 */
export function memoryStore(): Store;
