import type { Filter } from '../types/common.js';
import type { Constant } from './column.js';

export { LatchworkError } from '../types/common.js';
export type { Filter, FilterExpression } from '../types/common.js';
export type { Constant } from './column.js';

/** A field of a document. */
export interface MongoField {
  /** The path, with dots between names. */
  field: string;
  /** How a part of the path is stored; the default is `text`. */
  type?: 'text' | 'integer' | 'objectid' | undefined;
  /** For a part: each document has a valid one (of the type, not empty, without `/`), so no condition is needed. */
  valid?: boolean | undefined;
  /** For `objectid`: `(digits) => new ObjectId(digits)`. */
  objectId?: ((digits: string) => unknown) | undefined;
}

export interface MongoOptions {
  /** The field of each attribute, by its name in the filter. A field of `resource.meta` is also that of `resource.meta.owner`. */
  fields: { readonly [ref: `${'resource' | 'attributes'}.${string}`]: string | MongoField | Constant };
}

/**
 * A filter as a query of MongoDB 5.0 or later. It keeps exactly the documents for which `can` is true. Run it with the
 * collation `{ locale: 'simple' }` if the collection has another. Numbers are int, long and double; other types are not values.
 * @throws {LatchworkError} `unmapped_attribute`, `unsupported_column`; `invalid_value`, `wrong_type` for other arguments.
 */
export function mongodb(filter: Filter, options: MongoOptions): { [name: string]: any };
