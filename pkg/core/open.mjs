// @ts-check
// Opens records.

import { checkString, onlyMembersOf, wrongType } from './argument.mjs'
import { LatchworkError } from './error.mjs'
import { RECORDS_MAX, textBytes, toBytes } from './json.mjs'

/**
 * Opens a system on its records.
 * @param {import('./questions.mjs').Questions} instance
 * @param {string} system
 * @param {unknown} records a document, or its JSON text
 * @param {{ now?: () => number } | undefined} options `now` is the clock, in whole seconds since 1970
 * @param {typeof import('./authorizer.mjs').Authorizer} Kind the class of what is opened
 */
export function open(instance, system, records, options, Kind) {
  checkString(system, 'the system')
  const [now] = options === undefined ? [] : onlyMembersOf(options, 'the options', ['now'])
  if (now !== undefined && typeof now !== 'function') throw wrongType('the option `now`', 'a function that returns seconds', now)
  if (typeof records === 'string') return new Kind(instance, system, textBytes(records, RECORDS_MAX), now)
  const { bytes, problems } = toBytes(records, RECORDS_MAX)
  if (problems.length > 0) {
    const { path, message } = problems[0]
    throw new LatchworkError('invalid_records', `the records are no JSON document: ${path || 'the top'}: ${message}`, problems)
  }
  return new Kind(instance, system, bytes, now)
}
