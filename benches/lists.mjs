// @ts-check
// What lists and filters cost with 100 and with 100,000 users, in CPU time beside a bare `node:http` echo. The numbers
// of users take turns: what else runs on the machine, and what the heap holds, hits all alike.
// The stores are filled without an index, as an earlier version left them: the first list builds it.
//
// node benches/lists.mjs [--users 100,100000] [--system wso2] [--store libsql|memory]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDirectory } from 'latchwork/directory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'
import { hash } from 'latchwork/password'
import { startEcho } from './echo.mjs'
import { microseconds as shown, printRows } from './rows.mjs'

/** Calls of a series. */
const ROUNDS = 20
const SERIES = 9
/** Changes of one commit. */
const BATCH = 10_000
/** The user that all others are copies of. */
const FORM = 'user-000000'

await main()

async function main() {
  const { values } = parseArgs({ options: { users: { type: 'string', default: '100,100000' }, system: { type: 'string' }, store: { type: 'string', default: 'libsql' } } })
  const counts = values.users.split(',').map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-lists-'))
  const echo = await startEcho()
  /** @type {import('./rows.mjs').Row[]} */
  const rows = []
  const stored = await hash('correct horse battery staple')
  for (const product of products(stored).filter(({ system }) => !values.system || system === values.system)) {
    const built = []
    /** @type {{ count: number, store: any, ask: (list: List) => Promise<string> }[]} */
    const sizes = []
    for (const count of counts) {
      const store = values.store === 'memory' ? memoryStore() : libsqlStore({ file: join(folder, `${product.system}-${count}.db`) })
      const headers = await fill(product, store, count)
      const directory = createDirectory({ system: product.system, store })
      const sent = { ...headers, ...(await product.signIn?.(directory)) }
      const ask = (/** @type {List} */ { path, body }) => expectOk(directory, path(count), sent, body)
      const start = performance.now()
      for (const list of Object.values(product.lists)) await ask(list)
      built.push(((performance.now() - start) / 1_000).toFixed(1))
      sizes.push({ count, store, ask })
    }
    const named = counts.map((count) => count.toLocaleString('en'))
    for (const [name, list] of Object.entries(product.lists)) {
      const what = `\`${product.system}\`: ${name}`
      const { least, echoes } = await microseconds(list.each ? 1 : ROUNDS, sizes.map(({ ask }) => () => ask(list)), echo.round)
      const costs = list.each ? least.map((cost, index) => cost / sizes[index].count) : least
      rows.push({ what: `${what}, ${named.at(-1)} / ${named[0]} users`, target: 1.2, value: costs[costs.length - 1] / costs[0], detail: costs.map((cost, index) => `${named[index]}: ${shown(cost)}`).join('; ') })
      if (name === 'SCIM, page of 50') rows.push({ what: `${what} / bare \`node:http\` echo`, target: 100, digits: 0, value: Math.max(...costs) / echoes, detail: `${shown(Math.max(...costs))} / ${shown(echoes)}` })
    }
    for (const { store } of sizes) await store.close?.()
    console.error(`${product.system}: seconds of the first lists, which build the index: ${built.join(', ')}`)
  }
  echo.stop()
  printRows(rows)
  rmSync(folder, { recursive: true, force: true })
}

/**
 * CPU time of one call of each kind, and of an echo: the least of the series, in which the kinds take turns.
 * @param {number} rounds @param {(() => Promise<unknown>)[]} calls @param {() => Promise<number>} echo
 */
async function microseconds(rounds, calls, echo) {
  const least = calls.map(() => Infinity)
  let echoes = Infinity
  for (const call of calls) await call()
  for (let series = 0; series < SERIES; series += 1) {
    for (const [index, call] of calls.entries()) {
      const before = process.cpuUsage()
      for (let round = 0; round < rounds; round += 1) await call()
      const { user, system } = process.cpuUsage(before)
      least[index] = Math.min(least[index], (user + system) / rounds)
    }
    if (series % 4 === 0) echoes = Math.min(echoes, await echo())
  }
  return { least, echoes }
}

/** @param {any} directory @param {string} path @param {Record<string, string>} headers @param {object} [body] */
async function expectOk(directory, path, headers, body) {
  const posted = body && { method: 'POST', body: JSON.stringify(body) }
  const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, { ...posted, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) } }))
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
  return text
}

/** Fills a store with copies of one user, without an index. @param {Product} product @param {any} store @param {number} count */
async function fill({ system, records, headers, counted }, store, count) {
  const small = memoryStore()
  await createDirectory({ system, store: small }).seed(/** @type {any} */ (records))
  const entries = (await small.scan('', null, 10_000)).filter(({ key }) => !key.startsWith('index/'))
  const isCopied = (/** @type {{ key: string, value: string }} */ { key, value }) => key.includes(FORM) || value.includes(FORM)
  let changes = entries.map(({ key, value }) => ({ key, expect: null, value: counted ? counted(key, value, count) : value }))
  const copied = entries.filter(isCopied)
  const add = (/** @type {string} */ text, /** @type {number} */ index) => text.replaceAll(FORM, nameOf(index))
  for (let index = 1; index < count; index += 1) {
    for (const { key, value } of copied) if (key.includes(FORM)) changes.push({ key: add(key, index), expect: null, value: add(value, index) })
    if (changes.length >= BATCH) {
      await store.commit(changes)
      changes = []
    }
  }
  await store.commit(changes)
  return headers
}

/** @param {number} index */
function nameOf(index) {
  return `user-${String(index).padStart(6, '0')}`
}

/**
 * @typedef {object} Product
 * @property {any} system
 * @property {unknown} records
 * @property {Record<string, string>} headers
 * @property {(directory: any) => Promise<Record<string, string>>} [signIn]
 * @property {(key: string, value: string, count: number) => string} [counted]
 * @property {Record<string, List>} lists
 */

/** What is asked for; `each`: a list of all entries. @typedef {{ path: (count: number) => string, body?: object, each?: boolean }} List */

/** @param {string} stored the hash of a password @returns {Product[]} */
function products(stored) {
  const password = 'correct horse battery staple'
  const basic = { authorization: `Basic ${btoa(`root:${password}`)}` }
  const claim = 'urn:ietf:params:scim:schemas:core:2.0:User:'
  const scim = (/** @type {string} */ filter) => `/scim2/Users?filter=${encodeURIComponent(filter)}`
  const middle = (/** @type {number} */ count) => nameOf(count >> 1)
  return [
    {
      system: 'wso2',
      headers: basic,
      records: {
        realm: { admin_user: 'root' },
        roles: ['staff'],
        users: [
          { name: 'root', hash: stored, roles: ['admin'] },
          { name: FORM, id: FORM, hash: stored, roles: ['staff'], claims: { [`${claim}externalId`]: `x-${FORM}`, [`${claim}emails`]: [{ value: `${FORM}@example.org`, type: 'work', primary: true }], [`${claim}name`]: { givenName: 'Ann', familyName: FORM } } },
        ],
      },
      lists: {
        'SCIM, page of 50': { path: () => '/scim2/Users?count=50' },
        'SCIM, page of 50 at the end': { path: (count) => `/scim2/Users?count=50&startIndex=${count - 50}` },
        'SCIM, userName eq': { path: (count) => scim(`userName eq "${middle(count)}"`) },
        'SCIM, id eq': { path: (count) => scim(`id eq "${middle(count)}"`) },
        'SCIM, externalId eq': { path: (count) => scim(`externalId eq "x-${middle(count)}"`) },
        'SCIM, emails eq': { path: (count) => scim(`emails eq "${middle(count)}@example.org"`) },
        'SCIM, emails.value eq': { path: (count) => scim(`emails.value eq "${middle(count)}@example.org"`) },
        'SCIM, emails[type eq "work"].value eq': { path: (count) => scim(`emails[type eq "work" and value eq "${middle(count)}@example.org"]`) },
        'SCIM, userName sw, page of 50': { path: () => `${scim('userName sw "user-0000"')}&count=50` },
        'SCIM, groups, displayName eq': { path: () => `/scim2/Groups?filter=${encodeURIComponent('displayName eq "staff"')}&excludedAttributes=members` },
        'SCIM, groups': { path: () => '/scim2/Groups?excludedAttributes=members' },
        'listUsers, 50': { path: () => '/services/UserAdmin/listUsers', body: { filter: 'user-*', limit: 50 } },
      },
    },
    {
      system: 'tyk',
      headers: { authorization: 'r'.repeat(32) },
      records: {
        users: [
          { id: 'root', active: true, email_address: 'root@example.org', password, access_key: 'r'.repeat(32), user_permissions: { IsAdmin: 'admin' } },
          { id: FORM, active: true, email_address: `${FORM}@example.org`, hash: stored, user_permissions: { users: 'read' } },
        ],
      },
      counted: (key, value, count) => (key.startsWith('org/') ? value.replace('"users":2', `"users":${count + 1}`) : value),
      lists: {
        'users, first page': { path: () => '/api/users?p=1' },
        'users, last page': { path: (count) => `/api/users?p=${Math.floor(count / 10)}` },
        'all users, an entry': { path: () => '/api/users?p=-1', each: true },
      },
    },
    {
      system: 'antmedia',
      headers: {},
      async signIn(directory) {
        const body = JSON.stringify({ email: 'root', password })
        const response = await directory.fetch(new Request('http://127.0.0.1/rest/v2/users/authenticate', { method: 'POST', body, headers: { 'content-type': 'application/json' } }))
        return { cookie: response.headers.get('set-cookie').split(';')[0] }
      },
      records: { users: [{ email: 'root', scope: 'system', userType: 'ADMIN', password }, { email: FORM, scope: 'live', userType: 'USER', hash: stored }] },
      lists: { 'all users, an entry': { path: () => '/rest/v2/user-list', each: true } },
    },
    {
      system: 'arangodb',
      headers: basic,
      records: { users: { root: { hash: stored, grants: { _system: { level: 'rw' } } }, [FORM]: { hash: stored, grants: { _system: { level: 'ro' } } } } },
      lists: { 'all users, an entry': { path: () => '/_api/user', each: true } },
    },
    {
      system: 'meuse',
      headers: { authorization: 'r'.repeat(68) },
      records: { users: [{ name: 'root', role: 'admin', hash: stored }, { name: FORM, role: 'tech', hash: stored }], tokens: [{ user: 'root', name: 'r', token: 'r'.repeat(68) }] },
      lists: { 'all users, an entry': { path: () => '/api/v1/meuse/user', each: true } },
    },
  ]
}
