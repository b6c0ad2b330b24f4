import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in libSQL: a file on one machine, or a server.
 *
 * It needs the package `@libsql/client`, which loads at the first call; without it every call rejects with
 * `missing_dependency`. The first call also creates the file and the tables if they are missing. Other tables of the
 * same database are not touched. Tables of this package in another format are refused with `unknown_format`.
 *
 * In a file, an acknowledged commit is on the disk. Several processes can use one file on a local disk concurrently.
 *
 * @throws {LatchworkError} `wrong_type`, `invalid_value` or `out_of_range` for invalid options.
 */
export function libsqlStore(options: LibsqlFile | LibsqlServer): Store;

export interface LibsqlFile {
  /** The path of the file, which is created if it is missing. */
  file: string;
  url?: undefined;
  authToken?: undefined;
  /** The longest wait while other processes write to the file, in milliseconds; the default is 10,000. */
  timeout?: number | undefined;
}

export interface LibsqlServer {
  /** `libsql:`, `https:` or `http:`, without a token in it. */
  url: string;
  /** Sent to the server only; error messages do not contain it. */
  authToken?: string | undefined;
  file?: undefined;
  /** The longest wait for the server's response, in milliseconds; the default is 10,000. */
  timeout?: number | undefined;
}
