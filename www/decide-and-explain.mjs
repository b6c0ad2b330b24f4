// @ts-check
// Decides and explains one question on one set of records. The page and the worker both call this function, each with its
// own instance of the package.

/**
 * @typedef {object} Question
 * @property {string | null | object} [subject] a user's id, or their record; `null` for an anonymous user
 * @property {string} [role] the name of a role, instead of a subject
 * @property {string} action
 * @property {string | object} resource
 * @property {unknown} [attributes]
 * @property {unknown} [within] a holder that restricts the subject
 * @property {unknown} [context]
 * @property {unknown} [properties] the properties of the action
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
export function decideAndExplain(open, records, question) {
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
    // Not every edge runtime runs finalizers.
    subject?.dispose()
    authorizer.dispose()
  }
}
