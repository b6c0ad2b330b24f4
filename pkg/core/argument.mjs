// @ts-check
// Checks the arguments of callers before they reach the core. Each value is read once, and an exception while it is read
// becomes an error of this package.

import { LatchworkError } from './error.mjs'
import { encoder } from './utf8.mjs'

/** The longest string of a question, in bytes of UTF-8. */
export const NAME_MAX = 4096

/** The most items of one list of questions. */
export const LIST_MAX = 1 << 20

/**
 * Throws unless the value is a well-formed string of at most 4 KiB.
 * @param {unknown} text
 * @param {string} what
 */
export function checkString(text, what) {
  if (typeof text !== 'string') throw wrongType(what, 'a string', text)
  if (!isWellFormed(text)) {
    throw new LatchworkError('malformed_string', `${what} has a lone surrogate: it is no well-formed UTF-16`)
  }
  // A UTF-16 unit takes at most three bytes.
  if (text.length > NAME_MAX || (text.length * 3 > NAME_MAX && encoder.encode(text).length > NAME_MAX)) {
    throw new LatchworkError('name_too_long', `${what} is longer than ${NAME_MAX} bytes`)
  }
}

/** @param {string} text */
export function isWellFormed(text) {
  return typeof (/** @type {any} */ (text).isWellFormed) === 'function'
    ? /** @type {any} */ (text).isWellFormed()
    : !/\p{Surrogate}/u.test(text)
}

/**
 * The members with these names, in their order. What code added to `Object.prototype` does not count.
 * @param {any} object
 * @param {string} what
 * @param {string[]} names
 * @returns {any[]}
 */
export function membersOf(object, what, names) {
  if (typeof object !== 'object' || object === null || runCallerCode(what, () => Array.isArray(object))) throw wrongType(what, 'an object, no list', object)
  return runCallerCode(what, () =>
    names.map((name) => (name in Object.prototype && !Object.hasOwn(object, name) ? undefined : object[name])),
  )
}

/**
 * The members with these names, as `membersOf` reads them, of an object that must not have others: a misspelled member
 * would otherwise count as omitted.
 * @param {any} object
 * @param {string} what
 * @param {string[]} names
 * @returns {any[]}
 */
export function onlyMembersOf(object, what, names) {
  const members = membersOf(object, what, names)
  const unknown = runCallerCode(what, () => Object.keys(object)).find((name) => !names.includes(name))
  if (unknown === undefined) return members
  throw new LatchworkError('invalid_value', `unknown member ${JSON.stringify(unknown.slice(0, 40))} of ${what}, expected ${names.join(', ')}`)
}

/**
 * The items of an iterable.
 * @param {any} items
 * @param {string} what
 * @param {number} most how many are read
 * @returns {any[]}
 */
export function itemsOf(items, what, most) {
  const read = runCallerCode(what, () => {
    if (typeof items !== 'object' || typeof items?.[Symbol.iterator] !== 'function') return undefined
    const read = []
    for (const item of items) if (read.push(item) > most) break
    return read
  })
  if (!read) throw wrongType(what, 'a list', items)
  if (read.length > most) throw new LatchworkError('too_large', `more than ${most} items in ${what}`)
  return read
}

/**
 * Runs a step that can run the caller's code: getters, iterators, the traps of a Proxy. Its exceptions become errors of this
 * package.
 * @template T
 * @param {string} what
 * @param {() => T} read
 * @returns {T}
 */
export function runCallerCode(what, read) {
  try {
    return read()
  } catch (cause) {
    throw new LatchworkError('invalid_value', `reading ${what} threw an exception`, undefined, cause)
  }
}

/** @param {string} what @param {string} expected @param {unknown} got */
export function wrongType(what, expected, got) {
  return new LatchworkError('wrong_type', `${what} must be ${expected}, got ${got === null ? 'null' : typeof got}`)
}
