// @ts-check
// Compiles a filter to an SQL condition. A dialect defines the SQL of a value, of its members and of a list.

import { columnOf, unsupportedColumn } from './columns.mjs'
import { NUMBER_MAX, isPartText, partOf, pinnedParts, wholeNumberOf } from './expression.mjs'
import { and, join, not, or, piece } from './fragment.mjs'

/** @typedef {import('./columns.mjs').Column} Column */
/** @typedef {import('./expression.mjs').Expression} Expression */
/** @typedef {import('./expression.mjs').Filter} Filter */
/** @typedef {import('./expression.mjs').Scalar} Scalar */
/** @typedef {import('./fragment.mjs').Piece} Piece */
/** @typedef {import('./fragment.mjs').Condition} Condition */
/** @typedef {'string' | 'number' | 'boolean'} Kind */

/**
 * What an attribute is read from: one value of a known kind (`part`: a column that is a part of the path), or a list or
 * JSON with members of any kind.
 * @typedef {{ form: 'path', kind: 'string', segments: (string | Single)[] }} Path
 * @typedef {{ form: 'single', kind: Kind, column: Column, part: boolean }} Single
 * @typedef {{ form: 'many', column: Column }} Many
 * @typedef {Path | Single | Many} Source
 */

/**
 * @typedef {{
 *   guard: (single: Single) => Condition,
 *   isValue: (source: Path | Single) => Condition,
 *   value: (source: Path | Single) => Piece,
 *   constants: (source: Path | Single, values: Scalar[]) => Scalar[],
 *   oneOf: (source: Path | Single, values: Scalar[]) => Piece,
 *   noneOf: (source: Path | Single, values: Scalar[]) => Piece,
 *   within: (single: Single, low: number, high: number) => Condition,
 *   number: (source: Source) => Piece | undefined,
 *   members: (source: Source) => Piece,
 *   someOf?: (source: Many, values: Scalar[]) => Condition | undefined,
 *   every: (condition: Piece, members: Piece) => Piece,
 *   amongst: (expression: Piece, values: Scalar[], negated: boolean) => Piece,
 *   double: (value: number) => Piece,
 * }} Dialect `constants` are the values that the column can hold; `number` is NULL where the attribute is not one number
 */

/** The columns of a list of members: the one of the member's kind is its value, and all are NULL if it is not a value. */
export const MEMBER = { string: 'lw_text', number: 'lw_number', boolean: 'lw_boolean' }
export const KINDS = /** @type {Kind[]} */ (['string', 'number', 'boolean'])

/** @type {{ [type: string]: Kind }} */
const KIND_OF = { text: 'string', uuid: 'string', integer: 'number', double: 'number', boolean: 'boolean' }

/**
 * @param {Filter} filter @param {Map<string, Column>} columns @param {Dialect} dialect
 * @returns {Condition}
 */
export function compile(filter, columns, dialect) {
  const compiler = new Compiler(filter, columns, dialect)
  const where = compiler.condition(filter.where)
  return and([where, ...compiler.guards()])
}

/**
 * The path of a resource, as pieces to be joined: runs of literals and separators, and parts.
 * @param {Path} path @param {(text: string) => Piece} literal @param {(part: Single) => Piece} part
 */
export function pathPieces({ segments }, literal, part) {
  /** @type {Piece[]} */
  const pieces = []
  let text = ''
  const end = () => {
    if (text !== '') pieces.push(literal(text))
    text = ''
  }
  for (const [index, segment] of segments.entries()) {
    if (index > 0) text += '/'
    if (typeof segment === 'string') text += segment
    else {
      end()
      pieces.push(part(segment))
    }
  }
  end()
  return pieces
}

class Compiler {
  #filter
  #columns
  #dialect

  /** @param {Filter} filter @param {Map<string, Column>} columns @param {Dialect} dialect */
  constructor(filter, columns, dialect) {
    this.#filter = filter
    this.#columns = columns
    this.#dialect = dialect
  }

  /** One condition for each part that is not known to be valid. */
  guards() {
    const pinned = pinnedParts(this.#filter)
    return this.#filter.parts.map((part) => {
      const single = this.#operandOfPart(part)
      return single.column.valid || pinned.has(part) || this.#dialect.guard(single)
    })
  }

  /** @param {Expression} expression @returns {Condition} */
  condition(expression) {
    if (typeof expression === 'boolean') return expression
    switch (expression.op) {
      case 'all':
        return and(expression.list.map((each) => this.condition(each)))
      case 'any':
        return or(expression.list.map((each) => this.condition(each)))
      case 'not':
        return not(this.condition(expression.expression))
      case 'equals':
      case 'differs': {
        const left = this.#source(expression.attribute)
        if (!expression.values) return this.#pairs(expression.op === 'equals', left, this.#source(expression.ref))
        return expression.op === 'equals' ? this.#equals(left, expression.values) : this.#differs(left, expression.values)
      }
      case 'between':
        return this.#between(this.#source(expression.attribute), expression.low, expression.high)
      case 'single':
        return this.#single(this.#source(expression.attribute), expression.low, expression.high)
    }
  }

  /** @param {string} part @returns {Single} */
  #operandOfPart(part) {
    const ref = `resource.${part}`
    const column = columnOf(this.#columns, ref, this.#filter)
    if (!['text', 'uuid', 'integer'].includes(column.type)) throw unsupportedColumn(ref, `has the type \`${column.type}\`, but a part of a path is text or a whole number: declare it as \`text\` or \`integer\``)
    return { form: 'single', kind: 'string', column, part: true }
  }

  /** @param {string} ref @returns {Source} */
  #source(ref) {
    if (ref === 'resource.path') return { form: 'path', kind: 'string', segments: this.#filter.shape.map((segment) => (typeof segment === 'string' ? segment : this.#operandOfPart(segment.part))) }
    const part = partOf(this.#filter, ref)
    if (part !== undefined) return this.#operandOfPart(part)
    const column = columnOf(this.#columns, ref, this.#filter)
    const kind = KIND_OF[column.type]
    return kind === undefined ? { form: 'many', column } : { form: 'single', kind, column, part: false }
  }

  /** @param {Source} left @param {Scalar[]} values @returns {Condition} */
  #equals(left, values) {
    if (left.form !== 'many') {
      const constants = this.#constants(left, values)
      return constants.length > 0 && this.#dialect.oneOf(left, constants)
    }
    return this.#dialect.someOf?.(left, values) ?? piece`EXISTS (SELECT 1 FROM ${this.#dialect.members(left)} AS lw WHERE ${this.#amongst(values, false)})`
  }

  /** @param {Source} left @param {Scalar[]} values @returns {Condition} */
  #differs(left, values) {
    const kind = typeof values[0]
    if (values.some((value) => typeof value !== kind)) return false
    if (left.form === 'many') return this.#dialect.every(this.#amongst(values, true), piece`${this.#dialect.members(left)} AS lw`)
    if (left.kind !== kind) return false
    const constants = this.#constants(left, values)
    return constants.length > 0 ? this.#dialect.noneOf(left, constants) : this.#dialect.isValue(left)
  }

  /** The values that a column of this kind can be equal to. @param {Path | Single} source @param {Scalar[]} values */
  #constants(source, values) {
    const constants = [...new Set(values)].filter((value) => typeof value === source.kind)
    if (source.form === 'single' && source.part) {
      const { type } = source.column
      return this.#dialect.constants(source, type === 'integer' ? constants.flatMap((value) => wholeNumberOf(value) ?? []) : constants.filter(isPartText))
    }
    return this.#dialect.constants(source, constants)
  }

  /** Whether a member is one of the values, or another value of the only kind of all of them. @param {Scalar[]} values @param {boolean} negated @returns {Piece} */
  #amongst(values, negated) {
    const conditions = KINDS.flatMap((kind) => {
      const own = [...new Set(values)].filter((value) => typeof value === kind)
      return own.length === 0 ? [] : [this.#dialect.amongst(`lw.${MEMBER[kind]}`, own, negated)]
    })
    return conditions.length === 1 ? conditions[0] : piece`(${join(conditions, ' OR ')})`
  }

  /** @param {boolean} equal @param {Source} left @param {Source} right @returns {Condition} */
  #pairs(equal, left, right) {
    const sign = equal ? '=' : '<>'
    if (left.form !== 'many' && right.form !== 'many') return left.kind === right.kind && piece`(${this.#dialect.value(left)} ${sign} ${this.#dialect.value(right)})`
    const both = piece`${this.#dialect.members(left)} AS lw_left, ${this.#dialect.members(right)} AS lw_right`
    const condition = piece`(${join(KINDS.map((kind) => `lw_left.${MEMBER[kind]} ${sign} lw_right.${MEMBER[kind]}`), ' OR ')})`
    return equal ? piece`EXISTS (SELECT 1 FROM ${both} WHERE ${condition})` : this.#dialect.every(condition, both)
  }

  /** @param {Source} left @param {import('./expression.mjs').Bound} low @param {import('./expression.mjs').Bound} high @returns {Condition} */
  #between(left, low, high) {
    if (left.form !== 'many' && left.kind !== 'number') return false
    const [least, most] = [typeof low === 'number' ? low : -NUMBER_MAX, typeof high === 'number' ? high : NUMBER_MAX]
    /** @type {Piece[]} */
    const others = []
    const value = left.form === 'many' ? 'lw.lw_number' : this.#dialect.value(/** @type {Single} */ (left))
    for (const [bound, sign] of /** @type {const} */ ([[low, '>='], [high, '<=']])) {
      if (typeof bound !== 'object') continue
      const number = this.#dialect.number(this.#source(bound.ref))
      if (number === undefined) return false
      others.push(piece`${value} ${sign} ${number}`)
    }
    if (left.form !== 'many') return and([this.#dialect.within(/** @type {Single} */ (left), least, most), ...others])
    const within = piece`lw.lw_number BETWEEN ${this.#dialect.double(least)} AND ${this.#dialect.double(most)}`
    return this.#dialect.every(join([within, ...others], ' AND '), piece`${this.#dialect.members(left)} AS lw`)
  }

  /** @param {Source} left @param {number | undefined} low @param {number | undefined} high @returns {Condition} */
  #single(left, low = -NUMBER_MAX, high = NUMBER_MAX) {
    if (left.form === 'single' && left.kind === 'number') return this.#dialect.within(left, low, high)
    const number = this.#dialect.number(left)
    return number !== undefined && piece`(${number} BETWEEN ${this.#dialect.double(low)} AND ${this.#dialect.double(high)})`
  }
}
