// The module for servers: it makes the same decisions as every other module, and other modules name it in their errors.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import { open as openPage } from 'latchwork/rbac'
import { open } from 'latchwork/rbac/server'
import * as all from 'latchwork/server'

const policy = { actions: { publish: null }, roles: { editor: { grants: { 'docs/*': ['write', 'publish'] } } }, users: { ann: { roles: ['editor'] } } }

test('the module for servers decides as the module for pages does', () => {
  const [page, server] = [openPage(policy), open(policy)]
  assert.equal(server.digest, page.digest)
  for (const action of /** @type {const} */ (['read', 'admin', 'publish'])) {
    assert.deepEqual(server.subject('ann').decide(action, 'docs/1'), page.subject('ann').decide(action, 'docs/1'))
  }
  assert.equal(server.subject('ann').within({ roles: ['editor'] }).can('publish', 'docs/1'), true)
})

test('the module for servers can be required', () => {
  const required = createRequire(import.meta.url)('latchwork/rbac/server')
  assert.equal(required.open(policy).subject('ann').can('publish', 'docs/1'), true)
})

test('the error of a question for servers in a page names the import', () => {
  const page = openPage(policy)
  const questions = {
    holders: () => page.holders('read', 'docs/1'),
    diff: () => page.diff(page),
    lint: () => page.lint(),
    parts: () => page.parts(),
    mutants: () => page.mutants(),
    filter: () => page.subject('ann').filter('read', 'docs'),
    fields: () => page.subject('ann').fields('read', 'docs', ['1']),
  }
  for (const [name, ask] of Object.entries(questions)) {
    assert.throws(ask, { code: 'unsupported', message: `\`${name}\` is for servers and tools: \`import { open } from 'latchwork/rbac/server'\`` })
  }
})

test('comparing records of two models is an error', () => {
  const [one, other] = [all.open('rbac', policy), all.open('meuse', { users: [], crates: [] })]
  assert.throws(() => one.diff(other), { code: 'unsupported', message: 'the records of rbac cannot be compared with those of meuse' })
  assert.throws(() => one.diff(/** @type {any} */ ({})), { code: 'wrong_type' })
  assert.throws(() => one.diff(/** @type {any} */ (openPage(policy))), { code: 'wrong_type' })
})

test('comparing with a disposed authorizer is an error, and ends no prepared question', () => {
  const [one, other] = [open(policy), open(policy)]
  const subject = open(policy).subject('ann')
  const number = subject.prepare('publish', 'docs/1')
  other.dispose()
  assert.throws(() => one.diff(other), { code: 'disposed' })
  assert.throws(() => other.diff(one), { code: 'disposed' })
  assert.equal(subject.canId(number), true)
})

test('a slice of a subject within holders is an error: it would hold what they take away', () => {
  const app = open(policy)
  const subject = app.subject('ann').within({ grants: { 'docs/*': 'read' } })
  assert.throws(() => app.slice(subject), { code: 'unsupported', message: /narrow the one that the page opens/ })
  assert.deepEqual(app.slice(app.subject('ann')), app.slice('ann'))
})

const staff = open({
  resources: { field: 'employees/{id}/{field}', doc: 'docs/{id}/text', flag: 'flags' },
  users: {
    ann: {
      attributes: { team: 'web' },
      grants: {
        'employees/*/name': 'read',
        'employees/{subject}/*': 'read',
        'employees/*/phone': { allow: 'read', when: { 'resource.team': { ref: 'subject.team' } } },
        'employees/*/desk': { allow: 'read', when: { 'context.office': true }, until: 100 },
      },
    },
  },
})
const names = /** @type {const} */ (['name', 'phone', 'desk'])

test('fields are the names for which `can` is true', () => {
  const ann = staff.subject('ann')
  for (const resource of ['employees/hal', { type: 'field', id: 'hal' }]) {
    assert.deepEqual(ann.fields('read', resource, names), ['name'])
    assert.deepEqual(ann.fields('read', resource, new Set(names), { team: 'web' }), ['name', 'phone'])
    assert.deepEqual(ann.fields('read', resource, names, {}, { context: { office: true }, now: 99 }), ['name', 'desk'])
    assert.deepEqual(ann.fields('read', resource, names, {}, { context: { office: true }, now: 100 }), ['name'])
    assert.deepEqual(ann.fields('write', resource, names), [])
    assert.deepEqual(ann.within({ grants: { 'employees/*/phone': 'read' } }).fields('read', resource, names, { team: 'web' }), ['phone'])
  }
  assert.deepEqual(ann.fields('read', 'employees/ann', ['phone', 'x', 'name', 'x']), ['phone', 'x', 'name', 'x'])
  assert.deepEqual(ann.fields('read', { type: 'field', id: 'ann' }, []), [])
  assert.deepEqual(staff.subject(null).fields('read', 'employees/ann', names), [])
  // Without `resources`, the field is the id.
  const untyped = open({ everyone: { grants: { 'user/name': 'read', 'a/b/c': 'read' } } }).subject(null)
  assert.deepEqual(untyped.fields('read', { type: 'user' }, names), ['name'])
  assert.deepEqual(untyped.fields('read', 'a/b', ['c', 'd']), ['c'])
})

test('a wrong question about fields is an error and not an empty list', () => {
  const ann = /** @type {any} */ (staff.subject('ann'))
  const wrong = [
    [['unlink', 'employees/hal', names], 'unknown_action'],
    [['unlink', 'employees/hal', []], 'unknown_action'],
    [['read', 'employees', names], 'unknown_resource'],
    [['read', 'employees/hal/', names], 'unknown_resource'],
    [['read', 'employees', ['hal/name']], 'unknown_resource'],
    [['read', 'employees/hal', ['name', '']], 'unknown_resource'],
    [['read', { type: 'field' }, names], 'unknown_resource'],
    [['read', { type: 'field', id: 'hal', field: 'name' }, names], 'unknown_resource'],
    [['read', { type: 'doc', id: '1' }, names], 'unknown_resource'],
    [['read', { type: 'page', id: '1' }, names], 'unknown_resource'],
    [['read', { id: '1' }, names], 'unknown_resource'],
    [['read', null, names], 'unknown_resource'],
    [['read', 'employees/hal', names, 7], 'bad_question'],
    [['read', 'employees/hal', names, {}, { now: -1 }], 'bad_question'],
    [['read', 'employees/hal', 'name'], 'wrong_type'],
    [['read', 'employees/hal', [7]], 'wrong_type'],
    [['read', 'employees/hal', ['\ud800']], 'malformed_string'],
    [['read', 'employees/hal', ['n'.repeat(4097)]], 'name_too_long'],
    [['read', 'employees/hal', ['n'.repeat(4090)]], 'name_too_long'],
    [['read', 'employees/hal', Array(20_000).fill('name')], 'too_large'],
    [['read', 'employees/hal', names, {}, { nowt: 1 }], 'invalid_value'],
  ]
  for (const [question, code] of wrong) assert.throws(() => ann.fields(...question), { code }, JSON.stringify(question).slice(0, 99))
})

test('the module for servers returns filters', () => {
  const ann = staff.subject('ann')
  const own = { attribute: 'resource.id', equals: ['ann'] }
  const name = { attribute: 'resource.field', equals: ['name'] }
  const field = (/** @type {string} */ text) => ({ attribute: 'resource.field', equals: [text] })
  assert.deepEqual(ann.filter('read', 'field', { now: 100 }), {
    type: 'field',
    shape: ['employees', { part: 'id' }, { part: 'field' }],
    where: { any: [own, name, { all: [field('phone'), { attribute: 'resource.team', equals: ['web'] }] }] },
  })
  const office = /** @type {any} */ (ann.filter('read', 'field', { context: { office: true }, now: 99 }))
  assert.deepEqual(office.where.any.slice(0, 2), [own, { attribute: 'resource.field', equals: ['desk', 'name'] }])
  assert.equal(ann.filter('write', 'field').where, false)
  assert.throws(() => ann.filter('unlink', 'field'), { code: 'unknown_action' })
  assert.throws(() => ann.filter('read', 'page'), { code: 'unknown_resource', message: 'unknown resource: unknown type `page`, expected `doc`, `field` or `flag`' })
  assert.throws(() => ann.filter('read', /** @type {any} */ (7)), { code: 'wrong_type' })
  assert.throws(() => ann.filter('read', 'field', { now: 1.5 }), { code: 'bad_question' })
})
