// @ts-check
// Finds the object with the private members behind `this`. A method can be called through a Proxy (a `ref` of Vue, a spy),
// or on an object that inherits from it.

import { runCallerCode } from './argument.mjs'
import { LatchworkError } from './error.mjs'

/** The member whose function returns the object itself. A Proxy that wraps returned objects does not wrap functions. */
export const ITSELF = Symbol('latchwork.itself')

/** The method that Node, Deno and Bun call to inspect an object. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * The object of a class behind another value; undefined if the value is not such an object or a Proxy of one.
 * @template T
 * @param {any} value
 * @param {(value: any) => value is T} is whether a value is an object of the class
 * @param {string} what
 * @returns {T | undefined}
 */
export function unwrap(value, is, what) {
  if (is(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  const found = runCallerCode(what, () => {
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
  const found = unwrap(self, is, what)
  if (found) return found
  throw new LatchworkError('wrong_type', `this method was called without its object: call it on ${what}, as in \`${call}\`, and pass on \`(...args) => ${call.replace('…', '...args')}\``)
}

/**
 * Rejects the copy of an object: the copy could not answer questions.
 * @param {string} what
 * @param {string} instead
 * @returns {never}
 */
export function refuseCopy(what, instead) {
  throw new LatchworkError('unsupported', `${what} can not be copied: ${instead}`)
}

/**
 * One line for logs and debuggers that identifies an object, without anything secret. A digest that can not be had is omitted.
 * @param {string} name
 * @param {{ digest: string } | undefined} object
 * @param {string | undefined} system
 * @param {boolean | undefined} disposed
 */
export function inspection(name, object, system, disposed) {
  if (!object) return `${name} {}`
  let digest = ''
  try {
    digest = `digest: '${object.digest}', `
  } catch {
    // The object was disposed, or its module fails.
  }
  return `${name} { system: '${system}', ${digest}disposed: ${disposed} }`
}
