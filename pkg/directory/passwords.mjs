// @ts-check
// Verifies and hashes passwords. A correct password that authenticated a request is remembered for a minute, so that
// argon2 does not run on every request. A wrong password is never remembered.

import * as lazy from '../entries/lazy.mjs'
import { isLegacy } from '../password/stored.mjs'
import { createHmac } from './hmac.mjs'

/** How long a correct password is remembered, in milliseconds. */
const REMEMBERED_FOR = 60_000
/** How many passwords are remembered. */
const REMEMBERED_MOST = 1024

/** The result of a check, in the core's words. @typedef {'wrong' | 'right' | 'outdated' | 'recalled' | 'unseen' | 'forgotten'} Verdict */
/** The result, and a function that remembers the password. @typedef {{ verdict: Verdict, remember?: () => void }} Check */

export class Passwords {
  /** When each remembered password expires, by its HMAC under a key that only this object has. */
  #remembered = new Map()
  #hmac = createHmac()
  #cost
  #now

  /** @param {import('../password/stored.mjs').Cost} cost @param {() => number} now */
  constructor(cost, now) {
    this.#cost = cost
    this.#now = now
  }

  /** @param {readonly string[]} passwords */
  async hash(passwords) {
    const { hash } = await lazy.password()
    const hashes = []
    // One after another: each takes 19 MiB.
    for (const password of passwords) hashes.push(await hash(password, this.#cost))
    return hashes
  }

  /**
   * Verifies a password against a stored hash, and checks whether the hash is outdated. With the memory mode `only` or
   * `peek`, a password counts only if it is remembered. `only` does the same work as a verification; `peek` does not.
   *
   * A remembered fact never changes: this password matches this hash with its unique salt. The caller has just read from
   * the store whether the hash belongs to a user who may sign in.
   * @param {{ password: string, stored: string | null, memory: 'off' | 'keep' | 'only' | 'peek' }} request
   * @returns {Promise<Check>}
   */
  async verify({ password, stored, memory }) {
    // Also without a stored hash: a missing user must take the same time.
    const digest = memory === 'off' ? null : await this.#hmac(`${(stored ?? '').length} ${stored ?? ''}${password}`)
    if (digest !== null && this.#isRemembered(digest)) return { verdict: 'recalled' }
    if (memory === 'peek') return { verdict: 'forgotten' }
    const { needsRehash } = await lazy.password()
    const isRight = (await this.#isMatch(password, memory === 'only' ? null : stored)) && stored !== null
    if (memory === 'only') return { verdict: 'unseen' }
    if (!isRight) return { verdict: 'wrong' }
    if (needsRehash(stored, this.#cost)) return { verdict: 'outdated' }
    return { verdict: 'right', ...(digest !== null && { remember: () => this.#remember(digest) }) }
  }

  /** @param {string} password @param {string | null} stored @returns {Promise<boolean>} */
  async #isMatch(password, stored) {
    try {
      if (stored === null || !isLegacy(stored)) return await (await lazy.password()).verify(password, stored, this.#cost)
      return await (await lazy.passwordLegacy()).verify(password, stored, this.#cost)
    } catch (error) {
      // A password over the limit or an unreadable hash does not match. Any other error is a failure.
      const { code } = /** @type {any} */ (error)
      if (!['password_too_long', 'malformed_string', 'unknown_hash', 'costly_hash'].includes(code)) throw error
      return this.#isMatch('', null)
    }
  }

  /** @param {string} digest */
  #isRemembered(digest) {
    const left = this.#remembered.get(digest) - this.#now()
    // A clock that is set back must not extend the time.
    if (left > 0 && left <= REMEMBERED_FOR) return true
    this.#remembered.delete(digest)
    return false
  }

  /** @param {string} digest */
  #remember(digest) {
    if (this.#remembered.size >= REMEMBERED_MOST) this.#remembered.delete(this.#remembered.keys().next().value)
    this.#remembered.set(digest, this.#now() + REMEMBERED_FOR)
  }
}
