// @ts-check
// A user who was deactivated by a request of the product cannot sign in, and is denied by `directory.authorizer()` and
// by `open`. Ant Media has no inactive users: its records and requests have no such flag.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'latchwork'
import { ann, seeded, send } from '../support/directory/products.mjs'

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const scim = (/** @type {unknown} */ value) => ['PATCH', '/scim2/Users/ann', { Operations: [{ op: 'replace', value }] }]

/**
 * Of each product: what deactivates ann, a request that she may make while she is active, and a question that is answered yes.
 * @type {[string, string, any[], any[], [string, string]][]}
 */
const ways = [
  ['arangodb', 'active', ['PATCH', '/_api/user/ann', { active: false }], ['GET', '/_api/user/ann'], ['read', 'shop/items']],
  ['meuse', 'active', ['POST', '/api/v1/meuse/user/ann', { active: false }], ['GET', '/api/v1/meuse/crate'], ['crate.list', 'crates']],
  ['tyk', 'active', ['PUT', '/api/users/ann', { first_name: 'Ann', last_name: 'A', email_address: 'ann@example.org', active: false, user_permissions: { apis: 'read' } }], ['GET', '/api/users/me'], ['read', 'section:apis']],
  ['wso2', 'active', scim({ active: 'False' }), ['GET', '/scim2/Me'], ['ui.execute', '/permission/admin/login']],
  ['wso2', 'accountLocked', scim({ [ENTERPRISE]: { accountLocked: true } }), ['GET', '/scim2/Me'], ['ui.execute', '/permission/admin/manage/api/create']],
  ['wso2', 'accountDisabled', scim({ [`${ENTERPRISE}:accountDisabled`]: 'true' }), ['GET', '/scim2/Me'], ['ui.execute', '/permission/admin/login']],
]

for (const [system, flag, [method, path, body], [lookMethod, lookPath], [action, resource]] of ways) {
  test(`${system}: a user deactivated by ${flag} cannot sign in, and is denied`, async () => {
    const { directory, as } = await seeded(system)
    const looks = async () => (await send(directory, lookMethod, lookPath, { as: ann[system] })).status === 200
    const rules = async () => open(/** @type {any} */ (system), /** @type {any} */ (await directory.records()))
    assert.equal(await looks(), true)
    assert.equal((await rules()).can('ann', /** @type {any} */ (action), resource), true)
    const changed = await send(directory, method, path, { as: as.root, body })
    assert.ok(changed.status < 300, changed.text)
    assert.equal(await looks(), false)
    for (const authorizer of [await rules(), await directory.authorizer()]) {
      const decision = authorizer.decide({ subject: 'ann', action: /** @type {any} */ (action), resource })
      assert.deepEqual([decision.allow, /^inactive/.test(decision.rule)], [false, true], decision.rule)
    }
  })
}

test('wso2: an unknown user has the permissions of everyone, and an inactive one does not', async () => {
  const given = { users: [{ name: 'ann', claims: { [`${CORE}:active`]: false } }], rules: [{ role: 'Internal/everyone', resource: '/permission/admin/login', action: 'ui.execute', effect: 'allow' }] }
  const rules = open('wso2', /** @type {any} */ (given))
  assert.equal(rules.can('nobody', 'ui.execute', '/permission/admin/login'), true)
  assert.equal(rules.can('ann', 'ui.execute', '/permission/admin/login'), false)
})

test('wso2: claims that make a user inactive must be booleans', () => {
  for (const claim of [`${CORE}:active`, `${ENTERPRISE}:accountLocked`, 'http://wso2.org/claims/identity/accountDisabled']) {
    for (const value of ['yes', 1, {}, '']) {
      const given = { users: [{ name: 'ann', claims: { [claim]: value } }] }
      assert.throws(() => open('wso2', /** @type {any} */ (given)), (/** @type {any} */ error) => {
        assert.deepEqual([error.code, error.problems.length, error.problems[0].code], ['invalid_records', 1, 'wrong_type'])
        return error.problems[0].path.startsWith('/users/0/claims/')
      })
    }
  }
})
