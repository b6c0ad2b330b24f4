// @ts-check
// Filters compiled for MongoDB keep the documents that the predicate keeps, in an implementation of its queries.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mongodb } from 'latchwork/filter/mongodb'
import { predicate } from 'latchwork/filter/predicate'
import { Query } from 'mingo'
import { NOT_EXACT, NUMBERS, Random, TEXTS, randomFilter } from '../support/filter/random-filters.mjs'

const PROOFS = Number(process.env.LATCHWORK_PROOFS ?? 1)
const COLLECTIONS = 20 * PROOFS
const DOCUMENTS = 100
const FILTERS = 10

const fields = {
  'resource.org': 'org',
  'resource.id': { field: 'deep.id' },
  'resource.owner': 'owner',
  'resource.creator': 'by.creator',
  'resource.total': 'total',
  'resource.count': 'count',
  'resource.public': 'public',
  'resource.tags': 'tags',
  'resource.scores': 'scores',
  'resource.flags': 'flags',
  'resource.meta': 'meta',
  'resource.any': 'any',
}

/** @param {Random} random @param {number} depth @returns {any} */
function anything(random, depth) {
  if (depth > 0 && random.chance(0.3)) return random.list(random.below(4), () => anything(random, random.below(depth)))
  if (depth > 0 && random.chance(0.25)) return { owner: anything(random, depth - 1), a: anything(random, depth - 1), b: anything(random, depth - 1), total: random.pick(NUMBERS) }
  return random.pick([...TEXTS, '$owner', '\0', ...NUMBERS, ...NOT_EXACT, NaN, true, false, null])
}

/** @param {Random} random @param {readonly any[]} usual */
const usually = (random, usual) => (random.chance(0.75) ? random.pick(usual) : random.chance(0.2) ? undefined : anything(random, 2))
/** @param {Random} random @param {readonly any[]} usual */
const lists = (random, usual) => (random.chance(0.75) ? random.list(random.below(4), () => random.pick(usual)) : anything(random, 2))

/** @param {Random} random @param {boolean} digits whether `id` is a number */
function randomDocument(random, digits) {
  const document = {
    org: usually(random, TEXTS.slice(0, 5)),
    deep: random.chance(0.9) ? { id: usually(random, digits ? [0, 7, 42, -1, 2.5, 2 ** 53] : TEXTS.slice(0, 8)) } : random.pick([[{ id: 'acme' }], 'acme', null, [{ id: 7 }]]),
    owner: usually(random, TEXTS),
    by: random.chance(0.7) ? { creator: usually(random, TEXTS) } : random.pick([[{ creator: 'acme' }], null, 5]),
    total: usually(random, NUMBERS),
    count: usually(random, [...NUMBERS, ...NOT_EXACT, NaN]),
    public: usually(random, [true, false]),
    tags: lists(random, TEXTS.slice(0, 8)),
    scores: lists(random, NUMBERS),
    flags: lists(random, [true, false]),
    meta: random.chance(0.8) ? { owner: anything(random, 1), total: random.chance(0.7) ? random.pick(NUMBERS) : anything(random, 1), a: random.chance(0.7) ? { b: anything(random, 1) } : anything(random, 2) } : anything(random, 2),
    any: anything(random, 2),
  }
  return JSON.parse(JSON.stringify(document, (_name, value) => (typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value)), (_name, value) => (value?.$number === undefined ? value : Number(value.$number)))
}

/** A part, as its field says it is stored. @param {unknown} value @param {string} type */
const partOf = (value, type) => (typeof value === type ? value : undefined)

test(`${COLLECTIONS * DOCUMENTS} random documents are kept by MongoDB's queries exactly if the predicate keeps them`, () => {
  let kept = 0
  for (let seed = 1; seed <= COLLECTIONS; seed += 1) {
    const random = new Random(seed)
    const digits = random.chance(0.5)
    const documents = random.list(DOCUMENTS, () => randomDocument(random, digits))
    const mapping = /** @type {any} */ ({ ...fields, ...(digits && { 'resource.id': { field: 'deep.id', type: 'integer' } }) })
    for (let index = 0; index < FILTERS; index += 1) {
      const filter = randomFilter(random, [...TEXTS, '$owner', '\0'])
      const query = mongodb(filter, { fields: mapping })
      const keeps = predicate(filter, {
        columns: {
          'resource.org': ({ org }) => partOf(org, 'string'),
          'resource.id': ({ deep }) => partOf(Array.isArray(deep) ? undefined : deep?.id, digits ? 'number' : 'string'),
          'resource.creator': ({ by }) => (Array.isArray(by) ? undefined : by?.creator),
        },
      })
      const matcher = new Query(query)
      for (const document of documents) {
        const expected = keeps(document)
        if (expected) kept += 1
        assert.equal(matcher.test(document), expected, `seed ${seed}: ${JSON.stringify(filter)} ${JSON.stringify(query)} ${JSON.stringify(document)}`)
      }
    }
  }
  const share = kept / (COLLECTIONS * DOCUMENTS * FILTERS)
  assert.ok(share > 0.05 && share < 0.6, `${share}`)
})

const shape = [{ part: 'org' }, 'docs', { part: 'id' }]
const tenant = { type: 'doc', shape, where: { attribute: 'resource.org', equals: ['acme', 5, 'a/b'] } }

test('a tenant is a plain comparison, which an index serves', () => {
  const valid = { 'resource.org': { field: 'org', valid: true }, 'resource.id': { field: '_id', valid: true } }
  assert.deepEqual(mongodb(tenant, { fields: valid }), { org: { $in: ['acme'] } })
  assert.deepEqual(mongodb({ ...tenant, where: true }, { fields: valid }), {})
  assert.deepEqual(mongodb({ ...tenant, where: false }, { fields: valid }), { $expr: false })
  assert.deepEqual(mongodb({ ...tenant, where: { attribute: 'resource.owner', equals: ['x'] } }, { fields: { ...valid, 'resource.owner': 'owner' } }), { owner: { $in: ['x'] } })
})

test('a comparison does not match inside lists of objects, and a list is not a part', () => {
  const valid = { 'resource.org': { field: 'org', valid: true }, 'resource.id': { field: '_id', valid: true } }
  const query = mongodb({ ...tenant, where: { attribute: 'resource.a.b.c', equals: ['x'] } }, { fields: { ...valid, 'resource.a': 'a' } })
  assert.deepEqual(query, { $and: [{ 'a.b.c': { $in: ['x'] } }, { a: { $not: { $type: 'array' } } }, { 'a.b': { $not: { $type: 'array' } } }] })
  assert.deepEqual(mongodb({ ...tenant, where: true }, { fields: { ...valid, 'resource.org': 'a.org' } }), { $and: [{ a: { $not: { $type: 'array' } } }, { 'a.org': { $type: 'string', $regex: '^[^/]+$', $not: { $type: 'array' } } }] })
})

test('an ObjectId is compared by its digits', () => {
  const digits = '64b7f0c2a1b2c3d4e5f60718'
  const fields = { 'resource.org': { field: 'org', valid: true }, 'resource.id': /** @type {const} */ ({ field: '_id', type: 'objectid', valid: true, objectId: (/** @type {string} */ digits) => ({ digits }) }) }
  assert.deepEqual(mongodb({ ...tenant, where: { attribute: 'resource.id', equals: [digits, digits.toUpperCase(), 'x'] } }, { fields }), { _id: { $in: [{ digits }] } })
})

test('mistakes in the mapping of fields are errors', () => {
  const compile = (/** @type {any} */ fields, /** @type {any} */ where = true) => () => mongodb({ ...tenant, where }, { fields: { 'resource.org': 'org', 'resource.id': '_id', ...fields } })
  assert.throws(compile({}, { attribute: 'resource.owner', equals: ['x'] }), { code: 'unmapped_attribute', message: /`resource\.owner`/ })
  assert.throws(() => mongodb(tenant, { fields: { 'resource.org': 'org' } }), { code: 'unmapped_attribute', message: /`resource\.id`/ })
  for (const field of ['', 'a..b', '$where', 'a.$b', 'a\0', 5, null]) assert.throws(compile({ 'resource.org': { field } }), { code: 'invalid_value' }, String(field))
  assert.throws(compile({ 'resource.id': { field: '_id', type: 'objectid' } }), { code: 'wrong_type' })
  assert.throws(compile({ 'resource.id': { field: '_id', type: 'decimal' } }), { code: 'unsupported_column' })
  assert.throws(compile({ 'resource.owner': { field: 'owner', type: 'text' } }, { attribute: 'resource.owner', equals: ['x'] }), { code: 'unsupported_column' })
  assert.throws(compile({ 'resource.id': { field: '_id', Valid: true } }), { code: 'invalid_value' })
})
