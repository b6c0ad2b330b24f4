// @ts-check
// A filter as a `where` of Prisma. Prisma negates by NOT of SQL, which leaves NULL out: `not` moves inward to the
// comparisons, and each of them names the fields that may be NULL. What Prisma cannot express exactly is an error.

import { onlyMembersOf } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { bindConstants } from './constants.mjs'
import { NUMBER_MAX, isPartText, partOf, readFilter, wholeNumberOf } from './expression.mjs'
import { KIND_OF, fieldOf, readPrismaFields } from './prisma-fields.mjs'

export { LatchworkError } from '../core/error.mjs'

/** @typedef {import('./prisma-fields.mjs').Field} Field */
/** @typedef {import('./expression.mjs').Expression} Expression */
/** @typedef {import('./expression.mjs').Filter} Filter */
/** @typedef {import('./expression.mjs').Scalar} Scalar */
/** @typedef {Extract<Expression, { attribute: string }>} Comparison */
/** A `where`, or its value if it is known. @typedef {boolean | { [name: string]: any }} Where */

const INT_MAX = 2 ** 31 - 1

/** @param {unknown} filter @param {any} options @returns {any} */
export function prisma(filter, options) {
  const [provider, fields] = onlyMembersOf(options, 'the options', ['provider', 'fields'])
  if (provider !== 'postgresql' && provider !== 'sqlite') throw new LatchworkError('invalid_value', "`provider` must be 'postgresql' or 'sqlite': others compare text in another way")
  const bound = bindConstants(readFilter(filter), fields, 'fields')
  const where = new Compiler(bound.filter, readPrismaFields(bound.entries, provider), provider).where()
  return typeof where === 'boolean' ? (where ? {} : { OR: [] }) : where
}

/** @param {Where[]} list @returns {Where} */
function and(list) {
  const open = list.filter((each) => each !== true)
  if (open.includes(false)) return false
  return open.length === 0 || (open.length === 1 ? open[0] : { AND: open })
}

/** @param {Where[]} list @returns {Where} */
function or(list) {
  const open = list.filter((each) => each !== false)
  if (open.includes(true)) return true
  return open.length > 0 && (open.length === 1 ? open[0] : { OR: open })
}

class Compiler {
  #filter
  #fields
  #provider

  /** @param {Filter} filter @param {Map<string, Field>} fields @param {string} provider */
  constructor(filter, fields, provider) {
    this.#filter = filter
    this.#fields = fields
    this.#provider = provider
  }

  where() {
    const guards = this.#filter.parts.map((part) => this.#guard(this.#field(`resource.${part}`)))
    return and([this.#condition(this.#filter.where, false), ...guards])
  }

  /** @param {string} ref */
  #field(ref) {
    return fieldOf(this.#fields, ref, partOf(this.#filter, ref) !== undefined)
  }

  /** @param {Field} field @returns {Where} */
  #guard({ name, type, valid }) {
    if (valid) return true
    if (type === 'text') return { AND: [{ [name]: { not: '' } }, { NOT: { [name]: { contains: '/' } } }] }
    return type === 'uuid' ? { NOT: { [name]: null } } : inRange(name, type, 0, NUMBER_MAX)
  }

  /** @param {Expression} expression @param {boolean} negated @returns {Where} */
  #condition(expression, negated) {
    if (typeof expression === 'boolean') return expression !== negated
    if (expression.op === 'not') return this.#condition(expression.expression, !negated)
    if ('list' in expression) return ((expression.op === 'all') !== negated ? and : or)(expression.list.map((each) => this.#condition(each, negated)))
    const path = this.#pathComparison(expression, negated)
    if (path !== undefined) return path
    const { where, fields } = this.#comparison(expression)
    if (!negated) return where
    if (typeof where === 'boolean') return !where
    // A row with a NULL in a part is left out.
    const nulls = fields.filter(({ isPart, nullable }) => nullable && !isPart).map(({ name, type }) => ({ [name]: type.endsWith('[]') ? { equals: null } : null }))
    return or([{ NOT: where }, ...nulls])
  }

  /** @param {string} message */
  #unsupported(message) {
    return new LatchworkError('unsupported', `Prisma cannot express ${message} exactly: use \`latchwork/filter/sql\` with \`$queryRawUnsafe\``)
  }

  /** A path equals a text if each part equals its segment. @param {Comparison} node @param {boolean} negated @returns {Where | undefined} */
  #pathComparison(node, negated) {
    const refs = [/** @type {any} */ (node).ref, /** @type {any} */ (node).low?.ref, /** @type {any} */ (node).high?.ref]
    if (refs.includes('resource.path')) throw this.#unsupported('a comparison with `resource.path`')
    if (node.attribute !== 'resource.path') return undefined
    if (node.op === 'between' || node.op === 'single') return negated
    if (!node.values) throw this.#unsupported('a comparison of `resource.path` with another attribute')
    const { values, op } = node
    if (op === 'differs' && values.some((value) => typeof value !== 'string')) return negated
    const { shape } = this.#filter
    const paths = values.map((value) => (typeof value === 'string' ? value.split('/') : [])).filter((path) => path.length === shape.length)
    const equal = paths.map((path) => shape.map((segment, index) => /** @type {Expression} */ (typeof segment === 'string' ? segment === path[index] : { op: 'equals', attribute: `resource.${segment.part}`, values: [path[index]] })))
    const isNegated = (op === 'differs') !== negated
    return this.#condition(equal.length === 0 ? false : { op: 'any', list: equal.map((list) => ({ op: 'all', list })) }, isNegated)
  }

  /** A comparison, and the fields that it reads. @param {Comparison} node @returns {{ where: Where, fields: Field[] }} */
  #comparison(node) {
    const left = this.#field(node.attribute)
    if (node.op === 'single' || node.op === 'between') return this.#between(left, node.low, node.high, node.op === 'single')
    if (node.values) return { where: node.op === 'equals' ? this.#equals(left, node.values) : this.#differs(left, node.values), fields: [left] }
    const right = this.#field(node.ref)
    return { where: this.#pair(node.op === 'equals', left, right), fields: [left, right] }
  }

  /** The values that a field can hold. @param {Field} field @param {Scalar[]} values @returns {Scalar[]} */
  #constants({ type, kind, isPart }, values) {
    const own = [...new Set(values)].filter((value) => typeof value === kind)
    const base = type.replace('[]', '')
    if (base === 'uuid') return own.filter((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)))
    if (base === 'text') return own.filter((value) => (!isPart || isPartText(value)) && (this.#provider === 'sqlite' || !String(value).includes('\0')))
    const numbers = isPart ? own.flatMap((value) => wholeNumberOf(value) ?? []) : own
    if (base === 'integer') return numbers.filter((value) => Number.isInteger(value) && Math.abs(Number(value)) <= INT_MAX)
    return base === 'bigint' ? numbers.filter((value) => Number.isInteger(value)) : numbers
  }

  /** @param {Field} field @param {Scalar[]} values @returns {Where} */
  #equals(field, values) {
    const { name, type } = field
    const constants = this.#constants(field, values)
    if (constants.length === 0) return false
    if (type.endsWith('[]')) return { [name]: { hasSome: constants } }
    if (constants.length === 1) return { [name]: { equals: constants[0] } }
    return type === 'boolean' ? isValue(field) : { [name]: { in: constants } }
  }

  /** @param {Field} field @param {Scalar[]} values @returns {Where} */
  #differs(field, values) {
    const { name, type, ref, kind } = field
    if (type.endsWith('[]')) throw this.#unsupported(`\`differs\` on the list \`${ref}\``)
    if (values.some((value) => typeof value !== kind)) return false
    const constants = this.#constants(field, values)
    if (constants.length === 0) return isValue(field)
    if (type === 'boolean') return constants.length === 2 ? false : { [name]: { equals: !constants[0] } }
    return and([{ [name]: { notIn: constants } }, kind !== 'number' || isValue(field)])
  }

  /** @param {Field} left @param {import('./expression.mjs').Bound} low @param {import('./expression.mjs').Bound} high @param {boolean} single @returns {{ where: Where, fields: Field[] }} */
  #between(left, low, high, single) {
    const { name, type, kind, ref } = left
    const bounds = [low, high].map((bound) => (typeof bound === 'object' ? this.#field(bound.ref) : undefined))
    const fields = [left, ...bounds.filter((bound) => bound !== undefined)]
    if (kind !== 'number' || fields.some((field) => field.kind !== 'number' || (field !== left && field.type.endsWith('[]')))) return { where: false, fields }
    if (type.endsWith('[]')) {
      if (single) return { where: false, fields }
      throw this.#unsupported(`\`between\` on the list \`${ref}\``)
    }
    const [least, most] = [typeof low === 'number' ? low : -NUMBER_MAX, typeof high === 'number' ? high : NUMBER_MAX]
    const others = bounds.flatMap((bound, index) => (bound === undefined ? [] : [isValue(bound), { [name]: { [index === 0 ? 'gte' : 'lte']: this.#reference(bound, left) } }]))
    return { where: and([inRange(name, type, least, most), ...others]), fields }
  }

  /** @param {boolean} equal @param {Field} left @param {Field} right @returns {Where} */
  #pair(equal, left, right) {
    if (left.kind !== right.kind) return false
    if (left.type.endsWith('[]') || right.type.endsWith('[]')) throw this.#unsupported(`the comparison of \`${left.ref}\` with \`${right.ref}\`, one of which is a list,`)
    const exact = left.kind === 'number' ? [isValue(left), isValue(right)] : []
    const same = { [left.name]: { equals: this.#reference(right, left) } }
    return and([equal ? same : { NOT: same }, ...exact])
  }

  /** @param {Field} field @param {Field} other what it is compared with */
  #reference(field, other) {
    if (field.type !== other.type || (field.isPart && field.type !== 'text')) throw this.#unsupported(`the comparison of \`${other.ref}\` with \`${field.ref}\`, which are of different types,`)
    if (field.reference === undefined) throw this.#unsupported(`the comparison of \`${other.ref}\` with \`${field.ref}\` without its \`reference\`, such as \`prisma.doc.fields.${field.name}\`,`)
    return field.reference
  }
}

/** That a field has a value. @param {Field} field @returns {Where} */
function isValue({ name, type, kind, nullable, isPart }) {
  if (kind === 'number' && KIND_OF[type] === 'number') return inRange(name, type, -NUMBER_MAX, NUMBER_MAX)
  return isPart || !nullable || { NOT: { [name]: null } }
}

/** @param {string} name @param {string} type @param {number} low @param {number} high @returns {Where} */
function inRange(name, type, low, high) {
  if (type === 'double') return { [name]: { gte: low, lte: high } }
  const end = type === 'integer' ? INT_MAX : NUMBER_MAX
  const [least, most] = [Math.max(Math.ceil(low), -end - (type === 'integer' ? 1 : 0)), Math.min(Math.floor(high), end)]
  return least <= most && { [name]: { gte: least, lte: most } }
}
