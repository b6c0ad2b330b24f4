// @ts-check
// Bodies in, bounded in size and time; lists out, in parts.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { admin, assertRefused, directoryOf, records, seeded, send, systems } from './products.mjs'
import { DoubleStore } from './double.mjs'

/** @type {Record<string, { path: string, around: (filler: string) => string, status: number }>} */
const posts = {
  arangodb: { path: '/_api/user', around: (filler) => `{"user":"new","ignored":"${filler}"}`, status: 201 },
  meuse: { path: '/api/v1/meuse/category', around: (filler) => `{"name":"c","description":"d","ignored":"${filler}"}`, status: 200 },
  tyk: { path: '/api/users', around: (filler) => `{"first_name":"N","last_name":"U","email_address":"new@example.org","user_permissions":{"apis":"read"},"ignored":"${filler}"}`, status: 200 },
}

/** A body of so many bytes. @param {string} system @param {number} size */
function bodyOf(system, size) {
  const { around } = posts[system]
  return new TextEncoder().encode(around('x'.repeat(size - around('').length)))
}

/** @param {any} directory @param {string} system @param {any} init */
async function post(directory, system, { headers, ...init }) {
  const all = { authorization: admin[system], ...headers }
  const response = await directory.fetch(new Request(`http://127.0.0.1${posts[system].path}`, { method: 'POST', headers: all, duplex: 'half', ...init }))
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) }
}

/** @param {(controller: ReadableStreamDefaultController) => any} pull @param {() => void} [cancel] */
const stream = (pull, cancel) => new ReadableStream({ pull, cancel }, { highWaterMark: 0 })

for (const system of systems) {
  test(`${system}: 65,536 bytes are a body, one more is none, whatever is said of their number`, async () => {
    const { store } = await seeded(system)
    for (const [size, status] of [[65_536, posts[system].status], [65_537, 413], [1_000_000, 413]]) {
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
        const answer = await post(directoryOf(system, copy), system, init)
        assert.equal(answer.status, status, `${size} ${JSON.stringify(init.headers)}`)
        if (status === 413) {
          assertRefused(system, answer, 'too large')
          assert.equal(copy.state, store.state)
        }
      }
    }
  })

  test(`${system}: a body that is said to be too large is not read, and one that has no end not to its end`, async () => {
    const { store, directory } = await seeded(system)
    const { state } = store
    let [pulled, cancelled] = [0, 0]
    const endless = () => stream((controller) => controller.enqueue(new Uint8Array((pulled++, 1_000))), () => cancelled++)
    assert.equal((await post(directory, system, { body: endless(), headers: { 'content-length': '65537' } })).status, 413)
    assert.deepEqual([pulled, cancelled], [0, 1])
    assert.equal((await post(directory, system, { body: endless() })).status, 413)
    assert.ok(pulled < 70 && cancelled === 2)
    const empty = stream((controller) => controller.enqueue(new Uint8Array(0)))
    assert.equal((await post(directory, system, { body: empty })).status, 413)
    assert.equal(store.state, state)
  })

  test(`${system}: a body that breaks off, or is not made of bytes, or stalls, is refused`, async () => {
    const { store, directory } = await seeded(system)
    const { state } = store
    const broken = stream((controller) => controller.error(new Error('aborted')))
    const answer = await post(directory, system, { body: broken })
    assert.equal(answer.status, 400)
    assertRefused(system, answer, 'broken off')
    const words = stream((controller) => controller.enqueue('{}'))
    assert.equal((await post(directory, system, { body: words })).status, 400)
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      let cancelled = false
      const stalled = stream(() => new Promise(() => {}), () => (cancelled = true))
      const pending = post(directory, system, { body: stalled })
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
    const aborted = post(directory, system, { body: stream(() => new Promise(() => {})), signal: controller.signal })
    controller.abort()
    assert.equal((await aborted).status, 400)
    assert.equal(store.state, state)
  })
}

const COUNT = 5_000

/** @type {Record<string, { path: string, users: any, names: (body: any) => string[] }>} */
const lists = {
  arangodb: {
    path: '/_api/user',
    users: { ...records.arangodb.users, ...Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`user-${index}`, {}])) },
    names: (body) => body.result.map((/** @type {any} */ { user }) => user),
  },
  meuse: {
    path: '/api/v1/meuse/user',
    users: [...records.meuse.users, ...Array.from({ length: COUNT }, (_, index) => ({ name: `user-${index}`, role: 'tech' }))],
    names: (body) => body.users.map((/** @type {any} */ { name }) => name),
  },
  tyk: {
    path: '/api/users?p=-1',
    users: [...records.tyk.users, ...Array.from({ length: COUNT }, (_, index) => ({ id: `user-${index}` }))],
    names: (body) => body.users.map((/** @type {any} */ { id }) => id),
  },
}

for (const system of systems) {
  const { path, users, names } = lists[system]
  const listed = (/** @type {any} */ directory) => directory.fetch(new Request(`http://127.0.0.1${path}`, { headers: { authorization: admin[system] } }))

  /** @param {any} [parts] */
  async function large(parts) {
    const store = new DoubleStore()
    const directory = directoryOf(system, store, parts)
    await directory.seed({ ...records[system], users })
    return { store, directory }
  }

  test(`${system}: a list of any length goes out in parts, as fast as it is read`, async () => {
    const { store, directory } = await large()
    const { body } = await send(directory, 'GET', path, { as: admin[system] })
    assert.deepEqual(names(body).sort(), ['ann', 'root', ...Array.from({ length: COUNT }, (_, index) => `user-${index}`)].sort())
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
    const response = await listed(directory)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(made.count <= 2, `${made.count} pages before anybody reads`)
    const reader = response.body.getReader()
    const first = await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(made.count <= 3 && first.value.length < 1 << 20 && made.entries <= 2_000)
    await reader.cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(made.count <= 3, 'nobody reads on')
  })

  test(`${system}: a list whose next part fails, or may be read no longer, ends with an error, and the log says why`, async () => {
    /** @type {any[]} */
    const events = []
    const { store, directory } = await large({ log: (/** @type {any} */ event) => events.push(event) })
    const cut = async (/** @type {() => void} */ harm, /** @type {string} */ code) => {
      events.length = 0
      const response = await listed(directory)
      assert.equal(response.status, 200)
      harm()
      await assert.rejects(response.text())
      assert.deepEqual(events.map(({ status, failure }) => [status, failure?.code]), [[200, undefined], [200, code]])
    }
    await cut(() => { store.meddle = () => Promise.reject(new Error('gone')) }, 'store_unavailable')
    store.meddle = () => undefined
    await cut(() => { for (const key of [...store.entries.keys()]) if (key === 'user/root') store.entries.delete(key) }, 'internal')
  })
}
