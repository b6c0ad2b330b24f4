// @ts-check
// Members on `Object.prototype` and `Array.prototype`, added before or after the package is loaded.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertUnchanged, outcomeOf } from '../support/assertions.mjs'

const { open, validate, classify, schema } = untyped(latchwork)

/** All decisions and other results of the package. */
function allDecisions() {
  const all = []
  for (const system of systems) {
    const { records, user, allowed, denied, kind, value } = samples[system]
    const authorizer = open(system, records)
    const subject = authorizer.subject(user)
    const question = (/** @type {any[]} */ [action, resource]) => ({ subject: user, action, resource })
    all.push(
      authorizer.digest, subject.digest, subject.can(...allowed), subject.can(...denied), authorizer.can(user, ...allowed), authorizer.can(null, ...allowed),
      authorizer.can('nobody', ...allowed), subject.explain(...allowed), authorizer.decide(question(denied)), authorizer.explain(question(allowed)),
      [...authorizer.canMany([question(allowed), question(denied)])], subject.canId(subject.prepare(...allowed)), [...subject.canMany([subject.prepare(...denied)])],
      system === 'wso2' && subject.reach('ui.execute'), subject.actions(allowed[1]), outcomeOf(() => open(system, { nonsense: [] })).error.problems,
      outcomeOf(() => open(system, 5)).error.code, outcomeOf(() => subject.can('nonsense', 'x')).error.message, outcomeOf(() => open('nonsense', {})).error.code,
      outcomeOf(() => classify(system, { method: 'GET', path: '/api/v1/meuse/token?user=ann' })).result,
      outcomeOf(() => classify(system, { method: 'GET', path: '/rest/v2/version' })).result,
    )
    if (kind !== undefined) {
      const standard = schema(system, kind)['~standard']
      all.push(validate(system, kind, value), validate(system, kind, { nonsense: 1 }), standard.validate(value), standard.validate({ nonsense: 1 }))
    }
    authorizer.dispose()
  }
  const authorizer = open('rbac', samples.rbac.records)
  const narrowed = authorizer.subject({ id: 'eve', roles: ['editor'] }).within([{ roles: ['editor'] }, { grants: { '**': 'read' } }])
  const asked = ['write', { type: 'notes', id: '1' }, { owner: 'ann' }, { context: { ip: '::1' }, now: 1 }]
  all.push(
    narrowed.explain('write', 'docs/1'), narrowed.actions('docs/1'), authorizer.subject('ann').explain(...asked), authorizer.slice('ann'), authorizer.subject('ann').reach('write'),
    authorizer.decide({ subject: { id: 'eve', roles: ['editor'] }, action: 'write', resource: 'docs/42', within: { grants: { '**': 'read' } } }),
    outcomeOf(() => authorizer.subject({ id: 'eve', nonsense: 1 })).error.problems, outcomeOf(() => authorizer.can('ann', 'write', { type: 'notes' })).error.message,
  )
  authorizer.dispose()
  return all
}

/**
 * Acts while such members are on a prototype.
 * @template T
 * @param {any} prototype @param {any} members @param {() => T} act
 */
function polluting(prototype, members, act) {
  const names = Reflect.ownKeys(members)
  const descriptors = names.map((name) => ({ __proto__: null, configurable: true, ...members[name] }))
  names.forEach((name, index) => Reflect.defineProperty(prototype, name, descriptors[index]))
  try {
    return act()
  } finally {
    for (const name of names) Reflect.deleteProperty(prototype, name)
  }
}

const clean = JSON.stringify(allDecisions())

/** @type {[string, object, { [name: PropertyKey]: PropertyDescriptor }][]} */
const polluted = [
  ['toJSON on objects', Object.prototype, { toJSON: { value: () => ({ users: [] }), writable: true } }],
  ['toJSON on strings and numbers', String.prototype, { toJSON: { value: () => 'x' } }],
  ['get and set on objects', Object.prototype, { get: { value: () => 'x' }, set: { value: () => 'x' } }],
  ['members of questions', Object.prototype, {
    attributes: { value: { fields: ['role'] }, enumerable: true }, query: { value: [['user', 'bob']], enumerable: true },
    body: { value: { user: 'bob' }, enumerable: true }, subject: { value: 'bob', enumerable: true },
  }],
  ['members of records', Object.prototype, {
    users: { value: [], enumerable: true }, role: { value: 'admin', enumerable: true }, active: { value: true, enumerable: true },
    scope: { value: 'system', enumerable: true }, userType: { value: 'ADMIN', enumerable: true }, org_id: { value: 'o', enumerable: true },
    isAdmin: { value: true, enumerable: true }, ann: { value: {}, enumerable: true }, nobody: { value: {}, enumerable: true },
  }],
  ['members of outcomes', Object.prototype, {
    problems: { value: [{ path: '', code: 'x', message: 'x' }] }, cause: { value: 'x' }, details: { value: {} }, level: { value: 'admin' }, needs: { value: 'x' },
  }],
  ['an iterator on objects', Object.prototype, { [Symbol.iterator]: { value: function* () { yield ['user', 'bob'] } } }],
  ['items of lists', Array.prototype, { 0: { value: 'x', writable: true, enumerable: true }, 1: { value: 'x', writable: true, enumerable: true } }],
]

for (const [what, prototype, members] of polluted) {
  test(`hazard "inherited fields read": ${what} change no decision`, () => {
    const answered = polluting(prototype, members, allDecisions)
    assert.equal(JSON.stringify(answered), clean)
    assertUnchanged()
  })
}

test('setters on Object.prototype are never called', () => {
  const names = ['code', 'message', 'problems', 'name', 'path', 'actions', 'levels', 'rules', 'kinds', 'allow', 'rule', 'level', 'needs', 'value', 'handle', 'epoch', 'exports', 'text', 'citation']
  /** @type {string[]} */
  const called = []
  const setters = Object.fromEntries(names.map((name) => [name, { set: () => called.push(name), get: () => undefined }]))
  const answered = polluting(Object.prototype, setters, allDecisions)
  assert.deepEqual(called, [])
  assert.equal(JSON.stringify(answered), clean)
  assertUnchanged()
})

test('members of Array.prototype do not fill the holes of a list', () => {
  const holes = new Array(2)
  const outcome = polluting(Array.prototype, { 0: { value: { name: 'eve', role: 'admin' }, writable: true } }, () => outcomeOf(() => open('meuse', { users: holes })))
  assert.equal(outcome.error.code, 'invalid_records')
  assertUnchanged()
})

test('the package works if all prototypes are frozen before it is loaded', () => {
  const program = `
    for (const made of [Object, Array, Function, Error, String, Number, Map, Uint8Array, Promise]) Object.freeze(made.prototype)
    const { open, validate, LatchworkError } = await import('latchwork')
    const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech' }] })
    try {
      open('meuse', { users: 5 })
    } catch (error) {
      console.log(error instanceof LatchworkError, error.name, error.code, error.problems.length)
    }
    console.log(authorizer.can('ann', 'crate.list', 'crates'), validate('meuse', 'category.create', {}).problems.length)
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', cwd: import.meta.dirname })
  assert.equal(stdout, 'true LatchworkError invalid_records 1\ntrue 2\n', stderr)
})
