// @ts-check
// The words of each system. They are the core's; nothing here knows one.

import { checkString } from './argument.mjs'

/** @typedef {{ actions: Map<string, number>, rules: string[], levels: string[] }} Codes words by their codes */

/** What numbers of the core mean. @param {import('./questions.mjs').Questions} instance @param {string} system @returns {Codes} */
export function codes(instance, system) {
  let words = instance.vocabularies.get(system)
  if (!words) {
    const [actions, levels, rules] = instance.call((glue) => glue.vocabulary(system))
    words = { actions: new Map(actions.map((/** @type {string} */ name, /** @type {number} */ code) => [name, code])), levels, rules }
    instance.vocabularies.set(system, words)
  }
  return words
}

/**
 * The words of a system, for a form that offers them.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 */
export function vocabulary(instance, system) {
  checkString(system, 'the system')
  const { actions, rules, levels } = codes(instance, system)
  return { actions: [...actions.keys()], levels: [...levels], rules: [...rules] }
}
