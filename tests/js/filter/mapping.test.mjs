// @ts-check
// The mapping of attributes to columns: what is written for it, and which mistakes are errors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as module from 'latchwork/filter/sql'
import { predicate } from 'latchwork/filter/predicate'

/** Without types: these tests pass what no type allows. */
const sql = /** @type {any} */ (module.sql)
const { LatchworkError } = module

const shape = [{ part: 'org' }, 'docs', { part: 'id' }]
const tenant = { type: 'doc', shape, where: { attribute: 'resource.org', equals: ['acme'] } }
const columns = { 'resource.org': { column: 'org', valid: true }, 'resource.id': { column: 'id', valid: true } }
/** @param {unknown} where @param {any} more @param {string} [dialect] */
const compiled = (where, more, dialect = 'postgres') => sql({ type: 'doc', shape, where }, { dialect, columns: { ...columns, ...more } })

test('a tenant with a valid column is one comparison', () => {
  assert.deepEqual(sql(tenant, { dialect: 'postgres', columns }), { text: '("org" = $1::text)', params: ['acme'], never: false })
  assert.deepEqual(sql(tenant, { dialect: 'sqlite', columns }), { text: '(`org` = ?)', params: ['acme'], never: false })
})

test('a part without `valid` is guarded, unless it is compared with a valid value', () => {
  const open = { 'resource.org': 'org', 'resource.id': 'id' }
  assert.equal(sql(tenant, { dialect: 'postgres', columns: open }).text, `(("org" = $1::text AND ("id" <> '' AND strpos("id", '/') = 0)))`)
  assert.equal(sql(tenant, { dialect: 'sqlite', columns: open }).text, "(((typeof(`org`) = 'text' AND `org` = ?) AND (typeof(`id`) = 'text' AND `id` <> '' AND instr(`id`, '/') = 0)))")
  const either = { any: [tenant.where, { attribute: 'resource.id', equals: ['1'] }] }
  assert.match(compiled(either, open).text, /strpos\("org".*strpos\("id"/)
  assert.doesNotMatch(compiled({ any: [tenant.where, { all: [tenant.where, { attribute: 'resource.id', equals: ['1'] }] }] }, open).text, /strpos\("org"/)
  assert.match(compiled({ not: tenant.where }, open).text, /strpos\("org"/)
})

test('a condition that holds for no row or for all rows is a constant', () => {
  assert.deepEqual(compiled(false, {}), { text: 'FALSE', params: [], never: true })
  assert.deepEqual(compiled(true, {}), { text: 'TRUE', params: [], never: false })
  assert.equal(compiled({ attribute: 'resource.total', equals: ['5'] }, { 'resource.total': { column: 'total', type: 'double' } }).never, true)
  assert.equal(compiled({ attribute: 'resource.count', equals: [2.5] }, { 'resource.count': { column: 'count', type: 'integer' } }).never, true)
  assert.equal(compiled({ attribute: 'resource.org', equals: ['a/b', '', 5] }, {}).never, true)
  assert.equal(compiled({ attribute: 'resource.owner', equals: ['a\0b'] }, { 'resource.owner': 'owner' }).never, true)
})

test('a value that no column can hold differs from each value, but not from a missing one', () => {
  const columns = { 'resource.count': { column: 'count', type: 'integer' }, 'resource.owner': 'owner', 'resource.any': { column: 'any', type: 'json' } }
  assert.equal(compiled({ attribute: 'resource.count', differs: [2.5] }, columns).text, '("count" BETWEEN -9007199254740991 AND 9007199254740991)')
  assert.equal(compiled({ attribute: 'resource.owner', differs: ['\0'] }, columns).text, '("owner" IS NOT NULL)')
  assert.match(compiled({ attribute: 'resource.any', differs: ['\0'] }, columns).text, /lw\.lw_text IS NOT NULL/)
})

test('many values are one parameter, and no value is in the statement text', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => `o'${index}"`)
  const where = { attribute: 'resource.owner', equals: values }
  assert.deepEqual(compiled(where, { 'resource.owner': 'owner' }), { text: '("owner" = ANY ($1::text[]))', params: [values], never: false })
  assert.deepEqual(compiled(where, { 'resource.owner': 'owner' }, 'sqlite'), { text: "((typeof(`owner`) = 'text' AND `owner` IN (SELECT value FROM json_each(?))))", params: [JSON.stringify(values)], never: false })
  assert.equal(compiled({ attribute: 'resource.owner', equals: values.slice(0, 3) }, { 'resource.owner': 'owner' }, 'sqlite').text, "((typeof(`owner`) = 'text' AND `owner` IN (?, ?, ?)))")
})

test('parameters are numbered from the given start', () => {
  assert.equal(sql(tenant, { dialect: 'postgres', columns, firstParameter: 4 }).text, '("org" = $4::text)')
  for (const firstParameter of [0, 1.5, '1', NaN]) assert.throws(() => sql(tenant, { dialect: 'postgres', columns, firstParameter }), { code: 'out_of_range' })
})

test('names of columns are quoted, and cannot end the quotation', () => {
  const where = { attribute: 'resource.owner', equals: ['x'] }
  for (const [column, postgres, sqlite] of /** @type {[any, string, string][]} */ ([
    ['owner', '"owner"', '`owner`'],
    ['t.owner', '"t"."owner"', '`t`.`owner`'],
    [['t', 'ow.ner'], '"t"."ow.ner"', '`t`.`ow.ner`'],
    ['x" OR 1=1 --', '"x"" OR 1=1 --"', '`x" OR 1=1 --`'],
    ['x` OR 1=1 --', '"x` OR 1=1 --"', '`x`` OR 1=1 --`'],
  ])) {
    assert.ok(compiled(where, { 'resource.owner': { column } }).text.includes(`(${postgres} = $1::text)`))
    assert.ok(compiled(where, { 'resource.owner': { column } }, 'sqlite').text.includes(`${sqlite} = ?`))
  }
  for (const column of ['', '.', 'a..b', 'a\0', '\ud800', 5, null, undefined, [], {}, [['a']]]) {
    assert.throws(() => compiled(where, { 'resource.owner': { column } }), { code: 'invalid_value' }, String(column))
  }
  for (const dialect of ['postgres', 'sqlite']) {
    assert.throws(() => compiled(where, { 'resource.owner': 'LW_number' }, dialect), { code: 'unsupported_column', message: /table's name/ })
    assert.match(compiled(where, { 'resource.owner': 't.lw_number' }, dialect).text, /t.\..lw_number/)
  }
  assert.throws(() => compiled(where, { 'resource.owner': 'é'.repeat(32) }), { code: 'unsupported_column', message: /more than 63 bytes/ })
})

test('an attribute without a column is an error with its name', () => {
  for (const where of [
    { attribute: 'resource.owner', equals: ['x'] },
    { attribute: 'resource.org', differs: { ref: 'resource.owner' } },
    { attribute: 'resource.total', between: { atLeast: { ref: 'resource.owner' } } },
    { not: { any: [true, { attribute: 'resource.owner', single: { atMost: 5 } }] } },
  ]) {
    for (const dialect of ['postgres', 'sqlite']) assert.throws(() => compiled(where, { 'resource.total': { column: 'total', type: 'double' } }, dialect), { code: 'unmapped_attribute', message: /`resource\.owner`/ })
  }
  assert.throws(() => sql({ ...tenant, where: true }, { dialect: 'sqlite', columns: { 'resource.org': 'org' } }), { code: 'unmapped_attribute', message: /`resource\.id`/ })
})

test('an attribute in a JSON column is read from it, and a more specific column takes precedence', () => {
  const where = { attribute: 'resource.meta.owner', equals: ['x'] }
  assert.deepEqual(compiled(where, { 'resource.meta': { column: 'meta', type: 'json' } }).params, ['owner', 'x'])
  assert.deepEqual(compiled(where, { 'resource.meta': { column: 'meta', type: 'json', path: ['a'] } }).params, ['a', 'owner', 'x'])
  assert.deepEqual(compiled(where, { 'resource.meta': { column: 'meta', type: 'json' }, 'resource.meta.owner': 'owner' }).params, ['x'])
  assert.throws(() => compiled(where, { 'resource.meta': 'meta' }), { code: 'unmapped_attribute' })
  assert.throws(() => compiled(where, { 'resource.meta.owner': { column: 'meta', type: 'json', path: ['a"b'] } }, 'sqlite'), { code: 'unsupported_column' })
})

test('without `resources`, an attribute can have the name of a part, or `type`', () => {
  const filter = { type: 'doc', shape: ['doc', { part: 'id' }], where: { all: [{ attribute: 'attributes.id', equals: ['x'] }, { attribute: 'resource.type', equals: ['y'] }] } }
  assert.throws(() => sql(filter, { dialect: 'postgres', columns: { 'resource.id': 'id', 'resource.type': 'kind' } }), { code: 'unmapped_attribute', message: /`attributes\.id`/ })
  const { text } = sql(filter, { dialect: 'postgres', columns: { 'resource.id': 'id', 'attributes.id': 'other', 'resource.type': 'kind' } })
  assert.match(text, /"other" = \$1::text AND "kind" = \$2::text.*strpos\("id"/)
  const keeps = predicate(/** @type {any} */ (filter))
  assert.equal(keeps({ id: '1', attributes: { id: 'x' }, type: 'y' }), true)
  assert.equal(keeps({ id: 'x', type: 'y' }), false)
})

test('a part that all rows have needs no column', () => {
  const mapping = { 'resource.org': { value: 'acme' }, 'resource.id': { column: 'id', valid: true } }
  const of = (/** @type {any} */ where, /** @type {any} */ more = undefined) => sql({ type: 'doc', shape, where }, { dialect: 'postgres', columns: { ...mapping, ...more } })
  assert.deepEqual(of({ all: [tenant.where, { attribute: 'resource.id', equals: ['1'] }] }), { text: '("id" = $1::text)', params: ['1'], never: false })
  assert.equal(of({ attribute: 'resource.org', equals: ['globex'] }).never, true)
  assert.deepEqual(of({ attribute: 'resource.owner', equals: { ref: 'resource.org' } }, { 'resource.owner': 'owner' }).params, ['acme'])
  assert.deepEqual(of({ attribute: 'resource.path', equals: ['acme/docs/1'] }).params, ['acme/docs/', 'acme/docs/1'])
  assert.equal(of({ attribute: 'resource.total', between: { atLeast: { ref: 'resource.org' } } }, { 'resource.total': { column: 'total', type: 'double' } }).never, true)
  for (const value of ['', 'a/b', null, -1, 2.5, {}, true]) assert.throws(() => of(true, { 'resource.org': { value } }), { code: 'invalid_value' })
  assert.throws(() => of(true, { 'resource.org': { value: 'acme', column: 'org' } }), { code: 'invalid_value' })
  assert.throws(() => of({ attribute: 'resource.owner', equals: ['x'] }, { 'resource.owner': { value: 'x' } }), { code: 'unmapped_attribute' })
})

test('a column type that compares differently is an error that names the type to use', () => {
  const where = { attribute: 'resource.owner', equals: ['x'] }
  for (const [type, message] of /** @type {[string, RegExp][]} */ ([
    ['char(3)', /alter the column to text/], ['citext', /ignores case/], ['decimal', /whole units/], ['numeric(10,2)', /whole units/], ['varchar(20)', /declare it as `text`/],
    ['real', /double precision/], ['timestamptz', /seconds/], ['bytea', /types are text, /], ['constructor', /types are text, /], ['TEXT[]', /types are text, |declare/],
  ])) assert.throws(() => compiled(where, { 'resource.owner': { column: 'owner', type } }), { code: 'unsupported_column', message })
  assert.throws(() => compiled(where, { 'resource.owner': { column: 'owner', type: 'uuid' } }, 'sqlite'), { code: 'unsupported_column', message: /only PostgreSQL/ })
  for (const type of ['double', 'boolean', 'json', 'text[]']) assert.throws(() => compiled(true, { 'resource.id': { column: 'id', type } }), { code: 'unsupported_column', message: /`resource\.id`.*part/ })
  assert.throws(() => compiled(where, { 'resource.owner': { column: 'owner', path: ['a'] } }), { code: 'unsupported_column' })
})

test('a misspelled option or member is an error', () => {
  assert.throws(() => sql(tenant, { dialect: 'mysql', columns }), { code: 'invalid_value', message: /'postgres' or 'sqlite'/ })
  assert.throws(() => sql(tenant, { dialect: 'sqlite', column: {} }), { code: 'invalid_value' })
  assert.throws(() => sql(tenant, { dialect: 'sqlite' }), { code: 'wrong_type' })
  assert.throws(() => sql(tenant), { code: 'wrong_type' })
  for (const column of [{ column: 'a', Valid: true }, { column: 'a', collation: 'nocase' }]) assert.throws(() => compiled(true, { 'resource.org': column }), { code: 'invalid_value' })
  for (const ref of ['org', 'resource', 'resource.', 'resource.path', 'subject.org', 'attributes']) assert.throws(() => compiled(true, { [ref]: 'a' }), { code: 'invalid_value' })
  assert.throws(() => compiled(true, { 'resource.org': { column: 'a', valid: 'yes' } }), { code: 'wrong_type' })
  assert.throws(() => compiled(true, { 'resource.org': 5 }), { code: 'wrong_type' })
})

test('a filter with an unknown member is refused', () => {
  const atom = { attribute: 'resource.org', equals: ['x'] }
  for (const where of [
    undefined, null, 5, 'true', [], {}, { all: [] }, { any: [] }, { all: atom }, { all: [atom], any: [atom] }, { not: undefined }, { attribute: 'resource.org' },
    { ...atom, differs: ['y'] }, { ...atom, or: true }, { attribute: 'resource.org', equals: [] }, { attribute: 'resource.org', equals: 'x' }, { attribute: 'resource.org', equals: [null] },
    { attribute: 'resource.org', equals: [2 ** 53] }, { attribute: 'resource.org', equals: [['x']] }, { attribute: 'resource.org', equals: { ref: 'subject.org' } }, { attribute: 'attributes', equals: ['doc'] },
    { attribute: 'resource.org', equals: { ref: 'resource.org', more: 1 } }, { attribute: 'resource.org', between: {} }, { attribute: 'resource.org', between: { atLeast: '5' } },
    { attribute: 'resource.org', between: { atleast: 5 } }, { attribute: 'resource.org', single: { atLeast: { ref: 'resource.id' } } }, { attribute: 'resource.a..b', equals: ['x'] }, { attribute: 'org', equals: ['x'] },
  ]) {
    for (const compile of [() => compiled(where, {}), () => predicate(/** @type {any} */ ({ type: 'doc', shape, where }))]) assert.throws(compile, { code: 'invalid_value' }, JSON.stringify(where))
  }
  for (const filter of [null, 5, {}, { ...tenant, shape: [] }, { ...tenant, shape: [5] }, { ...tenant, shape: [{ part: 'a' }, { part: 'a' }] }, { ...tenant, action: 'x' }, { type: 'doc', where: true }]) {
    assert.throws(() => sql(filter, { dialect: 'postgres', columns }), LatchworkError)
  }
})

test('members of a prototype are ignored in a filter and a mapping', () => {
  const names = { not: true, all: [true], valid: true, type: 'integer', path: ['x'], collation: 'nondeterministic', 'resource.owner': 'owner', ref: 'resource.org', atLeast: 5, firstParameter: 9 }
  try {
    for (const [name, value] of Object.entries(names)) Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    assert.deepEqual(sql(tenant, { dialect: 'postgres', columns }), { text: '("org" = $1::text)', params: ['acme'], never: false })
    assert.throws(() => compiled({ attribute: 'resource.owner', equals: ['x'] }, {}), { code: 'unmapped_attribute' })
    assert.equal(compiled({ attribute: 'resource.org', equals: ['x'] }, { 'resource.org': { column: 'org' } }).text, '("org" = $1::text)')
  } finally {
    for (const name of Object.keys(names)) delete (/** @type {any} */ (Object.prototype)[name])
  }
})

test('the message about a filter that JSON does not have names its place, if it has one', () => {
  for (const filter of [undefined, 1n]) assert.throws(() => sql(filter, { dialect: 'postgres', columns }), { code: 'invalid_value', message: `the filter: expected a JSON value, got ${typeof filter}` })
  assert.throws(() => sql({ ...tenant, type: 1n }, { dialect: 'postgres', columns }), { code: 'invalid_value', message: 'the filter, at `/type`: expected a JSON value, got bigint' })
})
