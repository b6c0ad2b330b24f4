// @ts-check
// A question that is given as one object.

import { onlyMembersOf } from './argument.mjs'

/** The parts of a question. @param {unknown} question */
export function questionOf(question) {
  const [subject, action, resource, attributes, within, context, properties, now] = onlyMembersOf(question, 'a question', ['subject', 'action', 'resource', 'attributes', 'within', 'context', 'properties', 'now'])
  const options = context === undefined && properties === undefined && now === undefined ? undefined : { context, properties, now }
  return { subject, action, resource, attributes, options, within }
}
