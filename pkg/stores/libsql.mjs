// @ts-check
// A store in libSQL, in a file or on a server. A commit is one batch, so that a server needs one round trip: guard
// statements that break a constraint unless all expected versions match, and then the changes. Concurrent commits to a file
// share a batch, because each batch waits for the disk.

import { LatchworkError } from '../core/error.mjs'
import { parseEntries, orderByKeys, invalidResult } from './entries.mjs'
import { GroupCommit } from './group-commit.mjs'
import { GroupRead } from './group-read.mjs'
import { Database, Refusal } from './libsql-database.mjs'
import { prefixEnd, scanStart } from './order.mjs'
import { parseCommitRequest, parseReadRequest, parseScanRequest } from './request.mjs'
import { fromColumn, toColumn } from './text.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The version of the table format, incremented with each change. */
const FORMAT = 1

/** Keys in one statement; SQLite allows 32,766 parameters. */
const KEYS_MAX = 1_000

/** Keys in one statement that returns one text. If each of their values has the most bytes, all escaped, a string can still hold them. */
const TEXT_KEYS_MAX = 64

/** Idempotent, so that concurrent processes can run them. Versions come from the counter `last`; a guard statement breaks its check if an expectation fails. */
const TABLES = [
  'CREATE TABLE IF NOT EXISTS latchwork_store (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, last INTEGER NOT NULL, CONSTRAINT expectation CHECK (last >= 0))',
  'CREATE TABLE IF NOT EXISTS latchwork_entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID',
  `INSERT OR IGNORE INTO latchwork_store (id, format, last) VALUES (1, ${FORMAT}, 0)`,
]

/**
 * The entries of a JSON list of keys, as one JSON text: a parameter for each key and a row for each entry take longer than
 * all else in a file. A column of another type than the table gives it becomes what it is in a row: bytes are taken as
 * text, and a version that is no integer is `null`.
 */
const SELECT_TEXT = `SELECT CAST(json_group_array(json_array(CAST(entry.key AS TEXT), CAST(entry.value AS TEXT), CASE typeof(version) WHEN 'integer' THEN version END)) AS BLOB) AS entries
  FROM json_each(?) AS wanted CROSS JOIN latchwork_entries AS entry ON entry.key = wanted.value`

/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('./libsql-database.mjs').Statement} Statement */

/**
 * @param {import('./libsql.js').LibsqlFile | import('./libsql.js').LibsqlServer} options
 * @returns {import('./store.js').Store}
 */
export function libsqlStore(options) {
  const database = new Database(options, prepare)

  /** @param {any} result */
  const parseRows = (result) =>
    parseEntries(result.flat().map((/** @type {any} */ { key, value, version }) => ({ key: database.textOf(key), value: database.textOf(value), version }))).map(({ key, value, version }) => ({ key: fromColumn(key), value: fromColumn(value), version }))

  /** The entries of one text. @param {any} result */
  const parseTexts = (result) => result.flat().flatMap((/** @type {any} */ { entries }) => parseListedEntries(database.textOf(entries)))

  /** @param {string[]} keys */
  async function readEntries(keys) {
    if (keys.length === 0) return []
    if (database.isFile) {
      const statements = chunks(keys, TEXT_KEYS_MAX).map((keys) => ({ sql: SELECT_TEXT, args: [JSON.stringify(keys.map(toColumn))] }))
      return orderByKeys(keys, parseTexts(await database.execute('deferred', statements)))
    }
    const statements = chunks(keys, KEYS_MAX).map((keys) => ({
      sql: `SELECT ${database.columns} FROM latchwork_entries WHERE key IN (${keys.map(() => '?').join()})`,
      args: keys.map(toColumn),
    }))
    return orderByKeys(keys, parseRows(await database.execute('deferred', statements)))
  }

  /** Commits all of these changes, or none and returns the index of a commit whose expectations fail. @param {Change[][]} commits */
  async function commitTogether(commits) {
    const changes = commits.flat()
    const writes = writeStatements(changes)
    // Usually all expectations hold. Only if one fails, each commit has guard statements of its own, to find the one that fails.
    const together = chunks(distinctExpectations(changes), KEYS_MAX).map(guardStatement)
    const refused = await database.execute('write', [...together, ...writes], together.length)
    if (!(refused instanceof Refusal)) return null
    if (commits.length === 1) return 0
    const guards = commits.flatMap((changes, commit) => chunks(changes, KEYS_MAX).map((changes) => ({ commit, statement: guardStatement(changes) })))
    const result = await database.execute('write', [...guards.map(({ statement }) => statement), ...writes], guards.length)
    return result instanceof Refusal ? guards[result.statement].commit : null
  }

  const group = new GroupCommit(commitTogether)
  const groupRead = new GroupRead(readEntries)

  return {
    async read(keys) {
      const parsed = parseReadRequest(keys)
      return database.isFile ? groupRead.read(parsed) : readEntries(parsed)
    },

    async scan(...request) {
      const { prefix, after, limit } = parseScanRequest(...request)
      const { from, inclusive } = scanStart(prefix, after)
      const end = prefixEnd(toColumn(prefix))
      const sql = `SELECT ${database.columns} FROM latchwork_entries WHERE key ${inclusive ? '>=' : '>'} ?${end === null ? '' : ' AND key < ?'} ORDER BY latchwork_entries.key LIMIT ?`
      return parseRows(await database.execute('deferred', [{ sql, args: [toColumn(from), ...(end === null ? [] : [end]), limit] }]))
    },

    async commit(request) {
      const changes = parseCommitRequest(request)
      if (changes.every(({ value }) => value === undefined)) {
        const entries = await readEntries(changes.map(({ key }) => key))
        return changes.every(({ expect }, index) => (entries[index]?.version ?? null) === expect)
      }
      return database.isFile ? group.commit(changes) : (await commitTogether([changes])) === null
    },

    async close() {
      // Commits that wait were called before.
      await group.settled()
      await database.close()
    },
  }
}

/** Increments the counter, or breaks its check if an expectation fails. @param {Change[]} changes @returns {Statement} */
function guardStatement(changes) {
  const expected = changes.map(() => '(?, ?)').join()
  return {
    sql: `UPDATE latchwork_store SET last = CASE WHEN EXISTS (
      SELECT 1 FROM (VALUES ${expected}) AS expected LEFT JOIN latchwork_entries AS entry ON entry.key = expected.column1
      WHERE entry.version IS NOT expected.column2) THEN -1 ELSE last + 1 END`,
    args: changes.flatMap(({ key, expect }) => [toColumn(key), expect]),
  }
}

/** Expected versions without repetition: commits of a group often expect the same. @param {Change[]} changes */
function distinctExpectations(changes) {
  return [...new Map(changes.map((change) => [`${change.expect} ${change.key}`, change])).values()]
}

/** The statements that write changes, each key of which occurs once. @param {Change[]} changes @returns {Statement[]} */
function writeStatements(changes) {
  const put = changes.filter(({ value }) => typeof value === 'string')
  const deleted = changes.filter(({ value }) => value === null)
  return [
    ...chunks(put, KEYS_MAX).map((changes) => ({
      sql: `INSERT INTO latchwork_entries (key, value, version)
        SELECT column1, column2, last FROM (VALUES ${changes.map(() => '(?, ?)').join()}) CROSS JOIN latchwork_store WHERE true
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version`,
      args: changes.flatMap(({ key, value }) => [toColumn(key), toColumn(/** @type {string} */ (value))]),
    })),
    ...chunks(deleted, KEYS_MAX).map((changes) => ({
      sql: `DELETE FROM latchwork_entries WHERE key IN (${changes.map(() => '?').join()})`,
      args: changes.map(({ key }) => toColumn(key)),
    })),
  ]
}

/** Parses entries from a text of `SELECT_TEXT`. @param {any} text */
function parseListedEntries(text) {
  let list
  try {
    list = JSON.parse(text)
  } catch {
    throw invalidResult()
  }
  return parseEntries(list.map((/** @type {any[]} */ [key, value, version]) => ({ key, value, version }))).map(({ key, value, version }) => ({ key: fromColumn(key), value: fromColumn(value), version }))
}

/** @template T @param {T[]} items @param {number} length @returns {T[][]} */
function chunks(items, length) {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length))
}

/**
 * Creates the tables if they are missing, and refuses tables of another format.
 * @param {(mode: 'write' | 'deferred', statements: Statement[], guards: number) => Promise<any>} execute
 */
async function prepare(execute) {
  const text = (/** @type {string} */ sql) => ({ sql, args: [] })
  const format = () => execute('deferred', [text('SELECT * FROM latchwork_store')], 0).then(([[row]]) => row?.format)
  // The usual case takes one statement. If it fails, the statements below find out why.
  let current = await format().catch(() => undefined)
  if (current === undefined) {
    const [[row]] = await execute('deferred', [text("SELECT count(*) AS tables FROM sqlite_schema WHERE name IN ('latchwork_store', 'latchwork_entries')")], 0)
    if (![0, 1, 2].includes(row?.tables)) throw invalidResult()
    if (row.tables === 0) await execute('write', TABLES.map(text), 0)
    if (row.tables !== 1) current = await format()
  }
  if (current !== FORMAT) {
    throw new LatchworkError('unknown_format', `the tables of the database are not of format ${FORMAT}: name another database, or update this package`)
  }
}
