// @ts-check
// The core keeps what it parsed between the rounds of a request, and the host reads ahead what followed before. Runs every
// request of every call case with and without both: the response and the changes are the same.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { instance, nextRun, runTask } from '../../../pkg/directory/instance.mjs'
// Provides the module of that instance: the directory of `latchwork/directory` has its own.
import { createDirectory as createTyped } from '../../../pkg/entries/directory.mjs'
import { runCall } from '../support/run-call.mjs'
import { casesOf, isCall } from '../support/run-decision.mjs'
import { allEntries } from '../support/all-entries.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { admin, basic, COST, records, systems, usersPath } from '../support/directory/products.mjs'
import { copyOf, sequence } from '../support/directory/repeated-requests.mjs'

const createDirectory = /** @type {any} */ (createTyped)

/** The runs that the core keeps; equals `RUNS_MAX` there. */
const RUNS_MAX = 16
/** The messages of the core. @type {string[]} */
const messages = []

/** The core's function, with each message recorded. */
function record() {
  const { glue } = instance.start()
  if (glue.isRecorded) return
  const { directory_answer: real } = glue
  glue.directory_answer = (/** @type {string} */ system, /** @type {Uint8Array} */ message) => {
    messages.push(new TextDecoder().decode(message))
    return real(system, message)
  }
  glue.isRecorded = true
}

/** What happens before each step of the store, which is between two rounds. @type {Record<string, () => void>} */
const BETWEEN = {
  'the instance is replaced': () => void (instance.start().dead = true),
  'other runs evict it': () => {
    const facts = '"entries":[],"pages":[],"checks":[],"hashes":[],"counted":[]'
    for (let run = 0; run < RUNS_MAX; run += 1) runTask('meuse', `{"run":${nextRun()},"task":{"bootstrap":true},"now":1,"secret":"","entropy":"",${facts}}`)
  },
}

/** @param {string} system @param {{ requests: number, repeated: number }} counted */
function comparing(system, counted) {
  /** @param {any} parts */
  function create(parts) {
    const { store } = parts
    const real = createDirectory(parts)
    return {
      seed: real.seed.bind(real),
      records: real.records.bind(real),
      /** @param {Request} request @param {any} context */
      async fetch(request, context) {
        const body = new Uint8Array(await request.arrayBuffer())
        const what = `${request.method} ${request.url}`
        /** @param {FaultyStore} store */
        const send = async (store) => {
          const directory = createDirectory({ ...parts, store, random: sequence(), sendMail: () => {} })
          return { ...(await responseOf(directory, copyOf(request, body))), state: withoutHashes(store.state) }
        }
        const expected = await send(store.copy())
        for (const [between, act] of Object.entries(BETWEEN)) {
          assert.deepEqual(await send(store.copy(act)), expected, `${what}, where ${between} between two rounds`)
        }
        const both = await Promise.all([send(store.copy(turn)), send(store.copy(turn))])
        assert.deepEqual(both, [expected, expected], `${what}, twice at the same time`)
        counted.requests += 1
        if (['GET', 'HEAD'].includes(request.method)) {
          const directory = createDirectory({ ...parts, store: store.copy(), random: sequence(), sendMail: () => {} })
          const { state: _, ...response } = expected
          for (let time = 0; time < 4; time += 1) assert.deepEqual(await responseOf(directory, copyOf(request, body)), response, `${what}, again`)
          counted.repeated += 1
        }
        return real.fetch(copyOf(request, body), context)
      },
    }
  }
  return { ...allEntries, memoryStore: () => new FaultyStore(), createDirectory: create }
}

/** Lets other requests run. */
const turn = () => /** @type {Promise<undefined>} */ (new Promise((resolve) => setImmediate(() => resolve(undefined))))

/** @param {any} directory @param {Request} request */
async function responseOf(directory, request) {
  const response = await directory.fetch(request)
  // A list that is cut short has no text.
  return { status: response.status, headers: [...response.headers], text: await response.text().catch(() => null) }
}

/** Each hash has another salt. @param {string} state */
const withoutHashes = (state) => state.replaceAll(/\$argon2id\$[^"\\]*/g, 'hash')

for (const system of systems) {
  test(`${system}: a request has the same result whether the core has kept its facts or not`, async () => {
    const counted = { requests: 0, repeated: 0 }
    const folder = new URL(`../../cases/${system}/`, import.meta.url)
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      for (const call of casesOf(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).filter(isCall)) {
        assert.deepEqual(await runCall(comparing(system, counted), system, call), [], call.id)
      }
    }
    assert.ok(counted.requests > 30 && counted.repeated > 6, JSON.stringify(counted))
  })
}

/** A directory with records, and a request that it allows. @param {FaultyStore} store */
async function listOf(store) {
  const directory = createDirectory({ system: 'tyk', store })
  await directory.seed(records.tyk)
  const list = () => responseOf(directory, new Request(`http://127.0.0.1${usersPath.tyk.list}`, { headers: { authorization: admin.tyk } }))
  await list()
  record()
  messages.length = 0
  return { directory, list }
}

test('each round sends the facts that are new, and a lost run all facts', async () => {
  const store = new FaultyStore()
  const { list } = await listOf(store)
  assert.equal((await list()).status, 200)
  assert.match(messages[0], /^\{"run":\d+,"task"/)
  const rest = messages.slice(1)
  assert.ok(rest.length >= 3 && rest.every((message) => /^\{"continue":\d+,"entries"/.test(message)), messages.join('\n'))
  const keys = rest.flatMap((message) => JSON.parse(message.split('\0')[0]).entries.map((/** @type {any} */ [key]) => key))
  assert.equal(new Set(keys).size, keys.length, 'no entry is sent twice')

  messages.length = 0
  store.meddle = (_step, count) => {
    if (count === store.steps) BETWEEN['other runs evict it']()
    return undefined
  }
  assert.equal((await list()).status, 200)
  const sent = messages.filter((message) => !message.includes('"bootstrap"'))
  const started = sent.filter((message) => message.startsWith('{"run"'))
  assert.ok(started.length >= 3, sent.join('\n'))
})

test('the core forgets a run whose store failed', async () => {
  const store = new FaultyStore()
  const { list } = await listOf(store)
  store.meddle = () => {
    throw new Error('the disk is gone')
  }
  assert.notEqual((await list()).status, 200)
  const [start] = messages
  const { run } = JSON.parse(start)
  assert.ok(messages.includes(`{"forget":${run}}`), messages.join('\n'))
  assert.equal(runTask('tyk', `{"continue":${run},"entries":[],"pages":[],"checks":[],"hashes":[],"counted":[]}`).lost, true)
})

test('a repeated request reads ahead, and still sees every change', async () => {
  const store = new FaultyStore()
  const { directory, list } = await listOf(store)
  const steps = async () => {
    const before = store.steps
    const { text } = await list()
    return { steps: store.steps - before, users: JSON.parse(String(text)).users.length }
  }
  const first = await steps()
  for (let time = 0; time < 3; time += 1) await steps()
  const later = await steps()
  assert.ok(later.steps < first.steps, `${first.steps} and ${later.steps} steps`)

  const body = JSON.stringify({ first_name: 'N', last_name: 'U', email_address: 'new@example.org', user_permissions: { users: 'read' } })
  const created = await directory.fetch(new Request(`http://127.0.0.1${usersPath.tyk.list}`, { method: 'POST', headers: { authorization: admin.tyk, 'content-type': 'application/json' }, body }))
  assert.equal(created.status, 200)
  assert.equal((await steps()).users, first.users + 1)
  const { key, value, version } = /** @type {any} */ (store.entries.get('user/root'))
  await store.commit([{ key, expect: version, value: value.replace('"active":true', '"active":false') }])
  assert.equal((await list()).status, 401, 'a deactivated user is rejected at once')
})

test('nothing is read ahead before the caller is authenticated', async () => {
  const store = new FaultyStore()
  const directory = createDirectory({ system: 'wso2', store, cost: COST })
  await directory.seed(records.wso2)
  /** What the store does for a request, by the number of keys of each step. @param {string} credentials */
  const work = async (credentials) => {
    /** @type {string[]} */
    const steps = []
    const { read } = store
    store.read = (keys) => {
      steps.push(`read ${keys.length}`)
      return read.call(store, keys)
    }
    const before = store.steps
    const { status } = await responseOf(directory, new Request(`http://127.0.0.1${usersPath.wso2.list}`, { headers: { authorization: basic(credentials) } }))
    store.read = read
    return { status, steps: store.steps - before, reads: steps }
  }
  for (let time = 0; time < 4; time += 1) assert.equal((await work('root:rootpass')).status, 200)
  const [known, unknown] = [await work('root:wrong'), await work('user:wrong')]
  assert.equal(known.status, 401)
  assert.equal(known.steps, unknown.steps, `${known.reads}; ${unknown.reads}`)
})
