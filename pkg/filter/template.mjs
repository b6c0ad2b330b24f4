// @ts-check
// A condition by the template tag of a query builder, which numbers its parameters and writes its own columns.

import { wrongType } from '../core/argument.mjs'
import { Foreign, flatten } from './fragment.mjs'

/**
 * @param {any} tag @param {import('./fragment.mjs').Piece} condition @param {unknown} dialect
 * @param {(value: unknown) => unknown} parameter what the tag takes for a parameter
 */
export function tagged(tag, condition, dialect, parameter) {
  if (typeof tag !== 'function') throw wrongType('`sql`', 'the template tag of the query builder', tag)
  const { texts, values } = flatten(condition)
  const strings = texts.map((text, index) => {
    const before = values[index - 1]
    return dialect === 'postgres' && before !== undefined && !(before instanceof Foreign) ? `::${before.cast}${text}` : text
  })
  const taken = values.map((value) => (value instanceof Foreign ? value.column : parameter(value.value)))
  return tag(Object.assign(strings, { raw: strings }), ...taken)
}
