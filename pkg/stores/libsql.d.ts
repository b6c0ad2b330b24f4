import type { Store } from './store.js';

export { LatchworkError } from '../types/common.js';
export type { Change, Entry, Store } from './store.js';

/**
 * A store in libSQL: a file on one machine, or a server.
 *
 * It needs the package `@libsql/client`, loaded when the store is first asked; without it every call is refused with
 * `missing_dependency`. Opening is lazy too: the file or the tables are made when there are none. Other tables of the
 * same database are left alone; tables of this package in another format are refused with `unknown_format`.
 *
 * On a file an acknowledged commit is on the disk. Several processes may use one file of a local disk at once.
 *
 * @throws {LatchworkError} `wrong_type`, `invalid_value` or `out_of_range` for options that can not be.
 */
export function libsqlStore(options: LibsqlFile | LibsqlServer): Store;

export interface LibsqlFile {
  /** The path of the file; made when there is none. */
  file: string;
  url?: undefined;
  authToken?: undefined;
  /** The longest wait for others who write to the file, in milliseconds; 10,000 when absent. */
  timeout?: number | undefined;
}

export interface LibsqlServer {
  /** `libsql:`, `https:` or `http:`, without a token in it. */
  url: string;
  /** Sent to the server, and in no message. */
  authToken?: string | undefined;
  file?: undefined;
  /** The longest wait for the server's answer, in milliseconds; 10,000 when absent. */
  timeout?: number | undefined;
}
