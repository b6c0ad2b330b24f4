// @ts-check
// Request bodies with limits of size and time, and lists that are sent in parts.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { assertRefused, creations, directoryOf, headersOf, isRefusal, seedDirectory, records, seeded, send, systems } from '../support/directory/products.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'

/** A body of so many bytes. @param {string} system @param {number} size */
function bodyOf(system, size) {
  return new TextEncoder().encode(JSON.stringify(creations[system].body).padStart(size))
}

/** @param {any} directory @param {string} system @param {import('../support/directory/products.mjs').Credential} as @param {any} init */
async function post(directory, system, as, { headers, ...init }) {
  const all = { ...headersOf(as), ...headers }
  const response = await directory.fetch(new Request(`http://127.0.0.1${creations[system].path}`, { method: 'POST', headers: all, duplex: 'half', ...init }))
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) }
}

/** @param {(controller: ReadableStreamDefaultController) => any} pull @param {() => void} [cancel] */
const stream = (pull, cancel) => new ReadableStream({ pull, cancel }, { highWaterMark: 0 })

for (const system of systems) {
  test(`${system}: a body of 65,536 bytes is accepted, and a larger one refused, with any \`Content-Length\``, async () => {
    const { store, as } = await seeded(system)
    for (const [size, status] of [[65_536, creations[system].status], [65_537, 413], [1_000_000, 413]]) {
      const bytes = bodyOf(system, size)
      const chunked = () => {
        let start = 0
        return stream((controller) => {
          if (start >= bytes.length) return controller.close()
          controller.enqueue(bytes.subarray(start, (start += 1_000)))
        })
      }
      for (const init of [{ body: bytes }, { body: chunked() }, { body: chunked(), headers: { 'content-length': '10' } }, { body: chunked(), headers: { 'content-length': 'x' } }]) {
        const copy = store.copy()
        const answer = await post(directoryOf(system, copy), system, as.root, init)
        assert.equal(answer.status, status, `${size} ${JSON.stringify(init.headers)}`)
        assert.equal(isRefusal(system, answer), status === 413, answer.text)
        if (status === 413) {
          assertRefused(system, answer, 'too large')
          assert.equal(copy.state, store.state)
        }
      }
    }
  })

  test(`${system}: a body is not read if its \`Content-Length\` is too large, and an endless body only up to the limit`, async () => {
    const { store, directory, as } = await seeded(system)
    const { state } = store
    let [pulled, cancelled] = [0, 0]
    const endless = () => stream((controller) => controller.enqueue(new Uint8Array((pulled++, 1_000))), () => cancelled++)
    assert.equal((await post(directory, system, as.root, { body: endless(), headers: { 'content-length': '65537' } })).status, 413)
    assert.deepEqual([pulled, cancelled], [0, 1])
    assert.equal((await post(directory, system, as.root, { body: endless() })).status, 413)
    assert.ok(pulled < 70 && cancelled === 2)
    const empty = stream((controller) => controller.enqueue(new Uint8Array(0)))
    assert.equal((await post(directory, system, as.root, { body: empty })).status, 413)
    assert.equal(store.state, state)
  })

  test(`${system}: a body that ends early, is not bytes, or stalls is refused`, async () => {
    const { store, directory, as } = await seeded(system)
    const { state } = store
    const broken = stream((controller) => controller.error(new Error('aborted')))
    const answer = await post(directory, system, as.root, { body: broken })
    assert.equal(answer.status, 400)
    assertRefused(system, answer, 'broken off')
    const words = stream((controller) => controller.enqueue('{}'))
    assert.equal((await post(directory, system, as.root, { body: words })).status, 400)
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      let cancelled = false
      const stalled = stream(() => new Promise(() => {}), () => (cancelled = true))
      const pending = post(directory, system, as.root, { body: stalled })
      for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve))
      mock.timers.tick(30_000)
      const late = await pending
      assert.equal(late.status, 408)
      assertRefused(system, late, 'stalled')
      assert.ok(cancelled)
    } finally {
      mock.timers.reset()
    }
    const controller = new AbortController()
    const aborted = post(directory, system, as.root, { body: stream(() => new Promise(() => {})), signal: controller.signal })
    controller.abort()
    assert.equal((await aborted).status, 400)
    assert.equal(store.state, state)
  })
}

const COUNT = 5_000

const more = Array.from({ length: COUNT }, (_, index) => `user-${index}`)
const allNames = ['ann', 'root', ...more].sort()

/** How to read the names from a list of all users, and the entry of the administrator. @type {Record<string, { path: string, users: any, namesIn: (body: any) => any, all?: any, root: string, isWhole?: boolean }>} */
const lists = {
  arangodb: {
    path: '/_api/user',
    users: { ...records.arangodb.users, ...Object.fromEntries(more.map((name) => [name, {}])) },
    namesIn: (body) => body.result.map((/** @type {any} */ { user }) => user).sort(),
    root: 'user/root',
  },
  meuse: {
    path: '/api/v1/meuse/user',
    users: [...records.meuse.users, ...more.map((name) => ({ name, role: 'tech' }))],
    namesIn: (body) => body.users.map((/** @type {any} */ { name }) => name).sort(),
    root: 'user/root',
  },
  tyk: {
    path: '/api/users?p=-1',
    users: [...records.tyk.users, ...more.map((id) => ({ id }))],
    namesIn: (body) => body.users.map((/** @type {any} */ { id }) => id).sort(),
    root: 'user/root',
  },
  wso2: {
    path: '/scim2/Users',
    users: [...records.wso2.users, ...more.map((name) => ({ name }))],
    // It counts all, and shows a hundred: a page that goes out whole.
    isWhole: true,
    namesIn: (body) => [body.totalResults, body.Resources.length],
    all: [COUNT + 2, 100],
    root: 'user/PRIMARY/root',
  },
  antmedia: {
    path: '/rest/v2/user-list',
    users: [...records.antmedia.users, ...more.map((email) => ({ email, scope: 'LiveApp', userType: 'USER' }))],
    namesIn: (body) => body.map((/** @type {any} */ { email }) => email).sort(),
    root: 'user/root',
  },
}

for (const system of systems) {
  const { path, users, namesIn, all = allNames, root, isWhole = false } = lists[system]
  const listed = (/** @type {any} */ directory, /** @type {import('../support/directory/products.mjs').Credential} */ as) => directory.fetch(new Request(`http://127.0.0.1${path}`, { headers: headersOf(as) }))

  /** @param {any} [parts] */
  async function large(parts) {
    const store = new FaultyStore()
    const directory = directoryOf(system, store, parts)
    return { store, directory, as: await seedDirectory(system, directory, { ...records[system], users }) }
  }

  test(`${system}: a list of any length is sent in parts, as fast as the client reads it`, async () => {
    const { store, directory, as } = await large()
    const { body } = await send(directory, 'GET', path, { as: as.root })
    assert.deepEqual(namesIn(body), all)
    const scans = () => {
      const made = { count: 0, entries: 0 }
      store.meddle = (step, _count, act) => {
        if (step !== 'scan') return undefined
        const answer = act()
        made.count += 1
        made.entries = Math.max(made.entries, answer.length)
        return answer
      }
      return made
    }
    const made = scans()
    const response = await listed(directory, as.root)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(made.count <= 2, `${made.count} pages before the client reads`)
    const reader = response.body.getReader()
    const first = await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(made.count <= 3 && first.value.length < 1 << 20 && made.entries <= 2_000)
    await reader.cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(made.count <= 3, 'the client stopped reading')
  })

  if (isWhole) continue
  test(`${system}: a list ends with a logged error if its next part fails or the caller lost access`, async () => {
    /** @type {any[]} */
    const events = []
    const { store, directory, as } = await large({ log: (/** @type {any} */ event) => events.push(event) })
    const cut = async (/** @type {() => void} */ harm, /** @type {string} */ code) => {
      events.length = 0
      const response = await listed(directory, as.root)
      assert.equal(response.status, 200)
      harm()
      await assert.rejects(response.text())
      assert.deepEqual(events.map(({ status, failure }) => [status, failure?.code]), [[200, undefined], [200, code]])
    }
    await cut(() => { store.meddle = () => Promise.reject(new Error('gone')) }, 'store_unavailable')
    store.meddle = () => undefined
    await cut(() => { assert.ok(store.entries.delete(root)) }, 'internal')
  })
}
