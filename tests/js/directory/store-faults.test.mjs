// @ts-check
// Stores that stall, return old entries, always conflict or break their contract: each request ends in time, and is refused.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { LatchworkError } from 'latchwork'
import { memoryStore } from 'latchwork/stores/memory'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { assertRefused, directoryOf, isRefusal, records, seeded, send, systems, unavailable } from '../support/directory/products.mjs'

/** A request of each product that changes something, and one that looks at it afterwards. @type {Record<string, { change: any[], look: any[], told: (body: any) => any, second: any, both: any }>} */
const requests = {
  arangodb: {
    change: ['PATCH', '/_api/user/ann', { body: { extra: { a: 2 } } }],
    look: ['GET', '/_api/user/ann'],
    told: (body) => body.extra,
    second: { extra: { b: 3 } },
    both: { a: 2, b: 3 },
  },
  meuse: {
    change: ['POST', '/api/v1/meuse/user/ann', { body: { description: 'new' } }],
    look: ['GET', '/api/v1/meuse/user'],
    told: (body) => body.users.map((/** @type {any} */ user) => user.description),
    second: { password: 'new password' },
    both: ['new', 'runs it'],
  },
  tyk: {
    change: ['PUT', '/api/users/ann', { body: { first_name: 'New' } }],
    look: ['GET', '/api/users/ann'],
    told: (body) => [body.first_name, body.last_name],
    second: { last_name: 'Name' },
    both: ['New', 'Name'],
  },
  wso2: {
    change: ['PATCH', '/scim2/Users/ann', { body: { Operations: [{ op: 'replace', value: { nickName: 'new' } }] } }],
    look: ['GET', '/scim2/Users/ann'],
    told: (body) => [body.nickName, body.title],
    second: { Operations: [{ op: 'replace', value: { title: 'title' } }] },
    both: ['new', 'title'],
  },
  antmedia: {
    change: ['PUT', '/rest/v2/users', { body: { email: 'ann', firstName: 'New' } }],
    look: ['GET', '/rest/v2/user-list'],
    told: (body) => body.map((/** @type {any} */ user) => [user.firstName, user.lastName]),
    second: { email: 'ann', lastName: 'Name' },
    both: [['New', 'Name'], ['Root', null]],
  },
}

/** @param {any} directory @param {import('../support/directory/products.mjs').Credential} as @param {any[]} request */
const sent = (directory, as, [method, path, rest]) => send(directory, method, path, { as, ...rest })

/** Lets whatever waits for nothing but its turn go on. */
async function settle() {
  for (let round = 0; round < 50; round += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** @param {() => boolean} holds */
async function until(holds) {
  for (let round = 0; round < 100_000 && !holds(); round += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Fails the test if a rejected promise is not handled. @param {() => Promise<void>} act */
async function withoutUnhandled(act) {
  /** @type {unknown[]} */
  const unhandled = []
  const note = (/** @type {unknown} */ reason) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    await act()
    await settle()
  } finally {
    process.off('unhandledRejection', note)
  }
  assert.deepEqual(unhandled, [])
}

for (const system of systems) {
  const { change, look, told, second: further, both } = requests[system]

  test(`${system}: a store that stalls at any step ends the request in time, and its late result is ignored`, async () => {
    const { store, as } = await seeded(system)
    const dry = store.copy()
    assert.ok(!isRefusal(system, await sent(directoryOf(system, dry), as.root, change)))
    assert.ok(dry.steps >= 2)
    for (let place = 1; place <= dry.steps; place += 1) {
      mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() })
      try {
        await withoutUnhandled(async () => {
          /** @type {(() => void)[]} */
          const late = []
          const stall = () => new Promise((_resolve, reject) => late.push(() => reject(new Error('too late'))))
          const copy = store.copy((_step, count) => (count === place ? stall() : undefined))
          const pending = sent(directoryOf(system, copy), as.root, change)
          await until(() => late.length > 0)
          assert.equal(late.length, 1)
          mock.timers.tick(10_000)
          const answer = await pending
          assert.equal(answer.status, unavailable(system))
          assertRefused(system, answer, `stalled at ${place}`)
          for (const reject of late) reject()
          assert.equal(copy.stateOfRecords, store.stateOfRecords)
        })
      } finally {
        mock.timers.reset()
      }
    }
  })

  test(`${system}: a store that is slow at every step ends the request in time`, async () => {
    const { store, as } = await seeded(system)
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() })
    try {
      const copy = store.copy((step, _count, act) => {
        const answer = step === 'commit' ? false : act()
        return new Promise((resolve) => setTimeout(resolve, 9_000, answer))
      })
      /** @type {any} */
      let answer
      void sent(directoryOf(system, copy), as.root, change).then((given) => (answer = given))
      for (let seconds = 0; seconds <= 30; seconds += 3) {
        await settle()
        mock.timers.tick(3_000)
      }
      await until(() => answer)
      assert.equal(answer?.status, unavailable(system))
      assert.equal(copy.stateOfRecords, store.stateOfRecords)
    } finally {
      mock.timers.reset()
    }
  })

  test(`${system}: endless conflicts end the request, and nothing changes`, async () => {
    const { store, as } = await seeded(system)
    /** @type {any[]} */
    const told = []
    let commits = 0
    const copy = store.copy((step) => (step === 'commit' ? (commits++, false) : undefined))
    const directory = directoryOf(system, copy, { log: (/** @type {any} */ event) => told.push(event) })
    const answer = await sent(directory, as.root, change)
    assert.equal(answer.status, 503)
    assertRefused(system, answer, 'conflicts')
    assert.equal(commits, 100)
    assert.equal(copy.stateOfRecords, store.stateOfRecords)
    assert.equal(told[0].failure.code, 'conflict')
    // A call that waited in the queue behind it continues.
    copy.meddle = () => undefined
    assert.equal((await sent(directory, as.root, change)).status, 200)
  })

  test(`${system}: outdated entries of a store are never committed`, async () => {
    const { store, directory, as } = await seeded(system)
    const past = store.copy()
    await sent(directory, as.root, change)
    const [, path, rest] = change
    const second = [change[0], path, { ...rest, body: further }]
    /** @type {unknown[]} */
    const commits = []
    const copy = store.copy(async (step, count, act) => {
      if (step === 'commit') {
        const changes = copy.changes
        const done = act()
        // The count of an attempt at a password is a commit of its own.
        if (!done || copy.changes > changes) commits.push(done)
        return done
      }
      // Until the first commit was refused, the answers are those of before the first change.
      if (commits.length > 0 || step !== 'read') return undefined
      const entries = /** @type {any[]} */ (act())
      const before = await past.read(entries.flatMap((entry) => entry?.key ?? []))
      return entries.map((entry) => before.find((old) => old?.key === entry?.key) ?? entry)
    })
    assert.equal((await sent(directoryOf(system, copy), as.root, second)).status, 200)
    assert.deepEqual(commits, [false, true])
    const now = told((await sent(directoryOf(system, copy), as.root, look)).body)
    assert.deepEqual(now, both)
  })

  test(`${system}: a result that breaks the store contract is refused`, async () => {
    const { store, as } = await seeded(system)
    const strange = [
      null, 0, '', true, {}, [], [null, null, null, null, null, null, null], [{}], [{ key: 'user/ann', value: '{}', version: 0 }], [{ key: 'user/ann', value: {}, version: 1 }],
      [{ key: 'user/ann', value: '{}', version: 1.5 }], [{ key: 'user/ann', value: '{}', version: '1' }], new Proxy([], { get: () => { throw new Error('no') } }),
      [new Proxy({}, { get: () => { throw new Error('no') } })], { length: 1, 0: null }, new Array(3), 'entries', Symbol('x'), () => [],
    ]
    for (const [index, answer] of strange.entries()) {
      for (const step of ['read', 'commit']) {
        if (step === 'commit' && answer === true) continue
        const copy = store.copy((asked) => (asked === step ? answer : undefined))
        const refused = await sent(directoryOf(system, copy), as.root, change)
        assert.equal(refused.status, unavailable(system), `${step} ${index}`)
        assert.equal(copy.stateOfRecords, store.stateOfRecords)
      }
    }
  })

  test(`${system}: an invalid entry grants no access`, async () => {
    const { store, as } = await seeded(system)
    for (const value of ['', '{', 'null', '5', '[]', '"x"', '{}', '{"active":"yes"}', '\ud800', `${'['.repeat(100)}${']'.repeat(100)}`, '{"hash":5,"role":"emperor"}']) {
      const copy = store.copy()
      for (const [key, entry] of copy.entries) if (!key.startsWith('directory/')) copy.entries.set(key, { ...entry, value })
      const before = copy.stateOfRecords
      for (const request of [change, look]) {
        const answer = await sent(directoryOf(system, copy), as.root, request)
        assert.ok([401, 403, 500].includes(answer.status), `${value}: ${answer.status} ${answer.text}`)
        assertRefused(system, answer, value)
      }
      assert.equal(copy.stateOfRecords, before)
    }
  })
}

test('an entry is copied once, so that changing getters have no effect', async () => {
  const { store, as } = await seeded('arangodb')
  const copy = store.copy((step, _count, act) => {
    if (step !== 'read') return undefined
    return act().map((/** @type {any} */ entry) => {
      if (!entry) return entry
      let reads = 0
      return { key: entry.key, version: entry.version, get value() { return reads++ === 0 ? entry.value : 'null' } }
    })
  })
  assert.equal((await sent(directoryOf('arangodb', copy), as.root, requests.arangodb.change)).status, 200)
})

test('an endless list of a store is refused', async () => {
  const { store } = await seeded('meuse')
  const copy = store.copy((step, _count, act) => (step === 'scan' ? [...act(), ...act()] : undefined))
  const directory = directoryOf('meuse', copy)
  for (const ask of [() => directory.records(), () => directory.authorizer()]) {
    await assert.rejects(ask, (/** @type {any} */ error) => error instanceof LatchworkError && error.code === 'store_unavailable')
  }
})

test('the records of a large store are a consistent snapshot, or an error', async () => {
  const store = new FaultyStore()
  const directory = directoryOf('meuse', store)
  const users = Array.from({ length: 1500 }, (_, index) => ({ name: `user-${index}`, role: 'tech' }))
  await directory.seed({ ...records.meuse, users: [...records.meuse.users, ...users] })
  let scans = 0
  // Between two pages of the first scan one user is deleted, and another is created before the position of the scan.
  store.meddle = (step) => {
    if (step === 'scan') scans += 1
    if (step === 'scan' && scans === 2) {
      const gone = /** @type {any} */ (store.entries.get('user/user-999'))
      store.entries.delete('user/user-999')
      store.entries.set('user/aaa', { ...gone, key: 'user/aaa', value: gone.value.replaceAll('user-999', 'aaa'), version: ++store.last })
    }
    return undefined
  }
  const names = /** @type {any} */ (await directory.records()).users.map((/** @type {any} */ user) => user.name)
  assert.deepEqual([names.length, names.includes('aaa'), names.includes('user-999')], [1502, true, false])
  store.meddle = (step) => {
    const entry = /** @type {any} */ (store.entries.get('user/user-1'))
    if (step === 'scan') store.entries.set('user/user-1', { ...entry, version: ++store.last })
    return undefined
  }
  await assert.rejects(() => directory.records(), { code: 'conflict' })
})

test('concurrent calls create one secret in a store, and the error for a broken one does not contain it', async () => {
  const store = new FaultyStore()
  const parts = { system: 'arangodb', store, cost: { memory: 64, passes: 1, parallelism: 1 } }
  const directories = Array.from({ length: 8 }, () => createDirectory(/** @type {any} */ (parts)))
  await Promise.all(directories.map((directory) => directory.fetch(new Request('http://127.0.0.1/_api/version'))))
  const secret = store.entries.get('directory/secret')
  // The store was claimed for its system by the first commit; no other secret came after this one.
  assert.equal(secret?.version, 2)
  await directories[0].seed(records.arangodb)
  const { body } = await send(directories[0], 'POST', '/_open/auth', { body: { username: 'ann', password: 'annpass' } })
  for (const directory of directories) {
    assert.equal((await send(directory, 'GET', '/_api/user/ann', { as: `Bearer ${body.jwt}` })).status, 200)
  }
  for (const value of ['', 'xyzzysecret', '"xyzzysecret"', '5', '"c2hvcnQ="']) {
    store.entries.set('directory/secret', { key: 'directory/secret', value, version: 9 })
    /** @type {any[]} */
    const events = []
    const directory = createDirectory(/** @type {any} */ ({ ...parts, log: (/** @type {any} */ event) => events.push(event) }))
    assert.equal((await send(directory, 'GET', '/_api/version')).status, 500)
    assert.equal(events[0].failure.code, 'internal')
    assert.ok(!`${events[0].failure.stack}${events[0].failure.cause}`.includes('xyzzy'))
  }
})

test('a store of another system is refused', async () => {
  const store = new FaultyStore()
  const meuse = directoryOf('meuse', store)
  await meuse.seed(records.meuse)
  const before = JSON.stringify([...store.entries])
  const other = directoryOf('arangodb', store)
  assert.equal((await send(other, 'GET', '/_api/version')).status, 500)
  for (const act of [() => other.records(), () => other.seed(records.arangodb), () => other.bootstrap()]) {
    await assert.rejects(act, { code: 'wrong_system' })
  }
  assert.equal(JSON.stringify([...store.entries]), before)
  assert.equal((await meuse.records()).users?.length, records.meuse.users.length)
})

test('a change above the limits of a store is `record_too_large`', async () => {
  const directory = directoryOf('arangodb', memoryStore())
  const user = (/** @type {number} */ length) => ({ users: { ann: { passwd: 'annpass1', extra: { text: 'x'.repeat(length) } } } })
  await assert.rejects(() => directory.seed(user(1 << 20)), { code: 'record_too_large' })
  assert.deepEqual((await directory.records()).users, {})
  await directory.seed(user(1 << 19))
})
