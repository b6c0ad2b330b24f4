// @ts-check
// Hashes of other programs: verified in a module of their own, which is loaded when there is one to verify.

import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { ask, provideLegacy } from './hasher.mjs'
import { checkPassword, verify as verifyCurrent } from './index.mjs'
import { instances } from './instance.mjs'
import { costlyLegacy, isLegacy, legacyOptionsOf, read } from './stored.mjs'

export { LatchworkError } from '../core/error.mjs'

const STORED_MAX = 256

/** @typedef {(password: string, stored: string, maxMemory: number) => Promise<boolean>} VerifyLegacy */

/**
 * Says where the module comes from.
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
  const call = instances('legacy', load, run)
  return (password, stored, maxMemory) => {
    const bytes = encoder.encode(stored)
    return call(password, bytes, (doors, length) => doors.legacy_verify(length, bytes.length, maxMemory), (answer) => answer === 1)
  }
}

/**
 * Whether the password is the one that was hashed, by argon2id or in a form of another program.
 * @param {string} password
 * @param {string | null | undefined} stored
 * @param {Partial<import('./stored.mjs').Cost> & { maxMemory?: number }} [options]
 */
export async function verify(password, stored, options) {
  checkPassword(password)
  const { cost, maxMemory } = legacyOptionsOf(options)
  if (typeof stored !== 'string') return verifyCurrent(password, stored, cost)
  if (!isLegacy(stored)) {
    if (read(stored).cost.memory > maxMemory) throw costlyLegacy(maxMemory)
    return verifyCurrent(password, stored, cost)
  }
  if (encoder.encode(stored).length > STORED_MAX) throw new LatchworkError('unknown_hash', 'the stored hash is longer than 256 bytes')
  if (await verifyLegacy(password, stored, maxMemory)) return true
  // Some older hashes take no time, which would tell that their owner exists.
  return verifyCurrent(password, null, cost)
}

/** @type {VerifyLegacy} */
async function verifyLegacy(password, stored, maxMemory) {
  try {
    return (await ask('verifyLegacy', password, stored, maxMemory)) === true
  } catch (error) {
    throw /** @type {any} */ (error).code === 'costly_hash' ? costlyLegacy(maxMemory) : error
  }
}
