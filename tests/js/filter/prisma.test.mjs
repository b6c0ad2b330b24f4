// @ts-check
// The `where` of Prisma: what is written, and what is refused. `tests/databases/` runs it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as module from 'latchwork/filter/prisma'

const prisma = /** @type {any} */ (module.prisma)
const shape = [{ part: 'org' }, 'docs', { part: 'id' }]
const fields = { 'resource.org': { field: 'org', valid: true }, 'resource.id': { field: 'id', valid: true } }
/** @param {unknown} where @param {any} [more] @param {string} [provider] */
const compiled = (where, more, provider = 'postgresql') => prisma({ type: 'doc', shape, where }, { provider, fields: { ...fields, ...more } })
const tenant = { attribute: 'resource.org', equals: ['acme'] }

test('a tenant is one comparison, and a path is one of each part', () => {
  assert.deepEqual(compiled(tenant), { org: { equals: 'acme' } })
  assert.deepEqual(compiled({ not: tenant }), { NOT: { org: { equals: 'acme' } } })
  assert.deepEqual(compiled({ attribute: 'resource.path', equals: ['acme/docs/1', 'acme/x/1', 'acme'] }), { AND: [{ org: { equals: 'acme' } }, { id: { equals: '1' } }] })
  assert.deepEqual(compiled(true), {})
  assert.deepEqual(compiled(false), { OR: [] })
})

test('a negated comparison keeps rows with NULL, unless the field is required', () => {
  const where = { not: { attribute: 'resource.owner', equals: ['ann'] } }
  assert.deepEqual(compiled(where, { 'resource.owner': 'owner' }), { OR: [{ NOT: { owner: { equals: 'ann' } } }, { owner: null }] })
  assert.deepEqual(compiled(where, { 'resource.owner': { field: 'owner', nullable: false } }), { NOT: { owner: { equals: 'ann' } } })
})

test('a filter that Prisma cannot express exactly is refused', () => {
  const tags = { 'resource.tags': { field: 'tags', type: 'text[]' }, 'resource.owner': 'owner' }
  for (const where of [
    { attribute: 'resource.tags', differs: ['x'] },
    { attribute: 'resource.owner', equals: { ref: 'resource.tags' } },
    { attribute: 'resource.owner', equals: { ref: 'resource.org' } },
    { attribute: 'resource.path', equals: { ref: 'resource.owner' } },
    { attribute: 'resource.owner', differs: { ref: 'resource.path' } },
  ]) assert.throws(() => compiled(where, tags), { code: 'unsupported', message: /latchwork\/filter\/sql/ }, JSON.stringify(where))
})

test('mistakes in the mapping of fields are errors', () => {
  assert.throws(() => compiled({ attribute: 'resource.owner', equals: ['x'] }), { code: 'unmapped_attribute', message: /`resource\.owner`/ })
  assert.throws(() => prisma({ type: 'doc', shape, where: true }, { provider: 'sqlite', fields: { 'resource.org': 'org' } }), { code: 'unmapped_attribute', message: /`resource\.id`/ })
  assert.throws(() => compiled(true, {}, 'mysql'), { code: 'invalid_value', message: /postgresql/ })
  for (const type of ['json', 'decimal', 'double[]', 'constructor']) assert.throws(() => compiled(true, { 'resource.owner': { field: 'owner', type } }), { code: 'unsupported_column' })
  assert.throws(() => compiled(true, { 'resource.tags': { field: 'tags', type: 'text[]' } }, 'sqlite'), { code: 'unsupported_column' })
  assert.throws(() => compiled(true, { 'resource.id': { field: 'id', type: 'double' } }), { code: 'unsupported_column' })
  for (const field of ['', 'AND', 'a.b', '1', 5]) assert.throws(() => compiled(true, { 'resource.owner': { field } }), { code: 'invalid_value' })
  assert.throws(() => compiled(true, { 'resource.owner': { field: 'owner', required: true } }), { code: 'invalid_value' })
})
