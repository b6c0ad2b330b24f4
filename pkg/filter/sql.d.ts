import type { Columns } from './column.js';
import type { Filter } from '../types/common.js';

export { LatchworkError } from '../types/common.js';
export type { Column, Columns, ColumnType, Constant } from './column.js';
export type { Filter, FilterExpression } from '../types/common.js';

/** The supported databases. */
export type Dialect = 'postgres' | 'sqlite';

export interface SqlOptions {
  dialect: Dialect;
  columns: Columns;
  /** PostgreSQL: the number of the first parameter, the default is 1. */
  firstParameter?: number | undefined;
}

export interface SqlCondition {
  /**
   * A condition in parentheses, for `WHERE`, alone or after `AND`. It may be NULL for a row that is not kept: negate it with
   * `IS NOT TRUE`, not with `NOT`.
   */
  text: string;
  /** The values of `$1`, … (PostgreSQL; lists are arrays) or `?` (SQLite), in their order. */
  params: (string | number | boolean | (string | number | boolean)[])[];
  /** True if no row matches, so that no query is needed. */
  never: boolean;
}

/**
 * A filter as a condition of SQL. It keeps exactly the rows for which `can` is true, whatever is NULL in them.
 * @throws {LatchworkError} `unmapped_attribute`, `unsupported_column`; `invalid_value`, `wrong_type`, `out_of_range` for other
 *   arguments.
 */
export function sql(filter: Filter, options: SqlOptions): SqlCondition;
