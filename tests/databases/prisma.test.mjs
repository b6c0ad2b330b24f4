// @ts-check
// Filters compiled for Prisma keep the rows that the predicate keeps, or are refused, in SQLite and in PostgreSQL.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { predicate } from 'latchwork/filter/predicate'
import { prisma } from 'latchwork/filter/prisma'
import { NUMBERS, Random, TEXTS, randomFilter } from '../js/support/filter/random-filters.mjs'
import { startPostgres } from './server.mjs'

const FILTERS = 400 * Number(process.env.LATCHWORK_PROOFS ?? 1)
const ROWS = 200

const folder = mkdtempSync(join(tmpdir(), 'latchwork-prisma-'))
after(() => rmSync(folder, { recursive: true, force: true }))
cpSync(fileURLToPath(new URL('prisma/', import.meta.url)), folder, { recursive: true })
// The variables that npm sets for its scripts would change this npm. Generating a client needs no engine.
const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name))), PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' }
const run = (/** @type {string[]} */ ...words) => execFileSync(words[0], words.slice(1), { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
run('npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts')
const load = createRequire(join(folder, 'package.json'))

const TABLES = {
  Text: 'row integer PRIMARY KEY, org text, ident text, owner text, creator text, total double precision, extra double precision, count integer, public boolean',
  Digits: 'row integer PRIMARY KEY, org bigint, ident integer, owner text NOT NULL, creator text NOT NULL, total double precision NOT NULL, extra double precision, count bigint, public boolean NOT NULL',
}
const LISTS = ', tags text[], scores integer[], flags boolean[]'

/** The fields of a table by attribute. @param {any} model @param {boolean} digits @param {boolean} lists */
const fieldsOf = (model, digits, lists) => ({
  'resource.org': { field: 'org', type: digits ? 'bigint' : 'text', reference: model.fields.org },
  'resource.id': { field: 'ident', type: digits ? 'integer' : 'text', reference: model.fields.ident },
  'resource.owner': { field: 'owner', nullable: !digits, reference: model.fields.owner },
  'resource.creator': { field: 'creator', nullable: !digits, reference: model.fields.creator },
  'resource.total': { field: 'total', type: 'double', nullable: !digits, reference: model.fields.total },
  'resource.meta.total': { field: 'extra', type: 'double', reference: model.fields.extra },
  'resource.count': { field: 'count', type: digits ? 'bigint' : 'integer', reference: model.fields.count },
  'resource.public': { field: 'public', type: 'boolean', nullable: !digits, reference: model.fields.public },
  ...(lists && { 'resource.tags': { field: 'tags', type: 'text[]' }, 'resource.scores': { field: 'scores', type: 'integer[]' }, 'resource.flags': { field: 'flags', type: 'boolean[]' } }),
})

/** @param {Random} random @param {number} row @param {boolean} digits @param {boolean} lists */
function randomRow(random, row, digits, lists) {
  const maybe = (/** @type {any} */ value) => (random.chance(0.15) ? null : value)
  const always = digits ? (/** @type {any} */ value) => value : maybe
  const list = (/** @type {readonly any[]} */ pool) => random.list(random.below(4), () => random.pick(pool))
  return {
    row,
    org: maybe(digits ? random.pick([0n, 7n, 42n, -1n, 9007199254740991n, 9007199254740993n]) : random.pick(TEXTS.slice(0, 8))),
    ident: maybe(digits ? random.pick([0, 7, 42, -1]) : random.pick(TEXTS)),
    owner: always(random.pick(TEXTS)),
    creator: always(random.pick(TEXTS.slice(0, 8))),
    total: always(random.pick([...NUMBERS, 2 ** 53, 1e300])),
    extra: maybe(random.pick([...NUMBERS, 2 ** 53, 1e300, -1e300])),
    count: maybe(digits ? random.pick([0n, 7n, 42n, -1n, 9007199254740991n, 9007199254740993n]) : random.pick([0, 1, 7, 42, -1])),
    public: always(random.chance(0.5)),
    ...(lists && { tags: list(TEXTS.slice(0, 8)), scores: list([0, 1, 7, 42]), flags: list([true, false]) }),
  }
}

/** @param {string} provider @param {any} adapter */
async function compareRows(provider, adapter) {
  const lists = provider === 'postgresql'
  run('npx', '--no-install', 'prisma', 'generate', '--schema', `${provider}.prisma`)
  const { PrismaClient } = load(`./generated/${provider}`)
  const client = new PrismaClient({ adapter })
  let kept = 0
  let refused = 0
  try {
    for (const [name, columns] of Object.entries(TABLES)) {
      const digits = name === 'Digits'
      const model = client[name.toLowerCase()]
      await client.$executeRawUnsafe(`CREATE TABLE "${name}" (${columns}${lists ? LISTS : ''})`)
      const rows = new Random(1).list(ROWS, () => undefined).map((_, row) => randomRow(new Random(row + 1), row, digits, lists))
      await model.createMany({ data: rows })
      const read = rows.map((row) => /** @type {any} */ ({ meta: { total: row.extra }, ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name === 'ident' ? 'id' : name, typeof value === 'bigint' ? Number(value) : value])) }))
      const fields = /** @type {any} */ (fieldsOf(model, digits, lists))
      for (let seed = 1; seed <= FILTERS / 2; seed += 1) {
        const filter = randomFilter(new Random(seed), [...TEXTS, 'a\0b'])
        let where
        try {
          where = prisma(filter, { provider: /** @type {any} */ (provider), fields })
        } catch (error) {
          assert.match(/** @type {any} */ (error).code, /^(unsupported|unmapped_attribute)$/)
          refused += 1
          continue
        }
        const expected = read.filter(predicate(filter)).map(({ row }) => row)
        const found = (await model.findMany({ where, select: { row: true }, orderBy: { row: 'asc' } })).map((/** @type {any} */ { row }) => row)
        assert.deepEqual(found, expected, `${provider} ${name} seed ${seed}: ${JSON.stringify(filter)} ${JSON.stringify(where)}`)
        kept += expected.length
      }
    }
  } finally {
    await client.$disconnect()
  }
  assert.ok(refused < FILTERS * 0.8, `${refused} of ${FILTERS} filters are refused`)
  assert.ok(kept > FILTERS, `${kept} rows are kept`)
}

test(`Prisma keeps exactly the rows that the predicate keeps in SQLite, for ${FILTERS} filters`, async () => {
  const { PrismaLibSql } = load('@prisma/adapter-libsql')
  await compareRows('sqlite', new PrismaLibSql({ url: `file:${join(folder, 'test.db')}` }))
})

test(`Prisma keeps exactly the rows that the predicate keeps in PostgreSQL, for ${FILTERS} filters`, async () => {
  const { connection, stop } = await startPostgres()
  try {
    const { PrismaPg } = load('@prisma/adapter-pg')
    await compareRows('postgresql', new PrismaPg(connection))
  } finally {
    await stop()
  }
})
