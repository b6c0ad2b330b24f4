// @ts-check
// Passwords of `latchwork serve`: hashed in threads, with a bounded queue.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { after, test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { LatchworkError, hash, setHasher, verify } from 'latchwork/password'
import { verify as verifyLegacy } from 'latchwork/password-legacy'
import { memoryStore } from 'latchwork/stores/memory'
import { HashingPool } from '../../../pkg/cli/hashing.mjs'
import { file, serve } from '../support/serve-process.mjs'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/password.json', import.meta.url), 'utf8'))
const CHEAP = { memory: 64, passes: 1 }

/** @type {HashingPool[]} */
const pools = []
after(() => Promise.all(pools.map((pool) => pool.close())))

/** @param {{ threads?: number, queue?: number }} [bounds] */
function started(bounds) {
  const pool = new HashingPool(bounds)
  pools.push(pool)
  return pool
}

/** Runs a step with the pool in the place of the package's own hasher. @param {HashingPool} pool @param {() => Promise<void>} step */
async function within(pool, step) {
  setHasher(pool.hasher)
  try {
    await step()
  } finally {
    setHasher(null)
  }
}

test('threads hash and verify every form as the package does, with the same errors', async () => {
  await within(started({ threads: 2 }), async () => {
    const stored = await hash('correct horse', CHEAP)
    assert.equal(await verify('correct horse', stored), true)
    assert.equal(await verify('correct hors', stored), false)
    assert.equal(await verify('correct horse', null, CHEAP), false)
    for (const { password, stored } of vectors.legacy.slice(0, 7)) {
      assert.equal(await verifyLegacy(password, stored, CHEAP), true, stored)
      assert.equal(await verifyLegacy(`${password}x`, stored, CHEAP), false, stored)
    }
    await assert.rejects(verifyLegacy('x', `$2b$15$${'A'.repeat(53)}`), { code: 'costly_hash' })
    await assert.rejects(verifyLegacy('x', `$salted-sha256$a$${'g'.repeat(64)}`), { code: 'unknown_hash' })
  })
})

test('the main thread stays responsive while others hash', async (t) => {
  await within(started({ threads: 2 }), async () => {
    await hash('warm')
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    })
    const start = performance.now()
    await Promise.all(Array.from({ length: 32 }, () => hash('x')))
    const whole = performance.now() - start
    clearInterval(timer)
    t.diagnostic(`32 hashes took ${whole.toFixed(0)} ms, the longest wait of this thread ${longest.toFixed(0)} ms`)
    assert.ok(longest < whole / 4, `${longest} of ${whole} ms`)
  })
})

test('calls beyond the queue are refused with a time to try again, and queued ones succeed', async () => {
  const pool = started({ threads: 1, queue: 3 })
  await within(pool, async () => {
    const calls = await Promise.allSettled(Array.from({ length: 10 }, () => hash('x', CHEAP)))
    assert.deepEqual(calls.map(({ status }) => status), [...Array(4).fill('fulfilled'), ...Array(6).fill('rejected')])
    for (const call of calls.slice(4)) {
      const { reason } = /** @type {PromiseRejectedResult} */ (call)
      assert.ok(reason instanceof LatchworkError)
      assert.equal(reason.code, 'overloaded')
      assert.ok(Number.isSafeInteger(/** @type {any} */ (reason).retryAfter) && /** @type {any} */ (reason).retryAfter >= 1)
    }
    assert.match(await hash('x', CHEAP), /^\$argon2id\$/, 'the queue accepts calls again')
  })
})

test('a thread that ends fails its own call only, and another thread runs the next one', async () => {
  const pool = started({ threads: 1, queue: 8 })
  // Whatever is not a step of the thread ends in its error, like a trap.
  const { hash: broken, verify: whole } = pool.hasher
  const calls = [/** @type {any} */ (broken)(5, null), whole('password', vectors.fits[1].stored)]
  const [lost, next] = await Promise.allSettled(calls)
  assert.equal(lost.status === 'rejected' && lost.reason.code, 'internal')
  assert.deepEqual(next, { status: 'fulfilled', value: true })
})

test('a closed pool refuses waiting and later calls', async () => {
  const pool = started({ threads: 1, queue: 8 })
  const calls = Array.from({ length: 3 }, () => pool.hasher.hash('x', { memory: 65_536, passes: 10, parallelism: 1 }))
  const settled = Promise.allSettled(calls)
  await pool.close()
  for (const call of await settled) assert.equal(call.status === 'rejected' && call.reason.code, 'internal')
  await assert.rejects(async () => pool.hasher.hash('x', { memory: 64, passes: 1, parallelism: 1 }), { code: 'internal' })
})

for (const [system, records, path, body] of /** @type {[any, any, string, any][]} */ ([
  ['arangodb', { users: { ann: { passwd: 'tiger-and-lion' } } }, '/_open/auth', { username: 'ann', password: 'tiger-and-lion' }],
  ['meuse', { users: [{ name: 'ann', role: 'admin', active: true, password: 'tiger-and-lion', description: 'x' }] }, '/api/v1/meuse/token', { name: 'laptop', user: 'ann', password: 'tiger-and-lion', validity: 1 }],
  ['tyk', { users: [{ id: 'ann', active: true, first_name: 'Ann', last_name: 'A', email_address: 'ann@example.org', password: 'tiger-and-lion', user_permissions: { IsAdmin: 'admin' } }] }, '/api/login', { email_address: 'ann@example.org', password: 'tiger-and-lion' }],
])) {
  test(`a directory with an overloaded hasher responds with 503 and Retry-After: ${system}`, async () => {
    const directory = createDirectory({ system, store: memoryStore(), cost: CHEAP })
    await directory.seed(records)
    const refuse = () => {
      throw Object.assign(new Error('too much to do'), { code: 'overloaded', retryAfter: 7 })
    }
    setHasher({ hash: refuse, verify: refuse })
    try {
      const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }))
      assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '7'])
      assert.match(await response.text(), /too many passwords are being checked/)
    } finally {
      setHasher(null)
    }
  })
}

test('with more concurrent sign-ins than the queue holds, some get 503, the others succeed, and cheap requests continue', { timeout: 120_000 }, async (t) => {
  const password = 'tiger-and-lion'
  const { address, stop } = await serve('--system', 'arangodb', '--seed', file({ users: { ann: { passwd: password, grants: { _system: { level: 'rw' } } } } }))
  const remembered = { authorization: `Basic ${btoa(`ann:${password}`)}` }
  const cheap = () => fetch(`${address}/_api/version`, { headers: remembered })
  assert.equal((await cheap()).status, 200)

  const capacity = Math.max(availableParallelism() * 32, 64)
  let done = false
  const signIns = Promise.all(Array.from({ length: capacity + 60 }, async (_, index) => {
    const response = await fetch(`${address}/_open/auth`, { method: 'POST', body: JSON.stringify({ username: `user-${index}`, password }) })
    await response.text()
    return { status: response.status, retryAfter: response.headers.get('retry-after') }
  })).finally(() => (done = true))
  let slowest = 0
  let count = 0
  while (!done) {
    const start = performance.now()
    assert.equal((await cheap()).status, 200)
    slowest = Math.max(slowest, performance.now() - start)
    count += 1
  }
  const answers = await signIns
  const refused = answers.filter(({ status }) => status === 503)
  t.diagnostic(`${refused.length} of ${answers.length} sign-ins were refused; ${count} cheap requests meanwhile, the slowest took ${slowest.toFixed(0)} ms`)
  assert.ok(refused.length > 0)
  for (const { retryAfter } of refused) assert.match(String(retryAfter), /^[1-9]\d*$/)
  assert.ok(answers.every(({ status }) => status === 503 || status === 401), 'none of these users exists')
  assert.ok(answers.filter(({ status }) => status === 401).length >= capacity / 2)
  assert.ok(count > 5)
  assert.equal(await stop(), 0)
})
