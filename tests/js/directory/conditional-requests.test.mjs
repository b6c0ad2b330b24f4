// @ts-check
// Conditional requests (`If-Match`): of two clients that change what both have read, the second one must read again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { sharedStores } from '../support/directory/shared-stores.mjs'
import { assertRefused, directoryOf, seedDirectory, send } from '../support/directory/products.mjs'

/** The identifier of the role of a name. @param {any} directory @param {any} as @param {string} name */
async function roleOf(directory, as, name) {
  const { body } = await send(directory, 'GET', `/scim2/Groups?filter=displayName%20eq%20%22${name}%22`, { as })
  return body.Resources[0].id
}

/**
 * What two clients edit: its path, how each changes what it read, and the changes that the resource has.
 * @type {Record<string, { path: (directory: any, as: any) => Promise<string>, edit: (read: any, name: string) => [method: string, body: any], changesIn: (read: any) => string[] }>}
 */
const things = {
  arangodb: {
    path: async () => '/_api/user/ann',
    // PUT replaces all of it, so that what the client did not read would be gone.
    edit: ({ extra, active }, name) => ['PUT', { passwd: 'annpass', active, extra: { ...extra, [name]: true } }],
    changesIn: ({ extra }) => Object.keys(extra),
  },
  tyk: {
    path: async () => '/api/usergroups/team',
    edit: ({ user_permissions }, name) => ['PUT', { user_permissions: { ...user_permissions, [name]: 'read' } }],
    changesIn: ({ user_permissions }) => Object.keys(user_permissions),
  },
  'wso2 users': {
    path: async () => '/scim2/Users/ann',
    edit: ({ userName, emails = [] }, name) => ['PUT', { userName, emails: [...emails, { value: `${name}@x.io`, type: name }] }],
    changesIn: ({ emails }) => emails.map((/** @type {any} */ { type }) => type),
  },
  'wso2 groups': {
    path: async (directory, as) => `/scim2/Groups/${await roleOf(directory, as, 'staff')}`,
    edit: ({ displayName, members }, name) => ['PUT', { displayName, members: [...members, { value: name }] }],
    changesIn: ({ members }) => members.map((/** @type {any} */ { value }) => value),
  },
}

/** Whom the clients of the groups of WSO2 put in. */
const NAMES = ['pages', 'keys']

/** @param {any} directory @param {string} system */
async function filled(directory, system) {
  const as = (await seedDirectory(system, directory)).root
  if (system !== 'wso2') return { as, names: NAMES }
  const made = await Promise.all(NAMES.map((userName) => send(directory, 'POST', '/scim2/Users', { as, body: { userName, password: 'password1' } })))
  return { as, names: made.map(({ body }) => body.id) }
}

for (const [storeName, prepare] of Object.entries(sharedStores)) {
  for (const [thing, { path, edit, changesIn }] of Object.entries(things)) {
    test(`${thing} on ${storeName}: of two concurrent changes with the same tag one returns 412, and no change is lost`, async (context) => {
      const [system] = thing.split(' ')
      const open = prepare(context)
      const directories = [0, 1].map(() => directoryOf(system, open()))
      const { as, names: ids } = await filled(directories[0], system)
      const names = thing === 'wso2 groups' ? ids : NAMES
      const at = await path(directories[0], as)
      const turn = async (/** @type {number} */ index, /** @type {any} */ read) => {
        const [method, body] = edit(read.body, names[index])
        return send(directories[index], method, at, { as, body, headers: { 'if-match': read.headers.get('etag') } })
      }
      const reads = await Promise.all(directories.map((directory) => send(directory, 'GET', at, { as })))
      assert.equal(reads[0].headers.get('etag'), reads[1].headers.get('etag'))
      const answers = await Promise.all([0, 1].map((index) => turn(index, reads[index])))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412], answers.map(({ text }) => text).join())
      const late = answers.findIndex(({ status }) => status === 412)
      assertRefused(system, answers[late], at)
      const again = await send(directories[late], 'GET', at, { as })
      assert.equal(answers[late].headers.get('etag'), again.headers.get('etag'))
      assert.equal((await turn(late, again)).status, 200)
      const { body } = await send(directories[0], 'GET', at, { as })
      for (const name of names) assert.ok(changesIn(body).includes(name), JSON.stringify(body))
    })
  }
}

test('`If-None-Match` with the current tag returns 304 without a body', async () => {
  const directory = directoryOf('wso2', memoryStore())
  const { root: as } = await seedDirectory('wso2', directory)
  const read = await send(directory, 'GET', '/scim2/Users/ann', { as })
  const known = await send(directory, 'GET', '/scim2/Users/ann', { as, headers: { 'if-none-match': read.body.meta.version } })
  assert.deepEqual([known.status, known.text, known.headers.get('etag')], [304, '', read.body.meta.version])
  assert.deepEqual([known.headers.get('content-type'), known.headers.get('cache-control')], [null, 'no-store'])
})

test('a list that is sent in parts ignores conditions that its response could not meet', async () => {
  const directory = directoryOf('arangodb', memoryStore())
  const users = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`u${index}`, {}]))
  await directory.seed({ users: { ...users, root: { passwd: 'rootpass', grants: { '*': { level: 'rw' } } } } })
  const as = `Basic ${btoa('root:rootpass')}`
  const whole = await send(directory, 'GET', '/_api/user', { as })
  assert.equal(whole.body.result.length, 601)
  const again = await send(directory, 'GET', '/_api/user', { as, headers: { 'if-match': '*', 'if-none-match': '*' } })
  assert.deepEqual([again.status, again.text, again.headers.get('etag')], [200, whole.text, null])
})

test('conditions of a request are passed to `upstream`', async () => {
  /** @type {(string | null)[]} */
  const heard = []
  const upstream = (/** @type {Request} */ { headers }) => (heard.push(headers.get('if-match')), new Response(null, { status: 204 }))
  const directory = directoryOf('tyk', memoryStore(), { upstream })
  const { root: as } = await seedDirectory('tyk', directory)
  const { status } = await send(directory, 'PUT', '/api/apis/a1', { as, body: {}, headers: { 'if-match': '"of-the-product"' } })
  assert.deepEqual([status, heard], [204, ['"of-the-product"']])
})

test('a sign-in changes no tag', async () => {
  const directory = directoryOf('tyk', memoryStore())
  const { root: as } = await seedDirectory('tyk', directory)
  const read = async () => {
    const users = await Promise.all(['/api/users/ann', '/admin/users/ann'].map((path) => send(directory, 'GET', path, { as: path.startsWith('/api') ? as : { 'admin-auth': 'the secret of the admin API' } })))
    const own = await send(directory, 'GET', '/api/users/me', { as: 'a'.repeat(32) })
    return [...users, own]
  }
  const before = await read()
  assert.deepEqual(before.map(({ status }) => status), [200, 200, 200])
  assert.equal((await send(directory, 'POST', '/api/login', { body: { email_address: 'ann@example.org', password: 'annpass1' } })).status, 200)
  const after = await read()
  const tags = (/** @type {any[]} */ answers) => answers.map(({ headers }) => headers.get('etag'))
  assert.ok(tags(before).every((tag) => tag !== null))
  assert.deepEqual(tags(after), tags(before))
  for (const [index, { body }] of after.entries()) assert.notEqual(body.last_login_date, before[index].body.last_login_date)
  const edit = { ...before[0].body, first_name: 'Anna' }
  for (const name of ['id', 'org_id', 'access_key', 'created_at', 'last_login_date', 'password_updated']) delete edit[name]
  const changed = await send(directory, 'PUT', '/api/users/ann', { as, body: edit, headers: { 'if-match': tags(before)[0] } })
  assert.equal(changed.status, 200, changed.text)
  assert.notEqual((await read())[0].headers.get('etag'), tags(before)[0])
})
