// @ts-check
// The actions, levels and rules of each model, which the core has.

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

/** The vocabulary of a model, if it does not depend on records. @param {import('./questions.mjs').Questions} instance @param {string} system @returns {Codes} */
export function codes(instance, system) {
  let words = instance.words.get(system)
  if (!words) {
    words = codesIn(instance.call((glue) => glue.vocabulary(system)))
    instance.words.set(system, words)
  }
  return words
}

/**
 * The vocabulary of an authorizer; the core uses the codes of its words.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {() => string[][]} own gets that of the authorizer from the core
 * @returns {Codes}
 */
export function codesOf(instance, system, own) {
  try {
    return codes(instance, system)
  } catch (error) {
    // The vocabulary depends on the records.
    if (!isTyped(error) || error.code !== 'unsupported') throw error
    const lists = own()
    return { ...codesIn(lists), records: lists[4].includes('records'), timed: lists[4].includes('now') }
  }
}

/** @param {string[][]} lists @returns {Codes} */
function codesIn([actions, levels, rules]) {
  const codes = new Map(actions.map((name, code) => [name, code]))
  return { actions: codes, levels, rules, records: false, timed: false }
}

/**
 * The vocabulary of a model, for example for a form.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 */
export function vocabulary(instance, system) {
  checkString(system, 'the system')
  return listsOf(codes(instance, system))
}

/** The vocabulary in new lists. @param {Codes} codes */
export function listsOf({ actions, rules, levels }) {
  return { actions: [...actions.keys()], levels: [...levels], rules: [...rules] }
}
