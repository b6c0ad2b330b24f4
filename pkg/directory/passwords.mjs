// @ts-check
// Passwords, verified and hashed in the package's own modules. A right one may be remembered for a minute, so
// that argon2 does not run on every request; a wrong one never is, and neither is one that let nobody in.

import { encoder } from '../core/utf8.mjs'
import * as lazy from '../entries/lazy.mjs'
import { isLegacy } from '../password/stored.mjs'

/** How long a right password is remembered, in milliseconds. */
const REMEMBERED_FOR = 60_000
/** How many are. */
const REMEMBERED_MOST = 1024

/** Whole, so that no member is looked for on a prototype. */
const HMAC = /** @type {HmacKeyGenParams} */ (Object.assign(Object.create(null), { name: 'HMAC', hash: 'SHA-256', length: 256 }))

/** What was found, as the core has it. @typedef {'wrong' | 'right' | 'outdated' | 'recalled' | 'unseen' | 'forgotten'} Found */
/** With it, what remembers it. @typedef {{ found: Found, remember?: () => void }} Check */

export class Passwords {
  /** Right passwords, by a digest under a key that this object alone has, with the time when each is forgotten. */
  #remembered = new Map()
  /** @type {Promise<CryptoKey> | undefined} */
  #key
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
   * Whether the password is the one that was hashed, and whether its hash is out of date; or, where what is
   * remembered alone counts, whether it is remembered to be, after the same work if not (`only`) or without (`peek`).
   *
   * What is remembered is a fact that never changes: this password fits this hash, whose salt is its own.
   * Whether the hash is still that of a user who may sign in was read just now.
   * @param {{ password: string, stored: string | null, memory: 'off' | 'keep' | 'only' | 'peek' }} asked
   * @returns {Promise<Check>}
   */
  async verify({ password, stored, memory }) {
    // Also for nobody: who does not exist takes as long.
    const digest = memory === 'off' ? null : await this.#digest(stored ?? '', password)
    if (digest !== null && this.#recalls(digest)) return { found: 'recalled' }
    if (memory === 'peek') return { found: 'forgotten' }
    const { needsRehash } = await lazy.password()
    const right = (await this.#fits(password, memory === 'only' ? null : stored)) && stored !== null
    if (memory === 'only') return { found: 'unseen' }
    if (!right) return { found: 'wrong' }
    if (needsRehash(stored, this.#cost)) return { found: 'outdated' }
    return { found: 'right', ...(digest !== null && { remember: () => this.#remember(digest) }) }
  }

  /** @param {string} password @param {string | null} stored @returns {Promise<boolean>} */
  async #fits(password, stored) {
    try {
      if (stored === null || !isLegacy(stored)) return await (await lazy.password()).verify(password, stored, this.#cost)
      return await (await lazy.passwordLegacy()).verify(password, stored, this.#cost)
    } catch (error) {
      // A password over the limit, or a hash that nobody can read, lets nobody in; anything else is a failure.
      const { code } = /** @type {any} */ (error)
      if (!['password_too_long', 'malformed_string', 'unknown_hash', 'costly_hash'].includes(code)) throw error
      return this.#fits('', null)
    }
  }

  /** @param {string} stored @param {string} password */
  async #digest(stored, password) {
    this.#key ??= /** @type {Promise<CryptoKey>} */ (crypto.subtle.generateKey(HMAC, false, ['sign']))
    const tag = await crypto.subtle.sign('HMAC', await this.#key, encoder.encode(`${stored.length} ${stored}${password}`))
    return String.fromCharCode(...new Uint8Array(tag))
  }

  /** @param {string} digest */
  #recalls(digest) {
    const left = this.#remembered.get(digest) - this.#now()
    // A clock that was set back makes nothing last longer.
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
