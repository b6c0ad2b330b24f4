// @ts-check
// Reads the caller's mapping of attributes to columns, and finds the column of an attribute.

import { isWellFormed, onlyMembersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { around, isRef, notAnAttribute, partOf } from './expression.mjs'

/** @typedef {import('./expression.mjs').Filter} Filter */
/** @typedef {'text' | 'uuid' | 'integer' | 'double' | 'boolean' | 'json' | 'text[]' | 'integer[]' | 'double[]' | 'boolean[]'} Type */
/**
 * A column: `name` is its quoted name, or an object of a query builder. `binary`: it needs a collation to compare byte for byte.
 * @typedef {{ ref: string, name: unknown, type: Type, path: string[], valid: boolean, binary: boolean }} Column
 */
/** @typedef {{ name: string, types: string[], collations: { [name: string]: boolean }, quote: (names: string[], ref: string) => string }} Naming */

/** The columns of members, in the subqueries of a condition. */
const OWN_NAMES = ['lw_text', 'lw_number', 'lw_boolean']

const MEMBERS = ['column', 'type', 'path', 'valid', 'collation']

/** What to use instead of a type that does not compare as the model does. @type {{ [type: string]: string }} */
const INSTEAD = {
  varchar: 'declare it as `text`',
  string: 'declare it as `text`',
  char: 'it is padded with spaces: alter the column to text',
  bpchar: 'it is padded with spaces: alter the column to text',
  citext: 'it ignores case: alter the column to text',
  int: 'declare it as `integer`',
  smallint: 'declare it as `integer`',
  bigint: 'declare it as `integer`',
  number: 'declare it as `integer` or `double`',
  real: 'alter the column to double precision; in SQLite, declare it as `double`',
  float: 'declare it as `double`',
  numeric: 'store whole units (cents) in an integer column, or use double precision',
  decimal: 'store whole units (cents) in an integer column, or use double precision',
  money: 'store whole units (cents) in an integer column',
  timestamp: 'store seconds in an integer column',
  timestamptz: 'store seconds in an integer column',
  datetime: 'store seconds in an integer column',
  date: 'store seconds in an integer column',
  bool: 'declare it as `boolean`',
  jsonb: 'declare it as `json`',
  uuid: 'store it as text; only PostgreSQL has the type `uuid`',
  enum: 'alter the column to text',
}

/** @param {string} ref @param {string} message */
export const unsupportedColumn = (ref, message) => new LatchworkError('unsupported_column', `the column of \`${ref}\` ${message}`)

/**
 * The mapping by attribute.
 * @param {[string, any][]} entries @param {Naming} naming
 * @param {(value: unknown, ref: string) => { name: unknown, type: string } | undefined} [foreign] reads columns of a query builder
 * @returns {Map<string, Column>}
 */
export const readColumns = (entries, naming, foreign = () => undefined) => new Map(entries.map(([ref, value]) => [ref, readColumn(ref, value, naming, foreign)]))

/**
 * @param {string} ref @param {any} value @param {Naming} naming
 * @param {(value: unknown, ref: string) => { name: unknown, type: string } | undefined} foreign @returns {Column}
 */
function readColumn(ref, value, naming, foreign) {
  if (!isRef(ref) || ref === 'resource.path') throw notAnAttribute('columns', ref)
  const known = foreign(value, ref)
  const short = known !== undefined || typeof value === 'string'
  const [column, type, path, valid, collation] = short ? [value] : onlyMembersOf(value, `the column of \`${ref}\``, MEMBERS)
  const inner = short ? known : foreign(column, ref)
  const of = readType(ref, type ?? inner?.type ?? 'text', naming)
  if (valid !== undefined && typeof valid !== 'boolean') throw wrongType(`\`valid\` of \`${ref}\``, 'a boolean', valid)
  if (path !== undefined && of !== 'json') throw unsupportedColumn(ref, 'has a `path` although it is not of type `json`')
  return { ref, name: inner ? inner.name : naming.quote(readName(ref, column), ref), type: of, path: readPath(ref, path), valid: valid === true, binary: readCollation(ref, collation, naming) }
}

/** @param {string} ref @param {unknown} type @param {Naming} naming @returns {Type} */
function readType(ref, type, { name, types }) {
  if (typeof type !== 'string') throw wrongType(`\`type\` of \`${ref}\``, 'a string', type)
  if (types.includes(type)) return /** @type {Type} */ (type)
  const base = type.toLowerCase().replace(/\(.*|\[\]$/gs, '').trim()
  const instead = Object.hasOwn(INSTEAD, base) ? INSTEAD[base] : `types are ${types.join(', ')}`
  throw unsupportedColumn(ref, `has the type \`${type.slice(0, 40)}\`, which a filter for ${name} does not compare: ${instead}`)
}

/** The names of a column, behind those of its schema and table. @param {string} ref @param {unknown} column @returns {string[]} */
function readName(ref, column) {
  const names = typeof column === 'string' ? column.split('.') : Array.isArray(column) ? runCallerCode('`column`', () => Array.from(column)) : [undefined]
  for (const name of names.length === 0 ? [undefined] : names) {
    if (typeof name !== 'string' || name === '' || name.includes('\0') || !isWellFormed(name)) {
      throw new LatchworkError('invalid_value', `the column of \`${ref}\` has no name: expected a string such as \`t.owner\`, or a list of names such as \`['t', 'owner']\``)
    }
  }
  if (names.length === 1 && OWN_NAMES.includes(names[0].toLowerCase())) throw unsupportedColumn(ref, `has a name that the condition uses itself: put the table's name in front of it`)
  return names
}

/** @param {string} ref @param {unknown} path @returns {string[]} */
function readPath(ref, path) {
  if (path === undefined) return []
  const names = Array.isArray(path) ? runCallerCode('`path`', () => Array.from(path)) : [undefined]
  for (const name of names) if (typeof name !== 'string' || name === '') throw new LatchworkError('invalid_value', `\`path\` of \`${ref}\` must be a list of members' names`)
  return names
}

/** Whether a comparison needs a `COLLATE` to compare byte for byte. @param {string} ref @param {unknown} collation @param {Naming} naming */
function readCollation(ref, collation, { name, collations }) {
  if (collation === undefined) return false
  if (typeof collation === 'string' && Object.hasOwn(collations, collation)) return collations[collation]
  throw new LatchworkError('invalid_value', `\`collation\` of \`${ref}\` must be one of ${Object.keys(collations).map((each) => `\`${each}\``).join(', ')} for ${name}`)
}

/**
 * The column of an attribute: its own, or a JSON column with it inside.
 * @param {Map<string, Column>} columns @param {string} ref @param {Filter} filter @returns {Column}
 */
export function columnOf(columns, ref, filter) {
  const own = columns.get(ref)
  if (own) return own
  for (const { outer, inner } of partOf(filter, ref) === undefined ? around(ref) : []) {
    const column = columns.get(outer)
    if (column?.type === 'json') return { ...column, ref, path: [...column.path, ...inner] }
  }
  throw new LatchworkError('unmapped_attribute', `the filter reads \`${ref}\`, which has no column: add it to \`columns\``)
}
