// @ts-check
// What the tests of the directory need to know of each product: records, credentials, the form of an error.

import assert from 'node:assert/strict'
import { createDirectory } from 'latchwork/directory'
import { DoubleStore } from './double.mjs'

/** Cheap, so that a thousand sign-ins take no time. */
export const COST = { memory: 64, passes: 1, parallelism: 1 }

export const SECRET = 'a secret of the tests, 32 bytes or more'

/** A token of Meuse: an identifier and a secret. @param {string} letter */
export const meuseToken = (letter) => letter.repeat(68)

/** @param {string} text */
export const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`

/** Records of each product: an administrator, and somebody who may little. @type {Record<string, any>} */
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
    groups: [{ id: 'team', active: true, name: 'Team', user_permissions: { apis: 'read', users: 'read' } }],
    reset_tokens: [{ token: 'link-of-ann', user: 'ann', issued_at: 4e9 }],
  },
}

export const systems = Object.keys(records)

/** Where users are listed and made. @type {Record<string, string>} */
export const usersPath = { arangodb: '/_api/user', meuse: '/api/v1/meuse/user', tyk: '/api/users' }

/** What the administrator signs in with. @type {Record<string, string>} */
export const admin = { arangodb: basic('root:rootpass'), meuse: meuseToken('r'), tyk: 'k'.repeat(32) }

/** @type {Record<string, string>} */
export const ann = { arangodb: basic('ann:annpass'), meuse: meuseToken('a'), tyk: 'a'.repeat(32) }

/**
 * A directory of a product over a store, with parts of its own.
 * @param {string} system @param {any} store @param {any} [parts]
 */
export function directoryOf(system, store, parts) {
  return createDirectory(/** @type {any} */ ({ system, store, cost: COST, secret: SECRET, ...parts }))
}

/** A store with the product's records, and a directory over it. @param {string} system @param {any} [parts] */
export async function seeded(system, parts) {
  const store = new DoubleStore()
  const directory = directoryOf(system, store, parts)
  await directory.seed(records[system])
  return { store, directory }
}

/**
 * Sends a request; the status, and the body read.
 * @param {{ fetch: (request: Request) => Promise<Response> }} directory
 * @param {string} method @param {string} path @param {{ as?: string, body?: any, headers?: Record<string, string> }} [rest]
 */
export async function send(directory, method, path, { as, body, headers } = {}) {
  const text = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const all = { ...(as !== undefined && { authorization: as }), ...(text !== undefined && { 'content-type': 'application/json' }), ...headers }
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

/** Fails unless this is an error in the product's own form. @param {string} system @param {{ status: number, text: string, body: any }} answer @param {string} what */
export function assertRefused(system, { status, body, text }, what) {
  assert.ok(body !== null && typeof body === 'object', `${what}: ${status} ${text}`)
  if (system === 'arangodb') {
    assert.deepEqual([body.error, body.code, typeof body.errorNum, typeof body.errorMessage], [true, status, 'number', 'string'], `${what}: ${text}`)
  } else if (system === 'tyk') {
    assert.deepEqual([body.Status, typeof body.Message, body.Meta], ['Error', 'string', null], `${what}: ${text}`)
  } else {
    assert.deepEqual(Object.keys(body), ['errors'], `${what}: ${text}`)
    assert.equal(typeof body.errors[0].detail, 'string', `${what}: ${text}`)
  }
}
