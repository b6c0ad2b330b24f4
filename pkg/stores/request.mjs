// @ts-check
// Checks and copies the arguments of a store's methods before they wait: the caller may change its list meanwhile.

import { isWellFormed, itemsOf, onlyMembersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { encoder } from '../core/utf8.mjs'

/** The longest key, in bytes of UTF-8. */
export const KEY_MAX = 16_384

/** The longest value, in bytes of UTF-8: every engine accepts it in a row. */
export const VALUE_MAX = 1 << 20

/** The most keys or changes of one call. */
export const ITEMS_MAX = 1_000_000

/** @typedef {import('./store.js').Change} Change */

/** @param {unknown} keys @returns {string[]} */
export function parseReadRequest(keys) {
  const list = itemsOf(keys, 'the keys', ITEMS_MAX)
  list.forEach((key, index) => checkText(key, `key ${index}`, KEY_MAX))
  return list
}

/**
 * @param {unknown} prefix @param {unknown} after @param {unknown} limit
 * @returns {{ prefix: string, after: string | null, limit: number }}
 */
export function parseScanRequest(prefix, after, limit) {
  checkText(prefix, 'the prefix', KEY_MAX)
  if (after !== null) checkText(after, 'the key `after`', KEY_MAX)
  if (typeof limit !== 'number') throw wrongType('the limit', 'a number', limit)
  if (!Number.isSafeInteger(limit) || limit < 0) throw new LatchworkError('out_of_range', 'the limit must be a whole number, 0 or more')
  return /** @type {any} */ ({ prefix, after, limit })
}

/** @param {unknown} changes @returns {Change[]} */
export function parseCommitRequest(changes) {
  const seen = new Set()
  return itemsOf(changes, 'the changes', ITEMS_MAX).map((change, index) => {
    const what = `change ${index}`
    const [key, expect, value] = onlyMembersOf(change, what, ['key', 'expect', 'value'])
    checkText(key, `the key of ${what}`, KEY_MAX)
    if (expect !== null && typeof expect !== 'number') throw wrongType(`the expected version of ${what}`, 'a version or null', expect)
    if (expect !== null && !(Number.isSafeInteger(expect) && expect > 0)) {
      throw new LatchworkError('out_of_range', `the expected version of ${what} must be a version that was read, or null for a missing entry`)
    }
    if (value !== undefined && value !== null) checkText(value, `the value of ${what}`, VALUE_MAX)
    if (seen.has(key)) throw new LatchworkError('duplicate_key', `${what} has the key of an earlier one: give each key once`)
    seen.add(key)
    return value === undefined ? { key, expect } : { key, expect, value }
  })
}

/** @param {unknown} text @param {string} what @param {number} most */
function checkText(text, what, most) {
  if (typeof text !== 'string') throw wrongType(what, 'a string', text)
  if (!isWellFormed(text)) throw new LatchworkError('malformed_string', `${what} is not well-formed UTF-16: it has a lone surrogate`)
  // A UTF-16 unit takes at most three bytes.
  if (text.length > most || (text.length * 3 > most && encoder.encode(text).length > most)) {
    throw new LatchworkError('too_large', `${what} is longer than ${most} bytes`)
  }
}
