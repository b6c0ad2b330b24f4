// @ts-check
// Passwords through the built package: known hashes, a second implementation, hostile stored strings, memory.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { argon2Verify, argon2id } from 'hash-wasm'
import { LatchworkError } from 'latchwork'
import { hash, needsRehash, setHasher, verify } from 'latchwork/password'

const vectors = JSON.parse(readFileSync(new URL('../../vectors/password.json', import.meta.url), 'utf8'))
const CHEAP = { memory: 64, passes: 1 }

/** @type {WeakRef<WebAssembly.Instance>[]} */
const made = []
const { Instance } = WebAssembly

// Watches which instances are made, and what stays in their memory.
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, words, newTarget) {
    const instance = Reflect.construct(target, words, newTarget)
    made.push(new WeakRef(instance))
    return instance
  },
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

/** Lets go of what only this turn holds, and collects it. */
async function letGo() {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve))
    collectGarbage()
  }
}

/** @param {Promise<unknown>} call @param {string} code @param {string} [secret] */
async function assertRefused(call, code, secret) {
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.ok(error instanceof LatchworkError, String(error))
    assert.equal(error.code, code)
    if (secret) assert.ok(!error.message.includes(secret) && !String(error.stack).includes(secret))
    return true
  })
}

test('a hash is a PHC string of the documented cost, with a fresh salt, and verifies only its password', async () => {
  const stored = await hash('correct horse')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(stored, await hash('correct horse'))
  assert.equal(await verify('correct horse', stored), true)
  assert.equal(await verify('correct hors', stored), false)
  assert.equal(needsRehash(stored), false)
})

test('a hash of the reference implementation verifies its password and no other', async () => {
  for (const { password, stored } of vectors.fits) {
    assert.equal(await verify(password, stored), true, stored)
    assert.equal(await verify(password.toUpperCase(), stored), false, stored)
  }
})

test('another implementation verifies our hashes, and we verify its hashes', async () => {
  const passwords = ['', 'x', 'correct horse battery staple', 'żółć ก 🙂 \0 end', 'x'.repeat(1024), 'ก'.repeat(341)]
  const costs = [{ memory: 19_456, passes: 2, parallelism: 1 }, { memory: 8, passes: 1, parallelism: 1 }, { memory: 200, passes: 4, parallelism: 3 }, { memory: 1024, passes: 10, parallelism: 16 }]
  for (const cost of costs) {
    for (const password of passwords) {
      const ours = await hash(password, cost)
      // It takes no empty password.
      if (password) assert.equal(await argon2Verify({ password, hash: ours }), true, ours)
      if (password) assert.equal(await argon2Verify({ password: `${password}x`, hash: ours }), false, ours)
      if (!password) continue
      const salt = crypto.getRandomValues(new Uint8Array(16))
      const { memory: memorySize, passes: iterations, parallelism } = cost
      const theirs = await argon2id({ password, salt, memorySize, iterations, parallelism, hashLength: 32, outputType: 'encoded' })
      assert.equal(await verify(password, theirs), true, theirs)
      assert.equal(await verify(`${password.slice(1)}y`, theirs), false, theirs)
      assert.equal(needsRehash(theirs, cost), false)
    }
  }
})

test('salts and tags of other lengths are accepted', async () => {
  for (const [saltLength, hashLength] of [[8, 16], [9, 17], [10, 18], [64, 64]]) {
    const words = { password: 'x', salt: crypto.getRandomValues(new Uint8Array(saltLength)), memorySize: 64, iterations: 1, parallelism: 1, hashLength }
    const theirs = await argon2id({ ...words, outputType: 'encoded' })
    assert.equal(await verify('x', theirs), true, theirs)
    assert.equal(await verify('y', theirs), false, theirs)
    assert.equal(needsRehash(theirs, CHEAP), true, theirs)
  }
})

test('hazard "Argon2 with m = 2 or 4 GiB": a hostile stored string is refused before anything is computed', async () => {
  const hostile = [...vectors.hostile, { stored: `${vectors.current}${'A'.repeat(1 << 20)}`, code: 'unknown_hash', why: 'huge' }]
  const before = made.length
  for (const { stored, code, why } of hostile) {
    await assertRefused(verify('password', stored), code).catch((error) => assert.fail(`${why}: ${error.message}`))
    assert.equal(needsRehash(stored), true, why)
  }
  assert.equal(made.length, before)
})

test('the WebAssembly module refuses the same strings', async () => {
  const { compile, hasher } = await import('../../../pkg/password/instance.mjs')
  const { default: text } = await import('../../../pkg/wasm/password.inline.mjs')
  const own = hasher(() => compile(text))
  for (const { stored, code } of vectors.hostile) await assertRefused(Promise.resolve(own.verify('password', stored)), code)
  for (const cost of [{ memory: 65_537, passes: 1, parallelism: 1 }, { memory: 64, passes: 0, parallelism: 1 }, { memory: 2 ** 32 + 64, passes: 11, parallelism: 1 }]) {
    await assertRefused(Promise.resolve(own.hash('password', cost)), 'invalid_cost')
  }
})

test('a hash needs a rehash if a new one would have other parameters', () => {
  for (const stored of vectors.outdated) assert.equal(needsRehash(stored), true, stored)
  assert.equal(needsRehash(vectors.current), false)
  assert.equal(needsRehash(vectors.current, { passes: 3 }), true)
  assert.throws(() => needsRehash(/** @type {any} */ (null)), { code: 'wrong_type' })
})

test('invalid passwords, stored strings and costs are refused, and no message contains the password', async () => {
  const secret = 'hunter2-hunter2'
  await assertRefused(hash(secret.repeat(80)), 'password_too_long', secret)
  await assertRefused(verify(secret.repeat(80), vectors.current), 'password_too_long', secret)
  await assertRefused(hash('ก'.repeat(342)), 'password_too_long')
  await assertRefused(hash(`${secret}\ud800`), 'malformed_string', secret)
  await assertRefused(verify(`${secret}\udc00`, null), 'malformed_string', secret)
  const untyped = /** @type {any} */ ({ hash, verify, setHasher })
  for (const value of [undefined, null, 5, {}, ['x'], new String('x')]) await assertRefused(untyped.hash(value), 'wrong_type')
  for (const value of [5, {}, [vectors.current]]) await assertRefused(untyped.verify(secret, value), 'wrong_type', secret)
  for (const options of [{ memory: 65_537 }, { memory: 7 }, { memory: 64.5 }, { memory: NaN }, { memory: '64' }, { passes: 0 }, { passes: 11 }, { passes: -1 }, { parallelism: 0 }, { parallelism: 17 }, { memory: 15, parallelism: 2 }]) {
    await assertRefused(untyped.hash(secret, options), 'invalid_cost', secret)
    await assertRefused(untyped.verify(secret, null, options), 'invalid_cost', secret)
  }
  await assertRefused(untyped.hash(secret, 5), 'wrong_type', secret)
  assert.throws(() => untyped.setHasher({ hash() {} }), { code: 'wrong_type' })
  assert.throws(() => untyped.setHasher({ hash() {}, verify() {}, verifyLegacy: true }), { code: 'wrong_type' })
})

test('an unknown member of a hasher is refused, and an instance of a class has its own state', async () => {
  const untyped = /** @type {any} */ ({ setHasher })
  const steps = { hash: () => '', verify: () => true }
  class Pool {
    threads = 4
    hash() { return '' }
    verify() { return this.threads === 4 }
  }
  try {
    for (const name of ['verifylegacy', 'needsRehash', 'constructor']) {
      assert.throws(() => untyped.setHasher({ ...steps, [name]: () => true }), { code: 'invalid_value', message: `unknown member "${name}" of the hasher, expected hash, verify, verifyLegacy` })
    }
    assert.equal(await verify('wrong', vectors.current), false, 'a refused hasher replaces nothing')
    for (const hasher of [steps, { ...steps, verifyLegacy: undefined }, Object.defineProperty({ ...steps }, 'threads', { value: 4 }), Object.create({ ...steps, threads: 4 }), new Pool()]) {
      setHasher(hasher)
      assert.equal(await verify('wrong', vectors.current), true)
      setHasher(null)
    }
  } finally {
    setHasher(null)
  }
})

test('an unknown option is refused, and the error lists the known ones', async () => {
  const untyped = /** @type {any} */ ({ hash, verify, needsRehash })
  for (const options of [{ memoryCost: 65_536, timeCost: 3 }, { passess: 5 }, { memory: 64, Passes: 1 }, { maxMemory: 65_536 }, { constructor: 1 }]) {
    for (const call of [() => untyped.hash('x', options), () => untyped.verify('x', vectors.current, options), () => untyped.verify('x', null, options), async () => untyped.needsRehash(vectors.current, options)]) {
      await assert.rejects(call, (/** @type {any} */ error) => error.code === 'invalid_cost' && /unknown option `\w+`: expected memory \(in KiB\), passes, parallelism$/.test(error.message))
    }
  }
  await assertRefused(untyped.verify('x', vectors.current, { passes: 11 }), 'invalid_cost')
  await assertRefused(untyped.hash('x', new Proxy({}, { ownKeys: () => { throw new Error('no') } })), 'invalid_value')
})

test('a hash of another program is refused with the name of the entry that reads it', async () => {
  for (const { stored } of [...vectors.legacy, { stored: `$2b$10$${'A'.repeat(53)}` }, { stored: `$unsalted-md5$${'0'.repeat(32)}` }]) {
    await assert.rejects(verify('x', stored), (/** @type {any} */ error) => ['unknown_hash', 'costly_hash'].includes(error.code) && error.message.includes('`latchwork/password-legacy`'), stored)
  }
  await assert.rejects(verify('x', 'plain'), (/** @type {any} */ error) => error.code === 'unknown_hash' && !error.message.includes('legacy'))
})

test('every entry exports the same error class', async () => {
  for (const entry of ['latchwork', 'latchwork/web', 'latchwork/password', 'latchwork/password-legacy', 'latchwork/directory', 'latchwork/stores/memory', 'latchwork/stores/libsql', 'latchwork/stores/durable-object']) {
    assert.equal((await import(entry)).LatchworkError, LatchworkError, entry)
  }
})

test('concurrent calls yield to the event loop', async (t) => {
  await hash('warm')
  let turns = 0
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    turns += 1
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  })
  const start = performance.now()
  await Promise.all(Array.from({ length: 32 }, (_, index) => (index % 2 ? hash('x') : verify('x', vectors.current))))
  const whole = performance.now() - start
  clearInterval(timer)
  t.diagnostic(`32 calls took ${whole.toFixed(0)} ms; ${turns} turns meanwhile, the longest wait ${longest.toFixed(0)} ms`)
  assert.ok(turns >= 30, `${turns} turns`)
  assert.ok(longest < whole / 4, `${longest} of ${whole} ms without a turn`)
})

test('a refused call does not delay the next ones', async () => {
  const calls = [verify('x', vectors.current), assertRefused(hash('x'.repeat(2000)), 'password_too_long'), hash('x', CHEAP), verify('x', vectors.current)]
  assert.deepEqual((await Promise.all(calls)).map((answer) => typeof answer), ['boolean', 'undefined', 'string', 'boolean'])
})

test('hazard "login for an unknown user": an unknown user takes the same time, and is always refused', async (t) => {
  const stored = await hash('correct horse')
  /** @param {string | null} stored */
  const least = async (stored) => {
    let best = Infinity
    for (let round = 0; round < 7; round += 1) {
      const start = performance.now()
      assert.equal(await verify('battery staple', stored), false)
      best = Math.min(best, performance.now() - start)
    }
    return best
  }
  const [known, unknown] = [await least(stored), await least(null)]
  t.diagnostic(`known user ${known.toFixed(1)} ms, unknown user ${unknown.toFixed(1)} ms`)
  assert.ok(unknown > known / 2 && unknown < known * 2)
  assert.equal(await verify('', undefined), false)
})

test('hazard "memory 1.2 -> 27.4 MiB, never down": memory is flat over 100 sign-ins, and freed', async (t) => {
  const stored = await hash('correct horse')
  const moduleState = () => made.map((instance) => instance.deref()).filter((instance) => instance !== undefined)
  const bytes = () => moduleState().reduce((sum, { exports }) => sum + /** @type {any} */ (exports).memory.buffer.byteLength, 0)
  await letGo()
  const before = { rss: process.memoryUsage().rss, external: process.memoryUsage().external }
  let most = 0
  let mostRss = 0
  for (let round = 0; round < 100; round += 1) {
    assert.equal(await verify('correct horse', stored), true)
    most = Math.max(most, bytes())
    mostRss = Math.max(mostRss, process.memoryUsage().rss)
  }
  const during = bytes()
  await letGo()
  const after = process.memoryUsage()
  const mib = (/** @type {number} */ bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  t.diagnostic(`wasm memory: at most ${most} bytes, after 100 sign-ins ${during}, given back to ${bytes()}`)
  t.diagnostic(`the process: ${mib(before.rss)} before, at most ${mib(mostRss)}, ${mib(after.rss)} when collected`)
  assert.ok(most <= 22 * 2 ** 20, 'one instance, of 19 MiB and what the module needs itself')
  assert.equal(bytes(), 0)
  assert.ok(after.external - before.external < 2 ** 20)
})

test('hazard "password left in linear memory": neither the password nor a block of argon2 stays', async () => {
  const password = 'the-quick-brown-fox-jumps-over-ąęł'
  const bytes = Buffer.from(password)
  const stored = await hash(password)
  await letGo()
  /** @type {[string, () => Promise<unknown>][]} */
  const calls = [
    ['hash', () => hash(password)],
    ['verify', () => verify(password, stored)],
    ['verify, of a wrong one', () => verify(password, vectors.current)],
    ['verify, of an unknown user', () => verify(password, null)],
  ]
  for (const [what, act] of calls) {
    await act()
    const instance = made.at(-1)?.deref()
    assert.ok(instance, 'the last instance is still at hand')
    const memory = Buffer.from(/** @type {any} */ (instance.exports).memory.buffer)
    assert.ok(memory.length > 19 * 2 ** 20)
    assert.equal(memory.indexOf(bytes), -1, what)
    assert.equal(memory.indexOf(bytes.subarray(0, 16)), -1, `${what}: the beginning`)
    const left = (/** @type {Buffer} */ part) => part.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0)
    assert.ok(left(memory) < 8192, `${what}: ${left(memory)} bytes are not 0`)
    // The stack comes first; what the module is made with lies behind it.
    assert.ok(left(memory.subarray(0, 2 ** 20)) < 512, `${what}: ${left(memory.subarray(0, 2 ** 20))} bytes of the stack are not 0`)
    memory.write(password, 2 ** 20)
    assert.equal(memory.indexOf(bytes), 2 ** 20, 'the search finds what is there')
    memory.fill(0, 2 ** 20, 2 ** 20 + bytes.length)
  }
})

test('hazard "RuntimeError: unreachable": a trap is an internal error, and the next call uses a new instance', async () => {
  const stored = await hash('correct horse', CHEAP)
  await letGo()
  const watching = WebAssembly.Instance
  let broken = 0
  WebAssembly.Instance = new Proxy(watching, {
    construct(target, words) {
      const { exports } = Reflect.construct(target, words)
      broken += 1
      return { exports: { ...exports, password_verify: () => /** @type {any} */ (exports).password_hash(2 ** 31, 1, 1, 1) && unreachable() } }
    },
  })
  try {
    for (let round = 0; round < 3; round += 1) await assertRefused(verify('correct horse', stored), 'internal', 'correct horse')
  } finally {
    WebAssembly.Instance = watching
  }
  assert.equal(broken, 3, 'a broken instance is used once')
  assert.equal(await verify('correct horse', stored), true)
})

/** V8's own error, of an `unreachable`. */
const unreachable = /** @type {() => never} */ (
  new Instance(new WebAssembly.Module(Uint8Array.from([[0, 97, 115, 109, 1, 0, 0, 0], [1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [7, 5, 1, 1, 102, 0, 0], [10, 5, 1, 3, 0, 0, 11]].flat()))).exports.f
)

test('a custom hasher replaces the module, with the same limits', async () => {
  /** @type {unknown[]} */
  const asked = []
  setHasher({
    hash(password, cost) {
      asked.push(['hash', password, cost])
      const { memory: memorySize, passes: iterations, parallelism } = cost
      return argon2id({ password, salt: crypto.getRandomValues(new Uint8Array(16)), memorySize, iterations, parallelism, hashLength: 32, outputType: 'encoded' })
    },
    verify(password, hash) {
      asked.push(['verify', password])
      return argon2Verify({ password, hash })
    },
  })
  const before = made.length
  try {
    const stored = await hash('x', CHEAP)
    assert.equal(await verify('x', stored), true)
    assert.equal(await verify('x', null, CHEAP), false)
    assert.deepEqual(asked, [['hash', 'x', { ...CHEAP, parallelism: 1 }], ['verify', 'x'], ['verify', 'x']])
    for (const { stored, code } of vectors.hostile) await assertRefused(verify('x', stored), code)
    await assertRefused(hash('x'.repeat(1025)), 'password_too_long')
    assert.equal(asked.length, 3)
    // A truthy result other than `true` does not verify a password.
    setHasher({ hash: () => '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA', verify: () => /** @type {any} */ ({ ok: false }) })
    assert.equal(await verify('x', stored), false)
    await assertRefused(hash('x'), 'internal')
    setHasher({
      hash() {
        throw new Error('out of threads')
      },
      verify: () => Promise.reject(new Error('out of threads')),
    })
    await assertRefused(verify('x', stored), 'internal')
    await assertRefused(hash('x'), 'internal')
  } finally {
    setHasher(null)
  }
  assert.equal(made.length, before)
  assert.equal(await verify('x', await hash('x', CHEAP)), true)
})

test('hazard "random in global scope": an import draws no random bytes and compiles nothing', async () => {
  const { spawnSync } = await import('node:child_process')
  const program = `
    const guard = (object, name) => { const whole = object[name]; object[name] = function () { throw new Error(name + ' at import') }; return () => { object[name] = whole } }
    const undo = [guard(crypto, 'getRandomValues'), guard(WebAssembly, 'compile'), guard(WebAssembly, 'Module'), guard(WebAssembly, 'Instance')]
    const { hash, verify } = await import('latchwork/password')
    for (const step of undo) step()
    console.log(await verify('x', await hash('x')))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', cwd: new URL('.', import.meta.url) })
  assert.equal(stdout, 'true\n', stderr)
})

test('the core module contains no argon2, and this one nothing of the core', () => {
  const exports = (/** @type {string} */ name) =>
    WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(new URL(`../../../pkg/wasm/${name}.wasm`, import.meta.url)))).map(({ name }) => name)
  assert.deepEqual(exports('latchwork').filter((name) => name.startsWith('password')), [])
  assert.deepEqual(exports('password').filter((name) => !name.startsWith('__')), ['memory', 'password_area', 'password_hash', 'password_verify'])
  // Records name the forms of hashes, so the name says nothing; the first number that BLAKE2b begins with does.
  const carries = (/** @type {string} */ name) => {
    const bytes = readFileSync(new URL(`../../../pkg/wasm/${name}.wasm`, import.meta.url))
    const number = 0x6a09e667f3bcc908n
    const stored = Buffer.alloc(8)
    stored.writeBigInt64LE(number)
    return bytes.includes(stored) || bytes.includes(signedLeb128(number))
  }
  assert.deepEqual(['password', 'latchwork', 'directory'].map(carries), [true, false, false])
})

/** A number as an instruction of WebAssembly has it. @param {bigint} number */
function signedLeb128(number) {
  const bytes = []
  for (let rest = number; ; rest >>= 7n) {
    const byte = Number(rest & 0x7fn)
    const ends = rest >> 6n === 0n || rest >> 6n === -1n
    bytes.push(ends ? byte : byte | 0x80)
    if (ends) return Buffer.from(bytes)
  }
}
