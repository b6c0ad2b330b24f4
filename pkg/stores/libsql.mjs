// @ts-check
// A store in libSQL, a file or a server. A commit is one batch: guards that break a constraint unless all
// expectations hold, and then the changes. So a server answers it in one round trip.

import { LatchworkError } from '../core/error.mjs'
import { entriesOf, inOrder, nonsense } from './entries.mjs'
import { Database, REFUSED } from './libsql-database.mjs'
import { endOf, startOf } from './order.mjs'
import { commitRequest, readRequest, scanRequest } from './request.mjs'
import { fromColumn, toColumn } from './text.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The tables' format; whoever changes them counts on. */
const FORMAT = 1

/** Keys in one statement; SQLite takes 32,766 parameters. */
const KEYS_MAX = 1_000

/** Whoever comes second makes nothing. A version is the counter's, which only grows; a guard whose expectations fail breaks the counter's check. */
const TABLES = [
  'CREATE TABLE IF NOT EXISTS latchwork_store (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, last INTEGER NOT NULL, CONSTRAINT expectation CHECK (last >= 0))',
  'CREATE TABLE IF NOT EXISTS latchwork_entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID',
  `INSERT OR IGNORE INTO latchwork_store (id, format, last) VALUES (1, ${FORMAT}, 0)`,
]

const PUT = `INSERT INTO latchwork_entries (key, value, version) VALUES (?, ?, (SELECT last FROM latchwork_store))
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version`
const DELETE = 'DELETE FROM latchwork_entries WHERE key = ?'

/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('./libsql-database.mjs').Statement} Statement */

/**
 * @param {import('./libsql.js').LibsqlFile | import('./libsql.js').LibsqlServer} options
 * @returns {import('./store.js').Store}
 */
export function libsqlStore(options) {
  const database = new Database(options, prepare)

  /** @param {any} answer */
  const rowsOf = (answer) =>
    entriesOf(answer.flat().map((/** @type {any} */ { key, value, version }) => ({ key: database.textOf(key), value: database.textOf(value), version }))).map(({ key, value, version }) => ({ key: fromColumn(key), value: fromColumn(value), version }))

  /** @param {string[]} keys */
  async function read(keys) {
    if (keys.length === 0) return []
    const statements = slices(keys).map((keys) => ({
      sql: `SELECT ${database.columns} FROM latchwork_entries WHERE key IN (${keys.map(() => '?').join()})`,
      args: keys.map(toColumn),
    }))
    return inOrder(keys, rowsOf(await database.ask('deferred', statements)))
  }

  return {
    async read(keys) {
      return read(readRequest(keys))
    },

    async scan(...request) {
      const { prefix, after, limit } = scanRequest(...request)
      const { from, inclusive } = startOf(prefix, after)
      const end = endOf(toColumn(prefix))
      const sql = `SELECT ${database.columns} FROM latchwork_entries WHERE key ${inclusive ? '>=' : '>'} ?${end === null ? '' : ' AND key < ?'} ORDER BY latchwork_entries.key LIMIT ?`
      return rowsOf(await database.ask('deferred', [{ sql, args: [toColumn(from), ...(end === null ? [] : [end]), limit] }]))
    },

    async commit(request) {
      const changes = commitRequest(request)
      if (changes.every(({ value }) => value === undefined)) {
        const found = await read(changes.map(({ key }) => key))
        return changes.every(({ expect }, index) => (found[index]?.version ?? null) === expect)
      }
      const guards = slices(changes).map(guard)
      const answer = await database.ask('write', [...guards, ...changes.flatMap(statementsOf)], guards.length)
      return answer !== REFUSED
    },

    close() {
      return database.close()
    },
  }
}

/** Counts on, unless an expectation fails. @param {Change[]} changes @returns {Statement} */
function guard(changes) {
  const expected = changes.map(() => '(?, ?)').join()
  return {
    sql: `UPDATE latchwork_store SET last = CASE WHEN EXISTS (
      SELECT 1 FROM (VALUES ${expected}) AS expected LEFT JOIN latchwork_entries AS entry ON entry.key = expected.column1
      WHERE entry.version IS NOT expected.column2) THEN -1 ELSE last + 1 END`,
    args: changes.flatMap(({ key, expect }) => [toColumn(key), expect]),
  }
}

/** @param {Change} change @returns {Statement[]} */
function statementsOf({ key, value }) {
  if (value === undefined) return []
  return [value === null ? { sql: DELETE, args: [toColumn(key)] } : { sql: PUT, args: [toColumn(key), toColumn(value)] }]
}

/** @template T @param {T[]} items @returns {T[][]} */
function slices(items) {
  return Array.from({ length: Math.ceil(items.length / KEYS_MAX) }, (_, index) => items.slice(index * KEYS_MAX, (index + 1) * KEYS_MAX))
}

/**
 * Makes the tables where there are none of them, and refuses any others.
 * @param {(mode: 'write' | 'deferred', statements: Statement[], guards: number) => Promise<any>} ask
 */
async function prepare(ask) {
  const text = (/** @type {string} */ sql) => ({ sql, args: [] })
  const format = () => ask('deferred', [text('SELECT * FROM latchwork_store')], 0).then(([[row]]) => row?.format)
  // The usual case takes one question; whatever goes wrong with it, the others tell.
  let found = await format().catch(() => undefined)
  if (found === undefined) {
    const [[row]] = await ask('deferred', [text("SELECT count(*) AS tables FROM sqlite_schema WHERE name IN ('latchwork_store', 'latchwork_entries')")], 0)
    if (![0, 1, 2].includes(row?.tables)) throw nonsense()
    if (row.tables === 0) await ask('write', TABLES.map(text), 0)
    if (row.tables !== 1) found = await format()
  }
  if (found !== FORMAT) {
    throw new LatchworkError('unknown_format', `the tables of the database are not of format ${FORMAT}: name another database, or update this package`)
  }
}
