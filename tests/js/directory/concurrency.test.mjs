// @ts-check
// Concurrent requests, over every store of this machine: the result is the same as for sequential requests.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { sharedStores } from '../support/directory/shared-stores.mjs'
import { admin, ann, directoryOf, isRefusal, meuseToken, seedDirectory, records, send, systems, usersPath } from '../support/directory/products.mjs'

/** `twins` reads the list: the name in the path of each user, and a value that differs between the creations. @type {Record<string, { make: (round: number) => any, lost: number, twins: (body: any) => [string, any][] }>} */
const creations = {
  arangodb: { make: (round) => ({ user: 'twin', extra: { round } }), lost: 409, twins: ({ result }) => result.map((/** @type {any} */ { user, extra }) => [user, extra.round]) },
  meuse: { make: (round) => ({ name: 'twin', password: 'long enough', description: `${round}`, role: 'tech', active: true }), lost: 400, twins: ({ users }) => users.map((/** @type {any} */ { name, description }) => [name, description]) },
  tyk: { make: (round) => ({ first_name: `${round}`, last_name: 'Twin', email_address: 'twin@example.org', user_permissions: { apis: 'read' } }), lost: 403, twins: ({ users }) => users.map((/** @type {any} */ { id, first_name }) => [id, first_name]) },
  wso2: { make: (round) => ({ userName: round % 2 ? 'twin' : 'TWIN', nickName: `${round}` }), lost: 409, twins: ({ Resources }) => Resources.map((/** @type {any} */ { id, nickName }) => [id, nickName]) },
  antmedia: { make: (round) => ({ email: 'twin', password: 'p', scope: 'LiveApp', userType: 'USER', firstName: `${round}` }), lost: 200, twins: (users) => users.map((/** @type {any} */ { email, firstName }) => [email, firstName]) },
}

for (const [storeName, prepare] of Object.entries(sharedStores)) {
  for (const system of systems) {
    test(`${system} on ${storeName}: of concurrent creations of one name exactly one succeeds`, async (context) => {
      const open = prepare(context)
      const directories = [directoryOf(system, open()), directoryOf(system, open())]
      const as = (await seedDirectory(system, directories[0])).root
      const { make, lost, twins } = creations[system]
      const paths = usersPath[system]
      for (let round = 0; round < 5; round += 1) {
        const answers = await Promise.all([0, 1, 2, 3].map((index) => send(directories[index % 2], 'POST', paths.make, { as, body: make(index) })))
        const losers = answers.filter((answer) => isRefusal(system, answer))
        assert.deepEqual(losers.map(({ status }) => status), [lost, lost, lost])
        const winner = answers.findIndex((answer) => !losers.includes(answer))
        const { body } = await send(directories[0], 'GET', paths.list, { as })
        const made = twins(body).filter(([, round]) => /^\d$/.test(String(round)))
        assert.deepEqual(made.map(([, round]) => Number(round)), [winner])
        await send(directories[0], 'DELETE', `${paths.make}/${made[0][0]}`, { as })
      }
    })
  }

  test(`arangodb on ${storeName}: 64 concurrent changes of one record are all stored`, async (context) => {
    const open = prepare(context)
    const directories = [directoryOf('arangodb', open()), directoryOf('arangodb', open())]
    await directories[0].seed(records.arangodb)
    const writers = Array.from({ length: 64 }, (_, index) => index)
    const answers = await Promise.all(writers.map((index) => send(directories[index % 2], 'PATCH', '/_api/user/ann', { as: admin.arangodb, body: { extra: { [`k${index}`]: index } } })))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    const { body } = await send(directories[0], 'GET', '/_api/user/ann', { as: admin.arangodb })
    assert.deepEqual(body.extra, { a: 1, ...Object.fromEntries(writers.map((index) => [`k${index}`, index])) })
  })

  test(`meuse on ${storeName}: two administrators who demote each other concurrently: one stays`, async (context) => {
    const open = prepare(context)
    const directories = [directoryOf('meuse', open()), directoryOf('meuse', open())]
    const [root, other] = records.meuse.users
    await directories[0].seed({ ...records.meuse, users: [root, { ...other, role: 'admin' }] })
    const demote = (/** @type {number} */ index, /** @type {string} */ as, /** @type {string} */ name) => send(directories[index], 'POST', `/api/v1/meuse/user/${name}`, { as, body: { role: 'tech' } })
    const answers = await Promise.all([demote(0, meuseToken('r'), 'ann'), demote(1, meuseToken('a'), 'root')])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403])
    const roles = /** @type {any} */ (await directories[0].records()).users.map((/** @type {any} */ { role }) => role)
    assert.deepEqual(roles.sort(), ['admin', 'tech'])
  })

  test(`arangodb on ${storeName}: two administrators who revoke each other's level concurrently: one stays`, async (context) => {
    const open = prepare(context)
    const directories = [directoryOf('arangodb', open()), directoryOf('arangodb', open())]
    const level = { grants: { _system: { level: 'rw' } } }
    await directories[0].seed(/** @type {any} */ ({ users: { eve: { passwd: 'e', ...level }, bob: { passwd: 'b', ...level } } }))
    const revokeLevel = (/** @type {number} */ index, /** @type {string} */ as, /** @type {string} */ name) =>
      send(directories[index], 'PUT', `/_api/user/${name}/database/_system`, { as: `Basic ${btoa(as)}`, body: { grant: 'none' } })
    const answers = await Promise.all([revokeLevel(0, 'eve:e', 'bob'), revokeLevel(1, 'bob:b', 'eve')])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403])
  })
}

test('a hundred concurrent requests get the same responses as sequential ones', async () => {
  const directory = directoryOf('meuse', memoryStore())
  await directory.seed(records.meuse)
  const paths = ['user', 'token', 'category', 'crate', 'crate/latch', 'statistics']
  const one = async (/** @type {number} */ index) => {
    const as = index % 3 === 0 ? admin.meuse : index % 3 === 1 ? ann.meuse : 'x'.repeat(68)
    const { status, text } = await send(directory, 'GET', `/api/v1/meuse/${paths[index % paths.length]}`, { as })
    return [status, text]
  }
  await one(0)
  await one(1)
  const expected = []
  for (let index = 0; index < 100; index += 1) expected.push(await one(index))
  assert.deepEqual(await Promise.all(expected.map((_, index) => one(index))), expected)
})
