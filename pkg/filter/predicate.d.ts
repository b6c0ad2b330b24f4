import type { Filter } from '../types/common.js';

export { LatchworkError } from '../types/common.js';
export type { Filter, FilterExpression } from '../types/common.js';

export interface PredicateOptions<R = any> {
  /**
   * Where an attribute is in a row: a member's name, or a function of the row. By default `resource.meta.owner` is
   * `row.meta.owner`.
   */
  columns?: { readonly [ref: `${'resource' | 'attributes'}.${string}`]: string | ((row: R) => unknown) } | undefined;
}

/**
 * A filter as a function of a row, for lists in memory.
 * @throws {LatchworkError} `invalid_value`, `wrong_type`.
 */
export function predicate<R = any>(filter: Filter, options?: PredicateOptions<R>): (row: R) => boolean;
