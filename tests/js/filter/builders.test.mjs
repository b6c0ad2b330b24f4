// @ts-check
// Drizzle and Kysely run the conditions that are made for them, and keep the rows that the predicate keeps.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, sql as drizzleSql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { drizzle as openProxy } from 'drizzle-orm/sqlite-proxy'
import { integer, numeric, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { Kysely, PostgresAdapter, PostgresQueryCompiler, SqliteDialect, sql as kyselySql } from 'kysely'
import { drizzle } from 'latchwork/filter/drizzle'
import { kysely } from 'latchwork/filter/kysely'
import { predicate } from 'latchwork/filter/predicate'
import { Random, randomFilter } from '../support/filter/random-filters.mjs'
import { SQLITE_TEXTS, attributeOf, fill, openDatabase, randomTable } from '../support/filter/sqlite.mjs'

/** Drizzle on a database. @param {any} database */
const openDrizzle = (database) =>
  openProxy(async (statement, params, method) => {
    const prepared = database.prepare(statement)
    if (method === 'run') prepared.run(...params)
    return { rows: method === 'run' ? [] : prepared.raw().all(...params) }
  })

const TABLES = 4 * Number(process.env.LATCHWORK_PROOFS ?? 1)

test('random rows are kept by Drizzle and by Kysely exactly if the predicate keeps them', async () => {
  const database = openDatabase()
  for (let seed = 1; seed <= TABLES; seed += 1) {
    const random = new Random(seed)
    const { statement, mapping } = randomTable(random)
    database.exec('DROP TABLE IF EXISTS t')
    database.exec(statement)
    const rows = fill(database, random, mapping, 100)
    const drizzled = openDrizzle(database)
    const table = sqliteTable('t', { rowid: integer() })
    const kyselied = new Kysely({ dialect: new SqliteDialect({ database: /** @type {any} */ (database) }) })
    for (let index = 0; index < 10; index += 1) {
      const filter = randomFilter(random, SQLITE_TEXTS)
      const keeps = predicate(filter, { columns: Object.fromEntries(['resource.org', 'resource.id', 'resource.owner', 'resource.creator', 'resource.total', 'resource.count', 'resource.public', 'resource.tags', 'resource.scores', 'resource.flags', 'resource.meta.owner', 'resource.meta.total', 'resource.meta.a.b', 'resource.any'].map((ref) => [ref, (/** @type {any} */ row) => attributeOf(mapping, row, ref)])) })
      const expected = rows.filter(keeps).map(({ rowid }) => rowid)
      const byDrizzle = await drizzled.select({ rowid: table.rowid }).from(table).where(and(drizzle(filter, { sql: drizzleSql, dialect: 'sqlite', columns: mapping })))
      assert.deepEqual(byDrizzle.map(({ rowid }) => rowid), expected, `seed ${seed}`)
      const byKysely = await /** @type {Kysely<any>} */ (kyselied).selectFrom('t').select('rowid').where(kysely(filter, { sql: kyselySql, dialect: 'sqlite', columns: mapping })).execute()
      assert.deepEqual(byKysely.map(({ rowid }) => rowid), expected, `seed ${seed}`)
    }
  }
})

const shape = [{ part: 'org' }, { part: 'id' }]
const where = {
  all: [
    { attribute: 'resource.org', equals: ['acme'] },
    { attribute: 'resource.tags', equals: ['a', 'b'] },
    { attribute: 'resource.public', equals: [true] },
    { attribute: 'resource.meta.owner', equals: ['ann'] },
    { attribute: 'resource.total', between: { atMost: 5 } },
  ],
}
const filter = { type: 'doc', shape, where }

test('columns of a table of Drizzle have their types, and lists are one parameter', () => {
  const docs = pg.pgTable('docs', { org: pg.varchar({ length: 20 }).notNull(), id: pg.uuid().notNull(), tags: pg.text().array(), public: pg.boolean(), meta: pg.jsonb(), total: pg.doublePrecision(), amount: pg.numeric(), at: pg.timestamp(), code: pg.char({ length: 3 }) })
  const columns = { 'resource.org': docs.org, 'resource.id': docs.id, 'resource.tags': docs.tags, 'resource.public': docs.public, 'resource.meta': docs.meta, 'resource.total': docs.total }
  const compiled = new pg.PgDialect().sqlToQuery(drizzle(filter, { sql: drizzleSql, dialect: 'postgres', columns }))
  assert.deepEqual(compiled.params, ['acme', ['a', 'b'], true, 'owner', 'ann', -(2 ** 53 - 1), 5])
  assert.match(compiled.sql, /"docs"\."org" = \$1::text.*"docs"\."tags"::text\[\] && \$2::text\[\].*"docs"\."public" = \$3::boolean.*"docs"\."meta"::jsonb -> \$4::text.*"docs"\."total" BETWEEN/)
  for (const column of [docs.amount, docs.at, docs.code]) assert.throws(() => drizzle(filter, { sql: drizzleSql, dialect: 'postgres', columns: { ...columns, 'resource.total': column } }), { code: 'unsupported_column' })
  const valid = drizzle({ ...filter, where: where.all[0] }, { sql: drizzleSql, dialect: 'postgres', columns: { ...columns, 'resource.id': { column: docs.id, valid: true } } })
  assert.equal(new pg.PgDialect().sqlToQuery(valid).sql, '("docs"."org" = $1::text)')
})

test('columns of a table of Drizzle in SQLite have their JavaScript types', async () => {
  const docs = sqliteTable('docs', { org: text().notNull(), id: integer().notNull(), tags: text({ mode: 'json' }), public: integer({ mode: 'boolean' }), meta: text({ mode: 'json' }), total: real(), amount: numeric(), at: integer({ mode: 'timestamp' }) })
  const columns = { 'resource.org': docs.org, 'resource.id': docs.id, 'resource.tags': docs.tags, 'resource.public': docs.public, 'resource.meta': docs.meta, 'resource.total': docs.total }
  const database = openDatabase()
  database.exec('CREATE TABLE docs (org TEXT NOT NULL, id INTEGER NOT NULL, tags TEXT, public INTEGER, meta TEXT, total REAL, amount NUMERIC, at INTEGER)')
  const drizzled = openDrizzle(database)
  await drizzled.insert(docs).values({ org: 'acme', id: 1, tags: ['b'], public: true, meta: { owner: 'ann' }, total: 5 })
  await drizzled.insert(docs).values({ org: 'acme', id: 2, tags: ['b'], public: false, meta: { owner: 'ann' }, total: 5 })
  assert.deepEqual(await drizzled.select({ id: docs.id }).from(docs).where(drizzle(filter, { sql: drizzleSql, dialect: 'sqlite', columns })), [{ id: 1 }])
  for (const column of [docs.amount, docs.at]) assert.throws(() => drizzle(filter, { sql: drizzleSql, dialect: 'sqlite', columns: { ...columns, 'resource.total': column } }), { code: 'unsupported_column' })
})

test('Kysely numbers the parameters of PostgreSQL', () => {
  const database = /** @type {Kysely<any>} */ (new Kysely({ dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => /** @type {any} */ ({}), createIntrospector: () => /** @type {any} */ ({}), createQueryCompiler: () => new PostgresQueryCompiler() } }))
  const columns = /** @type {any} */ ({ 'resource.org': 'd.org', 'resource.id': { column: 'd.id', type: 'uuid' }, 'resource.tags': { column: 'd.tags', type: 'text[]' } })
  const condition = kysely({ type: 'doc', shape, where: { all: where.all.slice(0, 2) } }, { sql: kyselySql, dialect: 'postgres', columns })
  const { sql, parameters } = database.selectFrom('docs as d').selectAll().where('d.id', '>', 'x').where(condition).compile()
  assert.deepEqual(parameters, ['x', 'acme', ['a', 'b']])
  assert.match(sql, /"d"\."org" = \$2::text .*"d"\."tags"::text\[\] && \$3::text\[\]/)
})

test('the tag of the query builder is required', () => {
  for (const compile of [drizzle, kysely]) assert.throws(() => compile(filter, /** @type {any} */ ({ dialect: 'sqlite', columns: {} })), { code: 'unmapped_attribute' })
  const columns = /** @type {any} */ ({ 'resource.org': 'org', 'resource.id': 'id' })
  for (const compile of [drizzle, kysely]) assert.throws(() => compile({ ...filter, where: true }, /** @type {any} */ ({ dialect: 'sqlite', columns })), { code: 'wrong_type', message: /`sql`/ })
})
