// @ts-check
// Authorizers and subjects behind a Proxy, as prototypes, with detached methods, copied and inspected.

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged } from '../support/assertions.mjs'

const { open } = untyped(latchwork)

/** A Proxy that wraps every object that comes out of it, and gives functions their `this` as it is: as a `ref` of Vue does. @param {any} target @returns {any} */
function reactive(target) {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value = Reflect.get(object, name, receiver)
      return typeof value === 'object' && value !== null ? reactive(value) : value
    },
  })
}

/** A Proxy that calls methods on whatever they are called on, and counts: as a spy does. @param {any} target @returns {any} */
function spied(target) {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value = Reflect.get(object, name, receiver)
      if (typeof value !== 'function' || typeof name === 'symbol') return value
      return /** @this {any} @param {any[]} args */ function (...args) {
        return Reflect.apply(value, this, args)
      }
    },
  })
}

/** @param {any} target @returns {any} */
const unchangeable = (target) => new Proxy(target, { set: () => true, defineProperty: () => true })

/** @type {[string, (value: any) => any][]} */
const disguises = [
  ['a Proxy', (value) => new Proxy(value, {})],
  ['a Proxy of a Proxy', (value) => new Proxy(new Proxy(value, {}), {})],
  ['a Proxy that wraps what it returns', reactive],
  ['a Proxy that wraps methods', spied],
  ['a Proxy that takes no changes', unchangeable],
  ['Object.create', (value) => Object.create(value)],
  ['a frozen object', (value) => Object.freeze(value)],
]

for (const [what, disguise] of disguises) {
  test(`subjects and authorizers give the same decisions through ${what}`, () => {
    for (const system of systems) {
      const { records, user, allowed, denied, kind, value } = samples[system]
      const plain = open(system, records)
      const authorizer = disguise(open(system, records))
      const subject = disguise(authorizer.subject(user))
      assert.equal(authorizer.system, system)
      assert.equal(authorizer.digest, plain.digest)
      assert.equal(subject.digest, plain.subject(user).digest)
      assert.equal(subject.authorizer.digest, plain.digest)
      for (const [asked, allow] of /** @type {[any, boolean][]} */ ([[allowed, true], [denied, false]])) {
        const [action, resource] = asked
        assert.equal(subject.can(...asked), allow)
        assert.equal(authorizer.can(user, ...asked), allow)
        assert.equal(authorizer.can(subject, ...asked), allow)
        assert.deepEqual(subject.decide(...asked), plain.subject(user).decide(...asked))
        assert.deepEqual(authorizer.decide({ subject, action, resource }), authorizer.decide({ subject: user, action, resource }))
        assert.deepEqual(authorizer.explain({ subject, action, resource }), subject.explain(...asked))
        assert.deepEqual([...authorizer.canMany([{ subject, action, resource }, { subject: user, action, resource }])], [Number(allow), Number(allow)])
        const number = subject.prepare(...asked)
        assert.equal(subject.canId(number), allow)
        assert.deepEqual([...subject.canMany([number])], [Number(allow)])
      }
      if (system === 'wso2') assert.deepEqual(subject.reach('ui.execute'), plain.subject(user).reach('ui.execute'))
      if (kind !== undefined) assert.deepEqual(authorizer.validate(kind, value), plain.validate(kind, value))
      assert.deepEqual(subject.actions(allowed[1]), plain.subject(user).actions(allowed[1]))
      assertRefused(() => plain.can(subject, ...allowed), 'foreign_subject')
      subject.dispose()
      assertRefused(() => subject.can(...allowed), 'disposed')
      authorizer[Symbol.dispose]()
      assertRefused(() => authorizer.can(user, ...allowed), 'disposed')
    }
    assertUnchanged()
  })
}

test('a Proxy that is revoked or throws is a LatchworkError', () => {
  const authorizer = open('meuse', samples.meuse.records)
  const { proxy, revoke } = Proxy.revocable(authorizer.subject('ann'), {})
  revoke()
  assertRefused(() => authorizer.can(proxy, ...samples.meuse.allowed), 'invalid_value')
})

test('a detached method throws one clear error', () => {
  const authorizer = open('meuse', samples.meuse.records)
  for (const [object, call] of [[authorizer, 'authorizer.can'], [authorizer.subject('ann'), 'subject.can']]) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(object))) {
      const method = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name)?.value
      if (name === 'constructor' || name.startsWith('_') || typeof method !== 'function') continue
      for (const self of [undefined, null, 5, {}, () => 1]) {
        assert.throws(() => method.call(self, 'x'), (/** @type {any} */ error) => error.code === 'wrong_type' && error.message.includes(`\`${call}(…)\``), `${call} ${name}`)
      }
    }
  }
  const { can } = authorizer.subject('ann')
  assertRefused(() => can('crate.list', 'crates'), 'wrong_type')
  assertUnchanged()
})

test('copying an authorizer or a subject throws an error that names what to send instead', () => {
  const authorizer = open('meuse', samples.meuse.records)
  const subject = authorizer.subject('ann')
  for (const [object, instead] of /** @type {[any, RegExp][]} */ ([[authorizer, /send its records and `open` them there/], [subject, /send its id, and the records/]])) {
    for (const value of [object, { object }, [object]]) {
      assert.throws(() => JSON.stringify(value), instead)
      assert.throws(() => structuredClone(value), instead)
    }
    assertRefused(() => JSON.stringify(object), 'unsupported')
  }
})

test('a logged authorizer has its model and digest, and nothing of its records', () => {
  const secret = 'correct horse battery staple'
  const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech', password: secret }] })
  const subject = authorizer.subject('ann')
  assert.equal(inspect(authorizer), `Authorizer { system: 'meuse', digest: '${authorizer.digest}', disposed: false }`)
  assert.equal(inspect(subject), `Subject { system: 'meuse', digest: '${subject.digest}', disposed: false }`)
  assert.equal(inspect(new Proxy(authorizer, {})), inspect(authorizer))
  for (const depth of [0, 5, Infinity]) {
    const text = inspect({ authorizer, list: [subject] }, { depth, showHidden: true, getters: true })
    assert.ok(!text.includes('ann') && !text.includes(secret), text)
  }
  authorizer.dispose()
  assert.match(inspect(authorizer), /disposed: true/)
  assert.match(inspect(subject), /disposed: true/)
  const unread = open('meuse', {})
  unread.dispose()
  assert.equal(inspect(unread), "Authorizer { system: 'meuse', disposed: true }")
})

test('a directory works behind a Proxy, with a store behind a Proxy, and with detached methods', async () => {
  for (const [, disguise] of disguises) {
    const directory = disguise(createDirectory({ system: 'meuse', store: disguise(memoryStore()) }))
    const { bootstrap, seed, records, authorizer, fetch } = directory
    assert.equal(typeof (await bootstrap()), 'string')
    await seed({ users: [{ name: 'ann', role: 'tech' }] })
    assert.equal((await records()).users.length, 1)
    assert.equal((await directory.authorizer()).can('ann', 'crate.list', 'crates'), true)
    assert.equal((await authorizer()).digest, (await directory.authorizer()).digest)
    assert.equal((await fetch(new Request('http://127.0.0.1/api/v1/meuse/user'))).status, 403)
  }
})
