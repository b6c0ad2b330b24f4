// @ts-check
// Passwords: make a hash, verify one, ask whether it is out of date. What hashes is behind `hasher.mjs`.

import { isWellFormed, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'
import { ask } from './hasher.mjs'
import { costOf, isOutdated, nobody, read } from './stored.mjs'

export { LatchworkError } from '../core/error.mjs'
export { setHasher } from './hasher.mjs'

const PASSWORD_MAX = 1024

/**
 * Hashes a password; the PHC string to store.
 * @param {string} password
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export async function hash(password, options) {
  checkPassword(password)
  const cost = costOf(options)
  const stored = await ask('hash', password, cost)
  // Another hasher may be set up for another algorithm or another cost.
  if (typeof stored === 'string' && !isOutdated(stored, cost)) return stored
  throw new LatchworkError('internal', 'the hasher made a hash of another form or cost; it was thrown away')
}

/**
 * Whether the password is the one that was hashed. Nobody's hash takes as long, and fits no password.
 * @param {string} password
 * @param {string | null | undefined} stored
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export async function verify(password, stored, options) {
  checkPassword(password)
  const cost = costOf(options)
  if (stored === null || stored === undefined) {
    await ask('verify', password, nobody(cost))
    return false
  }
  if (typeof stored !== 'string') throw wrongType('the stored hash', 'a string', stored)
  read(stored)
  return (await ask('verify', password, stored)) === true
}

/**
 * Whether a stored hash is other than `hash` would make it now.
 * @param {string} stored
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export function needsRehash(stored, options) {
  if (typeof stored !== 'string') throw wrongType('the stored hash', 'a string', stored)
  return isOutdated(stored, costOf(options))
}

/**
 * Refuses what is no well-formed string of at most 1,024 bytes. A message says nothing of the password.
 * @param {unknown} password
 */
export function checkPassword(password) {
  if (typeof password !== 'string') throw wrongType('the password', 'a string', password)
  if (!isWellFormed(password)) {
    throw new LatchworkError('malformed_string', 'the password has a lone surrogate: it is no well-formed UTF-16')
  }
  // A UTF-16 unit takes one byte at least, and three at most.
  if (password.length <= PASSWORD_MAX / 3) return
  if (password.length > PASSWORD_MAX || encoder.encode(password).length > PASSWORD_MAX) {
    throw new LatchworkError('password_too_long', `a password has at most ${PASSWORD_MAX} bytes of UTF-8`)
  }
}
