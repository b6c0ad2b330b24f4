// @ts-check
// What requests to the directory cost with few users and with many, in one libSQL file each; and what the worker
// holds of memory after a hundred sign-ins. A look-up reads what it needs, so the number of users should not count.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDirectory } from 'latchwork/directory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'
import { hash } from 'latchwork/password'

const COUNTS = [1_000, 100_000]
const ROUNDS = 60
/** Entries of one commit. */
const BATCH = 10_000

const folder = mkdtempSync(join(tmpdir(), 'latchwork-bench-'))
const password = 'correct horse battery staple'
const stored = await hash(password)

/**
 * A store of so many users: a seed gives the form of an entry, and the rest are copies of it under other names.
 * @param {number} count
 */
async function filled(count) {
  const small = memoryStore()
  const grants = { shop: { level: /** @type {const} */ ('ro'), collections: { items: /** @type {const} */ ('rw') } } }
  const root = { hash: stored, grants: { _system: { level: /** @type {const} */ ('rw') } } }
  await createDirectory({ system: 'arangodb', store: small }).seed({ users: { root, user: { hash: stored, grants } }, databases: { shop: ['items'] } })
  const store = libsqlStore({ file: join(folder, `${count}.db`) })
  const entries = await small.scan('', null, 1_000)
  const { value } = /** @type {{ value: string }} */ (entries.find(({ key }) => key === 'user/user'))
  const changes = entries.map((entry) => ({ key: entry.key, expect: null, value: entry.value }))
  for (let index = 2; index < count; index += 1) changes.push({ key: `user/${nameOf(index)}`, expect: null, value })
  for (let start = 0; start < changes.length; start += BATCH) await store.commit(changes.slice(start, start + BATCH))
  return store
}

/** @param {number} index */
const nameOf = (index) => `user-${String(index).padStart(6, '0')}`

/** @param {string} text */
const basic = (text) => `Basic ${btoa(text)}`

/** What is measured, each as a request; `fresh` has nothing remembered. @type {Record<string, { path: string, fresh?: boolean, token?: boolean, part?: boolean }>} */
const kinds = {
  'sign-in check, password': { path: '/_api/version', fresh: true },
  'sign-in check, password remembered': { path: '/_api/version' },
  'sign-in check, token': { path: '/_api/version', token: true },
  'level look-up': { path: '/_api/user/NAME/database/shop/items', token: true },
  'first page of the user list': { path: '/_api/user', token: true, part: true },
}

/** @type {{ count: number, store: any, directory: any, token: string, name: string }[]} */
const sides = []
for (const count of COUNTS) {
  const store = await filled(count)
  const directory = createDirectory({ system: 'arangodb', store })
  const signedIn = await directory.fetch(new Request('http://127.0.0.1/_open/auth', { method: 'POST', body: JSON.stringify({ username: 'root', password }) }))
  const { jwt } = await signedIn.json()
  sides.push({ count, store, directory, token: `Bearer ${jwt}`, name: nameOf(Math.floor(count / 2)) })
}

/** @param {typeof sides[number]} side @param {typeof kinds[string]} kind */
async function once({ store, directory, token, name }, { path, fresh, token: byToken, part }) {
  const asked = fresh ? createDirectory({ system: 'arangodb', store }) : directory
  const authorization = byToken ? token : basic(`root:${password}`)
  const request = new Request(`http://127.0.0.1${path.replace('NAME', name)}`, { headers: { authorization } })
  const start = performance.now()
  const response = await asked.fetch(request)
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  if (part) {
    const reader = response.body.getReader()
    await reader.read()
    const time = performance.now() - start
    await reader.cancel()
    return time
  }
  await response.text()
  return performance.now() - start
}

/** @param {number[]} times */
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]

const rows = []
for (const [name, kind] of Object.entries(kinds)) {
  /** In turns, so that whatever else the machine does meets both. @type {number[][]} */
  const times = sides.map(() => [])
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) times[index].push(await once(side, kind))
  }
  const [few, many] = times.map((list) => median(list.slice(5)))
  rows.push({ request: name, [`ms, ${COUNTS[0]} users`]: few.toFixed(2), [`ms, ${COUNTS[1]} users`]: many.toFixed(2), 'ratio (target 2)': (many / few).toFixed(2) })
}
console.table(rows)

/** What lies outside of the heap: modules, buffers. In MiB. */
const outside = () => process.memoryUsage().external / 2 ** 20
const [{ store }] = sides
const before = outside()
/** @type {number[]} */
const after = []
for (let round = 1; round <= 100; round += 1) {
  await once({ ...sides[0], store }, kinds['sign-in check, password'])
  if (round % 25 === 0) after.push(outside())
}
console.table([{ 'MiB outside of the heap': 'sign-ins', before: before.toFixed(1), ...Object.fromEntries(after.map((size, index) => [`after ${(index + 1) * 25}`, size.toFixed(1)])) }])

for (const side of sides) await side.store.close()
rmSync(folder, { recursive: true, force: true })
