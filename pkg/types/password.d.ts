export { LatchworkError } from './common.js';

/**
 * What a hash costs: an attacker pays it for each guess. An option with another name (`memoryCost`, `timeCost`) is
 * refused as `invalid_cost`.
 */
export interface Cost {
  /** Memory in KiB, from 8 for each lane to 65,536; 19,456 by default. */
  memory?: number;
  /** Passes over the memory, 1 to 10; 2 by default. */
  passes?: number;
  /** Lanes, 1 to 16; 1 by default. They are filled one after another. */
  parallelism?: number;
}

/**
 * Hashes a password with argon2id and a fresh random salt; the PHC string to store, as
 * `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
 *
 * A password is taken as it is typed, without normalizing, and has at most 1,024 bytes of UTF-8. Outside of a page, calls
 * that are made at once run one after another in this thread, with a turn of the event loop between.
 *
 * @throws {LatchworkError} `password_too_long`, `malformed_string`, `wrong_type`, `invalid_cost`, `out_of_memory`.
 */
export function hash(password: string, options?: Cost): Promise<string>;

/**
 * Whether the password is the one that was hashed.
 *
 * Call it with `null` or `undefined` for a user who does not exist: that takes as long as for one who does, and
 * is false. `options` is the cost of that; give it if you give `hash` one.
 *
 * @throws {LatchworkError} As `hash`; `unknown_hash` for a stored string that is not an argon2id hash of version 19 (the
 * message names `latchwork/password-legacy` where that entry reads it); `costly_hash` for one over the limits of `Cost`.
 * Nothing is computed then, and nobody is let in.
 */
export function verify(password: string, stored: string | null | undefined, options?: Cost): Promise<boolean>;

/**
 * Whether a stored hash is other than `hash` would make it now: of another cost, another form, or none. Ask it
 * after a successful `verify`, when the password is at hand, and store a new hash.
 */
export function needsRehash(stored: string, options?: Cost): boolean;

/**
 * Something that hashes: a native module, a pool of threads, a service. One that has too much to do throws
 * an error whose `code` is `overloaded`, with whole seconds as `retryAfter`: a directory answers 503 with `Retry-After`.
 */
export interface Hasher {
  /** Makes the PHC string of argon2id, version 19, with exactly this cost, a salt of 16 bytes and a tag of 32. */
  hash(password: string, cost: Required<Cost>): string | Promise<string>;
  /** Whether a password fits a PHC string, whose form and cost are checked already. */
  verify(password: string, stored: string): boolean | Promise<boolean>;
  /**
   * Whether a password fits a stored hash in one of the forms of `latchwork/password-legacy`, which may ask for at most
   * `maxMemory` KiB. Without it the package's own module verifies these.
   */
  verifyLegacy?(password: string, stored: string, maxMemory: number): boolean | Promise<boolean>;
}

/** Puts a hasher in the place of the package's own module, for all that follows; `null` takes it out again. */
export function setHasher(hasher: Hasher | null): void;

/**
 * Says where the file of the worker is, in a page whose bundler does not bring it along (esbuild, Rollup): bundle
 * `latchwork/password/worker` as a file of its own, and give its address. Without it such a page hashes in its own
 * thread. Elsewhere it does nothing.
 */
export function init(worker: string | { readonly href: string }): Promise<void>;
