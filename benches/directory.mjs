// @ts-check
// What requests to the directory cost with few users and with many, in one libSQL file each, and beside a bare `node:http`
// echo; how many changes of grants 32 clients commit; and what the worker holds of memory after a hundred sign-ins. A
// look-up reads what it needs, so the number of users should not count.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDirectory } from 'latchwork/directory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'
import { hash } from 'latchwork/password'
import { cpu } from './clock.mjs'
import { startEcho } from './echo.mjs'
import { microseconds, printRows } from './rows.mjs'

const COUNTS = [1_000, 100_000]
const ROUNDS = 60
/** Entries of one commit. */
const BATCH = 10_000
/** Clients that change grants at the same time, and for how long. */
const CLIENTS = 32
const MILLISECONDS = 4_000
/** Reads of a round beside the echo, and rounds. */
const READS = 300
const READ_ROUNDS = 9

/** @type {import('./rows.mjs').Row[]} */
const printed = []
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

for (const [name, kind] of Object.entries(kinds)) {
  /** In turns, so that whatever else the machine does meets both. @type {number[][]} */
  const times = sides.map(() => [])
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) times[index].push(await once(side, kind))
  }
  const [few, many] = times.map((list) => median(list.slice(5)))
  printed.push({ what: `\`arangodb\`: ${name}, ${COUNTS[1].toLocaleString('en')} / ${COUNTS[0].toLocaleString('en')} users`, target: 2, value: many / few, detail: `${few.toFixed(2)} ms; ${many.toFixed(2)} ms` })
}

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
printed.push({ what: 'MiB outside of the heap over 100 sign-ins, growth', digits: 1, value: Math.max(...after) - before })
for (const side of sides) await side.store.close()

/** The records of the two measurements below: as many users as clients. */
const crowd = () => ({
  users: {
    root: { hash: stored, grants: { _system: { level: /** @type {const} */ ('rw') } } },
    ...Object.fromEntries(Array.from({ length: CLIENTS }, (_, index) => [nameOf(index), { hash: stored, grants: { shop: { level: /** @type {const} */ ('ro') } } }])),
  },
  databases: { shop: ['items'] },
})

/** Least CPU of a read with a remembered password and of an echo, in turns. */
async function measureReads() {
  const echo = await startEcho()
  const stores = { memory: memoryStore(), file: libsqlStore({ file: join(folder, 'reads.db') }) }
  const asked = Object.entries(stores).map(([name, store]) => ({ name, directory: createDirectory({ system: 'arangodb', store }), least: Infinity }))
  const readLevel = async (/** @type {any} */ directory) => {
    const request = new Request(`http://127.0.0.1/_api/user/${nameOf(1)}/database/shop`, { headers: { authorization: basic(`root:${password}`) } })
    const response = await directory.fetch(request)
    if (response.status !== 200) throw new Error(`a read: ${response.status}`)
    await response.text()
  }
  for (const { directory } of asked) {
    await directory.seed(crowd())
    for (let index = 0; index < READS; index += 1) await readLevel(directory)
  }
  let echoes = Infinity
  for (let round = 0; round < READ_ROUNDS; round += 1) {
    echoes = Math.min(echoes, await echo.round())
    for (const side of asked) {
      const start = cpu()
      for (let index = 0; index < READS; index += 1) await readLevel(side.directory)
      side.least = Math.min(side.least, (cpu() - start) / READS)
    }
  }
  echo.stop()
  await stores.file.close?.()
  for (const { name, least } of asked) printed.push({ what: `\`arangodb\`: read with a remembered password, store in ${name === 'file' ? 'a file' : 'memory'} / bare \`node:http\` echo, CPU`, target: 8, digits: 1, value: least / echoes, detail: `${microseconds(least)} / ${microseconds(echoes)}` })
}

/** Throughput and times of clients that each change the grants of another user, over and over, on a store in a file. */
async function measureGrants() {
  const store = libsqlStore({ file: join(folder, 'grants.db') })
  const directory = createDirectory({ system: 'arangodb', store })
  await directory.seed(crowd())
  /** @param {number} client @param {number} count */
  async function change(client, count) {
    const body = JSON.stringify({ grant: count % 2 === 0 ? 'rw' : 'ro' })
    const request = new Request(`http://127.0.0.1/_api/user/${nameOf(client)}/database/shop`, { method: 'PUT', body, headers: { authorization: basic(`root:${password}`), 'content-type': 'application/json' } })
    const response = await directory.fetch(request)
    if (response.status !== 200) throw new Error(`a change of a grant: ${response.status}`)
    await response.text()
  }
  async function run(/** @type {number} */ clients) {
    /** @type {number[]} */
    const times = []
    const begin = performance.now()
    await Promise.all(Array.from({ length: clients }, async (_, client) => {
      for (let count = 0; performance.now() - begin < MILLISECONDS; count += 1) {
        const start = performance.now()
        await change(client, count)
        times.push(performance.now() - start)
      }
    }))
    const rate = times.length / ((performance.now() - begin) / 1_000)
    times.sort((a, b) => a - b)
    return { rate, late: times[Math.floor(times.length * 0.99)] }
  }
  await run(CLIENTS)
  // In turns: the disk is shared with whatever else runs.
  const [few, many, fewAgain, manyAgain] = [await run(1), await run(CLIENTS), await run(1), await run(CLIENTS)]
  await store.close?.()
  const rates = [few.rate + fewAgain.rate, many.rate + manyAgain.rate].map((sum) => sum / 2)
  const late = [few.late + fewAgain.late, many.late + manyAgain.late].map((sum) => sum / 2)
  const what = `\`arangodb\`: change of a grant, store in a file, ${CLIENTS} clients / one`
  printed.push({ what: `${what}: changes a second`, target: 4, atLeast: true, digits: 1, value: rates[1] / rates[0], detail: rates.map((rate) => rate.toFixed(0)).reverse().join(' / ') })
  printed.push({ what: `${what}: 99th percentile of the time`, target: 10, digits: 1, value: late[1] / late[0], detail: late.map((time) => `${time.toFixed(1)} ms`).reverse().join(' / ') })
}

await measureReads()
await measureGrants()
printRows(printed)
rmSync(folder, { recursive: true, force: true })
