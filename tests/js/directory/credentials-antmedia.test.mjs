// @ts-check
// Lifetime of the sessions of Ant Media's panel. Ant Media has no inactive users.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acting } from '../support/directory/credentials.mjs'
import { directoryOf, seeded, send, sessionOf } from '../support/directory/products.mjs'

const NONE = 'Not authenticated user'
const GONE = 'No user in this session'
const grant = { scope: 'system', userType: 'USER' }

/** ann's sessions, both of which hold. @param {any} [parts] */
async function holding(parts) {
  const { directory, store, as } = await seeded('antmedia', parts)
  const other = await sessionOf(directory, 'ann', 'annpass1')
  /** The response to a session. @param {any} session */
  const look = async (session, on = directory) => {
    const { status, body } = await send(on, 'GET', '/rest/v2/admin-status', { as: session })
    return status === 200 ? 200 : body.message
  }
  const statuses = async (on = directory) => [await look(as.ann, on), await look(other, on)]
  const act = acting('antmedia', directory, as.root)
  const signIn = (/** @type {string} */ password) => send(directory, 'POST', '/rest/v2/users/authenticate', { body: { email: 'ann', password } }).then(({ body }) => body.success)
  assert.deepEqual(await statuses(), [200, 200])
  return { directory, store, as, other, look, statuses, act, signIn }
}

test('deleting a user ends its sessions, and a new user of the same name does not get them', async () => {
  const { store, act, statuses, signIn } = await holding()
  const elsewhere = directoryOf('antmedia', store)
  assert.deepEqual(await statuses(elsewhere), [200, 200])
  await act('DELETE', '/rest/v2/users/ann')
  assert.deepEqual(await statuses(), [GONE, GONE])
  assert.deepEqual(await statuses(elsewhere), [GONE, GONE])
  assert.equal(await signIn('annpass1'), false)
  await act('POST', '/rest/v2/users', { email: 'ann', password: 'annpass1', ...grant, userType: 'ADMIN' })
  assert.deepEqual(await statuses(), [GONE, GONE])
  assert.equal(await signIn('annpass1'), true)
})

test('changing the own password ends every other session and the old password', async () => {
  const { directory, as, statuses, signIn } = await holding()
  const change = (/** @type {string} */ password) => send(directory, 'POST', '/rest/v2/users/password', { as: as.ann, body: { password, newPassword: 'another' } }).then(({ body }) => body.success)
  assert.equal(await change('wrong'), false)
  assert.deepEqual(await statuses(), [200, 200])
  assert.equal(await change('annpass1'), true)
  assert.deepEqual(await statuses(), [200, NONE])
  assert.deepEqual([await signIn('annpass1'), await signIn('another')], [false, true])
})

test('a password set by an admin ends the old password and no session, as in the product', async () => {
  const { act, statuses, signIn } = await holding()
  await act('PUT', '/rest/v2/users', { email: 'ann', newPassword: 'another', ...grant })
  assert.deepEqual(await statuses(), [200, 200])
  assert.deepEqual([await signIn('annpass1'), await signIn('another')], [false, true])
})

test('a change of rights applies to existing sessions', async () => {
  const { directory, as, act } = await holding()
  const list = () => send(directory, 'GET', '/rest/v2/user-list', { as: as.ann }).then(({ status }) => status)
  assert.equal(await list(), 403)
  await act('PUT', '/rest/v2/users', { email: 'ann', ...grant })
  assert.equal(await list(), 200)
  await act('PUT', '/rest/v2/users', { email: 'ann', scope: 'LiveApp', userType: 'ADMIN' })
  assert.equal(await list(), 403)
})

test('signing out ends only the session of the request', async () => {
  const { directory, as, statuses } = await holding()
  const out = await send(directory, 'DELETE', '/rest/v2/users/logout', { as: as.ann })
  assert.match(String(out.headers.get('set-cookie')), /^JSESSIONID=; Max-Age=0/)
  assert.deepEqual(await statuses(), [NONE, 200])
})

test('a session expires after a day, and a user has at most 128', async () => {
  const clock = { now: 1_700_000_000_000 }
  const { directory, as, other, look, statuses } = await holding({ now: () => clock.now })
  clock.now += 86_399_999
  assert.deepEqual(await statuses(), [200, 200])
  clock.now += 1
  assert.deepEqual(await statuses(), [NONE, NONE])
  const fresh = []
  for (let count = 0; count < 128; count += 1) fresh.push(await sessionOf(directory, 'ann', 'annpass1'))
  assert.deepEqual([await look(fresh[0]), await look(as.ann), await look(other)], [200, NONE, NONE])
  await sessionOf(directory, 'ann', 'annpass1')
  assert.deepEqual([await look(fresh[0]), await look(fresh[1])], [NONE, 200])
})
