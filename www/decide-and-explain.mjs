// @ts-check
// One question to one set of records, with all that there is to say about the answer. The page and the worker both ask
// here, each its own instance of the package.

/**
 * @typedef {object} Question
 * @property {string | null | object} [subject] a user's id, or their record; `null` for an anonymous user
 * @property {string} [role] asks as a role, in place of a subject
 * @property {string} action
 * @property {string | object} resource
 * @property {unknown} [attributes]
 * @property {unknown} [within] a holder that the subject stays within
 * @property {unknown} [context]
 * @property {unknown} [properties] what the question says of its action
 * @property {unknown} [now] in seconds since 1970
 */

/** The members of a question besides its subject: those that it needs, and those that it can have. */
export const NEEDED = ['action', 'resource']
export const OPTIONAL = ['attributes', 'within', 'context', 'properties', 'now']

/**
 * @param {(records: any) => any} open of the model
 * @param {unknown} records
 * @param {Question} question
 */
export function answer(open, records, question) {
  const authorizer = open(records)
  let subject
  try {
    const { role, subject: who = null, action, resource, attributes, within, context, properties, now } = question
    const whole = authorizer.subject(role === undefined ? who : { role })
    subject = within === undefined ? whole : whole.within(within)
    const options = Object.fromEntries(Object.entries({ context, properties, now }).filter(([, value]) => value !== undefined))
    const { text, citation, ...decision } = subject.explain(action, resource, attributes, Object.keys(options).length === 0 ? undefined : options)
    return { decision, explanation: { text, citation }, digest: authorizer.digest, subjectDigest: subject.digest }
  } finally {
    // Not every edge runtime collects them.
    subject?.dispose()
    authorizer.dispose()
  }
}
