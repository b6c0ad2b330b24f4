import type { Cost } from './password.js';

export { LatchworkError } from './common.js';

/** The cost that unknown users take, and the limit on stored hashes. */
export interface LegacyOptions extends Cost {
  /**
   * The most memory that a stored argon2 hash may ask for, in KiB: 131,072 (128 MiB) by default, at most 1,048,576 (1 GiB).
   * Cloudflare's runtime has 128 MiB for everything: a hash that needs more than is left is refused as `out_of_memory`.
   */
  maxMemory?: number;
}

/**
 * `verify` of `latchwork/password`, for a store with hashes of other programs:
 *
 * - bcrypt, `$2a$`, `$2b$` and `$2y$`, of 4 to 14 rounds (Meuse). It reads 72 bytes of a password and no more.
 * - argon2 as other programs write it: `$argon2i$`, `$argon2d$` and `$argon2id$`, with `v=19`, `v=16` or no version, in
 *   base64 with or without padding, up to `maxMemory`, 10 passes and 16 lanes.
 * - `$salted-sha256$SALT$HASH`: the SHA-256, in 64 small hexadecimal digits, of the salt as it is written (1 to
 *   64 letters and digits) and the password behind it (ArangoDB's `authData.simple`).
 * - `$sha256-salted$SALT$HASH`: the SHA-256, in padded base64, of the password and the salt as it is written (1 to
 *   64 letters, digits, `+`, `/` and `=`) behind it (WSO2's `UM_SALT_VALUE` and `UM_USER_PASSWORD`).
 * - `$unsalted-md5$HASH`: the MD5, in 32 small hexadecimal digits, of the password (the `password` of a user in Ant
 *   Media's store).
 *
 * `needsRehash` is true for all of them. A wrong password costs what an unknown user costs, and the older hash besides:
 * until each is replaced, the time of a refusal can tell which users have an expensive one.
 *
 * @throws {LatchworkError} As `verify` of `latchwork/password`; `costly_hash` for more than the limits above,
 * `out_of_memory`.
 */
export function verify(password: string, stored: string | null | undefined, options?: LegacyOptions): Promise<boolean>;
