export { LatchworkError } from './common.js';

/**
 * The cost of a hash, which an attacker pays for each guess. Unknown options (`memoryCost`, `timeCost`) are refused as
 * `invalid_cost`.
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
 * Hashes a password with argon2id and a new random salt. Returns the PHC string to store, for example
 * `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
 *
 * The password is not normalized, and has at most 1,024 bytes of UTF-8. Outside of a page, concurrent calls run one after
 * another in this thread, and yield to the event loop in between.
 *
 * @throws {LatchworkError} `password_too_long`, `malformed_string`, `wrong_type`, `invalid_cost`, `out_of_memory`.
 */
export function hash(password: string, options?: Cost): Promise<string>;

/**
 * Whether the password matches the stored hash.
 *
 * For a user who does not exist, call it with `null` or `undefined`: the result is false after the same time. `options` is
 * the cost of that call; pass the cost that you pass to `hash`.
 *
 * @throws {LatchworkError} As `hash`; `unknown_hash` for a stored string that is not an argon2id hash of version 19 (the
 * message names `latchwork/password-legacy` if that entry supports it); `costly_hash` for one over the limits of `Cost`.
 * Such a hash is refused before anything is computed.
 */
export function verify(password: string, stored: string | null | undefined, options?: Cost): Promise<boolean>;

/**
 * Whether a stored hash differs in cost or form from what `hash` makes now, or is not a valid hash. Call it after a
 * successful `verify`; if it is true, hash the password again and store the new hash.
 */
export function needsRehash(stored: string, options?: Cost): boolean;

/**
 * A custom hasher: a native module, a pool of threads, a service. If it is overloaded, it throws an error with the `code`
 * `overloaded` and whole seconds as `retryAfter`; a directory then responds with 503 and `Retry-After`.
 */
export interface Hasher {
  /** Returns the PHC string of argon2id, version 19, with exactly this cost, a salt of 16 bytes and a tag of 32. */
  hash(password: string, cost: Required<Cost>): string | Promise<string>;
  /** Whether a password matches a PHC string, whose form and cost were checked. */
  verify(password: string, stored: string): boolean | Promise<boolean>;
  /**
   * Whether a password matches a stored hash in a form of `latchwork/password-legacy`, which may require at most
   * `maxMemory` KiB. Without this method the built-in module verifies these hashes.
   */
  verifyLegacy?(password: string, stored: string, maxMemory: number): boolean | Promise<boolean>;
}

/**
 * Replaces the built-in hasher for all later calls; `null` restores it. An object with another member is refused; an
 * instance of a class may have more.
 *
 * @throws {LatchworkError} `wrong_type`, `invalid_value`.
 */
export function setHasher(hasher: Hasher | null): void;

/**
 * Sets the address of the worker's file, for pages whose bundler does not copy it (esbuild, Rollup): bundle
 * `latchwork/password/worker` as a separate file, and pass its address. Otherwise such a page hashes in its own thread.
 * Outside of pages it has no effect.
 */
export function init(worker: string | { readonly href: string }): Promise<void>;
