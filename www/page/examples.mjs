// @ts-check
// A document's own examples, as the page shows them: one entry for each question that a case asks.

import { classify } from 'latchwork'
import { questionsOf, withDefaults } from '../../tests/js/given.mjs'

/**
 * @typedef {object} Example
 * @property {string} id
 * @property {string} why
 * @property {string} records JSON text
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
    const records = JSON.stringify(withDefaults(file.system, testCase.given), null, 2)
    return questions.map(({ question, expect }) => ({
      id: questions.length > 1 ? `${testCase.id} (${question.action})` : testCase.id,
      why: testCase.why,
      records,
      question,
      expect,
    }))
  })
}
