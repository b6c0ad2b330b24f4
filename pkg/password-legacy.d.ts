import type { Cost } from './password.js';

/**
 * `verify` of `latchwork/password`, for a store in which hashes of other programs are left too:
 *
 * - bcrypt, `$2a$`, `$2b$` and `$2y$`, of 4 to 14 rounds (Meuse). It reads 72 bytes of a password and no more.
 * - `$salted-sha256$SALT$HASH`: the SHA-256, in 64 small hexadecimal digits, of the salt as it is written (1 to
 *   64 letters and digits) and the password behind it (ArangoDB's `authData.simple`).
 * - `$sha256-salted$SALT$HASH`: the SHA-256, in padded base64, of the password and the salt as it is written (1 to
 *   64 letters, digits, `+`, `/` and `=`) behind it (WSO2's `UM_SALT_VALUE` and `UM_USER_PASSWORD`).
 * - `$unsalted-md5$HASH`: the MD5, in 32 small hexadecimal digits, of the password (the `password` of a user in Ant
 *   Media's store).
 *
 * `needsRehash` is true for all of them. They cost less than argon2id, or other than it: until each is replaced,
 * the time of an answer tells which users have one.
 *
 * @throws {LatchworkError} As `verify` of `latchwork/password`.
 */
export function verify(password: string, stored: string | null | undefined, options?: Cost): Promise<boolean>;
