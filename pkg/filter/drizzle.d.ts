import type { Filter } from '../types/common.js';
import type { Column, Constant, Dialect } from './sql.js';

export { LatchworkError } from '../types/common.js';
export type { Filter, FilterExpression } from '../types/common.js';
export type { Column, ColumnType, Constant, Dialect } from './sql.js';

/** A column of a table of Drizzle. Its type is known; text, whole numbers, double precision, booleans, JSON and lists can be compared. */
export interface DrizzleColumn {
  getSQLType(): string;
}

export interface DrizzleOptions<S> {
  /** The tag of Drizzle: `import { sql } from 'drizzle-orm'`. */
  sql: { (strings: TemplateStringsArray, ...values: any[]): S; param(value: unknown): unknown };
  dialect: Dialect;
  /** The column of each attribute: of a table, or by name. The object form sets options that a column does not have: `valid`, `path`, `collation`. */
  columns: { readonly [ref: `${'resource' | 'attributes'}.${string}`]: string | DrizzleColumn | Column<string | readonly string[] | DrizzleColumn> | Constant };
}

/**
 * A filter as a condition for `where`. It keeps exactly the rows for which `can` is true, whatever is NULL in them; negate it
 * with `IS NOT TRUE`, not with `not`.
 * @throws {LatchworkError} `unmapped_attribute`, `unsupported_column`; `invalid_value`, `wrong_type` for other arguments.
 */
export function drizzle<S>(filter: Filter, options: DrizzleOptions<S>): S;
