// @ts-check
// A filter as a condition of Kysely. The caller passes Kysely's `sql`, so this package does not depend on it.

import { onlyMembersOf } from '../core/argument.mjs'
import { conditionOf } from './dialects.mjs'
import { tagged } from './template.mjs'

export { LatchworkError } from '../core/error.mjs'

/** @param {unknown} filter @param {any} options @returns {any} */
export function kysely(filter, options) {
  const [tag, dialect, columns] = onlyMembersOf(options, 'the options', ['sql', 'dialect', 'columns'])
  const { condition } = conditionOf(filter, dialect, columns)
  return tagged(tag, condition, dialect, (value) => value)
}
