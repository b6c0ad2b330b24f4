// @ts-check
// From a random document to the rows of a real database: a row is kept exactly if `can` is true for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { predicate } from 'latchwork/filter/predicate'
import { sql } from 'latchwork/filter/sql'
import { open } from 'latchwork/rbac/server'
import { ACTIONS, OPTIONS, allows, attributesOf, randomDocument } from '../support/filter/random-documents.mjs'
import { ATTRIBUTES, Random } from '../support/filter/random-filters.mjs'
import { attributeOf, fill, openDatabase, randomTable } from '../support/filter/sqlite.mjs'

const DOCUMENTS = 40 * Number(process.env.LATCHWORK_PROOFS ?? 1)
const ROWS = 100

test(`${DOCUMENTS} random documents: a row is kept by SQLite exactly if can is true for it`, () => {
  const database = openDatabase()
  let kept = 0
  let asked = 0
  for (let seed = 1; seed <= DOCUMENTS; seed += 1) {
    const random = new Random(seed)
    const { statement, mapping } = randomTable(random)
    database.exec('DROP TABLE IF EXISTS t')
    database.exec(statement)
    const rows = fill(database, random, mapping, ROWS).map((row) => ({ row, attributes: attributesOf(mapping, row) }))
    const document = randomDocument(random)
    const app = open(/** @type {any} */ (document))
    for (const who of ['ann', null]) {
      const subject = app.subject(who)
      for (const action of ACTIONS) {
        const filter = /** @type {any} */ (subject).filter(action, 'doc', OPTIONS)
        const { text, params } = sql(filter, { dialect: 'sqlite', columns: mapping })
        const found = database.prepare(`SELECT rowid FROM t WHERE ${text}`).all(...params).map((/** @type {any} */ row) => row.rowid)
        const expected = rows.filter(({ row, attributes }) => allows(subject, action, row, attributes)).map(({ row }) => row.rowid)
        const context = () => `seed ${seed}: ${action} ${JSON.stringify(document)} ${JSON.stringify(filter)} ${text}`
        if (String(found) !== String(expected)) assert.deepEqual(found, expected, context())
        const accessors = Object.fromEntries([...Object.keys(ATTRIBUTES), 'resource.org', 'resource.id'].map((ref) => [ref, (/** @type {any} */ { row }) => attributeOf(mapping, row, ref)]))
        assert.deepEqual(rows.filter(predicate(filter, { columns: accessors })).map(({ row }) => row.rowid), expected, context())
        kept += expected.length
        asked += rows.length
      }
    }
    app.dispose()
  }
  assert.ok(kept > asked * 0.03 && kept < asked * 0.6, `${kept} of ${asked}`)
})
