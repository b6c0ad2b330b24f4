// @ts-check
// The words of each system. They are the core's; nothing here knows one.

import { checkString } from './argument.mjs'
import { isTyped } from './error.mjs'

/**
 * @typedef {object} Codes words by their codes
 * @property {Map<string, number>} actions
 * @property {string[]} rules
 * @property {string[]} levels
 * @property {boolean} records whether a question can bring a record of its user, holders to stay within, and the parts of a resource
 * @property {boolean} timed whether an answer may depend on the time, without a record that the question brings
 */

/** The words of a model, where they do not depend on its records. @param {import('./questions.mjs').Questions} instance @param {string} system @returns {Codes} */
export function codes(instance, system) {
  let words = instance.vocabularies.get(system)
  if (!words) {
    words = codesIn(instance.call((glue) => glue.vocabulary(system)))
    instance.vocabularies.set(system, words)
  }
  return words
}

/**
 * The words of an authorizer, whose codes the numbers of the core are.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {() => string[][]} own asks the core for those of the authorizer
 * @returns {Codes}
 */
export function codesOf(instance, system, own) {
  try {
    return codes(instance, system)
  } catch (error) {
    // Its words are those of its records.
    if (isTyped(error) && error.code === 'unsupported') return codesIn(own())
    throw error
  }
}

/** @param {string[][]} lists @returns {Codes} */
function codesIn([actions, levels, rules, , takes]) {
  const codes = new Map(actions.map((name, code) => [name, code]))
  return { actions: codes, levels, rules, records: takes.includes('records'), timed: takes.includes('now') }
}

/**
 * The words of a system, for a form that offers them.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 */
export function vocabulary(instance, system) {
  checkString(system, 'the system')
  return listsOf(codes(instance, system))
}

/** The words in lists of the caller's own. @param {Codes} codes */
export function listsOf({ actions, rules, levels }) {
  return { actions: [...actions.keys()], levels: [...levels], rules: [...rules] }
}
