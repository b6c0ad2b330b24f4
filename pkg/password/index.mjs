// @ts-check
// Hashes and verifies passwords, and checks whether a hash is outdated. `hasher.mjs` selects the implementation.

import { isWellFormed, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { runHasher } from './hasher.mjs'
import { parseCost, isOutdated, decoyHash, parseStoredHash } from './stored.mjs'

export { LatchworkError } from '../core/error.mjs'
export { setHasher } from './hasher.mjs'

const PASSWORD_MAX = 1024

/**
 * Hashes a password; returns the PHC string to store.
 * @param {string} password
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export async function hash(password, options) {
  checkPassword(password)
  const cost = parseCost(options)
  const stored = await runHasher('hash', password, cost)
  // A custom hasher may be configured for another algorithm or cost.
  if (typeof stored === 'string' && !isOutdated(stored, cost)) return stored
  throw new LatchworkError('internal', 'the hasher returned a hash of another form or cost, which was discarded')
}

/**
 * Whether the password matches the stored hash. Without a stored hash the result is false, after the same time.
 * @param {string} password
 * @param {string | null | undefined} stored
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export async function verify(password, stored, options) {
  checkPassword(password)
  const cost = parseCost(options)
  if (stored === null || stored === undefined) {
    await runHasher('verify', password, decoyHash(cost))
    return false
  }
  if (typeof stored !== 'string') throw wrongType('the stored hash', 'a string', stored)
  parseStoredHash(stored)
  return (await runHasher('verify', password, stored)) === true
}

/**
 * Whether a stored hash differs in form or cost from what `hash` makes now.
 * @param {string} stored
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export function needsRehash(stored, options) {
  if (typeof stored !== 'string') throw wrongType('the stored hash', 'a string', stored)
  return isOutdated(stored, parseCost(options))
}

/**
 * Refuses a password that is not a well-formed string of at most 1,024 bytes. The messages do not contain the password.
 * @param {unknown} password
 */
export function checkPassword(password) {
  if (typeof password !== 'string') throw wrongType('the password', 'a string', password)
  if (!isWellFormed(password)) {
    throw new LatchworkError('malformed_string', 'the password is not well-formed UTF-16: it has a lone surrogate')
  }
  // A UTF-16 unit takes one byte at least, and three at most.
  if (password.length <= PASSWORD_MAX / 3) return
  if (password.length > PASSWORD_MAX || encoder.encode(password).length > PASSWORD_MAX) {
    throw new LatchworkError('password_too_long', `a password has at most ${PASSWORD_MAX} bytes of UTF-8`)
  }
}
