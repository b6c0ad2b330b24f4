// @ts-check
// The directory and its host: options, hooks, seeds, traps and polluted prototypes.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { LatchworkError } from 'latchwork'
import * as entry from 'latchwork/directory'
import { setHasher as setHasherOf } from 'latchwork/password'
import { durableObjectStore as durableObjectStoreOf } from 'latchwork/stores/durable-object'
import { instance, runTask } from '../../../pkg/directory/instance.mjs'
// Provides the module of that instance: the directory of `latchwork/directory` has its own.
import '../../../pkg/entries/directory.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { admin, ann, assertRefused, basic, COST, directoryOf, headersOf, records, seeded, send, systems, usersPath } from '../support/directory/products.mjs'

const createDirectory = /** @type {any} */ (entry.createDirectory)
const setHasher = /** @type {any} */ (setHasherOf)
const durableObjectStore = /** @type {any} */ (durableObjectStoreOf)

/** @param {() => unknown} act @param {string} code */
const refuses = (act, code) =>
  assert.throws(act, (/** @type {any} */ error) => {
    assert.ok(error instanceof LatchworkError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, /^[a-z`].*[^.]$/s)
    return true
  })

/** @type {Record<string, any>} */
const bodies = {
  arangodb: { user: 'new', active: true },
  meuse: { name: 'new', password: 'long enough', description: 'd', role: 'tech', active: true },
  tyk: { first_name: 'N', last_name: 'U', email_address: 'new@example.org', user_permissions: { apis: 'read' } },
  wso2: { userName: 'new', password: 'longenough', active: true },
  antmedia: { email: 'new', password: 'long enough', scope: 'LiveApp', userType: 'USER' },
}

const throwing = () => {
  throw new Error('not yours')
}

/** A Proxy that throws whatever is done with it. @param {any} target */
function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

test('revoked and throwing proxies in any place are refused with a typed error', () => {
  const parts = { system: 'meuse', store: new FaultyStore() }
  const throwingProxy = (/** @type {any} */ target) => new Proxy(target, Object.fromEntries(['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'apply'].map((trap) => [trap, throwing])))
  const typed = (/** @type {() => any} */ act, /** @type {string} */ what) => assert.throws(act, (/** @type {any} */ error) => {
    assert.ok(error instanceof LatchworkError && ['wrong_type', 'invalid_value'].includes(error.code), `${what}: ${error}`)
    return true
  })
  for (const make of [revoked, throwingProxy]) {
    typed(() => createDirectory(make({})), 'the parts')
    for (const name of ['system', 'store', 'guards', 'limits', 'publicUrl', 'allowedOrigins', 'secret', 'cost', 'identify', 'sendMail', 'upstream', 'client', 'log', 'now', 'random']) {
      for (const target of [{}, [], new Uint8Array(32)]) typed(() => createDirectory({ ...parts, [name]: make(target) }), `${name} ${target}`)
    }
    typed(() => createDirectory({ ...parts, guards: make({}) }), 'guards')
    typed(() => createDirectory({ ...parts, limits: { body: make({}) } }), 'a limit')
    typed(() => createDirectory({ ...parts, allowedOrigins: [make({})] }), 'an origin')
    for (const hasher of [make({}), { hash: make({}), verify() {} }]) typed(() => setHasher(hasher), 'the hasher')
    for (const binding of [make({}), { fetch: make({}) }, { idFromName: make({}) }]) typed(() => durableObjectStore(binding), 'the binding')
    typed(() => durableObjectStore(/** @type {any} */ ({ fetch() {} }), make({})), 'the options of a store')
    typed(() => durableObjectStore(/** @type {any} */ ({ fetch() {} }), /** @type {any} */ ({ name: make({}) })), 'the name of a store')
  }
})

test('invalid options are refused at once', () => {
  const store = new FaultyStore()
  const parts = { system: 'meuse', store }
  for (const other of [undefined, null, 5, 'meuse', Symbol('x')]) refuses(() => createDirectory(other), 'wrong_type')
  for (const system of [undefined, null, 5, {}, ['meuse'], Object('meuse')]) refuses(() => createDirectory({ ...parts, system }), 'wrong_type')
  for (const system of ['', 'Meuse', 'nobody', '__proto__', 'constructor', 'wso', 'TYK']) refuses(() => createDirectory({ ...parts, system }), 'unknown_system')
  refuses(() => createDirectory({ ...parts, system: 'x'.repeat(5000) }), 'name_too_long')
  refuses(() => createDirectory({ ...parts, system: '\ud800' }), 'malformed_string')
  for (const other of [undefined, null, 5, 'store', {}, { read() {}, scan() {} }, { read: 1, scan: 1, commit: 1 }]) refuses(() => createDirectory({ ...parts, store: other }), 'wrong_type')
  for (const hook of ['sendMail', 'upstream', 'log', 'now', 'random']) {
    for (const other of [null, 5, 'x', {}, []]) refuses(() => createDirectory({ ...parts, [hook]: other }), 'wrong_type')
  }
  for (const secret of [null, 5, {}, [1], new ArrayBuffer(64), Object('x'.repeat(64))]) refuses(() => createDirectory({ ...parts, secret }), 'wrong_type')
  for (const secret of ['', 'x'.repeat(31), new Uint8Array(31)]) refuses(() => createDirectory({ ...parts, secret }), 'weak_secret')
  for (const cost of [{ memory: 1 }, { passes: 0 }, { memory: 1 << 30 }, { parallelism: 1.5 }]) refuses(() => createDirectory({ ...parts, cost }), 'invalid_cost')
  for (const cost of [null, 5, 'x']) refuses(() => createDirectory({ ...parts, cost }), 'wrong_type')
  for (const name of ['options', 'Store', 'sendmail']) refuses(() => createDirectory({ ...parts, [name]: undefined }), 'invalid_value')
  for (const guards of ['off', true, null, 5, {}]) refuses(() => createDirectory({ ...parts, guards }), 'invalid_value')
  for (const name of ['system', 'store', 'secret']) refuses(() => createDirectory(Object.defineProperty({ ...parts }, name, { get: throwing })), 'invalid_value')
  refuses(() => createDirectory(new Proxy(parts, { get: throwing })), 'invalid_value')
  refuses(() => createDirectory(new Proxy(parts, { ownKeys: throwing })), 'invalid_value')
  refuses(() => createDirectory({ ...parts, store: new Proxy({}, { get: throwing }) }), 'invalid_value')
  assert.equal(store.steps, 0)
})

test('invalid records are refused, and nothing is stored', async () => {
  for (const system of systems) {
    const store = new FaultyStore()
    const directory = directoryOf(system, store)
    await directory.records()
    const before = store.state
    const cyclic = { users: /** @type {any[]} */ ([]) }
    cyclic.users.push(cyclic)
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
    const hostile = [
      undefined, null, 5, 'x', [5], () => {}, Symbol('x'), new Map(), new Date(), { users: 5 }, { users: [null] }, { user: [] }, { users: deep }, cyclic, { users: [{ name: NaN }] },
      new Proxy({}, { ownKeys: throwing }), Object.defineProperty({}, 'users', { get: throwing, enumerable: true }), { users: ['\ud800'] }, JSON.parse('{"__proto__":[]}'),
    ]
    for (const [index, given] of hostile.entries()) {
      await assert.rejects(() => directory.seed(/** @type {any} */ (given)), (/** @type {any} */ error) => {
        assert.ok(error instanceof LatchworkError && error.code === 'invalid_records', `${index}: ${error}`)
        return true
      })
      assert.equal(store.state, before, `${index}`)
    }
  }
})

for (const system of systems) {
  test(`${system}: a store is seeded once, and completely`, async () => {
    const store = new FaultyStore()
    const directories = Array.from({ length: 4 }, () => directoryOf(system, store))
    const outcomes = await Promise.allSettled(directories.map((directory) => directory.seed(records[system])))
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'not_empty')
    const { state } = store
    await assert.rejects(directories[0].seed(records[system]), { code: 'not_empty' })
    assert.equal(await directories[0].bootstrap(), null)
    assert.equal(store.state, state)
    assert.ok(!state.includes('rootpass'))
    // The Dashboard shows the access key of a user, so its store has the key.
    assert.equal(state.includes(admin[system] ?? 'rootpass'), system === 'tyk')
    const exported = JSON.stringify(await directories[0].records())
    for (const secret of ['argon2', 'rootpass', 'digest', admin[system] ?? 'hash']) assert.ok(!exported.includes(secret), secret)
    const authorizer = await directories[0].authorizer()
    assert.equal(authorizer.system, system)
    authorizer.dispose()
  })

  test(`${system}: only the newest bootstrap secret is valid, and only once`, async () => {
    const store = new FaultyStore()
    const directory = directoryOf(system, store)
    const [old, secret] = [await directory.bootstrap(), await directory.bootstrap()]
    assert.ok(old && secret && old !== secret && !store.state.includes(secret))
    const first = (/** @type {any} */ rest) => send(directory, 'POST', '/_latchwork/bootstrap', rest)
    const { state } = store
    for (const as of [undefined, '', 'Bootstrap', `Bootstrap ${old}`, `Bearer ${secret}`, `Bootstrap ${secret}x`, `Bootstrap ${secret}, Bootstrap ${secret}`, secret, 'Bootstrap undefined']) {
      const { status, body } = await first({ as, body: records[system] })
      assert.deepEqual([status, body.error.code], [401, 'unauthorized'], as)
    }
    for (const body of ['', '{', 'null', '[5]', '{"users":5}', '{"nothing":[]}', '\xff']) {
      const { status, body: refusal } = await first({ as: `Bootstrap ${secret}`, body })
      assert.equal(status, 400, body)
      assert.ok(['malformed_json', 'invalid_records'].includes(refusal.error.code))
    }
    assert.equal((await send(directory, 'GET', '/_latchwork/bootstrap', { as: `Bootstrap ${secret}` })).status, 405)
    assert.equal(store.state, state)
    const responses = await Promise.all(Array.from({ length: 5 }, () => first({ as: `bootstrap ${secret}`, body: records[system] })))
    assert.deepEqual(responses.map(({ status }) => status).sort(), [204, 401, 401, 401, 401])
    assert.equal((await first({ as: `Bootstrap ${secret}`, body: records[system] })).status, 401)
    assert.ok(!store.entries.has('directory/bootstrap'))
  })

  test(`${system}: a seed invalidates the bootstrap secret`, async () => {
    const store = new FaultyStore()
    const directory = directoryOf(system, store)
    const secret = await directory.bootstrap()
    await directory.seed(records[system])
    for (const key of [...store.entries.keys()]) if (key.startsWith('user/')) store.entries.delete(key)
    assert.equal((await send(directory, 'POST', '/_latchwork/bootstrap', { as: `Bootstrap ${secret}`, body: records[system] })).status, 401)
  })

  test(`${system}: a failing clock, random source or log of the host grants no access, and \`fetch\` does not reject`, async () => {
    const { store, as } = await seeded(system)
    const { state } = store
    const path = usersPath[system].list
    const broken = [
      { now: throwing }, { now: () => NaN }, { now: () => 'soon' }, { now: () => -1 }, { now: () => Infinity }, { now: () => 5n }, { now: () => ({}) },
      { random: throwing }, { random: () => undefined }, { random: () => new Uint8Array(3) }, { random: () => 'x' }, { random: (/** @type {any} */ bytes) => bytes }, { random: () => revoked({}) }, { now: () => revoked({}) }, { now: revoked(() => 0) }, { random: revoked(() => 0) },
    ]
    for (const [index, parts] of broken.entries()) {
      /** @type {any[]} */
      const events = []
      const answer = await send(directoryOf(system, store, { ...parts, log: (/** @type {any} */ event) => events.push(event) }), 'GET', path, { as: as.root })
      assert.equal(answer.status, 500, `${index}`)
      assertRefused(system, answer, `${index}`)
      const [{ failure, status, milliseconds }, ...more] = events
      assert.deepEqual([status, more.length, typeof milliseconds], [500, 0, 'number'])
      assert.ok(failure instanceof LatchworkError && ['wrong_type', 'invalid_value'].includes(failure.code), `${index}: ${failure}`)
      // Nor is what the host asks for itself answered by an untyped error.
      await assert.rejects(directoryOf(system, new FaultyStore(), parts).seed(records[system]), (/** @type {any} */ error) => error instanceof LatchworkError && ['wrong_type', 'invalid_value'].includes(error.code))
    }
    assert.equal(store.state, state)
    /** @type {unknown[]} */
    const unhandled = []
    const note = (/** @type {unknown} */ reason) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    for (const log of [throwing, async () => throwing(), () => ({ then: throwing })]) {
      assert.equal((await send(directoryOf(system, store, { log }), 'GET', path, { as: as.root })).status, 200)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
  })

  test(`${system}: \`fetch\` rejects only if its argument is not a request, and responds to and logs everything else`, async () => {
    /** @type {any[]} */
    const events = []
    const { directory, store } = await seeded(system, { log: (/** @type {any} */ event) => events.push(event) })
    events.length = 0
    const { state } = store
    const fetch = /** @type {any} */ (directory.fetch)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const ofExpress = { url: '/', method: 'GET', headers: { host: '127.0.0.1' }, body: undefined }
    const ofAnotherBody = { url: 'http://a/', method: 'POST', headers: new Headers(), body: { on() {} } }
    for (const request of [undefined, null, 5, 'http://127.0.0.1/', new URL('http://127.0.0.1/'), {}, { url: 'x' }, { url: 'http://a/', method: {}, headers: [], body: null }, ofExpress, ofAnotherBody, new Proxy({}, { get: throwing }), proxy]) {
      await assert.rejects(fetch(request), (/** @type {any} */ error) => error instanceof LatchworkError && error.code === 'wrong_type' && /`Request`/.test(error.message))
    }
    await assert.rejects(fetch(), { code: 'wrong_type' })
    assert.equal(events.length, 0)
    const used = new Request('http://127.0.0.1/', { method: 'POST', body: 'x' })
    await used.text()
    const locked = new Request('http://127.0.0.1/', { method: 'POST', body: 'x' })
    const reader = locked.body?.getReader()
    assert.ok(reader)
    for (const request of [used, locked]) {
      assert.equal((await fetch(request)).status, 500)
      assert.match(String(events.pop().failure), /body|locked/i)
    }
    // Of another implementation, as frameworks have them.
    const other = { url: 'http://127.0.0.1/', method: 'GET', headers: new Headers(), body: null }
    assert.equal((await fetch(other)).status, (await fetch(new Request('http://127.0.0.1/'))).status)
    assert.equal(store.state, state)
  })

  test(`${system}: a trap fails one request only`, async () => {
    const { store, directory, as } = await seeded(system)
    const path = { arangodb: '/_api/user/ann', meuse: '/api/v1/meuse/token', tyk: '/api/users/ann', wso2: '/scim2/Me', antmedia: '/rest/v2/admin-status' }[system] ?? assert.fail(system)
    const before = await send(directory, 'GET', path, { as: as.ann })
    assert.equal(before.status, 200)
    const { state } = store
    const dry = store.copy()
    await send(directoryOf(system, dry), 'GET', path, { as: as.ann })
    for (let round = 0; round < 20; round += 1) {
      // The end of the stack, within the module or around it.
      const refused = await deep(() => send(directory, 'GET', path, { as: as.ann }))
      assert.ok(refused === undefined || [200, 500].includes(refused.status))
      assert.deepEqual((await send(directory, 'GET', path, { as: as.ann })).body, before.body)
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(TRAP)))
    for (const name of /** @type {const} */ (['decode'])) {
      // Thrown where the module's answer is read: as a trap of its own is.
      const trapped = mock.method(TextDecoder.prototype, name, () => /** @type {any} */ (exports).f())
      const answered = await directory.fetch(new Request(`http://127.0.0.1${path}`, { headers: headersOf(as.ann) })).finally(() => trapped.mock.restore())
      assert.equal(answered.status, 500)
      assert.deepEqual((await send(directory, 'GET', path, { as: as.ann })).body, before.body)
    }
    assert.equal(store.state, state)
  })

  test(`${system}: members on \`Object.prototype\` change no response`, async () => {
    // Serialized before, because these members change the output of `JSON.stringify`.
    const created = Object.fromEntries(systems.map((system) => [system, JSON.stringify(bodies[system])]))
    /** @returns {Promise<any[]>} */
    async function allResponses() {
      let drawn = 0
      const random = (/** @type {Uint8Array} */ bytes) => bytes.fill(++drawn)
      const { directory, store, as } = await seeded(system, { now: () => 1_000_000, random })
      const { list, make } = usersPath[system]
      const all = []
      for (const credential of [as.root, as.ann, 'Basic x', undefined]) {
        for (const [method, path, body] of [['GET', list], ['POST', make, created[system]], ['DELETE', `${make}/new`]]) {
          const { status, text } = await send(directory, method, path, { as: credential, body })
          all.push(status, text)
        }
      }
      return [...all, await directory.records(), [...store.entries.keys()].join()]
    }
    const clean = await allResponses()
    const polluted = {
      toJSON: { value: () => ({ admin: true }) },
      members: Object.fromEntries(['asks', 'kind', 'keys', 'value', 'status', 'statusText', 'upstream', 'next', 'bytes', 'length', 'problems', 'expect', 'password', 'stored', 'right', 'secret', 'cost', 'memory', 'passes', 'sendMail', 'log', 'code', 'records'].map((name) => [name, { value: 'x', writable: true }])),
      getters: Object.fromEntries(['asks', 'kind', 'changes', 'response', 'value', 'version', 'key', 'active', 'role', 'after', 'prefix', 'limit', 'failure'].map((name) => [name, { get: throwing, set: throwing }])),
    }
    for (const [what, members] of Object.entries({ ...polluted, toJSON: { toJSON: polluted.toJSON } })) {
      const names = Object.keys(members)
      const descriptors = names.map((name) => ({ __proto__: null, .../** @type {any} */ (members)[name], configurable: true }))
      names.forEach((name, index) => Object.defineProperty(Object.prototype, name, descriptors[index]))
      /** @type {any} */
      let outcome
      try {
        outcome = await allResponses().catch((error) => error)
      } finally {
        for (const name of names) Reflect.deleteProperty(Object.prototype, name)
      }
      assert.deepEqual(outcome, clean, what)
    }
  })
}

/** A module whose one function traps. */
const TRAP = [[0, 97, 115, 109, 1, 0, 0, 0], [1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [7, 5, 1, 1, 102, 0, 0], [10, 5, 1, 3, 0, 0, 11]].flat()

/** Acts where hardly any stack is left. @template T @param {() => T} act @returns {T | undefined} */
function deep(act) {
  try {
    return deep(act)
  } catch {
    try {
      return act()
    } catch {
      return undefined
    }
  }
}

test('an instance with grown memory is dropped', () => {
  const size = () => instance.life?.glue.exports.memory.buffer.byteLength
  assert.equal(runTask('meuse', `{"task":{"seed":"${'x'.repeat(24 << 20)}"}}`).response.status, 500)
  assert.ok(size() > 16 << 20)
  assert.equal(runTask('meuse', '{"task":{"fault":"internal"}}').response.status, 500)
  assert.ok(size() < 4 << 20)
})

test('`upstream` gets the allowed requests, with their user', async () => {
  const version = '/api/v1/mirror/latch/1.0.0/cache'
  /** @type {any[]} */
  const passed = []
  let reply = () => /** @type {any} */ (new Response('cached', { status: 203 }))
  const upstream = async (/** @type {Request} */ request, /** @type {any} */ decision) => {
    passed.push({ method: request.method, body: await request.text(), authorization: request.headers.get('authorization'), decision })
    return reply()
  }
  const { directory } = await seeded('meuse', { upstream })
  const answer = await send(directory, 'POST', version, { as: admin.meuse, body: '{"a":1}' })
  assert.deepEqual([answer.status, answer.text], [203, 'cached'])
  const { decision, ...rest } = passed[0]
  assert.deepEqual(rest, { method: 'POST', body: '{"a":1}', authorization: admin.meuse })
  assert.deepEqual([decision.actor, decision.allow, decision.action, typeof decision.rule], ['root', true, 'mirror.cache', 'string'])
  assert.equal((await send(directory, 'POST', version, { as: 'x'.repeat(68) })).status, 403)
  assert.equal(passed.length, 1)
  for (const other of [() => undefined, () => null, () => ({}), () => 'x', throwing]) {
    reply = other
    assert.equal((await send(directory, 'POST', version, { as: admin.meuse })).status, 500)
  }
  const { directory: alone } = await seeded('meuse')
  assert.equal((await send(alone, 'POST', version, { as: admin.meuse })).status, 404)
})

test('`upstream` gets what the rules allow on paths of which the directory answers a part', async () => {
  /** @type {string[]} */
  const passed = []
  const upstream = (/** @type {Request} */ { method, url }) => (passed.push(`${method} ${new URL(url).pathname}`), new Response(null, { status: 204 }))
  const { directory, as } = await seeded('arangodb', { upstream })
  assert.equal((await send(directory, 'POST', '/_api/collection', { as: as.root, body: '{"name":"reports"}' })).status, 200)
  // The product keeps the documents, and the properties of a collection.
  const requests = ['POST /_api/document/reports', 'PUT /_api/document/reports', 'PATCH /_api/document/reports', 'DELETE /_api/document/reports', 'PUT /_api/collection/reports/properties']
  for (const request of requests) {
    const [method, path] = request.split(' ')
    assert.equal((await send(directory, method, path, { as: as.root, body: '[{"a":1}]' })).status, 204, request)
  }
  assert.deepEqual(passed, requests)
})

test('what `upstream` gets for a collection of ArangoDB needs the level of the product on it', async () => {
  const { directory, as } = await seeded('arangodb', { upstream: () => new Response(null, { status: 204 }) })
  assert.equal((await send(directory, 'POST', '/_api/collection', { as: as.root, body: '{"name":"reports"}' })).status, 200)
  // Who has which level on the database, and on the collection.
  const levels = { outsider: ['ro', 'none'], reader: ['ro', 'ro'], writer: ['ro', 'rw'], keeper: ['rw', 'ro'], owner: ['rw', 'rw'] }
  for (const [name, grants] of Object.entries(levels)) {
    assert.equal((await send(directory, 'POST', '/_api/user', { as: as.root, body: { user: name, passwd: 'p' } })).status, 201)
    for (const [place, grant] of grants.entries()) {
      const path = `/_api/user/${name}/database/_system${['', '/reports'][place]}`
      assert.equal((await send(directory, 'PUT', path, { as: as.root, body: { grant } })).status, 200)
    }
  }
  const [reads, writes, manages] = [['reader', 'writer', 'keeper', 'owner'], ['writer', 'owner'], ['owner']]
  /** @type {[string[], string[]][]} */
  const table = [
    [reads, ['GET /_api/collection/reports/count', 'HEAD /_api/document/reports/1', 'GET /_api/document/reports/1', 'GET /_api/document/reports%2F1', 'PUT /_api/document/reports?onlyget=true', 'GET /_api/index?collection=reports', 'GET /_api/index/reports/2', 'GET /_api/edges/reports?vertex=a%2F1', 'PUT /_api/collection/reports/load']],
    [writes, ['POST /_api/document/reports', 'POST /_api/document?collection=reports', 'PUT /_api/document/reports', 'PUT /_api/document/reports/1', 'PATCH /_api/document/reports/1', 'DELETE /_api/document/reports/1', 'DELETE /_api/document/reports%2F1', 'PUT /_api/collection/reports/truncate', 'POST /_api/import?collection=reports', 'PUT /_api/document/reports/1?onlyget=true']],
    [manages, ['PUT /_api/collection/reports/properties', 'PUT /_api/collection/reports/rename', 'PUT /_api/collection/reports/other', 'POST /_api/index?collection=reports', 'DELETE /_api/index/reports/2', 'DELETE /_api/index/reports%2F2']],
  ]
  for (const [allowed, requests] of table) {
    for (const request of requests) {
      const [method, path] = request.split(' ')
      for (const name of Object.keys(levels)) {
        const { status } = await send(directory, method, path, { as: basic(`${name}:p`), body: method === 'GET' || method === 'HEAD' ? undefined : '[]' })
        assert.equal(status, allowed.includes(name) ? 204 : 403, `${name}: ${request}`)
      }
    }
  }
  // The product could take the other one of two parameters.
  for (const request of ['PUT /_api/document/reports?onlyget=true&onlyget=false', 'POST /_api/document?collection=open&collection=reports', 'POST /_api/import?collection=open&c%6fllection=reports', 'GET /_api/index?collection=open&collection=reports']) {
    const [method, path] = request.split(' ')
    for (const name of Object.keys(levels)) {
      const { status, body } = await send(directory, method, path, { as: basic(`${name}:p`), body: method === 'GET' ? undefined : '[]' })
      assert.deepEqual([status, body.errorNum], [400, 10], `${name}: ${request}`)
    }
  }
  // A number would be the id of a collection that is not known here.
  assert.equal((await send(directory, 'GET', '/_api/document/4711/1', { as: as.root })).status, 404)
  // Requests that name their collections in the body are left to the product.
  assert.equal((await send(directory, 'POST', '/_api/cursor', { as: basic('outsider:p'), body: '{"query":"FOR d IN reports RETURN d"}' })).status, 204)
})

test('the shutdown of ArangoDB is passed to `upstream` only for administrators of the server', async () => {
  /** @type {string[]} */
  const passed = []
  const upstream = (/** @type {Request} */ { method, url }) => (passed.push(`${method} ${new URL(url).pathname}`), new Response(null, { status: 204 }))
  const { directory, as } = await seeded('arangodb', { upstream })
  assert.equal((await send(directory, 'PUT', '/_api/user/ann/database/_system', { as: as.root, body: { grant: 'ro' } })).status, 200)
  for (const method of ['GET', 'DELETE', 'POST', 'PUT']) {
    for (const path of ['/_admin/shutdown', '/_db/shop/_admin/shutdown', '/_admin/shutdown/']) {
      const refused = await send(directory, method, path, { as: as.ann })
      assert.deepEqual([refused.status, refused.body.errorNum], [403, 11], `${method} ${path}`)
      assert.deepEqual(passed, [])
      assert.equal((await send(directory, method, path, { as: as.root })).status, 204)
      assert.equal(passed.pop(), `${method} ${path}`)
    }
  }
})

test('a path with adjacent slashes, which ArangoDB merges, is not passed to `upstream`', async () => {
  const { directory, as } = await seeded('arangodb', { upstream: () => assert.fail('passed on') })
  for (const path of ['/_admin//shutdown', '//_admin/shutdown', '/_api//document/items/1', '/_api/document//items/1', '//_db/shop/_api/view', '/_db/shop//_api/document/items/1']) {
    const { status, body } = await send(directory, 'GET', path, { as: as.root })
    assert.deepEqual([status, body.errorNum], [404, 404], path)
  }
})

test('a response of `upstream` whose body was read, or is being read, is a 500 with the failure in the log', async () => {
  const read = async () => {
    const response = new Response('cached')
    await response.text()
    return response
  }
  const locked = async () => {
    const response = new Response('cached')
    response.body?.getReader()
    return response
  }
  const started = async () => {
    const response = new Response('cached')
    const reader = response.body?.getReader()
    await reader?.read()
    reader?.releaseLock()
    return response
  }
  const cloned = async () => {
    const response = new Response('cached')
    await response.clone().text()
    return response
  }
  const empty = async () => new Response(null, { status: 204 })
  for (const allowedOrigins of [undefined, ['https://admin.example.org']]) {
    for (const [upstream, expected] of /** @type {const} */ ([[read, 500], [locked, 500], [started, 500], [cloned, 200], [empty, 204]])) {
      /** @type {any[]} */
      const events = []
      const { directory } = await seeded('meuse', { upstream, allowedOrigins, log: (/** @type {any} */ event) => events.push(event) })
      const answer = await send(directory, 'POST', '/api/v1/mirror/latch/1.0.0/cache', { as: admin.meuse })
      const { status, failure } = events.at(-1)
      assert.deepEqual([answer.status, status, failure?.code], [expected, expected, expected === 500 ? 'wrong_type' : undefined], upstream.name)
      if (expected === 500) assertRefused('meuse', answer, upstream.name)
    }
  }
})

test('every response to HEAD has the headers of GET and no body', async () => {
  for (const system of systems) {
    const { directory, as } = await seeded(system)
    const { list } = usersPath[system]
    const hasHead = ['antmedia', 'tyk'].includes(system)
    for (const who of [as.root, undefined]) {
      const [get, head] = [await send(directory, 'GET', list, { as: who }), await send(directory, 'HEAD', list, { as: who })]
      assert.equal(head.text, '', system)
      assert.match(String(head.headers.get('content-type')), /^application\/(scim\+)?json/)
      if (hasHead) assert.deepEqual([head.status, [...head.headers]], [get.status, [...get.headers]], system)
    }
  }
  // Nor has a failure, and a list of many parts is not read on.
  const { directory, store, as } = await seeded('antmedia')
  store.meddle = () => {
    throw new Error('no store')
  }
  const { status, text } = await send(directory, 'HEAD', '/rest/v2/user-list', { as: as.root })
  assert.deepEqual([status, text], [500, ''])
})

test('records that no request could undo are refused, by a seed and by a bootstrap request', async () => {
  /** @type {Record<string, [any, string]>} */
  const given = {
    antmedia: [(/** @type {string} */ email) => ({ email, scope: 'system', userType: 'ADMIN', password: 'x' }), '/users/1/email'],
    meuse: [(/** @type {string} */ name) => ({ name, role: 'admin', password: 'password1' }), '/users/1/name'],
  }
  for (const [system, [user, path]] of Object.entries(given)) {
    const store = new FaultyStore()
    const directory = directoryOf(system, store)
    const broken = { users: [user('root'), user('..')] }
    const isTold = (/** @type {any} */ { code, problems }) => code === 'invalid_records' && problems.length === 1 && problems[0].path === path && problems[0].code === 'bad_format'
    await assert.rejects(directory.seed(broken), isTold)
    const as = `Bootstrap ${await directory.bootstrap()}`
    const refused = await send(directory, 'POST', '/_latchwork/bootstrap', { as, body: broken })
    assert.ok(refused.status === 400 && isTold(refused.body.error), refused.text)
    assert.ok(![...store.entries.keys()].some((key) => key.startsWith('user/')))
    assert.equal((await send(directory, 'POST', '/_latchwork/bootstrap', { as, body: { users: [user('root')] } })).status, 204)
  }
})

test('in front of ArangoDB, only authorized requests are passed to `upstream`', async () => {
  /** @type {any[]} */
  const passed = []
  const upstream = (/** @type {Request} */ request, /** @type {any} */ decision) => {
    passed.push([request.method, new URL(request.url).pathname, decision.actor, decision.action, decision.resource])
    return new Response('of the server')
  }
  const { directory } = await seeded('arangodb', { upstream, cost: COST })
  const { directory: alone } = await seeded('arangodb', { cost: COST })
  for (const [path, action, resource] of [
    ['/_api/cursor', 'use', '_system'],
    ['/_db/_system/_api/document/items/1', 'write', '_system/items'],
    ['/_api/collection/items/count', 'manage-collection', '_system/items'],
    ['/_admin/status', 'use', '_system'],
    ['/', 'use', '_system'],
  ]) {
    assert.equal((await send(directory, 'PUT', path, { as: admin.arangodb })).text, 'of the server', path)
    assert.deepEqual(passed.pop(), ['PUT', path, 'root', action, resource])
    assert.deepEqual((await send(alone, 'PUT', path, { as: admin.arangodb })).status, 404, path)
    assert.equal((await send(directory, 'PUT', path, { as: 'Basic wrong' })).status, 401, path)
    assert.equal((await send(directory, 'PUT', path)).status, 401, path)
  }
  // Requests below `/_open/` are not authenticated, so there is no decision.
  assert.equal((await send(directory, 'PUT', '/_open/other', { as: admin.arangodb })).status, 404)
  assert.equal((await send(directory, 'POST', '/_db/elsewhere/_api/cursor', { as: ann.arangodb })).status, 401)
  assert.equal(passed.length, 0)
})

test('the log distinguishes documented responses from failures', async () => {
  /** @type {any[]} */
  const events = []
  const { directory, store } = await seeded('tyk', { log: (/** @type {any} */ event) => events.push(event) })
  events.length = 0
  const as = { 'admin-auth': records.tyk.config.admin_secret }
  assert.equal((await send(directory, 'POST', '/admin/users', { as, body: '' })).status, 500)
  assert.deepEqual([events.length, events[0].status, events[0].failure], [1, 500, undefined])
  events.length = 0
  for (const [key, entry] of store.entries) if (key === 'user/ann') entry.value = '{"broken":true}'
  assert.equal((await send(directory, 'GET', '/api/users/ann', { as: admin.tyk })).status, 500)
  assert.equal(events[0].failure.code, 'internal')
})

test('the log has the user, the decision and the failure, and no secret', async () => {
  /** @type {any[]} */
  const events = []
  const { directory } = await seeded('arangodb', { log: (/** @type {any} */ event) => events.push(event), cost: COST })
  await send(directory, 'GET', '/_api/user/ann?full=secretquery', { as: ann.arangodb })
  await send(directory, 'DELETE', '/_api/user/root', { as: ann.arangodb })
  await send(directory, 'GET', '/_api/user', { as: 'Basic wrong' })
  await send(directory, 'PATCH', '/_api/user/ann', { as: ann.arangodb, body: { passwd: 'hushhush' } })
  assert.deepEqual(events.map(({ status, actor, path }) => [status, actor, path]), [
    [200, 'ann', '/_api/user/ann'], [403, 'ann', '/_api/user/root'], [401, null, '/_api/user'], [200, 'ann', '/_api/user/ann'],
  ])
  assert.deepEqual(events[1].decisions.at(-1).allow, false)
  for (const secret of ['secretquery', 'annpass', 'hushhush', ann.arangodb.slice(6)]) assert.ok(!JSON.stringify(events).includes(secret), secret)
})
