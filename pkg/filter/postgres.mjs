// @ts-check
// PostgreSQL. Columns are typed, so a value counts unless it is NULL, NaN or out of the range of exact numbers.

import { KINDS, MEMBER, pathPieces } from './compile.mjs'
import { unsupportedColumn } from './columns.mjs'
import { NUMBER_MAX } from './expression.mjs'
import { Parameter, and, join, piece } from './fragment.mjs'
import { encoder } from '../core/utf8.mjs'

/** @typedef {import('./columns.mjs').Column} Column */
/** @typedef {import('./compile.mjs').Single} Single */
/** @typedef {import('./compile.mjs').Path} Path */
/** @typedef {import('./compile.mjs').Source} Source */
/** @typedef {import("./compile.mjs").Kind} Kind */
/** @typedef {import('./expression.mjs').Scalar} Scalar */
/** @typedef {import('./fragment.mjs').Piece} Piece */

/** Longer names are cut off, and name another column. */
const NAME_MAX = 63

export const naming = {
  name: 'PostgreSQL',
  types: ['text', 'uuid', 'integer', 'double', 'boolean', 'json', 'text[]', 'integer[]', 'double[]', 'boolean[]'],
  collations: { deterministic: false, nondeterministic: true },
  quote: (/** @type {string[]} */ names, /** @type {string} */ ref) => {
    for (const name of names) if (encoder.encode(name).length > NAME_MAX) throw unsupportedColumn(ref, `has a name of more than ${NAME_MAX} bytes, which PostgreSQL cuts off`)
    return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
  },
}

/** The type of a parameter. @type {{ [type: string]: string }} */
const CAST = { text: 'text', uuid: 'uuid', integer: 'bigint', double: 'double precision', boolean: 'boolean' }
const CAST_OF_KIND = { string: 'text', number: 'double precision', boolean: 'boolean' }

/** NULL in the columns of members: texts are all in the collation that compares bytes. */
const NULL_OF_KIND = { string: 'NULL::text COLLATE "C"', number: 'NULL::double precision', boolean: 'NULL::boolean' }

const EXACT = `BETWEEN -${NUMBER_MAX} AND ${NUMBER_MAX}`

/** @param {Column} column */
const name = (column) => /** @type {Piece} */ (column.name)

/** @param {Single} single @returns {Piece} */
const compared = ({ column }) => (column.binary && column.type === 'text' ? piece`${name(column)} COLLATE "C"` : name(column))

/** The value as text, in the collation that compares bytes: two columns may have different ones. @param {Single} single @returns {Piece} */
const text = ({ column }) => piece`${name(column)}::text COLLATE "C"`

/** @param {Piece} expression @param {Scalar[]} values @param {string} cast @param {boolean} negated @returns {Piece} */
function amongst(expression, values, cast, negated) {
  if (values.length === 1) return piece`${expression} ${negated ? '<>' : '='} ${new Parameter(values[0], cast)}`
  return piece`${expression} ${negated ? '<> ALL' : '= ANY'} (${new Parameter(values, `${cast}[]`)})`
}

/** @param {Source} source */
const castOf = (source) => (source.form === 'single' ? CAST[source.column.type] : 'text')

/** @param {Single} single @returns {import('./fragment.mjs').Condition} */
function guard(single) {
  const { column } = single
  if (column.type === 'uuid') return piece`${name(column)} IS NOT NULL`
  if (column.type === 'integer') return piece`${name(column)} BETWEEN 0 AND ${String(NUMBER_MAX)}`
  return and([piece`${compared(single)} <> ''`, piece`strpos(${compared(single)}, '/') = 0`])
}

/** A row with a part that is not valid is left out, whatever is compared. @param {Source} source @returns {import('./fragment.mjs').Condition} */
function isValue(source) {
  if (source.form !== 'single' || source.part) return true
  return piece`${name(source.column)} ${source.kind === 'number' ? EXACT : 'IS NOT NULL'}`
}

/** @param {Path | Single} source @returns {Piece} */
function valueOf(source) {
  if (source.form === 'path') return piece`(${join(pathPieces(source, (literal) => new Parameter(literal, 'text'), text), ' || ')})`
  if (source.kind === 'string') return text(source)
  if (source.kind === 'boolean') return name(source.column)
  return piece`CASE WHEN ${name(source.column)} ${EXACT} THEN ${name(source.column)}::double precision END`
}

/** @param {Column} column @returns {Piece} */
const json = (column) => piece`(${[name(column), '::jsonb', ...column.path.flatMap((member) => [' -> ', new Parameter(member, 'text')])]})`

/** The number of a JSON value as JavaScript reads it, or NULL: others than these do not fit a double. @param {string} value */
const jsonNumber = (value) =>
  `CASE WHEN jsonb_typeof(${value}) = 'number' THEN CASE WHEN abs((${value})::numeric) < 2.5e-324 THEN 0 WHEN abs((${value})::numeric) <= ${NUMBER_MAX + 1} THEN (${value})::numeric::double precision END END`

/** One row for each member, with `NULL` for what is not a list or a value. @param {Source} source @returns {Piece} */
function members(source) {
  if (source.form !== 'many') {
    const value = valueOf(source)
    return piece`(SELECT ${join(KINDS.map((kind) => piece`${kind === source.kind ? value : NULL_OF_KIND[kind]} AS ${MEMBER[kind]}`))})`
  }
  const { column } = source
  if (column.type === 'json') {
    return piece`(SELECT CASE WHEN jsonb_typeof(lw_value) = 'string' THEN lw_value #>> '{}' END COLLATE "C" AS lw_text, lw_number, CASE WHEN jsonb_typeof(lw_value) = 'boolean' THEN lw_value::boolean END AS lw_boolean FROM (SELECT lw_value, CASE WHEN lw_number ${EXACT} THEN lw_number END AS lw_number FROM (SELECT lw_value, ${jsonNumber('lw_value')} AS lw_number FROM (SELECT ${json(column)} AS lw_json) AS lw_column, jsonb_array_elements(CASE WHEN jsonb_typeof(lw_json) = 'array' THEN lw_json ELSE jsonb_build_array(lw_json) END) AS lw_element(lw_value)) AS lw_members) AS lw_members)`
  }
  const kind = kindOfList(column)
  const value = kind === 'number' ? `CASE WHEN lw_value ${EXACT} THEN lw_value::double precision END` : kind === 'string' ? 'lw_value COLLATE "C"' : 'lw_value'
  return piece`(SELECT ${KINDS.map((each) => `${each === kind ? value : NULL_OF_KIND[each]} AS ${MEMBER[each]}`).join(', ')} FROM unnest(${list(column)}) AS lw_element(lw_value))`
}

/** @param {Column} column @returns {Kind} */
const kindOfList = ({ type }) => (type === 'text[]' ? 'string' : type === 'boolean[]' ? 'boolean' : 'number')

/** An array with one dimension, or NULL: the members of others are lists. @param {Column} column @returns {Piece} */
const list = (column) => piece`CASE WHEN array_ndims(${name(column)}) = 1 THEN ${name(column)}::${`${CAST[column.type.slice(0, -2)]}[]`} END`

/** Whether PostgreSQL has this value: text has no NUL. @param {Scalar} value */
const isStorable = (value) => typeof value !== 'string' || !value.includes('\0')

/** A UUID as PostgreSQL writes it. @param {Scalar} value */
const isUuid = (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

/** @param {string} type @param {Scalar[]} values */
const constantsOf = (type, values) => values.filter(type === 'uuid' ? isUuid : type === 'integer' ? Number.isInteger : isStorable)

/** @type {import('./compile.mjs').Dialect} */
export const postgres = {
  guard,
  isValue,
  value: valueOf,
  constants: (source, values) => constantsOf(source.form === 'single' ? source.column.type : 'text', values),
  oneOf: (source, values) => amongst(source.form === 'path' ? valueOf(source) : compared(source), values, castOf(source), false),
  noneOf: (source, values) => /** @type {Piece} */ (and([source.kind !== 'number' || isValue(source), amongst(source.form === 'path' ? valueOf(source) : compared(source), values, castOf(source), true)])),
  within(single, low, high) {
    const [least, most] = single.column.type === 'integer' ? [Math.ceil(low), Math.floor(high)] : [low, high]
    const cast = castOf(single)
    return piece`(${name(single.column)} BETWEEN ${new Parameter(least, cast)} AND ${new Parameter(most, cast)})`
  },
  number(source) {
    if (source.form !== 'many') return source.kind === 'number' ? valueOf(source) : undefined
    if (source.column.type !== 'json') return undefined
    return piece`(SELECT CASE WHEN lw_number ${EXACT} THEN lw_number END FROM (SELECT ${jsonNumber('lw_json')} AS lw_number FROM (SELECT ${json(source.column)} AS lw_json) AS lw_column) AS lw_members)`
  },
  members,
  // `&&` can use a GIN index.
  someOf({ column }, values) {
    if (column.type === 'json') return undefined
    const type = column.type.slice(0, -2)
    const constants = constantsOf(type, [...new Set(values)].filter((value) => typeof value === kindOfList(column)))
    if (constants.length === 0) return false
    const collation = column.binary && type === 'text' ? ' COLLATE "C"' : ''
    return piece`(array_ndims(${name(column)}) = 1 AND ${name(column)}::${`${CAST[type]}[]${collation}`} && ${new Parameter(constants, `${CAST[type]}[]`)})`
  },
  every: (condition, from) => piece`(SELECT bool_and((${condition}) IS TRUE) FROM ${from})`,
  amongst(expression, values, negated) {
    const kind = /** @type {Kind} */ (typeof values[0])
    const own = values.filter(isStorable)
    if (own.length === 0) return negated ? piece`${expression} IS NOT NULL` : 'FALSE'
    return amongst(expression, own, CAST_OF_KIND[kind], negated)
  },
  double: (number) => new Parameter(number, 'double precision'),
}
