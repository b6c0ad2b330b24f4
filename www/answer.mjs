// @ts-check
// One question to one set of records, with all that there is to say about the answer. The page and the worker
// both ask here, each its own instance of the package.

import { open } from 'latchwork'

/**
 * @typedef {object} Question
 * @property {string | null} [subject] somebody's name; null is nobody
 * @property {string} [role] asks as a role, in place of a subject
 * @property {string} action
 * @property {string} resource
 * @property {unknown} [attributes]
 */

/**
 * @param {string} system
 * @param {unknown} records
 * @param {Question} question
 */
export function answer(system, records, question) {
  const authorizer = open(/** @type {any} */ (system), /** @type {any} */ (records))
  let asker
  try {
    const { role, subject = null, action, resource, attributes } = /** @type {any} */ (question)
    asker = role === undefined ? authorizer.subject(subject) : authorizer.subject(/** @type {never} */ ({ role }))
    const { text, citation, ...decision } = asker.explain(/** @type {never} */ (action), resource, attributes)
    return { decision, explanation: { text, citation }, digest: authorizer.digest, subjectDigest: asker.digest }
  } finally {
    // By hand, because not every edge runtime collects them.
    asker?.dispose()
    authorizer.dispose()
  }
}
