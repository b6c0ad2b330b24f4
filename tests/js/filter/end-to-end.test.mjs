// @ts-check
// From a random document to the rows of a real database: a row is kept exactly if `can` is true for it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { predicate } from 'latchwork/filter/predicate'
import { sql } from 'latchwork/filter/sql'
import { LatchworkError, open } from 'latchwork/rbac/server'
import { ATTRIBUTES, NUMBERS, Random, TEXTS } from './random.mjs'
import { attributeOf, fill, openDatabase, randomTable } from './sqlite.mjs'

const DOCUMENTS = 40 * Number(process.env.LATCHWORK_PROOFS ?? 1)
const ROWS = 100

const WORDS = ['acme', 'ACME', 'globex', 'ann', '42', '7', "o'k"]
const PATTERNS = ['**', '*/docs/*', 'acme/docs/*', 'acme/**', '{subject}/docs/*', '*/docs/42', '*/docs/{subject}', 'globex/docs/7', 'acme/docs/acme']
const LEFT = ['resource.org', 'resource.id', 'resource.path', ...Object.keys(ATTRIBUTES), 'subject.teams', 'subject.id', 'subject.limit', 'context.level']
const RIGHT = [...LEFT, 'action.name']

/** @param {Random} random @returns {any} */
function side(random) {
  const value = () => random.pick([...WORDS, ...TEXTS.slice(0, 5), ...NUMBERS, true, false])
  return random.pick([value, value, () => random.list(1 + random.below(3), value), () => ({ ref: random.pick(RIGHT) })])()
}

/** @param {Random} random */
function condition(random) {
  const bound = () => (random.chance(0.6) ? random.pick(NUMBERS) : { ref: random.pick(['subject.limit', 'context.level', 'resource.total', 'resource.count', 'resource.scores', 'resource.meta.total']) })
  switch (random.below(4)) {
    case 0:
      return { not: side(random) }
    case 1:
      return random.pick([() => ({ atLeast: bound() }), () => ({ atMost: bound() }), () => ({ atLeast: bound(), atMost: bound() })])()
    default:
      return side(random)
  }
}

/** @param {Random} random @returns {any} */
const conditions = (random) => random.list(1 + random.below(2), () => Object.fromEntries(random.list(1 + random.below(2), () => [random.pick(LEFT), condition(random)])))

/** @param {Random} random */
function grants(random) {
  const grant = () => (random.chance(0.3) ? random.pick(['read', 'write', 'publish']) : { allow: random.pick(['read', 'write', ['publish', 'edit']]), when: conditions(random) })
  return Object.fromEntries(random.list(1 + random.below(3), () => [random.pick(PATTERNS), grant()]))
}

/** @param {Random} random */
function limits(random) {
  const limit = () => ({ ...random.pick([{ level: 'none' }, { level: 'read' }, { deny: ['publish'] }, { deny: ['write', 'edit'] }]), ...(random.chance(0.8) && { unless: conditions(random) }) })
  return Object.fromEntries(random.list(random.below(3), () => [random.pick(PATTERNS), limit()]))
}

/** @param {Random} random */
const randomDocument = (random) => ({
  actions: { edit: 'write', publish: null },
  resources: { doc: '{org}/docs/{id}' },
  roles: { one: { grants: grants(random) }, two: { inherits: ['one'], grants: { 'docs/*': random.pick(['read', 'write']) } } },
  everyone: { grants: random.chance(0.3) ? grants(random) : {} },
  users: { ann: { roles: random.chance(0.5) ? [{ role: 'two', scope: random.pick(['acme', 'globex']) }, 'one'] : ['one'], grants: grants(random), attributes: { teams: random.list(random.below(3), () => random.pick(WORDS)), limit: random.pick(NUMBERS) } } },
  limits: limits(random),
})

/** The attributes of a row, as `can` takes them: without what JSON cannot say. @param {any} mapping @param {any} row */
function attributesOf(mapping, row) {
  /** @type {any} */
  const attributes = { meta: attributeOf(mapping, row, 'resource.meta') }
  for (const ref of Object.keys(ATTRIBUTES)) if (!ref.startsWith('resource.meta')) attributes[ref.slice(9)] = attributeOf(mapping, row, ref)
  return JSON.parse(JSON.stringify(attributes))
}

/** @param {any} subject @param {string} action @param {any} row @param {any} attributes */
function allows(subject, action, row, attributes) {
  try {
    return subject.can(action, { type: 'doc', org: row['resource.org'], id: row['resource.id'] }, attributes, { context: { level: 7 } })
  } catch (error) {
    // A part that is missing, empty or has a slash.
    assert.ok(error instanceof LatchworkError && ['unknown_resource', 'invalid_value'].includes(error.code), String(error))
    return false
  }
}

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
      for (const action of /** @type {const} */ (['read', 'write', 'publish'])) {
        const filter = /** @type {any} */ (subject).filter(action, 'doc', { context: { level: 7 } })
        const { text, params } = sql(filter, { dialect: 'sqlite', columns: mapping })
        const found = database.prepare(`SELECT rowid FROM t WHERE ${text}`).all(...params).map((/** @type {any} */ row) => row.rowid)
        const expected = rows.filter(({ row, attributes }) => allows(subject, action, row, attributes)).map(({ row }) => row.rowid)
        const said = () => `seed ${seed}: ${action} ${JSON.stringify(document)} ${JSON.stringify(filter)} ${text}`
        if (String(found) !== String(expected)) assert.deepEqual(found, expected, said())
        const accessors = Object.fromEntries([...Object.keys(ATTRIBUTES), 'resource.org', 'resource.id'].map((ref) => [ref, (/** @type {any} */ { row }) => attributeOf(mapping, row, ref)]))
        assert.deepEqual(rows.filter(predicate(filter, { columns: accessors })).map(({ row }) => row.rowid), expected, said())
        kept += expected.length
        asked += rows.length
      }
    }
    app.dispose()
  }
  assert.ok(kept > asked * 0.03 && kept < asked * 0.6, `${kept} of ${asked}`)
})
