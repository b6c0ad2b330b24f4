// @ts-check
// Parses a filter: copies own members only, and checks each. A compiler that ignored unknown members would keep more rows
// than allowed.

import { LatchworkError } from '../core/error.mjs'
import { toJson } from '../core/json.mjs'

/** The largest filter, in characters of JSON. */
const FILTER_MAX = 1 << 24

/** Numbers are compared as doubles; larger ones are not values. */
export const NUMBER_MAX = Number.MAX_SAFE_INTEGER

/** @typedef {string | number | boolean} Scalar */
/** @typedef {number | { ref: string } | undefined} Bound */
/**
 * @typedef {{ op: 'all' | 'any', list: Expression[] }
 *   | { op: 'not', expression: Expression }
 *   | { op: 'equals' | 'differs', attribute: string, values: Scalar[] }
 *   | { op: 'equals' | 'differs', attribute: string, values: undefined, ref: string }
 *   | { op: 'between', attribute: string, low: Bound, high: Bound }
 *   | { op: 'single', attribute: string, low: number | undefined, high: number | undefined }} Node
 */
/** @typedef {boolean | Node} Expression */
/** A segment of a shape: a literal, or the name of a part. @typedef {string | { part: string }} Segment */
/** @typedef {{ type: string, shape: Segment[], parts: string[], where: Expression }} Filter */

/** @param {string} message */
const invalid = (message) => new LatchworkError('invalid_value', `the filter ${message}: pass what \`subject.filter\` returned, unchanged`)

/** @param {unknown} filter @returns {Filter} */
export function readFilter(filter) {
  const { text, problems } = toJson(filter, FILTER_MAX)
  if (problems.length > 0) throw new LatchworkError('invalid_value', `the filter${problems[0].path && `, at \`${problems[0].path}\``}: ${problems[0].message}`, problems)
  const { type, shape, where } = members(JSON.parse(text), ['type', 'shape', 'where'])
  if (typeof type !== 'string') throw invalid('has no `type`')
  if (!Array.isArray(shape) || shape.length === 0) throw invalid('has no `shape`')
  const segments = shape.map(readSegment)
  const parts = segments.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.part]))
  if (new Set(parts).size < parts.length) throw invalid('has a shape that names a part twice')
  return { type, shape: segments, parts, where: readExpression(where) }
}

/** The own members of a plain object; any that is not in the list is an error. @param {unknown} value @param {string[]} names @returns {any} */
function members(value, names) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('is not an object')
  const read = Object.assign(Object.create(null), value)
  const unknown = Object.keys(read).find((name) => !names.includes(name))
  if (unknown !== undefined) throw invalid(`has an unknown member ${JSON.stringify(unknown.slice(0, 40))}`)
  return read
}

/** @param {unknown} segment @returns {Segment} */
function readSegment(segment) {
  if (typeof segment === 'string') return segment
  const { part } = members(segment, ['part'])
  if (typeof part !== 'string' || part === '') throw invalid('has a shape with a segment that is neither a string nor a part')
  return { part }
}

/** @param {unknown} value @returns {Expression} */
function readExpression(value) {
  if (typeof value === 'boolean') return value
  const { all, any, not, attribute, ...comparison } = members(value, ['all', 'any', 'not', 'attribute', 'equals', 'differs', 'between', 'single'])
  const kinds = [all, any, not, attribute].filter((kind) => kind !== undefined)
  if (kinds.length !== 1 || (attribute === undefined && Object.keys(comparison).length > 0)) throw invalid('has an expression that is not one of `all`, `any`, `not` and a comparison')
  if (all !== undefined) return { op: 'all', list: readList(all).map(readExpression) }
  if (any !== undefined) return { op: 'any', list: readList(any).map(readExpression) }
  if (not !== undefined) return { op: 'not', expression: readExpression(not) }
  return readComparison(readRef(attribute), comparison)
}

/** @param {unknown} list @returns {unknown[]} */
function readList(list) {
  if (!Array.isArray(list) || list.length === 0) throw invalid('has an empty list, or something else instead of a list')
  return list
}

/** @param {string} attribute @param {any} comparison @returns {Node} */
function readComparison(attribute, comparison) {
  const [[op, operand] = [], ...more] = Object.entries(comparison)
  if (op === undefined || more.length > 0) throw invalid(`has not exactly one comparison of \`${attribute}\``)
  if (op === 'equals' || op === 'differs') {
    if (Array.isArray(operand)) return { op, attribute, values: readList(operand).map(readScalar) }
    return { op, attribute, values: undefined, ref: readRef(members(operand, ['ref']).ref) }
  }
  const { atLeast, atMost } = members(operand, ['atLeast', 'atMost'])
  if (atLeast === undefined && atMost === undefined) throw invalid(`compares \`${attribute}\` without a bound`)
  if (op === 'single') return { op, attribute, low: readNumber(atLeast), high: readNumber(atMost) }
  return { op: 'between', attribute, low: readBound(atLeast), high: readBound(atMost) }
}

/** @param {unknown} value @returns {Scalar} */
function readScalar(value) {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return /** @type {number} */ (readNumber(value ?? null))
}

/** @param {unknown} value @returns {number | undefined} */
function readNumber(value) {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Math.abs(value) <= NUMBER_MAX) return value
  throw invalid('compares with something that is not a string, a boolean or a number up to 2 ** 53 - 1')
}

/** @param {unknown} bound @returns {Bound} */
const readBound = (bound) => (typeof bound === 'object' && bound !== null ? { ref: readRef(members(bound, ['ref']).ref) } : readNumber(bound))

/** @param {unknown} ref @returns {string} */
function readRef(ref) {
  if (!isRef(ref)) throw invalid('names an attribute that does not begin with `resource.` or `attributes.`')
  return ref
}

/**
 * Whether this names an attribute of the resource. `attributes.id` is one beside a part `id`, in a document without `resources`.
 * @param {unknown} ref @returns {ref is string}
 */
export const isRef = (ref) => typeof ref === 'string' && /^(resource|attributes)(\.[^.]+)+$/s.test(ref)

/** The part that a ref names, if it is one. @param {Filter} filter @param {string} ref */
export const partOf = ({ parts }, ref) => parts.find((part) => ref === `resource.${part}`)

/** The refs of what is around an attribute, the nearest first, each with the names behind it. @param {string} ref */
export function around(ref) {
  const names = ref.split('.')
  return names.slice(2).map((_, index) => ({ outer: names.slice(0, names.length - 1 - index).join('.'), inner: names.slice(names.length - 1 - index) }))
}

/** The error of a mapping that has a member which is not an attribute. @param {string} mapping @param {string} ref */
export const notAnAttribute = (mapping, ref) =>
  new LatchworkError('invalid_value', `\`${mapping}\` has the member ${JSON.stringify(ref.slice(0, 40))}: expected an attribute or a part of the resource, such as \`resource.owner\``)

/**
 * The parts that each kept row has with one of the expression's own values, which are valid. So they need no further check.
 * @param {Filter} filter @returns {Set<string>}
 */
export function pinnedParts(filter) {
  /** @param {Expression} expression @returns {Set<string>} */
  const pinned = (expression) => {
    if (typeof expression === 'boolean') return new Set()
    if (expression.op === 'all') return new Set(expression.list.flatMap((each) => [...pinned(each)]))
    if (expression.op === 'any') {
      const [first, ...others] = expression.list.map(pinned)
      return new Set([...first].filter((part) => others.every((other) => other.has(part))))
    }
    const part = expression.op === 'equals' && expression.values ? partOf(filter, expression.attribute) : undefined
    return new Set(part === undefined ? [] : [part])
  }
  return pinned(filter.where)
}

/** Whether a text can be a part of a path. @param {unknown} text @returns {text is string} */
export const isPartText = (text) => typeof text === 'string' && text !== '' && !text.includes('/')

/** The whole number that a text has the digits of, or null. @param {unknown} text */
export function wholeNumberOf(text) {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,15})$/.test(text)) return null
  return Number(text) <= NUMBER_MAX ? Number(text) : null
}
