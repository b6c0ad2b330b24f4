// @ts-check
// What callers pass, checked before it comes near the core. Whatever is passed, it is read once, and what goes
// wrong meanwhile becomes an error of this package.

import { LatchworkError } from './error.mjs'
import { encoder } from './utf8.mjs'

/** The longest string of a question, in bytes of UTF-8. */
export const NAME_MAX = 4096

/** The most items of one list of questions. */
export const LIST_MAX = 1 << 20

/**
 * Refuses what is no well-formed string of at most 4 KiB.
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
 * The members of these names, in their order. What somebody added to every object is no member of this one.
 * @param {any} object
 * @param {string} what
 * @param {string[]} names
 * @returns {any[]}
 */
export function membersOf(object, what, names) {
  if (typeof object !== 'object' || object === null) throw wrongType(what, 'an object', object)
  return reading(what, () =>
    names.map((name) => (name in Object.prototype && !Object.hasOwn(object, name) ? undefined : object[name])),
  )
}

/**
 * The members of these names, as `membersOf` reads them, of an object that may have no others: a misspelled one
 * would count as left out.
 * @param {any} object
 * @param {string} what
 * @param {string[]} names
 * @returns {any[]}
 */
export function onlyMembersOf(object, what, names) {
  const members = membersOf(object, what, names)
  const unknown = reading(what, () => Object.keys(object)).find((name) => !names.includes(name))
  if (unknown === undefined) return members
  throw new LatchworkError('invalid_value', `${what} has an unknown member ${JSON.stringify(unknown.slice(0, 40))}: expected ${names.join(', ')}`)
}

/**
 * The items of anything that can be iterated.
 * @param {any} items
 * @param {string} what
 * @param {number} most how many are read
 * @returns {any[]}
 */
export function itemsOf(items, what, most) {
  if (typeof items !== 'object' || items === null) throw wrongType(what, 'a list', items)
  const read = reading(what, () => {
    if (typeof items[Symbol.iterator] !== 'function') return undefined
    const read = []
    for (const item of items) if (read.push(item) > most) break
    return read
  })
  if (!read) throw wrongType(what, 'a list', items)
  if (read.length > most) throw new LatchworkError('too_large', `${what} has more than ${most} items`)
  return read
}

/**
 * Runs what may run a caller's own code: getters, iterators, the traps of a Proxy.
 * @template T
 * @param {string} what
 * @param {() => T} read
 * @returns {T}
 */
export function reading(what, read) {
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
