// @ts-check
// Filters compiled for SQLite keep the rows that the predicate keeps, in a real SQLite, whatever is in the columns.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { predicate } from 'latchwork/filter/predicate'
import { sql } from 'latchwork/filter/sql'
import { ATTRIBUTES, Random, randomFilter } from '../support/filter/random-filters.mjs'
import { SQLITE_TEXTS, attributeOf, fill, openDatabase, randomTable } from '../support/filter/sqlite.mjs'

const PROOFS = Number(process.env.LATCHWORK_PROOFS ?? 1)
const TABLES = 50 * PROOFS
const ROWS = 200
const FILTERS = 20

/** Accessors for the predicate. @param {import('../support/filter/sqlite.mjs').Mapping} mapping */
const accessors = (mapping) => Object.fromEntries([...Object.keys(ATTRIBUTES), 'resource.org', 'resource.id'].map((ref) => [ref, (/** @type {any} */ row) => attributeOf(mapping, row, ref)]))

test(`${TABLES * ROWS} random rows are kept by SQLite exactly if the predicate keeps them`, () => {
  const database = openDatabase()
  let kept = 0
  for (let seed = 1; seed <= TABLES; seed += 1) {
    const random = new Random(seed)
    const { statement, mapping } = randomTable(random)
    database.exec('DROP TABLE IF EXISTS t')
    database.exec(statement)
    const rows = fill(database, random, mapping, ROWS)
    for (let index = 0; index < FILTERS; index += 1) {
      const filter = randomFilter(random, SQLITE_TEXTS)
      // A part that no column has.
      const constant = random.chance(0.15) ? { 'resource.org': { value: random.pick(['acme', 'globex', 7]) } } : undefined
      const { text, params, never } = sql(filter, { dialect: 'sqlite', columns: { ...mapping, ...constant } })
      const keeps = predicate(filter, { columns: { ...accessors(mapping), ...(constant && { 'resource.org': () => constant['resource.org'].value }) } })
      const expected = rows.filter(keeps).map(({ rowid }) => rowid)
      let found
      try {
        found = database.prepare(`SELECT rowid FROM t WHERE ${text}`).all(...params).map((/** @type {any} */ row) => row.rowid)
      } catch (error) {
        throw new Error(`seed ${seed}: ${text} ${JSON.stringify(filter)}`, { cause: error })
      }
      const wrong = [...expected.filter((rowid) => !found.includes(rowid)), ...found.filter((/** @type {number} */ rowid) => !expected.includes(rowid))]
      assert.deepEqual(found, expected, `seed ${seed}: ${JSON.stringify(filter)} ${text} ${JSON.stringify(params)} ${JSON.stringify(mapping)} ${JSON.stringify(rows.find(({ rowid }) => rowid === wrong[0]))}`)
      if (never) assert.equal(expected.length, 0)
      kept += expected.length
    }
  }
  // Neither nearly all nor nearly none, or nothing is shown.
  const share = kept / (TABLES * ROWS * FILTERS)
  assert.ok(share > 0.05 && share < 0.6, `${share}`)
})
