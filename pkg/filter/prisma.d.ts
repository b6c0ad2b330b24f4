import type { Filter } from '../types/common.js';
import type { Constant } from './column.js';

export { LatchworkError } from '../types/common.js';
export type { Filter, FilterExpression } from '../types/common.js';
export type { Constant } from './column.js';

/** A field of a model of Prisma. */
export interface PrismaField {
  field: string;
  /** `text` (String, also the default), `uuid`, `integer` (Int), `bigint` (BigInt), `double` (Float), `boolean`, or a list of PostgreSQL. */
  type?: 'text' | 'uuid' | 'integer' | 'bigint' | 'double' | 'boolean' | 'text[]' | 'integer[]' | 'bigint[]' | 'boolean[]' | undefined;
  /** False for a required field; the default is true. */
  nullable?: boolean | undefined;
  /** For a part of the path: each row has a valid one (not empty, without `/`), so no condition is needed. */
  valid?: boolean | undefined;
  /** The field itself, for comparisons of two fields: `prisma.doc.fields.owner`. */
  reference?: unknown;
}

export interface PrismaOptions {
  provider: 'postgresql' | 'sqlite';
  /** The field of each attribute, by its name in the filter. A string is the name of a String field that may be null. */
  fields: { readonly [ref: `${'resource' | 'attributes'}.${string}`]: string | PrismaField | Constant };
}

/**
 * A filter as a `where` of Prisma, which keeps exactly the rows for which `can` is true. Do not negate it with `NOT`.
 * @throws {LatchworkError} `unsupported` for a comparison that Prisma cannot express exactly (most of lists and JSON);
 *   `unmapped_attribute`, `unsupported_column`; `invalid_value`, `wrong_type` for other arguments.
 */
export function prisma(filter: Filter, options: PrismaOptions): { [name: string]: any };
