// @ts-check
// Tables in a real SQLite with random rows, and what each row is to a program that reads it.

import Database from 'libsql'
import { NOT_EXACT, NUMBERS, Random, TEXTS } from './random-filters.mjs'

/** NUL, too: SQLite has it in text. */
export const SQLITE_TEXTS = [...TEXTS, 'a\0b', 'a\0', '\0']

/** The columns of every table. Some have names that a table-valued function has too. @type {{ [ref: string]: string }} */
export const COLUMN_OF = {
  'resource.org': 'org',
  'resource.id': 'id',
  'resource.owner': 'value',
  'resource.creator': 'type',
  'resource.total': 'atom',
  'resource.count': 'path',
  'resource.public': 'a`b"c',
  'resource.tags': 'key',
  'resource.scores': 'json',
  'resource.flags': 'fullkey',
  'resource.meta': 'root',
  'resource.any': 'parent',
}
const TYPE_OF = /** @type {{ [ref: string]: string }} */ ({
  'resource.owner': 'text', 'resource.creator': 'text', 'resource.total': 'double', 'resource.count': 'integer', 'resource.public': 'boolean',
  'resource.tags': 'text[]', 'resource.scores': 'double[]', 'resource.flags': 'boolean[]', 'resource.meta': 'json', 'resource.any': 'json',
})
const AFFINITIES = ['TEXT', 'INTEGER', 'REAL', 'NUMERIC', 'BLOB', '']
/** @type {{ [name: string]: string | undefined }} */
const COLLATIONS = { NOCASE: 'nocase', RTRIM: 'rtrim' }

/** @typedef {{ [ref: string]: any }} Mapping */

/** A table with random columns. @param {Random} random @returns {{ statement: string, mapping: Mapping }} */
export function randomTable(random) {
  /** @type {Mapping} */
  const mapping = {}
  const columns = Object.entries(COLUMN_OF).map(([ref, column]) => {
    const isPart = TYPE_OF[ref] === undefined
    const type = TYPE_OF[ref] ?? random.pick(['text', 'text', 'integer'])
    const valid = isPart && random.chance(0.3)
    const collation = random.chance(0.3) ? random.pick(['NOCASE', 'RTRIM']) : 'BINARY'
    mapping[ref] = { column: random.chance(0.5) ? [column] : `t.${column}`, type, ...(COLLATIONS[collation] && { collation: COLLATIONS[collation] }), ...(valid && { valid }) }
    if (type === 'text' && !valid && mapping[ref].collation === undefined && random.chance(0.3)) mapping[ref] = `t.${column}`
    const affinity = valid || random.chance(0.5) ? { text: 'TEXT', integer: 'INTEGER', double: 'REAL', boolean: 'INTEGER' }[type] ?? 'TEXT' : random.pick(AFFINITIES)
    return `"${column.replaceAll('"', '""')}" ${affinity} COLLATE ${collation}`
  })
  return { statement: `CREATE TABLE t (${columns.join(', ')})`, mapping }
}

/** Texts that are JSON in the eyes of some readers, or numbers that others round. */
const ODD_JSON = ['{bad', '', '{a:1}', '1e400', '-1e400', '9007199254740993', '[9007199254740993, 1]', '[1e400]', '5', '"acme"', 'null', '[null]', '{}', '[]', '[[]]', '[["acme"]]', '{"owner":{"owner":"acme"}}', '{"a":[{"b":"acme"}]}', '[{"owner":"acme"}]', ' [ "acme" ] ']

/** @param {Random} random @param {number} depth @returns {any} */
export function randomJson(random, depth) {
  if (depth > 0 && random.chance(0.35)) return random.list(random.below(4), () => randomJson(random, random.below(depth)))
  if (depth > 0 && random.chance(0.3)) return { owner: randomJson(random, depth - 1), ...(random.chance(0.5) && { total: random.pick(NUMBERS), a: { b: randomJson(random, 1) } }) }
  return random.pick([...SQLITE_TEXTS.slice(0, 8), 'a\0b', ...NUMBERS, true, false, null, 2 ** 53, -(2 ** 60)])
}

/** @param {Random} random @param {string} ref @param {string} type @param {boolean} valid @returns {any} a value to be stored */
function randomValue(random, ref, type, valid) {
  if (valid) return type === 'integer' ? random.pick([0, 1n, 7, 42n, 2 ** 53 - 1]) : random.pick(SQLITE_TEXTS.filter((text) => text !== '' && !text.includes('/')))
  if (random.chance(0.07)) return null
  if (random.chance(0.1)) return random.pick([...SQLITE_TEXTS, ...NUMBERS, ...NOT_EXACT, 9007199254740993n, -9223372036854775808n, Buffer.from('acme'), 0n, 1n, 42n])
  if (type === 'text') return random.pick(random.chance(0.6) ? SQLITE_TEXTS.slice(0, 5) : SQLITE_TEXTS)
  if (type === 'integer') return random.pick([0n, 1n, 7n, 42n, -1n, ...NUMBERS, 9007199254740992n, 9007199254740993n])
  if (type === 'double') return random.pick(random.chance(0.7) ? NUMBERS : NOT_EXACT)
  if (type === 'boolean') return random.pick([0, 1, 1n, 0n, 2, -1, 0.5])
  if (random.chance(0.15)) return random.pick(ODD_JSON)
  const kind = { 'text[]': SQLITE_TEXTS.slice(0, 8), 'double[]': NUMBERS, 'boolean[]': [true, false] }[type]
  if (kind && random.chance(0.8)) return JSON.stringify(random.list(random.below(4), () => (random.chance(0.05) ? null : random.pick(/** @type {any[]} */ (kind)))))
  if (ref === 'resource.meta' && random.chance(0.8)) {
    return JSON.stringify({ owner: randomJson(random, 1), total: random.chance(0.8) ? random.pick(NUMBERS) : random.list(random.below(3), () => random.pick(NUMBERS)), a: random.chance(0.7) ? { b: randomJson(random, 1) } : randomJson(random, 1) })
  }
  return JSON.stringify(randomJson(random, 2))
}

/** @param {any} value @param {string} storage @param {string} type what the program takes the value for */
function readAs(value, storage, type) {
  const isNumeric = storage === 'integer' || storage === 'real'
  // The driver ends a text at NUL.
  const text = storage === 'text' ? Buffer.from(value, 'hex').toString() : undefined
  if (type === 'text') return text
  if (type === 'integer' || type === 'double') return isNumeric ? Number(value) : undefined
  if (type === 'boolean') return isNumeric && (Number(value) === 0 || Number(value) === 1) ? Number(value) === 1 : undefined
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A column, by a prefix of the attribute's names, and the names behind it. @param {Mapping} mapping @param {any} row @param {string} ref */
export function attributeOf(mapping, row, ref) {
  const names = ref.split('.')
  for (let length = names.length; length > 1; length -= 1) {
    const outer = names.slice(0, length).join('.')
    if (!Object.hasOwn(mapping, outer)) continue
    let value = row[outer]
    for (const name of names.slice(length)) value = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? value[name] : undefined
    return value
  }
  return undefined
}

/** Fills the table, and reads it as a program does: by attribute, each row with its `rowid`. @param {any} database @param {Random} random @param {Mapping} mapping @param {number} count @returns {any[]} */
export function fill(database, random, mapping, count) {
  const refs = Object.keys(COLUMN_OF)
  const types = refs.map((ref) => mapping[ref].type ?? 'text')
  const insert = database.prepare(`INSERT INTO t VALUES (${refs.map(() => '?').join()})`)
  database.exec('BEGIN')
  for (let index = 0; index < count; index += 1) insert.run(...refs.map((ref, at) => randomValue(random, ref, types[at], mapping[ref].valid === true)))
  database.exec('COMMIT')
  const select = refs.map((ref, index) => `CASE typeof(${quoted(ref)}) WHEN 'text' THEN hex(${quoted(ref)}) WHEN 'blob' THEN NULL ELSE ${quoted(ref)} END AS v${index}, typeof(${quoted(ref)}) AS t${index}`)
  const rows = database.prepare(`SELECT rowid, ${select.join()} FROM t`).safeIntegers().all()
  return rows.map((/** @type {any} */ row) => ({ rowid: Number(row.rowid), ...Object.fromEntries(refs.map((ref, index) => [ref, readAs(row[`v${index}`], row[`t${index}`], types[index])])) }))
}

/** @param {string} ref */
const quoted = (ref) => `"${COLUMN_OF[ref].replaceAll('"', '""')}"`

export const openDatabase = () => new Database(':memory:')
