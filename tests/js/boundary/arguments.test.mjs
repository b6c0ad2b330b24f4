// @ts-check
// Arguments of the wrong type, for each public function: an error of the package, never a conversion.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged } from '../support/assertions.mjs'

const { open, validate, classify, schema, LatchworkError } = untyped(latchwork)
const { records, allowed } = samples.meuse
const authorizer = open('meuse', records)
const subject = authorizer.subject('ann')
const number = subject.prepare(...allowed)

/** @param {unknown} returned */
const trick = (returned) => ({ toString: () => returned, valueOf: () => returned, [Symbol.toPrimitive]: () => returned })

/** What is no string, and what passes for one in loose code. */
const NO_STRINGS = [
  undefined, null, 0, 5, NaN, true, false, 1n, Symbol('x'), {}, [], ['ann'], () => 'ann', new Date(0), new String('ann'), trick('ann'),
  { length: 3, charCodeAt: () => 97 }, { length: 5e8, charCodeAt: () => 97 }, new Uint8Array([97]), new Proxy({}, {}),
]

/** @type {[string, (value: unknown) => unknown, unknown[]?][]} */
const strings = [
  ['the system of open', (value) => open(value, {})],
  ['the system of validate', (value) => validate(value, 'user.create', {})],
  ['the kind of validate', (value) => validate('meuse', value, {})],
  ['the system of a schema', (value) => schema(value, 'user.create')['~standard'].validate({})],
  ['the kind of a schema', (value) => schema('meuse', value)['~standard'].validate({})],
  ['the kind of an authorizer', (value) => authorizer.validate(value, {})],
  ['the system of classify', (value) => classify(value, { method: 'GET', path: '/' })],
  ['the method of classify', (value) => classify('meuse', { method: value, path: '/' })],
  ['the path of classify', (value) => classify('meuse', { method: 'GET', path: value })],
  ['a subject', (value) => authorizer.subject(value), [null]],
  ['a role', (value) => open('wso2', {}).subject({ role: value })],
  ['the subject of can', (value) => authorizer.can(value, ...allowed), [null]],
  ['the subject of decide', (value) => authorizer.decide({ subject: value, action: allowed[0], resource: allowed[1] }), [null]],
  ['the subject of canMany', (value) => authorizer.canMany([{ subject: value, action: allowed[0], resource: allowed[1] }]), [null]],
  ['the action of can', (value) => subject.can(value, allowed[1])],
  ['the action of decide', (value) => subject.decide(value, allowed[1])],
  ['the action of explain', (value) => subject.explain(value, allowed[1])],
  ['the action of prepare', (value) => subject.prepare(value, allowed[1])],
  ['the resource of can', (value) => subject.can(allowed[0], value)],
  ['the resource of can with attributes', (value) => subject.can('user.update', value, { fields: [] })],
  ['the resource of decide', (value) => subject.decide(allowed[0], value)],
  ['the resource of explain', (value) => subject.explain(allowed[0], value)],
  ['the resource of prepare', (value) => subject.prepare(allowed[0], value)],
]

for (const [what, act, fine = []] of strings) {
  test(`hazard "String argument 123 or {}: trap": ${what} is a string or refused`, () => {
    for (const value of NO_STRINGS) if (!fine.includes(value)) assertRefused(() => act(value), 'wrong_type')
    assertUnchanged()
  })
}

test('hazard "u32 -1, 2**32": the number of a question is itself, not what a conversion makes of it', () => {
  for (const value of [number + 2 ** 32, number - 2 ** 32, number + 0.5, -1, NaN, Infinity, 2 ** 53, -0.5, 2 ** 32 - 1, 0]) {
    assert.equal(subject.canId(value), false, String(value))
    assert.deepEqual([...subject.canMany([value, number])], [0, 1], String(value))
  }
  for (const value of [String(number), BigInt(number), trick(number), [number], null, undefined, true, Symbol('x'), new Number(number), {}]) {
    assertRefused(() => subject.canId(value), 'wrong_type')
    assertRefused(() => subject.canMany([value]), 'wrong_type')
  }
  assertUnchanged()
})

test('`canMany` accepts prepared questions as a Uint32Array or a list', () => {
  for (const value of [undefined, null, 5, 'x', {}, { length: 3 }, { length: 1e12 }, { length: -1 }, new Set([number]), new Float64Array([number]), new Uint8Array(4),
    new ArrayBuffer(8), Object.create(Uint32Array.prototype), () => number]) {
    assertRefused(() => subject.canMany(value))
  }
  assert.deepEqual([...subject.canMany([])], [])
  assert.deepEqual([...subject.canMany(new Uint32Array(0))], [])
  assertRefused(() => subject.canMany(new Array(3)), 'wrong_type')
  assertUnchanged()
})

test('`canMany` gives the decisions of single questions, for any number of them', () => {
  const denied = subject.prepare(...samples.meuse.denied)
  for (const count of [1, 4_095, 4_096, 4_097, 20_000]) {
    const numbers = Uint32Array.from({ length: count }, (_, index) => (index % 3 ? number : denied))
    const expected = Uint8Array.from(numbers, (one) => (one === number ? 1 : 0))
    assert.deepEqual(subject.canMany(numbers), expected)
    assert.deepEqual(subject.canMany([...numbers]), expected)
    const shared = new Uint32Array(new SharedArrayBuffer(4 * count + 4), 4)
    shared.set(numbers)
    assert.deepEqual(subject.canMany(shared), expected)
  }
  assertUnchanged()
})

test('a list of questions of more than 1,048,576 items is refused, and not read to its end', () => {
  const start = performance.now()
  for (const length of [2 ** 20 + 1, 1e8, 2 ** 32 - 1]) {
    assertRefused(() => subject.canMany(new Array(length)), 'too_large')
    assertRefused(() => authorizer.canMany(new Array(length)), 'too_large')
    assertRefused(() => classify('meuse', { method: 'GET', path: '/', query: new Array(length) }), 'too_large')
  }
  assertRefused(() => subject.canMany(new Uint32Array(2 ** 20 + 1)), 'too_large')
  assertRefused(() => subject.canMany(new Proxy([], { get: (target, name) => (name === 'length' ? 2 ** 32 - 1 : Reflect.get(target, name)) })), 'too_large')
  assert.ok(performance.now() - start < 20_000)
  assert.equal(subject.canMany(new Uint32Array(2 ** 20)).length, 2 ** 20)
  assertUnchanged()
})

test('a missing subject is an error that names `null` for an anonymous user', () => {
  for (const ask of [() => authorizer.subject(undefined), () => authorizer.can(undefined, ...allowed), () => authorizer.decide({ action: allowed[0], resource: allowed[1] })]) {
    assert.throws(ask, /the subject must be a string, or null for an anonymous user, got undefined/)
  }
})

test('an error as JSON has its message, its code and its problems', () => {
  for (const act of [() => open('meuse', { users: [{}] }), () => authorizer.can('ann', 'nonsense', '')]) {
    try {
      act()
      assert.fail('it was taken')
    } catch (error) {
      const { name, code, message, problems } = /** @type {any} */ (error)
      assert.deepEqual(JSON.parse(JSON.stringify(error)), JSON.parse(JSON.stringify({ name, code, message, problems })))
      assert.ok(message.length > 0)
    }
  }
})

test('a question is an object, and its members are read as they stand', () => {
  const decides = ['decide', 'explain']
  for (const value of [undefined, null, 5, 'x', true, 1n, Symbol('x'), () => 1]) {
    for (const name of decides) assertRefused(() => authorizer[name](value), 'wrong_type')
    assertRefused(() => authorizer.canMany([value]), 'wrong_type')
    assertRefused(() => classify('meuse', value), 'wrong_type')
  }
  const throwing = {
    get subject() {
      throw new Error('mine')
    },
    get path() {
      throw new Error('mine')
    },
  }
  for (const name of decides) assertRefused(() => authorizer[name](throwing), 'invalid_value')
  assertRefused(() => authorizer.canMany([throwing]), 'invalid_value')
  assertRefused(() => classify('meuse', throwing), 'invalid_value')
  assertRefused(() => authorizer.decide({}), 'wrong_type')
  assertUnchanged()
})

test('many questions come as a list of them', () => {
  const question = { subject: 'ann', action: allowed[0], resource: allowed[1] }
  for (const value of [undefined, null, 5, 'questions', {}, question, () => 1, { length: 3 }]) assertRefused(() => authorizer.canMany(value), 'wrong_type')
  assert.deepEqual([...authorizer.canMany(new Set([question, { ...question, subject: 'bob' }, { ...question, subject }]))], [1, 0, 1])
  const broken = {
    *[Symbol.iterator]() {
      yield question
      throw new Error('mine')
    },
  }
  assertRefused(() => authorizer.canMany(broken), 'invalid_value')
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield question
    },
  }
  assertRefused(() => authorizer.canMany(endless), 'too_large')
  assertRefused(() => authorizer.canMany([{ ...question, action: 'nonsense' }]), 'unknown_action')
  assertUnchanged()
})

test('a query parameter is text; one that is not is refused, because a route may depend on it', () => {
  const request = { method: 'GET', path: '/api/v1/meuse/token' }
  for (const query of [null, 5, 'user=ann', true, () => 1, [5], ['user'], [['user', 5]], [['user', ['a', 'b']]], [[null, 'x']], { user: 5 }, { user: ['a', 'b'] }, [['user', 'a', 'b']]]) {
    assertRefused(() => classify('meuse', { ...request, query }))
  }
  const named = { action: 'token.list', resource: 'tokens:ann' }
  for (const query of [{ user: 'ann' }, [['user', 'ann']], new URLSearchParams('user=ann'), new Map([['user', 'ann']])]) {
    assert.deepEqual(classify('meuse', { ...request, query }), named)
  }
  for (const query of [undefined, {}, [], new URLSearchParams()]) assert.equal(classify('meuse', { ...request, query }).resource, 'tokens:self')
  assertRefused(() => classify('meuse', { ...request, query: { *[Symbol.iterator]() { for (;;) yield ['a', 'b'] } } }), 'too_large')
  assertUnchanged()
})

test('the errors for unknown systems, actions and kinds list the valid ones', () => {
  for (const system of systems) {
    const { user, allowed, value } = samples[system]
    const authorizer = open(system, samples[system].records)
    const code = system === 'wso2' ? 'invalid_action' : 'unknown_action'
    for (const action of ['nonsense', '', `${allowed[0]} `, `\u0000${allowed[0]}`]) {
      for (const ask of ['can', 'decide', 'explain', 'prepare']) assertRefused(() => authorizer.subject(user)[ask](action, allowed[1]), code)
    }
    assertRefused(() => validate(system, 'nonsense', value), 'unknown_kind')
    assertRefused(() => authorizer.validate('', value), 'unknown_kind')
    assertRefused(() => validate(system, 'nonsense', undefined), 'unknown_kind')
    assertRefused(() => open(`${system} `, {}), 'unknown_system')
    assertRefused(() => open(system.toUpperCase(), {}), 'unknown_system')
  }
  assert.throws(() => validate('rbac', 'nonsense', {}), { message: 'unknown kind `nonsense`: there is none in this system' })
  try {
    open('nonsense', {})
  } catch (error) {
    for (const system of systems) assert.match(/** @type {Error} */ (error).message, new RegExp(system))
  }
  assertUnchanged()
})

test('only systems with a role in their sample have questions about roles', () => {
  for (const system of systems) {
    const authorizer = open(system, samples[system].records)
    const { role, allowed } = samples[system]
    if (role !== undefined) assert.equal(authorizer.subject({ role }).can(...allowed), true)
    else assertRefused(() => authorizer.subject({ role: 'maker' }), system === 'rbac' ? 'bad_question' : 'unsupported')
  }
  assertUnchanged()
})

test('an error has its code, and quotes the input on one line', () => {
  for (const act of [() => open('a\nb`\u0007', {}), () => subject.can('x'.repeat(300), 'y'), () => authorizer.subject(5)]) {
    try {
      act()
      assert.fail('it was taken')
    } catch (error) {
      const { name, code, message } = /** @type {any} */ (error)
      assert.ok(error instanceof Error && error instanceof LatchworkError)
      assert.equal(name, 'LatchworkError')
      assert.match(code, /^[a-z_]+$/)
      assert.doesNotMatch(message, /[\n\u0007]/)
      assert.ok(message.length < 1_500, message)
    }
  }
})
