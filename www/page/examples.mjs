// @ts-check
// The documented examples of a model: one entry for each question that a case asks.

import { questionsOf, withDefaults } from '../../tests/js/support/case-defaults.mjs'

/**
 * @typedef {object} Example
 * @property {string} id
 * @property {string} why
 * @property {any} records
 * @property {import('../decide-and-explain.mjs').Question} question
 * @property {{ allow?: boolean, level?: string, error?: string }} expect
 */

/**
 * @param {any} classify of the model
 * @param {any} file a case file
 * @returns {Example[]}
 */
export function examplesOf(classify, file) {
  const classifyOf = /** @type {any} */ ((/** @type {string} */ _, /** @type {any} */ request) => classify(request))
  return file.cases.flatMap((/** @type {any} */ testCase) => {
    // Calls of the product's API are not questions.
    if (!('ask' in testCase)) return []
    const questions = questionsOf(classifyOf, file.system, testCase)
    const records = withDefaults(file.system, testCase.given)
    return questions.map(({ question, expect }) => ({ id: questions.length > 1 ? `${testCase.id} (${question.action})` : testCase.id, why: testCase.why, records, question, expect }))
  })
}
