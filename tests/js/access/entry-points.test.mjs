// @ts-check
// All entry points of a decision agree, in every system, and the digest depends only on what affects decisions.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { casesOf } from '../support/run-decision.mjs'
import { withDefaults } from '../support/case-defaults.mjs'
import { samples, products, untyped } from '../support/samples.mjs'
import { assertRefused } from '../support/assertions.mjs'

const { open, validate, schema, classify, vocabulary, LatchworkError } = untyped(latchwork)

const DIGEST = /^sha256-[0-9a-f]{64}$/

/** The documented cases of a system that ask by action. @param {string} system @returns {any[]} */
function questionsOfSystem(system) {
  const files = ['documented', 'own'].map((name) => JSON.parse(readFileSync(new URL(`../../cases/${system}/${name}.json`, import.meta.url), 'utf8')))
  return files.flatMap(casesOf).filter(({ ask }) => ask && 'user' in ask && typeof ask.action === 'string')
}

for (const system of products) {
  const { records, user, allowed, denied, kind, value, digests: known } = samples[system]
  assert.ok(known, `tests/cases/${system}/sample.mjs has no \`digests\``)
  const { other, ordered = [], secrets, changes, ownRecords } = known

  test(`all entry points give the same decision in ${system}`, () => {
    const authorizer = open(system, records)
    assert.equal(authorizer.system, system)
    const questions = []
    for (const id of [user, 'nobody', '', null]) {
      const subject = authorizer.subject(id)
      assert.equal(subject.authorizer, authorizer)
      for (const [action, resource] of [allowed, denied, [allowed[0], ''], [denied[0], 'nonsense'], [allowed[0], 'ก']]) {
        const question = { subject: id, action, resource }
        const decision = subject.decide(action, resource)
        assert.equal(typeof decision.allow, 'boolean')
        assert.ok(vocabulary(system).rules.includes(decision.rule))
        for (const level of [decision.level, decision.needs]) assert.ok(level === undefined || vocabulary(system).levels.includes(level))
        assert.deepEqual(authorizer.decide(question), decision)
        assert.deepEqual(authorizer.decide({ ...question, subject }), decision)
        const { text, citation, ...explained } = authorizer.explain(question)
        assert.deepEqual(explained, decision)
        assert.deepEqual([typeof text, Object.keys(citation)], ['string', ['document', 'heading']])
        assert.deepEqual(subject.explain(action, resource), { ...explained, text, citation })
        for (let time = 0; time < 2; time += 1) assert.equal(subject.can(action, resource), decision.allow)
        assert.equal(authorizer.can(id, action, resource), decision.allow)
        assert.equal(authorizer.can(subject, action, resource), decision.allow)
        assert.equal(subject.canId(subject.prepare(action, resource)), decision.allow)
        assert.deepEqual([...subject.canMany([subject.prepare(action, resource), subject.prepare(...denied)])], [Number(decision.allow), 0])
        questions.push({ question, allow: decision.allow })
      }
    }
    assert.deepEqual([...authorizer.canMany(questions.map(({ question }) => question))], questions.map(({ allow }) => Number(allow)))
    assert.equal(authorizer.can(user, ...allowed), true)
    assert.equal(authorizer.can(user, ...denied), false)
    assert.equal(authorizer.can('nobody', ...allowed), false)
    assert.equal(authorizer.can(null, ...allowed), false)
  })

  test(`all entry points give the same decision in ${system} for the questions of its cases`, () => {
    for (const { id, given, ask } of questionsOfSystem(system)) {
      let authorizer
      try {
        authorizer = open(system, withDefaults(system, given))
      } catch {
        continue
      }
      const subject = authorizer.subject(ask.user)
      const attributes = ask.attributes ?? (ask.fields && { fields: ask.fields })
      let decision
      try {
        decision = subject.decide(ask.action, ask.resource, attributes)
      } catch (error) {
        assert.ok(error instanceof LatchworkError, id)
        assert.throws(() => subject.can(ask.action, ask.resource, attributes), { code: /** @type {any} */ (error).code }, id)
        continue
      }
      assert.equal(subject.can(ask.action, ask.resource, attributes), decision.allow, id)
      assert.equal(authorizer.can(ask.user, ask.action, ask.resource, attributes), decision.allow, id)
      assert.equal(subject.explain(ask.action, ask.resource, attributes).rule, decision.rule, id)
      if (attributes === undefined) {
        assert.equal(subject.canId(subject.prepare(ask.action, ask.resource)), decision.allow, id)
        assert.equal(subject.can(ask.action, ask.resource), decision.allow, id)
      }
      authorizer.dispose()
    }
  })

  if (kind !== undefined) test(`form, worker and schema report the same problems in ${system}`, () => {
    const checked = validate(system, kind, value)
    assert.equal(checked.problems, undefined)
    assert.deepEqual(open(system, {}).validate(kind, value), checked)
    const standard = schema(system, kind)['~standard']
    assert.deepEqual([standard.version, standard.vendor], [1, 'latchwork'])
    assert.deepEqual(standard.validate(value), checked)
    const { problems } = validate(system, kind, {})
    assert.ok(problems.length > 0)
    assert.deepEqual(open(system, {}).validate(kind, {}), { problems })
    assert.deepEqual(
      standard.validate({}).issues.map((/** @type {any} */ { path, message }) => [path.map((/** @type {string} */ key) => `/${key}`).join(''), message]),
      problems.map((/** @type {any} */ { path, message }) => [path, message]),
    )
  })

  test(`a digest of ${system} does not depend on the order of members, nor of what has no order`, () => {
    const authorizer = open(system, records)
    const digests = [authorizer.digest, authorizer.subject(user).digest]
    for (const digest of digests) assert.match(digest, DIGEST)
    assert.notEqual(digests[0], digests[1])
    for (const reorder of [reversed, (/** @type {any} */ value) => reversed(value, ordered)]) {
      const anew = open(system, reorder(records))
      assert.deepEqual([anew.digest, anew.subject(user).digest], digests)
    }
  })

  test(`a digest of ${system} changes with members that affect decisions, and not with secrets`, () => {
    const plain = open(system, records)
    const digests = [plain.digest, plain.subject(user).digest]
    for (const [what, secret] of Object.entries(secrets)) {
      const anew = open(system, secret(structuredClone(records)))
      assert.deepEqual([anew.digest, anew.subject(user).digest], digests, what)
    }
    for (const [what, change] of Object.entries(changes)) {
      const anew = open(system, change(structuredClone(records)))
      assert.notEqual(anew.digest, digests[0], what)
      assert.notEqual(anew.subject(user).digest, digests[1], what)
    }
  })

  test(`a subject's digest in ${system} is the same if the records have only its own record and what that names`, () => {
    const whole = open(system, records)
    const own = open(system, ownRecords(structuredClone(records)))
    assert.notEqual(own.digest, whole.digest)
    assert.equal(own.subject(user).digest, whole.subject(user).digest)
    for (const question of [allowed, denied]) assert.deepEqual(own.subject(user).decide(...question), whole.subject(user).decide(...question))
    const [theirs, unknown, none] = [whole.subject(other), whole.subject('unknown-user'), whole.subject(null)].map(({ digest }) => digest)
    const mine = whole.subject(user).digest
    assert.equal(new Set([mine, theirs, unknown, none]).size, 4)
    assert.equal(own.subject('unknown-user').digest, unknown)
    assert.equal(own.subject(null).digest, none)
  })
}

/** A copy with the members of every object the other way round, and lists too, but for those of these names. @param {any} value @param {string[]} [kept] @returns {any} */
function reversed(value, kept = ['*']) {
  if (Array.isArray(value)) return (kept.includes('*') ? value : [...value].reverse()).map((item) => reversed(item, kept))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([name, inner]) => [name, reversed(inner, kept.includes(name) ? ['*', ...kept] : kept)]))
}

test('a front end with a user\'s record and its group makes the same decisions', () => {
  const { records } = samples.tyk
  const whole = open('tyk', records).subject('u2')
  const own = open('tyk', { users: [records.users[1]], groups: records.groups, config: records.config }).subject('u2')
  assert.equal(own.digest, whole.digest)
  assert.equal(own.can('read', 'section:policies'), true)
  assert.notEqual(open('tyk', { users: [records.users[1]], config: records.config }).subject('u2').digest, whole.digest)
})

test('the mode of the server is in the digest of the records', () => {
  const { records } = samples.arangodb
  assert.notEqual(open('arangodb', { ...records, mode: 'readonly' }).digest, open('arangodb', records).digest)
  assert.equal(open('arangodb', { ...records, mode: 'default' }).digest, open('arangodb', records).digest)
})

test('digests of different systems and kinds differ', () => {
  const digests = products.flatMap((system) => {
    const empty = open(system, {})
    return [empty.digest, empty.subject(null).digest, empty.subject('x').digest]
  })
  assert.equal(new Set(digests).size, digests.length)
})

test('opening records adds no user', () => {
  for (const system of products) {
    const authorizer = open(system, {})
    for (const id of ['root', 'admin', 'Admin', '', 'system', 'anonymous', null]) {
      if (system === 'wso2' && typeof id === 'string' && id.toLowerCase() === 'admin') continue
      assert.equal(authorizer.can(id, ...samples[system].allowed), false, `${system}: ${id}`)
    }
  }
})

test('only models that say so in their sample have `reach`; WSO2 has questions about roles', () => {
  assert.ok(samples.wso2.reach)
  for (const system of products) {
    const { records, user, allowed, reach } = samples[system]
    const subject = open(system, records).subject(user)
    if (reach === undefined) assertRefused(() => subject.reach(allowed[0]), 'unsupported')
    else assert.deepEqual(subject.reach(allowed[0]), reach)
  }
  const authorizer = open('wso2', samples.wso2.records)
  assert.deepEqual(authorizer.subject('ann').reach('ui.execute'), ['/permission/admin/login', '/permission/admin/manage'])
  assert.deepEqual(authorizer.subject(null).reach('ui.execute'), [])
  assert.equal(authorizer.subject({ role: 'maker' }).can(...samples.wso2.allowed), true)
  assert.equal(authorizer.subject({ role: 'reader' }).can(...samples.wso2.allowed), false)
  assert.equal(authorizer.subject({ role: 'nobody' }).can(...samples.wso2.allowed), false)
  assert.notEqual(authorizer.subject({ role: 'ann' }).digest, authorizer.subject('ann').digest)
})

test('a request of a product is converted to its question', () => {
  assert.deepEqual(classify('antmedia', { method: 'DELETE', path: '/rest/v2/users/ann%40x.io' }), { action: 'delete', resource: 'system:users/ann@x.io' })
  assert.deepEqual(classify('antmedia', { method: 'POST', path: '/rest/request', query: { _path: 'Live/rest/v2/broadcasts/create' } }), {
    action: 'create', resource: 'app:Live/broadcasts/create',
  })
  assert.deepEqual(classify('meuse', { method: 'POST', path: '/api/v1/meuse/user/ann', body: { role: 'admin', name: 'x' } }), {
    action: 'user.update', resource: 'user:ann', attributes: { fields: ['role'] },
  })
  assert.deepEqual(classify('tyk', { method: 'GET', path: '/api/apis' }), { action: 'GET', resource: 'path:/api/apis' })
  for (const system of ['antmedia', 'meuse', 'tyk']) {
    for (const request of [{ method: 'GET', path: '' }, { method: 'BREW', path: '/rest/v2/version' }, { method: 'GET', path: '/api//apis' }, { method: 'GET', path: '/../x' }]) {
      assert.equal(classify(system, request), null, `${system} ${request.path}`)
    }
  }
})

test('a decision is not reused for another subject, action or set of records', () => {
  const low = open('meuse', { users: [{ name: 'ann', role: 'read-only' }] })
  const high = open('meuse', { users: [{ name: 'ann', role: 'admin' }] })
  for (let round = 0; round < 3; round += 1) {
    assert.equal(high.subject('ann').can('user.list', 'users'), true)
    assert.equal(low.subject('ann').can('user.list', 'users'), false)
    assert.equal(high.subject('ann').can('user.delete', 'users'), false)
  }
})
