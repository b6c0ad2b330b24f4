// @ts-check
// Lifetime of passwords of WSO2, including remembered ones. WSO2 has no sessions.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedWork } from '../support/directory/credentials.mjs'
import { ann, basic, directoryOf, seeded, send } from '../support/directory/products.mjs'

const work = countedWork()

/** ann's password, which is remembered here and elsewhere. */
async function holding() {
  const { directory, store, as } = await seeded('wso2')
  const elsewhere = directoryOf('wso2', store)
  const look = (/** @type {any} */ credential, on = directory) => send(on, 'GET', '/scim2/Me', { as: credential }).then(({ status }) => status)
  const operate = (/** @type {string} */ name, /** @type {any} */ body, /** @type {any} */ credential = as.root) => send(directory, 'POST', `/services/UserAdmin/${name}`, { as: credential, body }).then(({ status }) => status)
  /** Here, by the other face, and elsewhere. */
  const statuses = async (/** @type {any} */ credential = ann.wso2) => [await look(credential), await operate('getRolesOfCurrentUser', {}, credential), await look(credential, elsewhere)]
  const patch = (/** @type {any} */ value, path = '/scim2/Users/ann', credential = as.root) => send(directory, 'PATCH', path, { as: credential, body: { Operations: [{ op: 'replace', value }] } }).then(({ status }) => status)
  assert.deepEqual(await statuses(), [200, 200, 200])
  work.verified = 0
  assert.deepEqual(await statuses(), [200, 200, 200])
  assert.equal(work.verified, 0, 'a right password is remembered')
  return { directory, store, as, look, operate, statuses, patch }
}

const OUT = [401, 401, 401]
const IN = [200, 200, 200]
const fresh = basic('ann:another1')

test('deactivating a user refuses its password at once, until the user is activated again', async () => {
  const { directory, as, statuses, patch } = await holding()
  assert.equal(await patch({ active: false }), 200)
  assert.deepEqual(await statuses(), OUT)
  assert.equal(await patch({ active: true }), 200)
  assert.deepEqual(await statuses(), IN)
  const { status } = await send(directory, 'PUT', '/scim2/Users/ann', { as: as.root, body: { userName: 'ann', active: false } })
  assert.equal(status, 200)
  assert.deepEqual(await statuses(), OUT)
})

for (const [face, remove] of /** @type {[string, (made: any) => Promise<number>][]} */ ([
  ['the console', ({ operate }) => operate('deleteUser', { userName: 'ann' })],
  ['SCIM', ({ directory, as }) => send(directory, 'DELETE', '/scim2/Users/ann', { as: as.root }).then(({ status }) => status)],
])) {
  test(`deleting a user by ${face} ends its password, and a new user of the same name gets none of its roles`, async () => {
    const made = await holding()
    const { directory, operate, statuses } = made
    assert.ok([200, 204].includes(await remove(made)))
    assert.deepEqual(await statuses(), OUT)
    assert.equal(await operate('addUser', { userName: 'ann', password: 'another1' }), 200)
    assert.deepEqual([await statuses(), await statuses(fresh)], [OUT, IN])
    const { body } = await send(directory, 'POST', '/services/UserAdmin/getRolesOfCurrentUser', { as: fresh })
    assert.deepEqual(body.roles, ['Internal/everyone'])
    assert.equal((await send(directory, 'GET', '/scim2/Me', { as: fresh })).body.id === 'ann', false)
  })
}

for (const [who, change] of /** @type {[string, (made: any) => Promise<number>][]} */ ([
  ['an admin at the console', ({ operate }) => operate('changePassword', { userName: 'ann', newPassword: 'another1' })],
  ['an admin by SCIM', ({ patch }) => patch({ password: 'another1' })],
  ['its owner without signing in', ({ operate }) => operate('changePasswordByUser', { userName: 'ann', oldPassword: 'annpass1', newPassword: 'another1' }, null)],
  ['its owner at the portal', ({ directory }) => send(directory, 'POST', '/api/am/devportal/v3/me/change-password', { as: ann.wso2, body: { currentPassword: 'annpass1', newPassword: 'another1' } }).then(({ status }) => status)],
])) {
  test(`a new password by ${who} ends the old one, remembered or not`, async () => {
    const made = await holding()
    assert.equal(await change(made), 200)
    assert.deepEqual([await made.statuses(), await made.statuses(fresh)], [OUT, IN])
    assert.equal(await made.operate('changePasswordByUser', { userName: 'ann', oldPassword: 'annpass1', newPassword: 'annpass1' }, null), 400)
  })
}

test('a remembered password does not replace the current one', async () => {
  const { directory, operate, statuses, patch } = await holding()
  const portal = await send(directory, 'POST', '/api/am/devportal/v3/me/change-password', { as: ann.wso2, body: { currentPassword: 'wrong', newPassword: 'another1' } })
  assert.equal(portal.status, 400)
  assert.equal(await operate('changePasswordByUser', { userName: 'ann', oldPassword: 'wrong', newPassword: 'another1' }, null), 400)
  assert.equal(await patch({ password: 'another1' }, '/scim2/Me', ann.wso2), 403)
  assert.deepEqual([await statuses(), await statuses(fresh)], [IN, OUT])
})

test('a change of rights applies also with a remembered password', async () => {
  const { directory, operate } = await holding()
  const list = () => send(directory, 'GET', '/scim2/Users', { as: ann.wso2 }).then(({ status }) => status)
  assert.equal(await list(), 403)
  assert.equal(await operate('setRoleUIPermission', { roleName: 'staff', rawResources: ['/permission/admin/manage/identity/usermgt'] }), 200)
  assert.equal(await list(), 200)
  assert.equal(await operate('deleteRole', { roleName: 'staff' }), 200)
  assert.equal(await list(), 403)
  assert.equal(await operate('addRole', { roleName: 'staff', permissions: ['/permission/admin/manage/identity/usermgt'] }), 200)
  assert.equal(await list(), 403, 'another role of the name is not hers')
})
