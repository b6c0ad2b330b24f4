// @ts-check
// Hostile values as records, forms, attributes and bodies: each call gives a result or an error, and the instance does not
// change.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged, outcomeOf } from '../support/assertions.mjs'

const { open, validate, classify, schema } = untyped(latchwork)

const meuse = open('meuse', samples.meuse.records)

/**
 * Passes a value wherever one can be passed; what came of each.
 * @param {() => unknown} make a fresh value each time
 */
function pass(make) {
  const outcomes = []
  for (const system of systems) {
    outcomes.push(
      outcomeOf(() => open(system, make())),
      outcomeOf(() => open(system, { users: make() })),
      outcomeOf(() => open(system, { users: [make()] })),
      outcomeOf(() => validate(system, samples[system].kind, make())),
      outcomeOf(() => validate(system, samples[system].kind, { ...samples[system].value, extra: make() })),
    )
  }
  outcomes.push(
    outcomeOf(() => meuse.can('ann', 'user.update', 'user:ann', make())),
    outcomeOf(() => meuse.decide({ subject: 'ann', action: 'user.update', resource: 'user:ann', attributes: { fields: make() } })),
    outcomeOf(() => classify('meuse', { method: 'POST', path: '/api/v1/meuse/user/ann', body: make() })),
    outcomeOf(() => classify('antmedia', { method: 'GET', path: '/rest/request', query: make() })),
    outcomeOf(() => schema('meuse', 'user.create')['~standard'].validate(make())),
  )
  assertUnchanged()
  return outcomes
}

/**
 * Passes a value that no document can hold: nothing comes of it but problems.
 * @param {() => unknown} make
 * @param {string} code of the problem with the value itself
 */
function refuses(make, code) {
  for (const { result, error } of pass(make)) {
    assert.ok(error || result?.problems || result?.issues, `took it: ${JSON.stringify(result)}`)
  }
  assert.ok(validate('meuse', 'user.create', { name: make() }).problems.some((/** @type {any} */ problem) => problem.code === code))
}

/** @param {number} depth */
function nested(depth) {
  let value = {}
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value }
  return value
}

test('hazard "JSON of depth 3,500": objects of any depth are a problem, also the second time', () => {
  for (const depth of [40, 3_500, 10_000, 10_000, 100_000]) refuses(() => nested(depth), 'too_long')
})

test('hazard "serde_json depth 127 ok, 128 refused": 32 levels are accepted, 33 are refused', () => {
  const list = (/** @type {number} */ depth) => {
    /** @type {unknown[]} */
    let value = []
    for (let level = 2; level < depth; level += 1) value = [value]
    return { name: value }
  }
  assert.deepEqual(validate('meuse', 'category.update', list(32)).problems.map((/** @type {any} */ problem) => problem.path), ['/name'])
  assert.deepEqual(
    validate('meuse', 'category.update', list(33)).problems.map((/** @type {any} */ { path, code }) => ({ path, code })),
    [{ path: `/name${'/0'.repeat(31)}`, code: 'too_long' }],
  )
})

test('hazard "Cyclic object": a cycle is a problem, also with two references', () => {
  refuses(() => {
    /** @type {any} */
    const value = {}
    value.self = value
    return value
  }, 'too_long')
  refuses(() => {
    /** @type {any} */
    const value = { users: [] }
    value.users.push(value, value)
    value.left = value.right = value
    return value
  }, 'too_long')
})

test('hazard "a getter\'s exception arrives as is": the exception of a getter does not reach the caller', () => {
  for (const thrown of [new Error('mine'), new RangeError('mine'), 'mine', '{"code":"mine"}', null, undefined, { code: 'mine', message: '' }]) {
    refuses(
      () => ({
        get name() {
          throw thrown
        },
      }),
      'unreadable',
    )
  }
})

test('hazard "a value can differ on the next read by JS": each getter is called once', () => {
  let reads = 0
  const record = {
    name: 'ann',
    get role() {
      reads += 1
      return reads === 1 ? 'read-only' : 'admin'
    },
  }
  const authorizer = open('meuse', { users: [record] })
  assert.equal(reads, 1)
  assert.equal(authorizer.can('ann', 'user.create', 'users'), false)

  reads = 0
  const question = {
    get subject() {
      reads += 1
      return reads === 1 ? 'nobody' : 'ann'
    },
    action: 'crate.yank',
    resource: 'crate:latch@1.0.0',
  }
  assert.equal(meuse.decide(question).allow, false)
  assert.equal(reads, 1)
  assertUnchanged()
})

test('hazard "time of check, time of use": records that change after they were read change nothing', () => {
  const records = structuredClone(samples.meuse.records)
  const authorizer = open('meuse', records)
  const { digest } = authorizer
  records.users[0].role = 'admin'
  assert.equal(authorizer.can('ann', 'user.create', 'users'), false)
  assert.equal(authorizer.digest, digest)
})

test('hazard "Proxy get and has traps run in field order": a trap that throws is a problem', () => {
  const fail = () => {
    throw new Error('mine')
  }
  for (const trap of ['get', 'ownKeys', 'getOwnPropertyDescriptor']) {
    refuses(() => new Proxy({ name: 'x' }, { [trap]: fail }), 'unreadable')
    if (trap !== 'ownKeys') refuses(() => new Proxy(['x'], { [trap]: fail }), 'unreadable')
  }
  for (const trap of ['getPrototypeOf', 'has', 'set', 'apply']) pass(() => new Proxy({ name: 'x' }, { [trap]: fail }))
  refuses(() => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }, 'unreadable')
})

test('a Proxy with a hundred thousand keys, or a list of four thousand million items, is refused in time', () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}`)
  pass(() => new Proxy({}, {
    ownKeys: () => keys,
    getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
  }))
  refuses(() => new Proxy([], { get: (list, name) => (name === 'length' ? 2 ** 32 - 1 : Reflect.get(list, name)) }), 'wrong_type')
  refuses(() => new Array(2 ** 32 - 1), 'wrong_type')
  for (const length of ['x', NaN, -1, {}, null]) {
    pass(() => new Proxy([1], { get: (list, name) => (name === 'length' ? length : Reflect.get(list, name)) }))
  }
})

test('hazard "Map refused for structs, Date becomes {}": instances of classes are refused', () => {
  class Record {
    name = 'ann'
    role = 'admin'
  }
  for (const make of [
    () => new Map([['name', 'ann']]),
    () => new Set([1]),
    () => new Date(0),
    () => new Record(),
    () => new Error('x'),
    () => new String('ann'),
    () => Object(1n),
    () => /x/,
    () => new Uint8Array(4),
    () => new WeakMap(),
    () => Promise.resolve(1),
    () => new URLSearchParams('a=b'),
    () => Object.create({ name: 'ann' }),
  ]) {
    const outcomes = [
      outcomeOf(() => open('meuse', make())),
      outcomeOf(() => open('meuse', { users: [make()] })),
      outcomeOf(() => validate('meuse', 'user.create', make())),
      outcomeOf(() => meuse.can('ann', 'user.update', 'user:ann', make())),
    ]
    for (const { result, error } of outcomes) assert.ok(error || result.problems)
    pass(make)
  }
})

test('objects without a prototype and of another realm are accepted as plain objects', async () => {
  const { runInNewContext } = await import('node:vm')
  const record = { name: 'ann', role: 'tech' }
  for (const users of [
    [Object.assign(Object.create(null), record)],
    runInNewContext('[{ name: "ann", role: "tech" }]'),
  ]) {
    assert.equal(open('meuse', { users }).digest, open('meuse', { users: [record] }).digest)
  }
})

test('hazard "an enum variant may also be written as an object": a word must be a string', () => {
  assertRefused(() => open('meuse', { users: [{ name: 'ann', role: { admin: null } }] }), 'invalid_records')
  assertRefused(() => open('meuse', { users: [{ name: 'ann', role: ['admin'] }] }), 'invalid_records')
  assertUnchanged()
})

test('functions, symbols and bigints are refused', () => {
  for (const make of [() => () => 1, () => Symbol('x'), () => Symbol.iterator, () => 1n, () => class {}, () => Math.max]) {
    refuses(make, 'wrong_type')
  }
})

test('hazard "NaN and Infinity": numbers are finite, and -0 is 0', () => {
  for (const number of [NaN, Infinity, -Infinity, 1e308, -1.7e308]) refuses(() => number, 'out_of_range')
  assert.equal(validate('meuse', 'token.create', { name: 'n', validity: -0, user: 'u', password: 'long enough' }).problems[0].path, '/validity')
  for (const number of [1.5, -1, 2 ** 31, 2 ** 53, 1e21, 9e307, 5e-324]) pass(() => number)
})

test('hazard "true for u32, \\"5\\" for u32": a member of another type is a problem at its place', () => {
  const wrong = { validity: '5', name: 5, user: true, password: null }
  const { problems } = validate('meuse', 'token.create', wrong)
  assert.deepEqual(new Set(problems.map((/** @type {any} */ { path, code }) => `${path} ${code}`)), new Set([
    '/validity wrong_type', '/name wrong_type', '/user wrong_type', '/password wrong_type',
  ]))
  for (const active of ['false', 'true', 0, 1, {}, [], null]) {
    assertRefused(() => open('meuse', { users: [{ name: 'a', role: 'tech', active }] }), 'invalid_records')
  }
})

test('hazard "unknown, symbol and non-enumerable keys": unknown members of records are problems, and symbol and non-enumerable keys are ignored', () => {
  const hidden = { name: 'ann', role: 'tech', [Symbol('role')]: 'admin' }
  Object.defineProperty(hidden, 'active', { value: false, enumerable: false })
  assert.equal(open('meuse', { users: [hidden] }).can('ann', 'crate.list', 'crates'), true)
  assertRefused(() => open('meuse', { users: [{ name: 'ann', role: 'tech', admin: true }] }), 'invalid_records')
})

test('hazard "1e999 refused": invalid JSON text is an error', () => {
  for (const { kind, value } of Object.values(samples)) pass(() => JSON.stringify({ [kind]: value }))
  for (const text of ['', '{', '{"users":[],}', '{"users":1e999}', '{"a":"\\ud800"}']) assertRefused(() => open('meuse', text), 'malformed_json')
  assertRefused(() => open('meuse', '{"a":"\ud800"}'), 'malformed_string')
})

test('records as JSON text give the same result as the object, and a repeated member is a problem', () => {
  const { records } = samples.meuse
  assert.equal(open('meuse', JSON.stringify(records)).digest, open('meuse', records).digest)
  const { error } = outcomeOf(() => open('meuse', '{"users":[],"users":[]}'))
  assert.deepEqual(error.problems.map((/** @type {any} */ { path, code }) => `${path} ${code}`), ['/users duplicate'])
})

test('malformed records have all their problems, each at its place', () => {
  const records = { users: [{ name: '', role: 'boss' }, 5, { role: 'tech' }], crates: {}, nonsense: 1 }
  const { error } = outcomeOf(() => open('meuse', records))
  assert.equal(error.code, 'invalid_records')
  assert.deepEqual(
    error.problems.map((/** @type {any} */ { path, code }) => `${path} ${code}`).sort(),
    ['/crates wrong_type', '/nonsense unknown_field', '/users/0/name too_short', '/users/0/role unknown_value', '/users/1 wrong_type', '/users/2/name required'].sort(),
  )
  assertUnchanged()
})

test('an error lists at most a thousand problems', () => {
  for (const users of [new Array(5_000).fill(5), new Array(5_000).fill(NaN)]) {
    const { error } = outcomeOf(() => open('meuse', { users }))
    assert.equal(error.problems.length, 1_000)
  }
  assertUnchanged()
})

test('a form of more than 65,536 characters is one problem', () => {
  const { problems } = validate('meuse', 'category.create', { name: 'n', description: 'x'.repeat(70_000) })
  assert.deepEqual(problems.map((/** @type {any} */ { path, code }) => ({ path, code })), [{ path: '', code: 'too_long' }])
  assertRefused(() => meuse.can('ann', 'user.update', 'user:ann', { fields: ['x'.repeat(70_000)] }), 'too_large')
  assertRefused(() => classify('meuse', { method: 'POST', path: '/api/v1/meuse/user', body: 'x'.repeat(70_000) }), 'too_large')
  assertUnchanged()
})
