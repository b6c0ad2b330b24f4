import type { Filter } from '../types/common.js';
import type { Columns, Dialect } from './sql.js';

export { LatchworkError } from '../types/common.js';
export type { Filter, FilterExpression } from '../types/common.js';
export type { Column, Columns, ColumnType, Constant, Dialect } from './sql.js';

export interface KyselyOptions<S> {
  /** The tag of Kysely: `import { sql } from 'kysely'`. */
  sql: (strings: TemplateStringsArray, ...values: any[]) => S;
  dialect: Dialect;
  columns: Columns;
}

/**
 * A filter as a condition for `where`. It keeps exactly the rows for which `can` is true, whatever is NULL in them; negate it
 * with `IS NOT TRUE`, not with `not`.
 * @throws {LatchworkError} `unmapped_attribute`, `unsupported_column`; `invalid_value`, `wrong_type` for other arguments.
 */
export function kysely<S>(filter: Filter, options: KyselyOptions<S>): S & { readonly expressionType: boolean | undefined };
