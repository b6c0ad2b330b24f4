// @ts-check
// A filter as a condition of SQL: text and parameters.

import { onlyMembersOf } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { conditionOf } from './dialects.mjs'
import { Parameter, flatten } from './fragment.mjs'

export { LatchworkError } from '../core/error.mjs'

/**
 * @param {unknown} filter
 * @param {import('./sql.js').SqlOptions} options
 * @returns {import('./sql.js').SqlCondition}
 */
export function sql(filter, options) {
  const [dialect, columns, firstParameter = 1] = onlyMembersOf(options, 'the options', ['dialect', 'columns', 'firstParameter'])
  if (!Number.isSafeInteger(firstParameter) || firstParameter < 1) throw new LatchworkError('out_of_range', '`firstParameter` must be a whole number from 1')
  const { never, condition } = conditionOf(filter, dialect, columns)
  const { texts, values } = flatten(condition)
  const parameters = /** @type {Parameter[]} */ (values)
  const mark = (/** @type {Parameter} */ { cast }, /** @type {number} */ index) => (dialect === 'postgres' ? `$${firstParameter + index}::${cast}` : '?')
  const text = texts.map((text, index) => (index < parameters.length ? text + mark(parameters[index], index) : text)).join('')
  return { text, params: /** @type {any[]} */ (parameters.map(({ value }) => value)), never }
}
