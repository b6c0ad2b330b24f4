// @ts-check
// The error for an invalid question to an rbac document names each problem, with a pointer into the question.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rbac from 'latchwork/rbac'

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
