// @ts-check
// A filter as a function of a row: the meaning that the other compilers have to keep.

import { onlyMembersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { NUMBER_MAX, isPartText, partOf, readFilter } from './expression.mjs'

export { LatchworkError } from '../core/error.mjs'

/** @typedef {import('./expression.mjs').Expression} Expression */
/** @typedef {import('./expression.mjs').Filter} Filter */
/** The value of a ref in a row. @typedef {(ref: string) => unknown} Read */

/**
 * @param {unknown} filter
 * @param {import('./predicate.js').PredicateOptions} [options]
 * @returns {(row: any) => boolean}
 */
export function predicate(filter, options) {
  const read = readFilter(filter)
  const columns = options === undefined ? undefined : onlyMembersOf(options, 'the options', ['columns'])[0]
  const accessors = readAccessors(columns)
  return (row) => runCallerCode('the row', () => keeps(read, readerOf(read, accessors, row)))
}

/** @param {unknown} columns @returns {Map<string, (row: any) => unknown>} */
function readAccessors(columns) {
  if (columns === undefined) return new Map()
  if (typeof columns !== 'object' || columns === null) throw wrongType('`columns`', 'an object', columns)
  return new Map(
    runCallerCode('`columns`', () => Object.entries(columns)).map(([ref, accessor]) => {
      if (typeof accessor === 'string') return [ref, (row) => memberOf(row, [accessor])]
      if (typeof accessor === 'function') return [ref, (row) => accessor(row)]
      throw new LatchworkError('wrong_type', `the column of \`${ref}\` must be a member's name or a function of the row`)
    }),
  )
}

/** The own member that a chain of names leads to; only objects have members. @param {any} value @param {string[]} names @returns {unknown} */
function memberOf(value, names) {
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

/** @param {Filter} filter @param {Map<string, (row: any) => unknown>} accessors @param {any} row @returns {Read} */
function readerOf(filter, accessors, row) {
  /** @param {string} ref @returns {unknown} */
  const attribute = (ref) => {
    const accessor = accessors.get(ref)
    return accessor ? accessor(row) : memberOf(row, ref.split('.').slice(ref.startsWith('resource.') ? 1 : 0))
  }
  /** @param {string} part */
  const textOf = (part) => partText(attribute(`resource.${part}`))
  return (ref) => {
    if (ref === 'resource.path') return pathOf(filter, textOf)
    const part = partOf(filter, ref)
    return part === undefined ? attribute(ref) : textOf(part)
  }
}

/** A part as text: a whole number is converted to its digits. @param {unknown} value */
const partText = (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : isPartText(value) ? value : undefined)

/** @param {Filter} filter @param {(part: string) => string | undefined} textOf */
function pathOf({ shape }, textOf) {
  const segments = shape.map((segment) => (typeof segment === 'string' ? segment : textOf(segment.part)))
  return segments.includes(undefined) ? undefined : segments.join('/')
}

/** @param {Filter} filter @param {Read} read */
const keeps = (filter, read) => filter.parts.every((part) => read(`resource.${part}`) !== undefined) && holds(filter.where, read)

/** @param {Expression} expression @param {Read} read @returns {boolean} */
function holds(expression, read) {
  if (typeof expression === 'boolean') return expression
  switch (expression.op) {
    case 'all':
      return expression.list.every((each) => holds(each, read))
    case 'any':
      return expression.list.some((each) => holds(each, read))
    case 'not':
      return !holds(expression.expression, read)
    case 'equals':
    case 'differs': {
      const left = membersOf(read(expression.attribute))
      const right = expression.values ?? membersOf(read(expression.ref))
      const equal = left.some((one) => isValue(one) && right.includes(one))
      if (expression.op === 'equals') return equal
      const [first] = left
      return right.length > 0 && isValue(first) && !equal && [...left, ...right].every((each) => isValue(each) && typeof each === typeof first)
    }
    case 'between': {
      const [low, high] = [expression.low, expression.high].map((bound) => (typeof bound === 'object' ? read(bound.ref) : bound))
      if ((expression.low !== undefined && !isNumber(low)) || (expression.high !== undefined && !isNumber(high))) return false
      const left = membersOf(read(expression.attribute))
      return left.length > 0 && left.every((each) => isWithin(each, low, high))
    }
    case 'single':
      return isWithin(read(expression.attribute), expression.low, expression.high)
  }
}

/** The members of an attribute: none if it is missing or an object. @param {unknown} value @returns {unknown[]} */
function membersOf(value) {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => (Object.hasOwn(value, index) ? value[index] : undefined))
  return value === undefined || value === null || typeof value === 'object' ? [] : [value]
}

/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === 'number' && Math.abs(value) <= NUMBER_MAX

/** @param {unknown} value @returns {value is string | number | boolean} */
const isValue = (value) => typeof value === 'string' || typeof value === 'boolean' || isNumber(value)

/** @param {unknown} value @param {unknown} low @param {unknown} high */
const isWithin = (value, low, high) => isNumber(value) && (low === undefined || value >= /** @type {number} */ (low)) && (high === undefined || value <= /** @type {number} */ (high))
