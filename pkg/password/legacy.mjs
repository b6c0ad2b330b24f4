// @ts-check
// Verifies hashes of other programs in a separate module, which is loaded at the first such hash.

import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { runHasher, provideLegacy } from './hasher.mjs'
import { checkPassword, verify as verifyCurrent } from './index.mjs'
import { moduleCaller } from './instance.mjs'
import { costlyHashError, isCurrent, isLegacy, parseLegacyOptions, parseStoredHash } from './stored.mjs'

export { LatchworkError } from '../core/error.mjs'

const STORED_MAX = 256

/** @typedef {(password: string, stored: string, maxMemory: number) => Promise<boolean>} VerifyLegacy */

/**
 * Sets the loader of the module.
 * @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load
 * @param {import('./instance.mjs').Run} [run]
 */
export function provide(load, run) {
  provideLegacy(legacyHasher(load, run))
}

/**
 * @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load
 * @param {import('./instance.mjs').Run} [run]
 * @returns {VerifyLegacy}
 */
export function legacyHasher(load, run) {
  const call = moduleCaller('legacy', load, run)
  return (password, stored, maxMemory) => {
    const bytes = encoder.encode(stored)
    return call(password, bytes, (exports, length) => exports.legacy_verify(length, bytes.length, maxMemory), (result) => result === 1)
  }
}

/**
 * Whether the password matches the stored hash: argon2id, or a form of another program.
 * @param {string} password
 * @param {string | null | undefined} stored
 * @param {Partial<import('./stored.mjs').Cost> & { maxMemory?: number }} [options]
 */
export async function verify(password, stored, options) {
  checkPassword(password)
  const { cost, maxMemory } = parseLegacyOptions(options)
  if (typeof stored !== 'string') return verifyCurrent(password, stored, cost)
  if (!isLegacy(stored)) {
    if (!isCurrent(stored)) throw unknownHashError()
    if (parseStoredHash(stored).cost.memory > maxMemory) throw costlyHashError(maxMemory)
    return verifyCurrent(password, stored, cost)
  }
  if (encoder.encode(stored).length > STORED_MAX) throw new LatchworkError('unknown_hash', 'the stored hash is longer than 256 bytes')
  if (await verifyLegacy(password, stored, maxMemory)) return true
  // Some older hashes are fast, and the time would show that the user exists.
  return verifyCurrent(password, null, cost)
}

/** @type {VerifyLegacy} */
async function verifyLegacy(password, stored, maxMemory) {
  try {
    return (await runHasher('verifyLegacy', password, stored, maxMemory)) === true
  } catch (error) {
    const { code } = /** @type {any} */ (error)
    if (code === 'costly_hash') throw costlyHashError(maxMemory)
    throw code === 'unknown_hash' ? unknownHashError() : error
  }
}

/** The error for a stored text in none of the forms that this module verifies. */
function unknownHashError() {
  return new LatchworkError(
    'unknown_hash',
    'the stored hash has none of the known forms: bcrypt (`$2a$`, `$2b$`, `$2y$`), argon2 (`$argon2id$`, `$argon2i$`, `$argon2d$`), `$salted-sha256$SALT$HASH`, `$sha256-salted$SALT$HASH`, `$unsalted-md5$HASH`',
  )
}
