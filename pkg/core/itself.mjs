// @ts-check
// The object behind `this`: a method may be called through a Proxy (a `ref` of Vue, a spy), or on an object that
// inherits from the one with the private members.

import { reading } from './argument.mjs'
import { LatchworkError } from './error.mjs'

/** The member whose function returns its own object. Proxies that wrap what they return leave functions as they are. */
export const ITSELF = Symbol('latchwork.itself')

/** What Node, Deno and Bun call to show an object. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * The object of a class behind another value; undefined if there is none.
 * @template T
 * @param {any} value
 * @param {(value: any) => value is T} is whether a value is an object of the class
 * @param {string} what
 * @returns {T | undefined}
 */
export function behind(value, is, what) {
  if (is(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  const found = reading(what, () => {
    const itself = value[ITSELF]
    return typeof itself === 'function' ? itself() : undefined
  })
  return is(found) ? found : undefined
}

/**
 * The object behind the `this` of a method.
 * @template T
 * @param {unknown} self
 * @param {(value: any) => value is T} is
 * @param {string} what `a subject`
 * @param {string} call `subject.can(…)`
 * @returns {T}
 */
export function receiver(self, is, what, call) {
  const found = behind(self, is, what)
  if (found) return found
  throw new LatchworkError('wrong_type', `this method was called without its object: call it on ${what}, as in \`${call}\`, and pass on \`(...args) => ${call.replace('…', '...args')}\``)
}

/**
 * Refuses a copy of an object, which would answer nothing.
 * @param {string} what
 * @param {string} instead
 * @returns {never}
 */
export function noCopy(what, instead) {
  throw new LatchworkError('unsupported', `${what} can not be copied: ${instead}`)
}

/**
 * One line that shows an object: what tells it from others, and nothing that may be secret. A member that is a
 * function is called for its value, and left out if it throws.
 * @param {string} name
 * @param {Record<string, unknown> | undefined} members
 */
export function shown(name, members = {}) {
  const list = Object.entries(members).flatMap(([member, value]) => {
    try {
      const text = typeof value === 'function' ? value() : value
      return [`${member}: ${typeof text === 'string' ? `'${text}'` : text}`]
    } catch {
      return []
    }
  })
  return list.length > 0 ? `${name} { ${list.join(', ')} }` : `${name} {}`
}
