// @ts-check
// For each product: records, credentials and the form of an error, for tests of the directory.

import assert from 'node:assert/strict'
import { createDirectory } from 'latchwork/directory'
import { FaultyStore } from './faulty-store.mjs'

/** Cheap, so that a thousand sign-ins take no time. */
export const COST = { memory: 64, passes: 1, parallelism: 1 }

export const SECRET = 'a secret of the tests, 32 bytes or more'

/** A token of Meuse: an identifier and a secret. @param {string} letter */
export const meuseToken = (letter) => letter.repeat(68)

/** @param {string} text */
export const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`

/** Records of each product: an administrator, and a user with few rights. @type {Record<string, any>} */
export const records = {
  arangodb: {
    users: {
      root: { passwd: 'rootpass', grants: { _system: { level: 'rw', collections: { '*': 'rw' } }, '*': { level: 'rw', collections: { '*': 'rw' } } } },
      ann: { passwd: 'annpass', extra: { a: 1 }, config: { theme: 'dark' }, grants: { shop: { level: 'ro', collections: { items: 'rw' } } } },
    },
    databases: { shop: ['items'] },
  },
  meuse: {
    users: [
      { name: 'root', role: 'admin', password: 'rootpass', description: 'runs it' },
      { name: 'ann', role: 'tech', password: 'annpass1', description: 'publishes' },
    ],
    tokens: [
      { user: 'root', name: 'r', token: meuseToken('r') },
      { user: 'ann', name: 'a', token: meuseToken('a') },
    ],
    categories: [{ name: 'tools', description: 'what helps' }],
    crates: [{ name: 'latch', versions: ['1.0.0', { version: '1.1.0', yanked: true }], owners: ['ann'] }],
  },
  tyk: {
    users: [
      { id: 'root', active: true, first_name: 'Root', last_name: 'R', email_address: 'root@example.org', password: 'rootpass', access_key: 'k'.repeat(32), user_permissions: { IsAdmin: 'admin', ResetPassword: 'admin' } },
      { id: 'ann', active: true, first_name: 'Ann', last_name: 'A', email_address: 'ann@example.org', password: 'annpass1', access_key: 'a'.repeat(32), user_permissions: { apis: 'read' }, group_id: 'team' },
    ],
    config: { admin_secret: 'the secret of the admin API' },
    groups: [{ id: 'team', active: true, name: 'Team', user_permissions: { apis: 'read', users: 'read' } }],
    reset_tokens: [{ token: 'link-of-ann', user: 'ann', issued_at: Math.floor(Date.now() / 1_000) }],
  },
  wso2: {
    realm: { admin_user: 'root' },
    roles: ['staff', 'Internal/guests'],
    users: [
      { name: 'root', id: 'root', password: 'rootpass', roles: ['admin'] },
      { name: 'ann', id: 'ann', password: 'annpass1', roles: ['staff'] },
    ],
    rules: [
      { role: 'staff', resource: '/permission/admin/manage/api/create', action: 'ui.execute', effect: 'allow' },
      { role: 'Internal/everyone', resource: '/permission/admin/login', action: 'ui.execute', effect: 'allow' },
    ],
  },
  antmedia: {
    users: [
      { email: 'root', scope: 'system', userType: 'ADMIN', password: 'rootpass', firstName: 'Root' },
      { email: 'ann', scope: 'LiveApp', userType: 'USER', password: 'annpass1', firstName: 'Ann', lastName: 'A' },
    ],
  },
}

export const systems = Object.keys(records)

/** Where users are listed, and where they are made and, below it by their names, deleted. @type {Record<string, { list: string, make: string }>} */
export const usersPath = {
  arangodb: { list: '/_api/user', make: '/_api/user' },
  meuse: { list: '/api/v1/meuse/user', make: '/api/v1/meuse/user' },
  tyk: { list: '/api/users', make: '/api/users' },
  wso2: { list: '/scim2/Users', make: '/scim2/Users' },
  antmedia: { list: '/rest/v2/user-list', make: '/rest/v2/users' },
}

/** The credential of a request: the header `authorization`, or other headers. @typedef {string | Record<string, string>} Credential */

/** The credential of the administrator, for products that need no session. @type {Record<string, string>} */
export const admin = { arangodb: basic('root:rootpass'), meuse: meuseToken('r'), tyk: 'k'.repeat(32), wso2: basic('root:rootpass') }

/** @type {Record<string, string>} */
export const ann = { arangodb: basic('ann:annpass'), meuse: meuseToken('a'), tyk: 'a'.repeat(32), wso2: basic('ann:annpass1') }

/** What an answer is when the store fails: Ant Media has a word of its own for it. @param {string} system */
export const unavailable = (system) => (system === 'antmedia' ? 500 : 503)

/**
 * A directory of a product over a store, with parts of its own.
 * @param {string} system @param {any} store @param {any} [parts]
 */
export function directoryOf(system, store, parts) {
  return createDirectory(/** @type {any} */ ({ system, store, cost: COST, secret: SECRET, ...parts }))
}

/**
 * Fills a store with the product's records, or others that have the same two users; what these sign in with.
 * @param {string} system @param {any} directory @param {any} [given]
 * @returns {Promise<Record<'root' | 'ann', Credential>>}
 */
export async function seedDirectory(system, directory, given = records[system]) {
  await directory.seed(given)
  if (system !== 'antmedia') return { root: admin[system], ann: ann[system] }
  return { root: await sessionOf(directory, 'root', 'rootpass'), ann: await sessionOf(directory, 'ann', 'annpass1') }
}

/** Signs in to Ant Media, and returns the cookie. @param {any} directory @param {string} email @param {string} password */
export async function sessionOf(directory, email, password) {
  // Written by hand, because members that a test puts on every object change the output of `JSON.stringify`.
  const { headers, text } = await send(directory, 'POST', '/rest/v2/users/authenticate', { body: `{"email":"${email}","password":"${password}"}` })
  const [cookie] = headers.getSetCookie()
  assert.ok(cookie, text)
  return { cookie: cookie.split(';')[0] }
}

/** A store with the product's records, a directory over it, and who may ask. @param {string} system @param {any} [parts] */
export async function seeded(system, parts) {
  const store = new FaultyStore()
  const directory = directoryOf(system, store, parts)
  return { store, directory, as: await seedDirectory(system, directory) }
}

/**
 * The id of the role `staff` of WSO2, which the server draws; no text for the products without such ids.
 * @param {string} system @param {any} directory @param {Credential} as
 */
export async function staffGroupId(system, directory, as) {
  if (system !== 'wso2') return ''
  const { body } = await send(directory, 'GET', `/scim2/Groups?filter=${encodeURIComponent('displayName eq "staff"')}`, { as })
  return body.Resources[0].id
}

/** @param {Credential | undefined} as @returns {Record<string, string>} */
export const headersOf = (as) => (typeof as === 'string' ? { authorization: as } : { ...as })

/**
 * Sends a request; the status, and the body read.
 * @param {{ fetch: (request: Request) => Promise<Response> }} directory
 * @param {string} method @param {string} path @param {{ as?: Credential, body?: any, headers?: Record<string, string> }} [rest]
 */
export async function send(directory, method, path, { as, body, headers } = {}) {
  const text = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const all = { ...headersOf(as), ...(text !== undefined && { 'content-type': 'application/json' }), ...headers }
  // Without a prototype, for tests that put members on every object.
  const init = Object.assign(Object.create(null), { method, headers: all, ...(text !== undefined && { body: text }) })
  const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, init))
  return { status: response.status, headers: response.headers, ...(await bodyOf(response)) }
}

/** @param {Response} response @returns {Promise<{ text: string, body: any }>} */
async function bodyOf(response) {
  const text = await response.text()
  try {
    return { text, body: JSON.parse(text) }
  } catch {
    return { text, body: null }
  }
}

/** Waits until what a directory does after an answer is begun: it logs, and sends mails. */
export const afterAnswer = () => new Promise((resolve) => setTimeout(resolve, 5))

/** Whether a response is a rejection. Rejections of Ant Media can have the status 200. @param {string} system @param {{ status: number, body: any }} answer */
export const isRefusal = (system, { status, body }) => status >= 400 || body?.errors !== undefined || (system === 'antmedia' && body?.success === false)

/** Fails unless this is an error in the product's own form. @param {string} system @param {{ status: number, text: string, body: any }} answer @param {string} what */
export function assertRefused(system, { status, body, text }, what) {
  assert.ok(body !== null && typeof body === 'object', `${what}: ${status} ${text}`)
  if (system === 'arangodb') {
    assert.deepEqual([body.error, body.code, typeof body.errorNum, typeof body.errorMessage], [true, status, 'number', 'string'], `${what}: ${text}`)
  } else if (system === 'tyk') {
    assert.deepEqual([body.Status, typeof body.Message, body.Meta], ['Error', 'string', null], `${what}: ${text}`)
  } else if (system === 'antmedia') {
    assert.deepEqual([body.success, typeof body.message, body.dataId, typeof body.errorId], [false, 'string', '', 'number'], `${what}: ${text}`)
  } else if (system === 'wso2' && body.schemas) {
    assert.deepEqual(body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error'], `${what}: ${text}`)
    assert.deepEqual([body.status, typeof body.detail], [String(status), 'string'], `${what}: ${text}`)
  } else if (system === 'wso2') {
    assert.deepEqual([typeof body.error, typeof body.message], ['string', 'string'], `${what}: ${text}`)
  } else {
    assert.deepEqual(Object.keys(body), ['errors'], `${what}: ${text}`)
    assert.equal(typeof body.errors[0].detail, 'string', `${what}: ${text}`)
  }
}

/** A POST request of each product that creates something, with the status of its response. @type {Record<string, { path: string, body: any, status: number }>} */
export const creations = {
  arangodb: { path: '/_api/user', body: { user: 'new' }, status: 201 },
  meuse: { path: '/api/v1/meuse/category', body: { name: 'c', description: 'd' }, status: 200 },
  tyk: { path: '/api/users', body: { first_name: 'N', last_name: 'U', email_address: 'new@example.org', user_permissions: { apis: 'read' } }, status: 200 },
  wso2: { path: '/services/UserAdmin/addUser', body: { userName: 'new', password: 'longenough' }, status: 200 },
  antmedia: { path: '/rest/v2/users', body: { email: 'new', password: 'p', scope: 'LiveApp', userType: 'USER' }, status: 200 },
}

/**
 * A seeded directory with the credentials for each kind of route, and the id of a group.
 * @param {string} system
 */
export async function seededForRoutes(system) {
  const { directory, store, as } = await seeded(system)
  /** @type {Record<string, Credential>} */
  const credentials = { root: as.root, 'admin-auth': { 'admin-auth': records.tyk.config.admin_secret } }
  if (system === 'tyk') {
    const { headers } = await send(directory, 'POST', '/api/login', { body: { email_address: 'ann@example.org', password: 'annpass1' } })
    credentials.session = { cookie: String(headers.get('set-cookie')).split(';')[0] }
  }
  return { store, credentials, group: await staffGroupId(system, directory, as.root) }
}
