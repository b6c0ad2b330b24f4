// @ts-check
// Values checked by a system's rules: bodies of requests and forms.

import { checkString } from './argument.mjs'
import { VALUE_MAX, toJson } from './json.mjs'

/**
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {string} kind
 * @param {unknown} value
 */
export function validate(instance, system, kind, value) {
  checkString(system, 'the system')
  return checked(kind, value, (text) => instance.call((glue) => glue.validate(system, kind, text)))
}

/**
 * The outcome of a check: the value or its problems.
 * @param {string} kind
 * @param {unknown} value
 * @param {(text: string) => string} check
 */
export function checked(kind, value, check) {
  checkString(kind, 'the kind')
  const { text, problems } = toJson(value, VALUE_MAX)
  // JSON.parse makes every member the object's own, `__proto__` too.
  const outcome = JSON.parse(check(problems.length > 0 ? 'null' : text))
  // An unknown kind is refused, whatever the value is.
  return problems.length > 0 ? { problems } : outcome
}

/**
 * The same check for whatever takes a Standard Schema.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {string} kind
 */
export function schema(instance, system, kind) {
  return {
    '~standard': {
      version: 1,
      vendor: 'latchwork',
      /** @param {unknown} value */
      validate(value) {
        const outcome = validate(instance, system, kind, value)
        if (!Object.hasOwn(outcome, 'problems')) return outcome
        return {
          issues: outcome.problems.map((/** @type {any} */ { path, message }) => ({ message, path: keysOf(path) })),
        }
      },
    },
  }
}

/** The keys of a JSON pointer. @param {string} path */
function keysOf(path) {
  return path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
