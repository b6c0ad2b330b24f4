// @ts-check
// A filter as a query of MongoDB. A query compares a list by any of its members, and leads through lists: what needs all
// members, or none of a list, is an `$expr`. Next to it is a wider condition that can use an index.

import { onlyMembersOf } from '../core/argument.mjs'
import { bindConstants } from './constants.mjs'
import { fieldOf, readFields } from './fields.mjs'
import { NUMBER_MAX, isPartText, partOf, readFilter, wholeNumberOf } from './expression.mjs'
import * as aggregate from './aggregation.mjs'

export { LatchworkError } from '../core/error.mjs'

/** @typedef {import('./fields.mjs').Field} Field */
/** @typedef {import('./expression.mjs').Expression} Expression */
/** @typedef {import('./expression.mjs').Filter} Filter */
/** @typedef {import('./expression.mjs').Scalar} Scalar */
/** A query, or its value if it is known. @typedef {boolean | { [name: string]: any }} Query */

const NONE = { $expr: false }

/** @param {unknown} filter @param {any} options @returns {any} */
export function mongodb(filter, options) {
  const [fields] = onlyMembersOf(options, 'the options', ['fields'])
  const bound = bindConstants(readFilter(filter), fields, 'fields')
  const query = new Compiler(bound.filter, readFields(bound.entries)).query()
  return typeof query === 'boolean' ? (query ? {} : { ...NONE }) : query
}

/** @param {Query[]} queries @returns {Query} */
function and(queries) {
  const open = queries.filter((query) => query !== true)
  if (open.includes(false)) return false
  return open.length === 0 || (open.length === 1 ? open[0] : { $and: open })
}

/** @param {Query[]} queries @returns {Query} */
function or(queries) {
  const open = queries.filter((query) => query !== false)
  if (open.includes(true)) return true
  return open.length > 0 && (open.length === 1 ? open[0] : { $or: open })
}

/** @param {Query} query @returns {Query} */
const not = (query) => (typeof query === 'boolean' ? !query : { $nor: [query] })

class Compiler {
  #filter
  #fields

  /** @param {Filter} filter @param {Map<string, Field>} fields */
  constructor(filter, fields) {
    this.#filter = filter
    this.#fields = fields
  }

  query() {
    return and([this.#condition(this.#filter.where), ...this.#filter.parts.map((part) => guard(this.#fieldOfPart(part)))])
  }

  /** @param {Expression} expression @returns {Query} */
  #condition(expression) {
    if (typeof expression === 'boolean') return expression
    switch (expression.op) {
      case 'all':
        return and(expression.list.map((each) => this.#condition(each)))
      case 'any':
        return or(expression.list.map((each) => this.#condition(each)))
      case 'not':
        return not(this.#condition(expression.expression))
      case 'equals':
      case 'differs': {
        const value = this.#value(expression.attribute)
        if (!expression.values) return { $expr: (expression.op === 'equals' ? aggregate.overlap : aggregate.disjoint)(value, this.#value(expression.ref)) }
        if (expression.op === 'equals') return this.#equals(expression.attribute, expression.values)
        const kind = typeof expression.values[0]
        return expression.values.every((each) => typeof each === kind) && { $expr: aggregate.differs(value, kind, expression.values) }
      }
      case 'between': {
        const { low, high } = expression
        const bounds = [low, high].map((bound) => (typeof bound === 'object' ? this.#value(bound.ref) : bound))
        return and([this.#range(expression.attribute, low, high), { $expr: aggregate.between(this.#value(expression.attribute), bounds[0], bounds[1]) }])
      }
      case 'single': {
        const { low, high } = expression
        return and([this.#range(expression.attribute, low, high), { $expr: aggregate.single(this.#value(expression.attribute), low, high) }])
      }
    }
  }

  /** @param {string} part @returns {Field} */
  #fieldOfPart(part) {
    return fieldOf(this.#fields, `resource.${part}`, this.#filter)
  }

  /** What an attribute is, in an aggregation. @param {string} ref */
  #value(ref) {
    const { shape } = this.#filter
    if (ref === 'resource.path') return { $concat: shape.flatMap((segment, index) => [...(index === 0 ? [] : ['/']), typeof segment === 'string' ? { $literal: segment } : aggregate.partText(this.#fieldOfPart(segment.part))]) }
    const part = partOf(this.#filter, ref)
    return part === undefined ? aggregate.valueOf(fieldOf(this.#fields, ref, this.#filter)) : aggregate.partText(this.#fieldOfPart(part))
  }

  /** @param {string} ref @param {Scalar[]} values @returns {Query} */
  #equals(ref, values) {
    const exact = { $expr: aggregate.equals(this.#value(ref), values) }
    if (ref === 'resource.path') return exact
    const part = partOf(this.#filter, ref)
    if (part === undefined) {
      const { names } = fieldOf(this.#fields, ref, this.#filter)
      // Numbers of other types may be equal to one of the values, and are not values.
      return and([{ [names.join('.')]: { $in: values } }, ...throughObjects(names), !values.some((value) => typeof value === 'number') || exact])
    }
    const field = this.#fieldOfPart(part)
    const stored = storedParts(field, values)
    return stored.length > 0 && { [field.names.join('.')]: { $in: stored } }
  }

  /** A range that can use an index, of all values and some more. @param {string} ref @param {unknown} low @param {unknown} high @returns {Query} */
  #range(ref, low, high) {
    if (ref === 'resource.path' || partOf(this.#filter, ref) !== undefined) return false
    const { names } = fieldOf(this.#fields, ref, this.#filter)
    return { [names.join('.')]: { $gte: typeof low === 'number' ? low : -NUMBER_MAX, $lte: typeof high === 'number' ? high : NUMBER_MAX } }
  }
}

/** A query leads through lists of objects; the rules do not. @param {string[]} names @returns {Query[]} */
const throughObjects = (names) => names.slice(1).map((_, index) => ({ [names.slice(0, index + 1).join('.')]: { $not: { $type: 'array' } } }))

/** What a field holds where the part is one of these texts. @param {Field} field @param {Scalar[]} values @returns {unknown[]} */
function storedParts({ type, objectId }, values) {
  if (type === 'integer') return values.flatMap((value) => wholeNumberOf(value) ?? [])
  if (type === 'objectid') return values.filter((value) => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value)).map((value) => objectId(String(value)))
  return values.filter(isPartText)
}

/** That a part is a valid one. @param {Field} field @returns {Query} */
function guard(field) {
  if (field.valid) return true
  const name = field.names.join('.')
  const one = { $not: { $type: 'array' } }
  if (field.type === 'integer') return { $expr: aggregate.isWhole(aggregate.valueOf(field)) }
  return and([...throughObjects(field.names), { [name]: field.type === 'objectid' ? { $type: 'objectId', ...one } : { $type: 'string', $regex: '^[^/]+$', ...one } }])
}
