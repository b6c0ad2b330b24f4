// @ts-check
// arangojs, as it is, does everything that it can with users, by a password and by a session.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Database } from 'arangojs'
import { ArangoError } from 'arangojs/errors'
import { file, serve } from '../js/support/serve-process.mjs'

const ROOT = { username: 'root', password: 'root has: a colon' }
const RECORDS = {
  users: {
    root: { passwd: ROOT.password, grants: { _system: { level: 'rw', collections: { '*': 'rw' } }, '*': { level: 'rw', collections: { '*': 'rw' } } } },
    ann: { passwd: 'of ann', extra: { team: 'shop' }, grants: { shop: { level: 'ro', collections: { items: 'rw' } } } },
  },
  databases: { shop: ['items', 'orders'] },
}

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
before(async () => {
  server = await serve('--system', 'arangodb', '--seed', file(RECORDS))
})
after(() => server?.stop())

/** @param {{ username: string, password?: string }} auth @param {string} [databaseName] */
function connect(auth, databaseName = '_system') {
  return new Database({ url: server.address, databaseName, auth })
}

/** The two ways to sign in: each gives a database that is signed in. @type {Record<string, (auth: { username: string, password?: string }, databaseName?: string) => Promise<Database>>} */
const WAYS = {
  Basic: async (auth, databaseName) => connect(auth, databaseName),
  JWT: async (auth, databaseName) => {
    const database = connect({ username: 'nobody' }, databaseName)
    const token = await database.login(auth.username, auth.password)
    assert.equal(token.split('.').length, 3)
    return database
  },
}

/** @param {Promise<unknown>} call @param {number} code @param {number} errorNum */
async function refuses(call, code, errorNum) {
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.ok(error instanceof ArangoError, `${error}`)
    assert.deepEqual([error.code, error.errorNum], [code, errorNum])
    return true
  })
}

for (const [way, signIn] of Object.entries(WAYS)) {
  // A name of every kind of sign that has to travel in a path.
  for (const name of [`plain-${way}`, `Zoë/日本 *%2F?#+@ ${way}`]) {
    test(`${way}: a user ${name} is created, changed and deleted`, { timeout: 30_000 }, async () => {
      const db = await signIn(ROOT)
      assert.match((await db.version()).version, /^\d+\./)

      const created = await db.createUser(name, { passwd: 'first', extra: { age: 3 } })
      assert.deepEqual([created.user, created.active, created.extra], [name, true, { age: 3 }])
      await refuses(db.createUser(name, 'again'), 409, 1702)
      assert.deepEqual((await db.listUsers()).filter(({ user }) => user === name), [{ user: name, active: true, extra: { age: 3 } }])

      const updated = await db.updateUser(name, { active: false, extra: { tall: true } })
      assert.deepEqual([updated.active, updated.extra], [false, { age: 3, tall: true }])
      assert.equal((await db.updateUser(name, 'second')).active, false)
      await refuses(connect({ username: '' }).login(name, 'second'), 401, 401)

      const replaced = await db.replaceUser(name, { passwd: 'third', active: true })
      assert.deepEqual([replaced.active, replaced.extra], [true, {}])
      const got = await db.getUser(name)
      assert.deepEqual([got.user, got.active, got.extra], [name, true, {}])
      // By a session: the driver's Basic takes no letters beyond Latin-1.
      assert.equal((await (await WAYS.JWT({ username: name, password: 'third' })).getUser(name)).user, name)

      await db.removeUser(name)
      await refuses(db.getUser(name), 404, 1703)
      await refuses(db.updateUser(name, 'fourth'), 404, 1703)
      await refuses(db.replaceUser(name, { passwd: 'fourth' }), 404, 1703)
      await refuses(db.removeUser(name), 404, 1703)
    })
  }

  test(`${way}: levels of a user are set, read and cleared`, { timeout: 30_000 }, async () => {
    const db = await signIn(ROOT)
    const name = `levels-${way}`
    await db.createUser(name, 'secret')
    const shop = db.database('shop')
    const items = shop.collection('items')
    const level = () => Promise.all([db.getUserAccessLevel(name, { database: shop }), db.getUserAccessLevel(name, { collection: items })])

    assert.deepEqual(await level(), ['none', 'none'])
    await db.setUserAccessLevel(name, { database: 'shop' }, 'ro')
    assert.deepEqual(await level(), ['ro', 'ro'])
    await db.setUserAccessLevel(name, { database: 'shop', collection: 'items' }, 'rw')
    assert.deepEqual(await level(), ['ro', 'rw'])
    assert.deepEqual(await db.getUserDatabases(name), { shop: 'ro' })
    const full = /** @type {any} */ (await db.getUserDatabases(name, true))
    const { items: own, orders, '*': every, ...system } = full.shop.collections
    assert.deepEqual([full.shop.permission, own, orders, every], ['ro', 'rw', 'undefined', 'undefined'])
    assert.ok(Object.keys(system).includes('_graphs') && Object.entries(system).every(([name, level]) => name.startsWith('_') && level === 'undefined'))
    assert.deepEqual(full['*'], { permission: 'none' })

    await db.clearUserAccessLevel(name, { collection: items })
    assert.deepEqual(await level(), ['ro', 'ro'])
    await db.setUserAccessLevel(name, { database: '*' }, 'rw')
    assert.deepEqual(await level(), ['ro', 'rw'])
    await db.clearUserAccessLevel(name, { database: 'shop' })
    assert.deepEqual(await level(), ['rw', 'rw'])
    await db.clearUserAccessLevel(name, { database: '*' })
    assert.deepEqual(await level(), ['none', 'none'])

    await refuses(db.setUserAccessLevel(name, { database: 'shop' }, /** @type {any} */ ('RW')), 400, 10)
    await refuses(db.setUserAccessLevel(name, { database: 'attic', collection: 'items' }, 'ro'), 404, 1228)
    await refuses(db.setUserAccessLevel(name, { database: 'shop', collection: 'attic' }, 'ro'), 404, 1203)
    await refuses(db.setUserAccessLevel('nobody', { database: 'shop' }, 'ro'), 404, 1703)
    await refuses(db.clearUserAccessLevel('root', { database: '_system' }), 403, 11)
    await db.removeUser(name)
  })

  test(`${way}: a user who is not an administrator reads only her own record`, { timeout: 30_000 }, async () => {
    const ann = { username: 'ann', password: 'of ann' }
    const db = await signIn(ann, 'shop')
    assert.deepEqual((await db.getUser('ann')).extra, { team: 'shop' })
    assert.deepEqual(await db.getUserDatabases('ann'), { shop: 'ro' })
    assert.equal(await db.getUserAccessLevel('ann', { database: 'shop', collection: 'items' }), 'rw')
    await refuses(db.listUsers(), 403, 403)
    await refuses(db.getUser('root'), 403, 403)
    await refuses(db.createUser('eve', 'secret'), 403, 11)
    await refuses(db.removeUser('ann'), 403, 11)
    await refuses(db.setUserAccessLevel('ann', { database: 'shop' }, 'rw'), 403, 11)
    await refuses((await signIn(ann)).listUsers(), 401, 11)
  })

  test(`${way}: access to the database follows the levels`, { timeout: 30_000 }, async () => {
    const db = await signIn(ROOT)
    const name = `guest-${way}`
    const hall = await db.createDatabase(`hall-${way}`, [{ username: name, passwd: 'secret' }])
    await hall.createCollection('coats')
    const guest = await signIn({ username: name, password: 'secret' }, hall.name)
    assert.deepEqual((await guest.collections()).map((collection) => collection.name), ['coats'])
    await guest.collection('coats').save({ of: 'the guest' })
    await db.setUserAccessLevel(name, { database: hall, collection: 'coats' }, 'ro')
    await assert.rejects(guest.collection('coats').save({}), { code: 403 })
    await db.setUserAccessLevel(name, { database: hall }, 'none')
    await refuses(guest.collections(), 401, 11)
    await db.removeUser(name)
    await db.dropDatabase(hall.name)
  })
}

test('a wrong password and an unknown user get the same response', { timeout: 30_000 }, async () => {
  await refuses(connect({ username: 'root', password: 'wrong' }).listUsers(), 401, 11)
  await refuses(connect({ username: 'nobody', password: 'wrong' }).listUsers(), 401, 11)
  await refuses(connect(ROOT).login('root', 'wrong'), 401, 401)
  await refuses(connect(ROOT).login('nobody', 'wrong'), 401, 401)
})

test('deleting a user ends its session', { timeout: 30_000 }, async () => {
  const db = connect(ROOT)
  await db.createUser('short', 'secret')
  const session = await WAYS.JWT({ username: 'short', password: 'secret' })
  assert.equal((await session.getUser('short')).user, 'short')
  await db.updateUser('short', { active: false })
  await refuses(session.getUser('short'), 401, 11)
  await db.updateUser('short', { active: true })
  await db.removeUser('short')
  await db.createUser('short', 'secret')
  await refuses(session.getUser('short'), 401, 11)
  await db.removeUser('short')
})

test('an access token is created, listed, used instead of the password, and deleted', { timeout: 30_000 }, async () => {
  const db = connect(ROOT)
  await db.createUser('service', 'secret')
  const expires = Math.floor(Date.now() / 1_000) + 86_400
  const created = await db.createAccessToken('service', { name: 'nightly', valid_until: expires })
  assert.match(created.token, /^v1\.[0-9a-f]+$/)
  assert.deepEqual([created.name, created.valid_until, created.active], ['nightly', expires, true])
  assert.equal(created.fingerprint, `v1...${created.token.slice(-6)}`)
  await refuses(db.createAccessToken('service', { name: 'nightly' }), 409, 1207)
  await refuses(db.createAccessToken('nobody', { name: 'nightly' }), 404, 1703)
  const endless = await db.createAccessToken('service', { name: 'endless' })

  const tokens = await db.getAccessTokens('service')
  assert.deepEqual(tokens.map(({ id, name }) => [id, name]), [[created.id, 'nightly'], [endless.id, 'endless']])
  assert.ok(tokens.every((token) => !('token' in token)))

  const service = connect({ username: 'nobody' })
  service.useAccessToken(created.token)
  assert.equal((await service.getUser('service')).user, 'service')
  assert.equal((await connect({ username: 'service', password: created.token }).getUser('service')).user, 'service')
  await service.login('', created.token)
  assert.equal((await service.getUser('service')).user, 'service')
  await connect({ username: '' }).login('service', created.token)
  await refuses(connect({ username: '' }).login('root', created.token), 401, 401)

  // Users manage their own, and the session ends with its token.
  await service.deleteAccessToken('service', created.id)
  await refuses(service.getUser('service'), 401, 11)
  await refuses(connect({ username: 'service', password: created.token }).getUser('service'), 401, 11)
  const other = connect({ username: 'service', password: endless.token })
  await refuses(other.createAccessToken('root', { name: 'mine' }), 403, 403)
  await db.removeUser('service')
  await refuses(other.getUser('service'), 401, 11)
})
