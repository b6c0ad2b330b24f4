// @ts-check
// SQLite. A column of any type can hold a value of any other, so a value counts only if `typeof` says that it is of the
// type of the mapping. Lists are JSON text.

import { LatchworkError } from '../core/error.mjs'
import { KINDS, MEMBER, pathPieces } from './compile.mjs'
import { NUMBER_MAX } from './expression.mjs'
import { Parameter, and, join, piece } from './fragment.mjs'

/** @typedef {import('./compile.mjs').Single} Single */
/** @typedef {import('./compile.mjs').Path} Path */
/** @typedef {import('./compile.mjs').Source} Source */
/** @typedef {import('./expression.mjs').Scalar} Scalar */
/** @typedef {import('./fragment.mjs').Piece} Piece */

/** More values than these are one parameter, as JSON: a statement has a limit of parameters, 100 in some services. */
const PARAMETERS_MAX = 50

export const naming = {
  name: 'SQLite',
  types: ['text', 'integer', 'double', 'boolean', 'json', 'text[]', 'integer[]', 'double[]', 'boolean[]'],
  collations: { binary: false, nocase: true, rtrim: true, custom: true },
  // A name in double quotes that no column has would be a string.
  quote: (/** @type {string[]} */ names) => names.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.'),
}

/** @param {Scalar} value @returns {Piece} */
function parameter(value) {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return new Parameter(value, '')
  // Some drivers end a string at the first NUL.
  const pieces = value.split('\0').map((text) => new Parameter(text, ''))
  return pieces.length === 1 ? pieces[0] : piece`(${join(pieces, ' || char(0) || ')})`
}

/** @param {Piece} expression @param {Scalar[]} values @param {boolean} negated @returns {Piece} */
function amongst(expression, values, negated) {
  if (values.length === 1) return piece`${expression} ${negated ? '<>' : '='} ${parameter(values[0])}`
  const isInJson = (/** @type {Scalar} */ value) => values.length > PARAMETERS_MAX && isExactInJson(value)
  const inJson = values.filter(isInJson)
  const others = values.filter((value) => !isInJson(value))
  const conditions = []
  if (inJson.length > 0) conditions.push(piece`${expression} ${negated ? 'NOT IN' : 'IN'} (SELECT value FROM json_each(${new Parameter(JSON.stringify(inJson), '')}))`)
  if (others.length > 0) conditions.push(piece`${expression} ${negated ? 'NOT IN' : 'IN'} (${join(others.map(parameter))})`)
  return conditions.length === 1 ? conditions[0] : piece`(${join(conditions, negated ? ' AND ' : ' OR ')})`
}

/** Whether SQLite reads exactly this value from JSON: it rounds some fractions otherwise, and ends some strings at NUL. @param {Scalar} value */
const isExactInJson = (value) => (typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && !value.includes('\0'))

const NUMERIC = "IN ('integer', 'real')"

/** A column of the kind of value that is compared. @param {Single} single @returns {Piece} */
const compared = ({ column, kind, part }) => (column.binary && (kind === 'string' || part) ? piece`${name(column)} COLLATE BINARY` : name(column))

/** @param {import('./columns.mjs').Column} column */
const name = (column) => /** @type {Piece} */ (column.name)

/** Whether the storage class is that of the type. @param {Single} single @returns {import('./fragment.mjs').Condition} */
function isTyped({ column, part }) {
  if (part && column.valid) return true
  return column.type === 'text' ? piece`typeof(${name(column)}) = 'text'` : piece`typeof(${name(column)}) ${NUMERIC}`
}

/** @param {Single} single @returns {Piece} the text of a part, or the value itself */
const plain = (single) => (single.part && single.column.type === 'integer' ? piece`CAST(CAST(${name(single.column)} AS INTEGER) AS TEXT)` : name(single.column))

/** A row with a part that is not valid is left out, whatever is compared. @param {Source} source @returns {import('./fragment.mjs').Condition} */
function isValue(source) {
  if (source.form !== 'single' || source.part) return true
  const { column, kind } = source
  if (kind === 'string') return isTyped(source)
  return and([isTyped(source), kind === 'boolean' ? piece`${name(column)} IN (0, 1)` : piece`${name(column)} BETWEEN -${String(NUMBER_MAX)} AND ${String(NUMBER_MAX)}`])
}

/** @param {Single} single @returns {import('./fragment.mjs').Condition} */
function guard(single) {
  const { column } = single
  const typed = { ...single, column: { ...column, valid: false } }
  if (column.type === 'text') return and([isTyped(typed), piece`${compared(single)} <> ''`, piece`instr(${name(column)}, '/') = 0`])
  return and([isTyped(typed), piece`${name(column)} BETWEEN 0 AND ${String(NUMBER_MAX)}`, piece`${name(column)} = CAST(${name(column)} AS INTEGER)`])
}

/** @param {Path | Single} source @returns {Piece} */
function value(source) {
  // Joined with an empty text, a column compares by no affinity and collation of its own.
  if (source.form === 'path') return piece`(${join([...pathPieces(source, parameter, plain), "''"], ' || ')})`
  const condition = isValue(source)
  if (condition === true) return piece`(${plain(source)} || '')`
  return piece`CASE WHEN ${/** @type {Piece} */ (condition)} THEN ${plain(source)} END`
}

/** The JSON text of a column, or NULL; whether it is a list or a value. @param {import('./columns.mjs').Column} column @returns {Piece} */
const json = (column) => piece`CASE WHEN typeof(${name(column)}) = 'text' AND json_valid(${name(column)}) THEN ${name(column)} END`

/** @param {import('./columns.mjs').Column} column */
function jsonPath({ path, ref }) {
  for (const member of path) {
    if (/["\\\p{Cc}]/u.test(member)) throw new LatchworkError('unsupported_column', `the column of \`${ref}\` is JSON with the member ${JSON.stringify(member)}: a path of SQLite cannot have quotation marks, backslashes and control characters`)
  }
  return new Parameter(`$${path.map((member) => `."${member}"`).join('')}`, '')
}

/** @param {Source} source @returns {Piece} */
function members(source) {
  if (source.form !== 'many') {
    return piece`(SELECT ${join(KINDS.map((kind) => piece`${kind === source.kind ? value(source) : 'NULL'} AS ${MEMBER[kind]}`))})`
  }
  const path = jsonPath(source.column)
  // The column is renamed first: a table-valued function has columns of its own names.
  return piece`(SELECT CASE WHEN type = 'text' THEN atom END AS lw_text, CASE WHEN type ${NUMERIC} AND atom BETWEEN -${String(NUMBER_MAX)} AND ${String(NUMBER_MAX)} THEN atom END AS lw_number, CASE type WHEN 'true' THEN 1 WHEN 'false' THEN 0 END AS lw_boolean FROM (SELECT ${json(source.column)} AS lw_json) AS lw_column, json_each(CASE WHEN json_type(lw_json, ${path}) <> 'object' THEN lw_json END, ${path}))`
}

/** @type {import('./compile.mjs').Dialect} */
export const sqlite = {
  guard,
  isValue,
  value,
  constants: (_source, values) => values,
  oneOf(source, values) {
    if (source.form === 'path') return amongst(value(source), values, false)
    return /** @type {Piece} */ (and([isTyped(source), amongst(compared(source), values, false)]))
  },
  noneOf(source, values) {
    if (source.form === 'path') return amongst(value(source), values, true)
    return /** @type {Piece} */ (and([isValue(source), amongst(compared(source), values, true)]))
  },
  within: (single, low, high) => and([isTyped(single), piece`${name(single.column)} BETWEEN ${parameter(low)} AND ${parameter(high)}`]),
  number(source) {
    if (source.form !== 'many') return source.kind === 'number' ? value(source) : undefined
    const path = jsonPath(source.column)
    const text = json(source.column)
    const number = piece`(SELECT CASE WHEN json_type(lw_json, ${path}) ${NUMERIC} THEN json_extract(lw_json, ${path}) END AS lw_number FROM (SELECT ${text} AS lw_json) AS lw_column)`
    return piece`(SELECT lw_number FROM ${number} WHERE lw_number BETWEEN -${String(NUMBER_MAX)} AND ${String(NUMBER_MAX)})`
  },
  members,
  every: (condition, from) => piece`((SELECT min((${condition}) IS TRUE) FROM ${from}) = 1)`,
  amongst,
  double: parameter,
}
