// @ts-check
// Limits of sizes and times: bodies above the ordinary limit, and the callers who can send them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatchworkError } from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { admin, ann, assertRefused, basic, COST, directoryOf, headersOf, seedDirectory, records, seeded, seededForRoutes, send, staffGroupId, systems, usersPath } from '../support/directory/products.mjs'
import { routes, takesMore } from '../support/directory/routes.mjs'

const KIB = 1_024

/** What Cargo sends to publish. @param {string} name @param {number} size of the file */
function publication(name, size) {
  const metadata = Buffer.from(JSON.stringify({ name, vers: '1.0.0', deps: [], features: {}, authors: [], description: 'd', license: 'MIT', yanked: false }))
  const file = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) file.writeUInt32LE((at * 2_654_435_761) % 4_294_967_291, at)
  const length = (/** @type {Buffer} */ part) => Buffer.from(Uint32Array.of(part.length).buffer)
  return { file, body: Buffer.concat([length(metadata), metadata, length(file), file]) }
}

/** A body that counts the bytes that were read. @param {Uint8Array} bytes @param {number} [part] */
function counted(bytes, part = 16_384) {
  const count = { read: 0 }
  const body = new ReadableStream({
    pull(controller) {
      if (count.read >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(count.read, count.read + part))
      count.read = Math.min(count.read + part, bytes.length)
    },
  }, { highWaterMark: 0 })
  return { count, body }
}

/** @param {any} directory @param {string} method @param {string} path @param {any} as @param {any} body @param {any} [headers] */
async function sendBody(directory, method, path, as, body, headers) {
  const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, /** @type {RequestInit} */ ({ method, headers: { ...headersOf(as), ...headers }, body, duplex: 'half' })))
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : null }
}

test('a crate of up to 10 MiB is published and downloaded unchanged, on every kind of store', async () => {
  for (const store of [new FaultyStore(), memoryStore()]) {
    const directory = directoryOf('meuse', store)
    await seedDirectory('meuse', directory)
    for (const [name, size] of /** @type {[string, number][]} */ ([['small', 70_000], ['edge', 393_216], ['above', 393_217], ['large', 10 * KIB * KIB - 400]])) {
      const { file, body } = publication(name, size)
      const published = await sendBody(directory, 'PUT', '/api/v1/crates/new', admin.meuse, body)
      assert.deepEqual([published.status, published.body?.errors], [200, undefined], name)
      const got = await directory.fetch(new Request(`http://127.0.0.1/api/v1/crates/${name}/1.0.0/download`))
      assert.equal(Buffer.compare(Buffer.from(await got.arrayBuffer()), file), 0, name)
    }
    const { body } = publication('huge', 10 * KIB * KIB)
    const refused = await sendBody(directory, 'PUT', '/api/v1/crates/new', admin.meuse, body)
    assert.equal(refused.status, 413)
    assertRefused('meuse', refused, 'huge')
    assert.ok(!JSON.stringify(await directory.records()).includes('huge'))
  }
})

test('a body of more than 64 KiB is read only after the credential was accepted', async () => {
  const { directory, store } = await seeded('meuse')
  const { body: bytes } = publication('large', 1 << 20)
  for (const as of [undefined, 'x'.repeat(68), `${'r'.repeat(24)}${'x'.repeat(44)}`]) {
    for (const headers of [{}, { 'content-length': String(bytes.length) }]) {
      const { count, body } = counted(bytes)
      const { body: refusal } = await sendBody(directory, 'PUT', '/api/v1/crates/new', as, body, headers)
      assert.equal(refusal.errors.length, 1)
      assert.ok(count.read <= ('content-length' in headers ? 0 : 96 * KIB), `${count.read} bytes were read`)
    }
  }
  const before = store.state
  const { count, body } = counted(bytes)
  assert.equal((await sendBody(directory, 'PUT', '/api/v1/crates/new', admin.meuse, body)).body.errors, undefined)
  assert.equal(count.read, bytes.length)
  assert.notEqual(store.state, before)
  // A password that is wrong counts as a failure also where it comes with a large body.
  const { directory: wso2, store: entries } = await seeded('wso2')
  const { count: unread, body: group } = counted(Buffer.alloc(200 * KIB, 0x20))
  const answer = await sendBody(wso2, 'POST', '/scim2/Groups', basic('root:wrong'), group)
  assert.equal(answer.status, 401)
  assert.ok(unread.read <= 96 * KIB)
  assert.ok([...entries.entries.keys()].some((key) => key.startsWith('brake/') || key.startsWith('throttle/')), [...entries.entries.keys()].join())
})

for (const system of systems) {
  test(`${system}: only routes that need a larger body accept one`, async () => {
    const { directory, store, as } = await seeded(system)
    const group = await staffGroupId(system, directory, as.root)
    const { state } = store
    for (const route of routes[system]) {
      const { method, path, open, as: credential } = route
      if (['GET', 'HEAD'].includes(method) || credential !== undefined) continue
      const bytes = Buffer.alloc(100 * KIB, 0x20)
      const { count, body } = counted(bytes)
      const answer = await sendBody(directory, method, path.replace('GROUP', group), open ? undefined : as.root, body, { 'content-type': 'application/json' })
      const isLarger = takesMore(route)
      assert.equal(count.read === bytes.length, isLarger, `${method} ${path}`)
      assert.equal(answer.status === 413, !isLarger, `${method} ${path} ${answer.text}`)
    }
    assert.equal(store.state, state)
  })

  test(`${system}: first records of more than 64 KiB are read only with the bootstrap secret`, async () => {
    const directory = directoryOf(system, new FaultyStore())
    const secret = await directory.bootstrap()
    const text = Buffer.from(JSON.stringify(records[system]).padEnd(300_000))
    const { count, body } = counted(text)
    assert.equal((await sendBody(directory, 'POST', '/_latchwork/bootstrap', 'Bootstrap 00', body)).status, 401)
    assert.ok(count.read <= 96 * KIB)
    assert.equal((await sendBody(directory, 'POST', '/_latchwork/bootstrap', `Bootstrap ${secret}`, text)).status, 204)
  })

  test(`${system}: a body that is too large for the directory is passed to the upstream for authenticated callers only`, async () => {
    let passed = 0
    const { directory, as } = await seeded(system, { upstream: async (/** @type {Request} */ request) => Response.json({ bytes: (passed += (await request.arrayBuffer()).byteLength) }) })
    const bytes = Buffer.alloc(200 * KIB, 0x20)
    const ordinary = await sendBody(directory, 'POST', usersPath[system].make, as.root, bytes)
    // What the directory answers itself is not passed on.
    assert.deepEqual([ordinary.status, passed], [413, 0])
    assertRefused(system, ordinary, 'ordinary')
    const elsewhere = { arangodb: ['POST', '/_api/import'], meuse: ['POST', '/api/v1/mirror/latch/1.0.0/cache'], tyk: ['POST', '/api/apis'], antmedia: ['POST', '/rest/v2/applications/live'] }[system]
    if (elsewhere === undefined) return
    const [method, path] = elsewhere
    const { count, body } = counted(bytes)
    const refused = await sendBody(directory, method, path, undefined, body)
    assert.ok(refused.status >= 400 && count.read <= 96 * KIB, refused.text)
    assert.equal(passed, 0)
    const answer = await sendBody(directory, method, path, as.root, bytes)
    assert.deepEqual([answer.status, answer.body], [200, { bytes: 200 * KIB }])
  })
}

for (const system of systems) {
  test(`${system}: a body that is too large is a 413 on every route, with and without \`upstream\``, async () => {
    const { store, credentials, group } = await seededForRoutes(system)
    for (const parts of [undefined, { upstream: () => new Response(null, { status: 299 }) }]) {
      for (const route of routes[system]) {
        const { method, path, open, as = 'root' } = route
        if (['GET', 'HEAD'].includes(method) || takesMore(route)) continue
        const directory = directoryOf(system, store.copy(), parts)
        const { status, text } = await sendBody(directory, method, path.replace('GROUP', group), open ? undefined : credentials[as], Buffer.alloc(70 * KIB, 0x20), { 'content-type': 'application/json' })
        // What the directory does not answer is passed on, with a body of any size.
        assert.ok(status === 413 || (status === 299 && path.startsWith('/api/v1/mirror/')), `${method} ${path} ${status} ${text}`)
      }
    }
  })
}

test('a SCIM group of 800 members with their names is replaced', async () => {
  const users = Array.from({ length: 800 }, (_, index) => ({ name: `user-of-some-length-${index}`, id: crypto.randomUUID() }))
  const { directory } = await seeded('wso2').then(async () => {
    const store = new FaultyStore()
    const directory = directoryOf('wso2', store)
    await directory.seed({ ...records.wso2, users: [...records.wso2.users, ...users] })
    return { directory }
  })
  const { body: list } = await send(directory, 'GET', '/scim2/Groups?filter=displayName%20eq%20%22staff%22', { as: admin.wso2 })
  const [{ id }] = list.Resources
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'staff', members: users.map(({ name, id }) => ({ value: id, display: name, $ref: `https://id.example.org/scim2/Users/${id}` })) }
  assert.ok(JSON.stringify(body).length > 65_536)
  const replaced = await send(directory, 'PUT', `/scim2/Groups/${id}`, { as: admin.wso2, body })
  assert.deepEqual([replaced.status, replaced.body.members?.length], [200, 800], replaced.text.slice(0, 300))
  const { status } = await send(directory, 'PUT', `/scim2/Groups/${id}`, { as: ann.wso2, body })
  assert.equal(status, 403)
})

test('the host can set limits, and invalid limits are refused', async () => {
  const make = (/** @type {any} */ limits) => createDirectory({ system: 'meuse', store: memoryStore(), limits })
  const refuses = (/** @type {any} */ limits, /** @type {string} */ code) => assert.throws(() => make(limits), (/** @type {any} */ error) => error instanceof LatchworkError && error.code === code, JSON.stringify(limits))
  for (const limits of [{ body: 0 }, { body: -1 }, { body: 1.5 }, { body: NaN }, { body: Infinity }, { upload: 104_857_601 }, { bodyTime: 600_001 }, { size: 5 }, { document: 5 }, { body: 1000, upload: 999 }, { toString: 5 }]) refuses(limits, 'invalid_value')
  for (const limits of [null, 5, 'x', { body: '5' }, { body: null }, { mailTime: [5] }]) refuses(limits, 'wrong_type')
  make({ body: 20_000_000 })
  make({ body: undefined, identifyTime: 5 })
  const { directory, as } = await seeded('meuse', { limits: { body: 100, document: 100, upload: 1_000, bodyTime: 200 } })
  const path = '/api/v1/meuse/category'
  assert.equal((await send(directory, 'POST', path, { as: as.root, body: JSON.stringify({ name: 'c', description: 'd' }).padEnd(100) })).status, 200)
  assert.equal((await send(directory, 'POST', path, { as: as.root, body: ' '.repeat(101) })).status, 413)
  assert.equal((await sendBody(directory, 'PUT', '/api/v1/crates/new', admin.meuse, publication('a', 700).body)).body.errors, undefined)
  assert.equal((await sendBody(directory, 'PUT', '/api/v1/crates/new', admin.meuse, publication('b', 900).body)).status, 413)
  const stalled = () => new ReadableStream({ pull: () => new Promise(() => {}) }, { highWaterMark: 0 })
  assert.equal((await sendBody(directory, 'POST', path, as.root, stalled())).status, 408)
  const store = new FaultyStore()
  store.meddle = () => new Promise(() => {})
  for (const limits of [{ stepTime: 20 }, { storeTime: 20 }]) {
    const slow = createDirectory({ system: 'meuse', store, cost: COST, limits })
    assert.equal((await send(slow, 'GET', path, { as: admin.meuse })).status, 503)
  }
})
