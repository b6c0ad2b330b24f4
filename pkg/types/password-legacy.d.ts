import type { Cost } from './password.js';

export { LatchworkError } from './common.js';

/** The cost for unknown users, and the memory limit of stored hashes. */
export interface LegacyOptions extends Cost {
  /**
   * The most memory that a stored argon2 hash may require, in KiB: 131,072 (128 MiB) by default, at most 1,048,576 (1 GiB).
   * Cloudflare's runtime has 128 MiB in total: a hash that needs more than the free memory is refused as `out_of_memory`.
   */
  maxMemory?: number;
}

/**
 * Like `verify` of `latchwork/password`, and also verifies hashes of other programs:
 *
 * - bcrypt, `$2a$`, `$2b$` and `$2y$`, of 4 to 14 rounds (Meuse). It uses only the first 72 bytes of a password.
 * - argon2 of other programs: `$argon2i$`, `$argon2d$` and `$argon2id$`, with `v=19`, `v=16` or no version, in base64 with
 *   or without padding, up to `maxMemory`, 10 passes and 16 lanes.
 * - `$salted-sha256$SALT$HASH`: the SHA-256, in 64 lowercase hexadecimal digits, of the salt text (1 to 64 letters and
 *   digits) followed by the password (ArangoDB's `authData.simple`).
 * - `$sha256-salted$SALT$HASH`: the SHA-256, in padded base64, of the password followed by the salt text (1 to 64 letters,
 *   digits, `+`, `/` and `=`) (WSO2's `UM_SALT_VALUE` and `UM_USER_PASSWORD`).
 * - `$unsalted-md5$HASH`: the MD5, in 32 lowercase hexadecimal digits, of the password (the `password` of a user in Ant
 *   Media's store).
 *
 * `needsRehash` is true for all of them. A wrong password takes the time of an unknown user plus that of the older hash.
 * Until these hashes are replaced, the time of a refusal can show which users have an expensive one.
 *
 * @throws {LatchworkError} As `verify` of `latchwork/password`; `costly_hash` for more than the limits above,
 * `out_of_memory`.
 */
export function verify(password: string, stored: string | null | undefined, options?: LegacyOptions): Promise<boolean>;
