// @ts-check
// Who a command asks about, and what about.

import { objectOrText } from './arguments.mjs'
import { Mistake } from './mistake.mjs'

/** The options that name a subject. */
export const SUBJECT_OPTIONS = { subject: 'WHO', anonymous: null }

/**
 * A user's id, a record, or null for a subject who is not signed in.
 * @param {import('./arguments.mjs').Arguments} args
 * @param {import('./arguments.mjs').Form} form
 * @returns {string | object | null}
 */
export function parseSubject(args, form) {
  const isAnonymous = args.given.has('anonymous')
  if (isAnonymous && args.given.has('subject')) throw new Mistake('duplicate_option', '`--anonymous` is a subject too: type it without `--subject`')
  if (isAnonymous) return null
  return objectOrText(args, 'subject', form)
}

/**
 * A path, or the parts of a resource.
 * @param {import('./arguments.mjs').Arguments} args
 * @param {import('./arguments.mjs').Form} form
 * @returns {string | object}
 */
export function parseResource(args, form) {
  return objectOrText(args, 'resource', form)
}
