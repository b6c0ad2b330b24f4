// @ts-check
// Filters compiled for PostgreSQL keep the rows that the predicate keeps, and use indexes.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { predicate } from 'latchwork/filter/predicate'
import { sql } from 'latchwork/filter/sql'
import { ATTRIBUTES, Random, TEXTS, randomFilter } from '../js/support/filter/random-filters.mjs'
import { attributeOf } from '../js/support/filter/sqlite.mjs'
import { COLLATION, UUIDS, fill, randomTable } from './postgres-table.mjs'
import { startPostgres } from './server.mjs'

const TABLES = 50 * Number(process.env.LATCHWORK_PROOFS ?? 1)
const ROWS = 200
const FILTERS = 10

const { client, stop } = await startPostgres()
after(stop)

test(`${TABLES * ROWS} random rows are kept by PostgreSQL exactly if the predicate keeps them`, async () => {
  await client.query(COLLATION)
  let kept = 0
  for (let seed = 1; seed <= TABLES; seed += 1) {
    const random = new Random(seed)
    const { statement, mapping, columns } = randomTable(random)
    await client.query('DROP TABLE IF EXISTS t')
    await client.query(statement)
    const rows = await fill(client, random, columns, ROWS)
    const accessors = Object.fromEntries([...Object.keys(ATTRIBUTES), 'resource.org', 'resource.id'].map((ref) => [ref, (/** @type {any} */ row) => attributeOf(mapping, row, ref)]))
    for (let index = 0; index < FILTERS; index += 1) {
      const filter = randomFilter(random, [...TEXTS, ...UUIDS, 'a\0b', 'b\0', '\0', UUIDS[0].toUpperCase()])
      const { text, params, never } = sql(filter, { dialect: 'postgres', columns: mapping })
      const expected = rows.filter(predicate(filter, { columns: accessors })).map(({ row }) => row)
      let found
      try {
        found = (await client.query(`SELECT row FROM t WHERE ${text} ORDER BY row`, params)).rows.map(({ row }) => row)
      } catch (error) {
        throw new Error(`seed ${seed}: ${text} ${JSON.stringify(params)}`, { cause: error })
      }
      const wrong = [...expected.filter((row) => !found.includes(row)), ...found.filter((row) => !expected.includes(row))]
      assert.deepEqual(found, expected, `seed ${seed}: ${JSON.stringify(filter)} ${text} ${JSON.stringify(params)} ${JSON.stringify(columns)} ${JSON.stringify(rows.find(({ row }) => row === wrong[0]))}`)
      if (never) assert.equal(expected.length, 0)
      kept += expected.length
    }
  }
  const share = kept / (TABLES * ROWS * FILTERS)
  assert.ok(share > 0.05 && share < 0.6, `${share}`)
})

/** @param {any} where @param {any} [columns] */
async function planOf(where, columns) {
  const filter = { type: 'doc', shape: [{ part: 'org' }, 'docs', { part: 'id' }], where }
  const { text, params } = sql(filter, { dialect: 'postgres', columns: { 'resource.org': { column: 'org', valid: true }, 'resource.id': { column: 'id', type: 'integer', valid: true }, 'resource.total': { column: 'total', type: 'double' }, 'resource.tags': { column: 'tags', type: 'text[]' }, 'resource.owner': 'owner', ...columns } })
  const { rows } = await client.query(`EXPLAIN SELECT * FROM docs WHERE ${text}`, params)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

test('PostgreSQL finds a tenant, a value, a range and a member of a list by their indexes', async () => {
  await client.query('CREATE TABLE docs (org text NOT NULL, id bigint NOT NULL, owner varchar(40), total double precision, tags text[])')
  await client.query(`INSERT INTO docs SELECT 'org' || i % 500, i, 'owner' || i % 5000, i, ARRAY['tag' || i % 5000] FROM generate_series(1, 20000) AS i`)
  await client.query('CREATE INDEX docs_org ON docs (org); CREATE INDEX docs_id ON docs (id); CREATE INDEX docs_owner ON docs (owner); CREATE INDEX docs_total ON docs (total); CREATE INDEX docs_tags ON docs USING gin (tags); ANALYZE docs')
  const tenant = { attribute: 'resource.org', equals: ['org7'] }
  assert.match(await planOf(tenant), /Index Cond: \(org = 'org7'::text\)/)
  assert.match(await planOf({ attribute: 'resource.org', equals: ['org7', 'org8'] }), /Index Cond: \(org = ANY/)
  assert.match(await planOf(tenant, { 'resource.org': 'org', 'resource.id': { column: 'id', type: 'integer' } }), /Index Cond: \(org = 'org7'::text\)/)
  assert.match(await planOf({ all: [tenant, { not: { attribute: 'resource.owner', equals: ['owner7'] } }] }), /Index Cond: \(org = 'org7'::text\)/)
  assert.match(await planOf({ attribute: 'resource.id', equals: ['7'] }), /Index Cond: \(id = '7'::bigint\)/)
  assert.match(await planOf({ attribute: 'resource.owner', equals: ['owner7'] }), /Index Cond: \(\(owner\)::text = 'owner7'::text\)/)
  assert.match(await planOf({ attribute: 'resource.total', between: { atMost: 20 } }), /Index Cond: \(\(total >= .*\) AND \(total <= '20'::double precision\)\)/)
  assert.match(await planOf({ attribute: 'resource.tags', equals: ['tag7'] }), /Index Cond: \(tags && '\{tag7\}'::text\[\]\)/)
})
