// @ts-check
// SQLite finds the rows of a tenant by an index, with guards and without.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'latchwork/filter/sql'
import { openDatabase } from '../support/filter/sqlite.mjs'

const database = openDatabase()
database.exec('CREATE TABLE docs (org TEXT NOT NULL, id TEXT NOT NULL, owner TEXT, total REAL); CREATE INDEX docs_org ON docs (org); CREATE INDEX docs_total ON docs (total)')

/** @param {any} where @param {any} org */
function planOf(where, org) {
  const filter = { type: 'doc', shape: [{ part: 'org' }, 'docs', { part: 'id' }], where }
  const { text, params } = sql(filter, { dialect: 'sqlite', columns: { 'resource.org': org, 'resource.id': 'docs.id', 'resource.total': { column: 'total', type: 'double' }, 'resource.owner': 'owner' } })
  return database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM docs WHERE ${text}`).all(...params).map((/** @type {any} */ row) => row.detail).join('\n')
}

for (const org of ['org', { column: 'org', valid: true }]) {
  test(`the tenant is found by its index with the mapping ${JSON.stringify(org)}`, () => {
    const tenant = { attribute: 'resource.org', equals: ['acme'] }
    assert.match(planOf(tenant, org), /SEARCH docs USING INDEX docs_org \(org=\?\)/)
    assert.match(planOf({ attribute: 'resource.org', equals: ['acme', 'globex'] }, org), /SEARCH docs USING INDEX docs_org \(org=\?\)/)
    assert.match(planOf({ attribute: 'resource.org', equals: Array.from({ length: 1_000 }, (_, index) => `o${index}`) }, org), /SEARCH docs USING INDEX docs_org \(org=\?\)/)
    assert.match(planOf({ all: [tenant, { not: { attribute: 'resource.owner', equals: ['ann'] } }] }, org), /SEARCH docs USING INDEX docs_org \(org=\?\)/)
  })
}

test('a range is found by its index', () => {
  assert.match(planOf({ attribute: 'resource.total', between: { atLeast: 5 } }, 'org'), /SEARCH docs USING INDEX docs_total \(total>\? AND total<\?\)/)
})

test('thousands of conditions stay below the expression depth of SQLite', () => {
  const each = (/** @type {number} */ index) => ({ all: [{ attribute: 'resource.org', equals: [`o${index}`] }, { attribute: 'resource.id', equals: [`${index}`] }] })
  const where = { any: Array.from({ length: 5_000 }, (_, index) => each(index)) }
  const filter = { type: 'doc', shape: [{ part: 'org' }, 'docs', { part: 'id' }], where }
  const { text, params } = sql(filter, { dialect: 'sqlite', columns: { 'resource.org': 'org', 'resource.id': 'id' } })
  database.exec("INSERT INTO docs (org, id) VALUES ('o7', '7'), ('o7', '8'), ('o4999', '4999')")
  assert.deepEqual(database.prepare(`SELECT id FROM docs WHERE ${text} ORDER BY id`).pluck().all(...params), ['4999', '7'])
})
