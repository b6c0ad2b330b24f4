// @ts-check
// Hostile names: members of every JavaScript object, and names that are too long or not text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { NAMES, only } from '../support/sample-parts.mjs'
import { samples, systems, untyped } from '../support/samples.mjs'
import { assertRefused, assertUnchanged, outcomeOf } from '../support/assertions.mjs'

const { open, validate, classify } = untyped(latchwork)

for (const system of systems) {
  test(`hazard "a plain object as a user table": a user is called constructor in ${system} only if the records have it`, () => {
    const { records, allowed } = samples[system]
    const authorizer = open(system, records)
    const unknown = authorizer.decide({ subject: 'nobody', action: allowed[0], resource: allowed[1] })
    const all = open(system, samples[system].named('constructor').records)
    for (const name of NAMES) {
      assert.deepEqual(authorizer.decide({ subject: name, action: allowed[0], resource: allowed[1] }), unknown, name)
      const { asked } = samples[system].named(name)
      assert.equal(all.can('nobody', ...asked), false)
    }
    assertUnchanged()
  })

  test(`hazard "own __proto__ key in": such a name is an ordinary name in ${system}`, () => {
    for (const name of NAMES) {
      const { records, asked } = samples[system].named(name)
      const authorizer = open(system, records)
      const subject = authorizer.subject(name)
      assert.equal(subject.can(...asked), true, name)
      assert.equal(subject.canId(subject.prepare(...asked)), true)
      assert.equal(subject.explain(...asked).allow, true)
      assert.equal(authorizer.can('nobody', ...asked), false)
      for (const other of NAMES.filter((other) => other !== name)) {
        assert.equal(authorizer.can(other, ...asked), false, `${other} in place of ${name}`)
        assert.equal(subject.can(...samples[system].named(other).asked), false)
      }
    }
    assertUnchanged()
  })
}

test('hazard "maps out: prototype replaced": a validated value has such members as own members, and a plain prototype', () => {
  for (const name of NAMES) {
    const checks = [
      validate('antmedia', 'user.create', { email: 'a@x', password: 'p', appNameUserType: only(name, 'ADMIN') }).value.appNameUserType,
      validate('arangodb', 'user.create', { user: 'a', extra: only(name, { isAdmin: true }) }).value.extra,
      validate('tyk', 'user.create', {
        first_name: 'A', last_name: 'B', email_address: 'a@x.io', user_permissions: only(name, 'write'),
      }).value.user_permissions,
    ]
    for (const object of checks) {
      assert.deepEqual(Object.keys(object), [name])
      assert.equal(Object.getPrototypeOf(object), Object.prototype)
      assert.equal(object.isAdmin, undefined)
    }
  }
  assert.equal(/** @type {any} */ ({}).isAdmin, undefined)
})

test('a member with such a name is unknown in records, and missing in a question', () => {
  for (const name of NAMES) {
    for (const system of systems) assertRefused(() => open(system, { ...samples[system].records, ...Object.fromEntries([[name, []]]) }), 'invalid_records')
    assertRefused(() => open(name, {}), 'unknown_system')
    assertRefused(() => open('meuse', {}).can('ann', name, 'crates'), 'unknown_action')
    assertRefused(() => validate('meuse', name, {}), 'unknown_kind')
    assertRefused(() => validate(name, 'user.create', {}), 'unknown_system')
    assertRefused(() => classify(name, { method: 'GET', path: '/' }), 'unknown_system')
    const asked = classify('meuse', { method: 'POST', path: '/api/v1/meuse/user/a', body: only(name, { role: 'admin' }) })
    assert.deepEqual(asked.attributes, { fields: [] })
    assert.equal(classify('meuse', { method: name, path: `/${name}`, query: only(name, 'x') }), null)
  }
  assertUnchanged()
})

/** Every way in for a string. @type {[string, (text: string) => unknown][]} */
const ways = [
  ['system of open', (text) => open(text, {})],
  ['system of validate', (text) => validate(text, 'user.create', {})],
  ['system of classify', (text) => classify(text, { method: 'GET', path: '/' })],
  ['kind', (text) => validate('meuse', text, {})],
  ['kind of an authorizer', (text) => open('meuse', {}).validate(text, {})],
  ['subject', (text) => open('meuse', samples.meuse.records).subject(text)],
  ['role', (text) => open('wso2', samples.wso2.records).subject({ role: text })],
  ['subject of can', (text) => open('meuse', samples.meuse.records).can(text, 'crate.list', 'crates')],
  ['action', (text) => open('meuse', samples.meuse.records).can('ann', text, 'crates')],
  ['action of decide', (text) => open('meuse', samples.meuse.records).decide({ subject: 'ann', action: text, resource: 'crates' })],
  ['action of prepare', (text) => open('meuse', samples.meuse.records).subject('ann').prepare(text, 'crates')],
  ['resource', (text) => open('meuse', samples.meuse.records).can('ann', 'crate.list', text)],
  ['resource of explain', (text) => open('meuse', samples.meuse.records).explain({ subject: 'ann', action: 'crate.list', resource: text })],
  ['resource of prepare', (text) => open('meuse', samples.meuse.records).subject('ann').prepare('crate.list', text)],
  ['resource with attributes', (text) => open('meuse', samples.meuse.records).can('ann', 'user.update', text, { fields: [] })],
  ['method', (text) => classify('meuse', { method: text, path: '/' })],
  ['path', (text) => classify('meuse', { method: 'GET', path: text })],
]

for (const [way, go] of ways) {
  test(`hazard "lone surrogates: U+FFFD each": a ${way} with one is refused`, () => {
    for (const text of ['\ud800', '\udc00', 'a\ud83d', '\ude00\ud83d', `${'a'.repeat(200)}\ud800`, '\ud800x'.repeat(40)]) {
      assertRefused(() => go(text), 'malformed_string')
    }
    assertUnchanged()
  })

  test(`a ${way} has at most 4,096 bytes`, () => {
    const longest = ['a'.repeat(4096), 'ก'.repeat(1365) + 'a', 'é'.repeat(2048), '😀'.repeat(1024)]
    for (const text of longest) {
      assert.equal(Buffer.byteLength(text), 4096)
      const { error } = outcomeOf(() => go(text))
      assert.ok(['unknown_system', 'unknown_action', 'unknown_kind', undefined].includes(error?.code), error?.code)
      assertRefused(() => go(text + 'a'), 'name_too_long')
    }
    for (const text of ['ก'.repeat(1366), 'a'.repeat(1 << 20), 'ก'.repeat(4096)]) assertRefused(() => go(text), 'name_too_long')
    assertUnchanged()
  })
}

test('lone surrogates in values are problems, in keys too', () => {
  for (const value of [{ name: '\ud800', description: 'x' }, { name: 'x', description: 'x', '\udfff': 1 }]) {
    assert.equal(validate('meuse', 'category.create', value).problems[0].code, 'bad_format')
    assertRefused(() => open('meuse', value), 'invalid_records')
  }
  assertUnchanged()
})

test('names of 4,096 bytes are found, in records and in questions', () => {
  for (const letter of ['a', 'ก']) {
    const name = letter.repeat(Math.floor(4096 / Buffer.byteLength(letter)))
    const authorizer = open('meuse', { users: [{ name, role: 'admin' }] })
    assert.equal(authorizer.can(name, 'user.list', 'users'), true)
    assert.equal(authorizer.can(name.slice(1), 'user.list', 'users'), false)
    assertRefused(() => open('meuse', { users: [{ name: `${name}${letter}`, role: 'admin' }] }), 'invalid_records')
    const shop = open('arangodb', { users: { [name]: { grants: { [name]: { level: 'rw' } } } } })
    assert.equal(shop.can(name, 'create-collection', name), true)
  }
})

test('hazard "BOM, NUL, non-BMP kept": names are compared by their exact characters', () => {
  const names = ['\ufeffann', 'ann', 'ann\0', '\0', '😀', 'Ann', 'ANN', 'é', 'e\u0301', 'K', '\u212a', 'İ', 'i̇', 'ς', 'σ', ' ann', '\u202eann']
  const users = names.map((name, index) => ({ name, role: index % 2 ? 'admin' : 'read-only' }))
  const authorizer = open('meuse', { users })
  names.forEach((name, index) => assert.equal(authorizer.can(name, 'user.list', 'users'), index % 2 === 1, JSON.stringify(name)))
  assert.equal(authorizer.can('ann\0\0', 'user.list', 'users'), false)
})
