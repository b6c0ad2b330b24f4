// @ts-check
// The words of each system. They are the core's; nothing here knows one.

import { checkString } from './argument.mjs'
import { call } from './instance.mjs'

/** @typedef {{ actions: Map<string, number>, rules: string[], levels: string[] }} Codes words by their codes */

/** @type {Map<string, Codes>} */
const known = new Map()

/** What numbers of the core mean. @param {string} system */
export function codes(system) {
  let words = known.get(system)
  if (!words) {
    const [actions, levels, rules] = call((doors) => doors.vocabulary(system))
    words = { actions: new Map(actions.map((/** @type {string} */ name, /** @type {number} */ code) => [name, code])), levels, rules }
    known.set(system, words)
  }
  return words
}

/**
 * The words of a system, for a form that offers them.
 * @param {string} system
 */
export function vocabulary(system) {
  checkString(system, 'the system')
  const { actions, rules, levels } = codes(system)
  return { actions: [...actions.keys()], levels: [...levels], rules: [...rules] }
}
