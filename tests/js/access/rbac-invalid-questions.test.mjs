// @ts-check
// The error for an invalid question to an rbac document names each problem, with a pointer into the question.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rbac from 'latchwork/rbac/server'

const app = /** @type {any} */ (rbac).open({ roles: { reader: { grants: { '**': 'read' } } }, users: { ann: { roles: ['reader'] } } })
const question = { subject: 'ann', action: 'read', resource: 'docs/1' }

/** The code of the error that a call throws, and its problems. @param {() => unknown} call */
function refused(call) {
  try {
    call()
  } catch (error) {
    const { code, problems } = /** @type {import('latchwork').LatchworkError} */ (error)
    return { code, problems: problems?.map(({ path, code }) => `${path} ${code}`).sort() }
  }
  return assert.fail('the question was answered')
}

/** @type {[string, object, string[]][]} */
const WRONG = [
  ['a record', { subject: { id: 'x', roles: 'reader', grants: { 'a//b': 'wirte' } } }, ['/subject/grants/a~1~1b bad_pattern', '/subject/grants/a~1~1b unknown_name', '/subject/roles wrong_type']],
  ['a record without an id', { subject: {} }, ['/subject missing_field']],
  ['a user that is a number', { subject: 7 }, ['/subject wrong_type']],
  ['a holder', { within: { roles: ['ghost'], groups: [] } }, ['/within/groups unknown_field', '/within/roles/0 unknown_role']],
  ['a holder of a list', { within: [{ roles: ['reader'] }, { roles: ['ghost'] }, null] }, ['/within/1/roles/0 unknown_role', '/within/2 wrong_type']],
  ['a holder that is null', { within: null }, ['/within wrong_type']],
  ['a time', { now: 1.5 }, ['/now bad_time']],
  ['a time that is not a number', { now: NaN }, ['/now bad_time']],
  ['an infinite time', { now: Infinity }, ['/now bad_time']],
  ['an invalid date', { now: new Date(NaN) }, ['/now bad_time']],
  ['a time of another type', { now: 1n }, ['/now bad_time']],
  ['attributes, context and properties', { attributes: null, context: [], properties: 'x' }, ['/attributes wrong_type', '/context wrong_type', '/properties wrong_type']],
  ['several parts', { subject: { id: '' }, now: -1, within: { roles: ['ghost'] } }, ['/now bad_time', '/subject/id bad_name', '/within/roles/0 unknown_role']],
]

for (const [what, members, problems] of WRONG) {
  test(`the problems of a question name ${what}`, () => {
    assert.deepEqual(refused(() => app.decide({ ...question, ...members })), { code: 'bad_question', problems })
  })
}

test('an unknown action and an unknown resource are named before other problems', () => {
  assert.equal(refused(() => app.decide({ ...question, action: 'raed', resource: 7, now: -1 })).code, 'unknown_action')
  assert.equal(refused(() => app.decide({ ...question, resource: 7, now: -1 })).code, 'unknown_resource')
})

/** Each form of a question, with options and attributes. @type {[string, (subject: any, attributes: any, options: any) => unknown][]} */
const FORMS = [
  ['can', (subject, attributes, options) => app.can(subject, 'read', 'docs/1', attributes, options)],
  ['decide', (subject, attributes, options) => app.decide({ ...question, subject, attributes, ...options })],
  ['explain', (subject, attributes, options) => app.explain({ ...question, subject, attributes, ...options })],
  ['canMany', (subject, attributes, options) => app.canMany([{ ...question, subject, attributes, ...options }])],
  ['can of a subject', (subject, attributes, options) => app.subject(subject).can('read', 'docs/1', attributes, options)],
  ['prepare', (subject, attributes, options) => app.subject(subject).prepare('read', 'docs/1', attributes, options)],
  ['actions', (subject, attributes, options) => app.subject(subject).actions('docs/1', attributes, options)],
  ['fields', (subject, attributes, options) => app.subject(subject).fields('read', 'docs', ['1'], attributes, options)],
  ['holders', (_, attributes, options) => app.holders('read', 'docs/1', attributes, options)],
]

for (const [form, ask] of FORMS) {
  test(`a value that JSON does not have is at its pointer into the question, for ${form}`, () => {
    assert.deepEqual(refused(() => ask('ann', { a: 1n }, {})), { code: 'invalid_value', problems: ['/attributes/a wrong_type'] })
    for (const name of ['context', 'properties']) {
      assert.deepEqual(refused(() => ask('ann', {}, { [name]: { a: [NaN] } })), { code: 'invalid_value', problems: [`/${name}/a/0 out_of_range`] })
    }
    assert.deepEqual(refused(() => ask('ann', {}, { now: NaN })), { code: 'bad_question', problems: ['/now bad_time'] })
    if (form !== 'holders') assert.deepEqual(refused(() => ask({ id: 'x', attributes: { a: 1n } }, {}, {})), { code: 'invalid_value', problems: ['/subject/attributes/a wrong_type'] })
  })
}

test('a value that JSON does not have is at its pointer into the question, for parts, holders and roles', () => {
  const ann = app.subject('ann')
  assert.deepEqual(refused(() => app.can('ann', 'read', { type: 'doc', id: 1n })), { code: 'invalid_value', problems: ['/resource/id wrong_type'] })
  assert.deepEqual(refused(() => ann.within({ roles: [1n] })), { code: 'invalid_value', problems: ['/within/roles/0 wrong_type'] })
  assert.deepEqual(refused(() => ann.within([{}, { roles: [1n] }])), { code: 'invalid_value', problems: ['/within/1/roles/0 wrong_type'] })
  assert.deepEqual(refused(() => app.slice('ann', [1n])), { code: 'invalid_value', problems: ['/roles/0 wrong_type'] })
})

test('a clock that does not return seconds is an error that names it', () => {
  const document = { users: { ann: { grants: { 'docs/*': { allow: 'read', until: 9 } } } } }
  for (const time of ['5', NaN, Infinity, -1, undefined, 5n, {}, new Date(NaN), 2 ** 53]) {
    const timed = /** @type {any} */ (rbac).open(document, { now: () => time })
    const ann = timed.subject('ann')
    for (const ask of [() => ann.changesAt, () => ann.can('read', 'docs/1'), () => timed.can('ann', 'read', 'docs/1'), () => ann.prepare('read', 'docs/1'), () => timed.can({ id: 'x' }, 'read', 'docs/1'), () => timed.lint()]) {
      assert.throws(ask, { code: 'invalid_value', message: 'the option `now` of `open` must return seconds since 1970' }, String(time))
    }
    assert.equal(ann.can('read', 'docs/1', {}, { now: 5 }), true)
  }
})

test('a resource that is too long is named, in every form of a question', () => {
  const long = 'x'.repeat(4_097)
  for (const ask of [() => app.can('ann', 'read', long), () => app.subject('ann').can('read', long), () => app.can('ann', 'read', long, {}), () => app.decide({ ...question, resource: long })]) {
    assert.throws(ask, { code: 'name_too_long', message: 'the resource is longer than 4096 bytes' })
  }
})

test('a list is not taken for options', () => {
  for (const call of [() => app.can('ann', 'read', 'docs/1', {}, []), () => app.lint([]), () => /** @type {any} */ (rbac).open({}, [])]) assert.throws(call, { code: 'wrong_type', message: /must be an object, no list/ })
})
