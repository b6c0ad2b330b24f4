// @ts-check
// Tables in PostgreSQL with random rows, and what each row is to a program that reads it.

import { NUMBERS, TEXTS } from '../js/support/filter/random-filters.mjs'
import { randomJson } from '../js/support/filter/sqlite.mjs'

/** @typedef {import('../js/support/filter/random-filters.mjs').Random} Random */
/** @typedef {{ [ref: string]: any }} Mapping */

/** The columns of every table, with their types in the mapping and in the table. @type {{ [ref: string]: [string, string, string[]] }} */
const COLUMNS = {
  'resource.owner': ['value', 'text', ['text', 'varchar', 'text COLLATE "de-x-icu"', 'text COLLATE loose']],
  'resource.creator': ['type', 'text', ['text', 'text COLLATE "C"', 'text COLLATE loose']],
  'resource.total': ['lw_value', 'double', ['double precision']],
  'resource.count': ['count', 'integer', ['bigint', 'integer', 'smallint']],
  'resource.public': ['a`b"c', 'boolean', ['boolean']],
  'resource.tags': ['tags', 'text[]', ['text[]', 'varchar[]', 'text[] COLLATE loose']],
  'resource.scores': ['scores', 'double[]', ['double precision[]']],
  'resource.flags': ['flags', 'boolean[]', ['boolean[]']],
  'resource.meta': ['meta', 'json', ['jsonb', 'json']],
  'resource.any': ['any', 'json', ['jsonb']],
}
const PARTS = ['text', 'varchar', 'text COLLATE loose', 'uuid', 'bigint', 'integer']
const WORDS = { text: 'text', varchar: 'text', uuid: 'uuid', bigint: 'integer', integer: 'integer' }

export const UUIDS = ['0b7d6f3e-6a0e-4c43-8f2e-0123456789ab', '00000000-0000-0000-0000-000000000000']

/** A collation that takes letters of another case for the same. */
export const COLLATION = `CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`

/** @param {Random} random @returns {{ statement: string, mapping: Mapping, columns: { ref: string, name: string, type: string, declared: string, valid: boolean }[] }} */
export function randomTable(random) {
  /** @type {Mapping} */
  const mapping = {}
  const parts = ['resource.org', 'resource.id'].map((ref) => {
    const declared = random.pick(PARTS)
    return { ref, name: ref.slice(9), type: /** @type {any} */ (WORDS)[declared.split(' ')[0]], declared, valid: random.chance(0.3) }
  })
  const others = Object.entries(COLUMNS).map(([ref, [name, type, kinds]]) => ({ ref, name, type, declared: random.pick(kinds), valid: false }))
  const columns = [...parts, ...others]
  for (const { ref, name, type, declared, valid } of columns) mapping[ref] = { column: random.chance(0.5) ? [name] : ['t', name], type, ...(declared.endsWith('loose') && { collation: 'nondeterministic' }), ...(valid && { valid }) }
  return { statement: `CREATE TABLE t (row integer, ${columns.map(({ name, declared }) => `${quoted(name)} ${declared}`).join(', ')})`, mapping, columns }
}

/** @param {string} name */
export const quoted = (name) => `"${name.replaceAll('"', '""')}"`

/** Arrays that a driver does not write by itself, and JSON that JavaScript does not write. */
const ODD_LISTS = { 'text[]': ['{}', '{{acme,b},{c,d}}', '{NULL}', '[5:6]={acme,b}'], 'double[]': ['{}', '{{1,2}}', '{NaN}', '{1,Infinity}', '{NULL,1}'], 'boolean[]': ['{}', '{{t}}', '{NULL}'] }
const ODD_JSON = ['1e400', '[-1e400]', '1e-400', '[1e-400, 0]', '9007199254740993', '[9007199254740992.4]', '9007199254740991.4', '0.1000000000000000055511151231257827', '{"owner":"a","owner":"acme"}', '"acme"', '5', 'null', '[]', '{}', '[[]]', '[["acme"]]', '[{"owner":"acme"}]']

/** The text by which PostgreSQL takes a value. @param {Random} random @param {{ ref: string, type: string, declared: string, valid: boolean }} column @returns {string | null} */
function randomValue(random, { ref, type, declared, valid }) {
  if (valid && type === 'text') return random.pick(TEXTS.filter((text) => text !== '' && !text.includes('/')))
  if (valid && type === 'integer') return random.pick(['0', '1', '7', '42'])
  if (!valid && random.chance(0.08)) return null
  if (type === 'text') return random.pick(random.chance(0.6) ? TEXTS.slice(0, 5) : TEXTS)
  if (type === 'uuid') return random.pick(UUIDS)
  if (type === 'integer') return String(random.pick(declared === 'bigint' ? [0, 1, 7, 42, -1, 10 ** 15, '9007199254740991', '9007199254740992', '9007199254740993', '-9223372036854775808'] : [0, 1, 7, 42, -1]))
  if (type === 'double') return String(random.pick([...NUMBERS, 2 ** 53, 1e300, -1e300, NaN, Infinity, -Infinity]))
  if (type === 'boolean') return random.pick(['t', 'f'])
  if (type === 'json') {
    if (random.chance(0.15)) return random.pick(ODD_JSON)
    const whole = ref === 'resource.meta' && random.chance(0.8) ? { owner: randomJson(random, 1), total: random.chance(0.8) ? random.pick(NUMBERS) : random.list(random.below(3), () => random.pick(NUMBERS)), a: random.chance(0.7) ? { b: randomJson(random, 1) } : randomJson(random, 1) } : randomJson(random, 2)
    return JSON.stringify(whole).replaceAll('\\u0000', '')
  }
  if (random.chance(0.15)) return random.pick(/** @type {any} */ (ODD_LISTS)[type])
  const kind = { 'text[]': TEXTS.slice(0, 8), 'double[]': NUMBERS, 'boolean[]': [true, false] }[type]
  return `{${random.list(random.below(4), () => (random.chance(0.05) ? 'NULL' : JSON.stringify(String(random.pick(/** @type {any[]} */ (kind)))))).join()}}`
}

/** @param {string | null} text @param {string} type what a program takes the value for */
function readAs(text, type) {
  if (text === null) return undefined
  if (type === 'text' || type === 'uuid') return text
  if (type === 'integer' || type === 'double') return Number(text)
  if (type === 'boolean') return text === 'true'
  return JSON.parse(text)
}

/** Fills the table, and reads it as a program does. @param {import('pg').Client} client @param {Random} random @param {ReturnType<typeof randomTable>['columns']} columns @param {number} count @returns {Promise<any[]>} */
export async function fill(client, random, columns, count) {
  const lists = columns.map((column) => random.list(count, () => randomValue(random, column)))
  const source = columns.map((_, index) => `$${index + 1}::text[]`)
  await client.query(`INSERT INTO t SELECT row_number() OVER (), ${columns.map(({ declared }, index) => `c${index}::${declared.split(' COLLATE')[0]}`).join()} FROM unnest(${source.join()}) AS u(${columns.map((_, index) => `c${index}`).join()})`, lists)
  // Lists as JSON of texts: NaN is not in JSON.
  const select = columns.map(({ name, type }, index) => `${type.endsWith('[]') ? `to_json(${quoted(name)}::text[])` : quoted(name)}::text AS c${index}`)
  const { rows } = await client.query(`SELECT row, ${select.join()} FROM t ORDER BY row`)
  return rows.map((row) => ({ row: row.row, ...Object.fromEntries(columns.map(({ ref, type }, index) => [ref, listOf(readAs(row[`c${index}`], type), type)])) }))
}

/** The members of a list by their type. @param {any} value @param {string} type @returns {any} */
function listOf(value, type) {
  if (!Array.isArray(value) || !type.endsWith('[]')) return value
  return value.map((each) => (Array.isArray(each) ? listOf(each, type) : each === null ? null : type === 'text[]' ? each : type === 'boolean[]' ? each === 'true' || each === 't' : Number(each)))
}
