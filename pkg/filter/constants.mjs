// @ts-check
// Constant parts of the path, which are not columns because all rows of the table share them: for example the tenant.

import { onlyMembersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { isPartText } from './expression.mjs'

/** @typedef {import('./expression.mjs').Expression} Expression */
/** @typedef {import('./expression.mjs').Filter} Filter */

/**
 * The filter with constant parts filled in, and the mapping of the others.
 * @param {Filter} filter @param {any} mapping @param {string} what `columns` or `fields`
 * @returns {{ filter: Filter, entries: [string, any][] }}
 */
export function bindConstants(filter, mapping, what) {
  if (typeof mapping !== 'object' || mapping === null) throw wrongType(`\`${what}\``, 'an object', mapping)
  const entries = runCallerCode(`\`${what}\``, () => Object.keys(mapping).map((ref) => /** @type {[string, any]} */ ([ref, mapping[ref]])))
  const isConstant = (/** @type {any} */ value) => runCallerCode(`\`${what}\``, () => typeof value === 'object' && value !== null && Object.hasOwn(value, 'value'))
  const constants = new Map(entries.filter(([, value]) => isConstant(value)).map(([ref, value]) => [ref, readConstant(ref, value)]))
  const others = entries.filter(([ref]) => !constants.has(ref))
  for (const ref of constants.keys()) if (!filter.parts.some((part) => ref === `resource.${part}`)) constants.delete(ref)
  return { filter: constants.size === 0 ? filter : bind(filter, constants), entries: others }
}

/** @param {string} ref @param {any} constant */
function readConstant(ref, constant) {
  const [value] = onlyMembersOf(constant, `the value of \`${ref}\``, ['value'])
  const text = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value
  if (!isPartText(text)) throw new LatchworkError('invalid_value', `\`value\` of \`${ref}\` must be a part of a path: a text that is not empty and has no \`/\`, or a whole number`)
  return text
}

/** @param {Filter} filter @param {Map<string, string>} constants @returns {Filter} */
function bind(filter, constants) {
  const shape = filter.shape.map((segment) => (typeof segment === 'string' ? segment : (constants.get(`resource.${segment.part}`) ?? segment)))
  const parts = filter.parts.filter((part) => !constants.has(`resource.${part}`))
  return { ...filter, shape, parts, where: bound(filter.where, constants) }
}

/** @param {Expression} expression @param {Map<string, string>} constants @returns {Expression} */
function bound(expression, constants) {
  if (typeof expression === 'boolean') return expression
  if (expression.op === 'not') return { ...expression, expression: bound(expression.expression, constants) }
  if ('list' in expression) return { ...expression, list: expression.list.map((each) => bound(each, constants)) }
  const left = constants.get(expression.attribute)
  if (expression.op === 'single' || expression.op === 'between') {
    const isText = [expression.low, expression.high].some((limit) => typeof limit === 'object' && constants.has(limit.ref))
    return left === undefined && !isText ? expression : false
  }
  const right = expression.values === undefined ? constants.get(expression.ref) : undefined
  const { op, attribute } = expression
  const values = right === undefined ? expression.values : [right]
  if (left === undefined) return values === undefined ? expression : { op, attribute, values }
  if (values === undefined) return { op, attribute: /** @type {any} */ (expression).ref, values: [left] }
  return op === 'equals' ? values.includes(left) : values.every((value) => typeof value === 'string' && value !== left)
}
