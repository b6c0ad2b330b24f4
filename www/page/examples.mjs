// @ts-check
// A document's own examples, as the page shows them: one entry for each question that a case asks.

import { classify, open, vocabulary } from 'latchwork'
import { questionsOf, withDefaults } from '../../tests/js/support/case-defaults.mjs'

/**
 * @typedef {object} Example
 * @property {string} id
 * @property {string} why
 * @property {string} records JSON text
 * @property {string[]} actions what can be asked
 * @property {import('../answer.mjs').Question} question
 * @property {{ allow?: boolean, level?: string, error?: string }} expect
 */

/**
 * @param {any} file a case file
 * @returns {Example[]}
 */
export function examplesOf(file) {
  return file.cases.flatMap((/** @type {any} */ testCase) => {
    // Calls of the product's API are no questions.
    if (!('ask' in testCase)) return []
    const questions = questionsOf(classify, file.system, testCase)
    if (questions.length === 0) return []
    const records = JSON.stringify(withDefaults(file.system, testCase.given), null, 2)
    const actions = actionsOf(file.system, records)
    return questions.map(({ question, expect }) => ({
      id: questions.length > 1 ? `${testCase.id} (${question.action})` : testCase.id,
      why: testCase.why,
      records,
      actions,
      question,
      expect,
    }))
  })
}

/** The actions of a system, or those of a document that brings its own. @param {any} system @param {string} records */
function actionsOf(system, records) {
  try {
    return vocabulary(system).actions
  } catch {
    const authorizer = open(system, JSON.parse(records))
    const { actions } = authorizer.vocabulary()
    authorizer.dispose()
    return actions
  }
}
