// @ts-check
// Hashes of other programs, verified once more and upgraded at the next sign-in.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { argon2d, argon2i, bcrypt } from 'hash-wasm'
import { LatchworkError } from 'latchwork'
import { hash, needsRehash, setHasher } from 'latchwork/password'
import { verify } from 'latchwork/password-legacy'

const CHEAP = { memory: 64, passes: 1 }
const vectors = JSON.parse(readFileSync(new URL('../../vectors/password.json', import.meta.url), 'utf8'))

/** As ArangoDB keeps a password. @param {string} password */
function arangodb(password) {
  const salt = randomBytes(4).toString('hex')
  return { method: 'sha256', salt, hash: createHash('sha256').update(salt + password).digest('hex') }
}

/** @param {ReturnType<typeof arangodb>} simple */
const imported = ({ salt, hash }) => `$salted-sha256$${salt}$${hash}`

/** @param {Promise<unknown>} call @param {string} code */
async function assertRefused(call, code) {
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.ok(error instanceof LatchworkError, String(error))
    assert.equal(error.code, code)
    assert.ok(!error.message.includes('hunter2'))
    return true
  })
}

test('a hash of jBCrypt verifies its password and no other', async () => {
  // Source: jBCrypt, TestBCrypt.java.
  const known = [
    ['', '$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.'],
    ['a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
    ['abcdefghijklmnopqrstuvwxyz', '$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.'],
  ]
  for (const [password, stored] of known) {
    assert.equal(await verify(password, stored), true, stored)
    assert.equal(await verify(`${password}x`, stored), false, stored)
    assert.equal(needsRehash(stored), true)
  }
})

test('bcrypt hashes of another implementation verify, with each prefix', async () => {
  for (const password of ['x', 'correct horse', 'żółć ก 🙂', 'x'.repeat(71), 'x'.repeat(72)]) {
    const stored = await bcrypt({ password, salt: randomBytes(16), costFactor: 4, outputType: 'encoded' })
    for (const name of ['$2a$', '$2b$', '$2y$']) {
      const named = name + stored.slice(4)
      assert.equal(await verify(password, named), true, named)
      assert.equal(await verify(`y${password}`.slice(0, 70), named), false, named)
    }
  }
})

test('a salted SHA-256 verifies its password and no other', async () => {
  for (const password of ['', 'x', 'żółć ก 🙂', 'x'.repeat(1024)]) {
    const stored = imported(arangodb(password))
    assert.equal(await verify(password, stored), true, stored)
    assert.equal(await verify(password.slice(1) + 'y', stored), false, stored)
    assert.equal(needsRehash(stored), true)
  }
})

test('a SHA-256 with a trailing salt verifies its password and no other', async () => {
  for (const password of ['', 'x', 'żółć ก 🙂', 'x'.repeat(1024)]) {
    const salt = randomBytes(16).toString('base64')
    const stored = `$sha256-salted$${salt}$${createHash('sha256').update(password + salt).digest('base64')}`
    assert.equal(await verify(password, stored), true, stored)
    assert.equal(await verify(password.slice(1) + 'y', stored), false, stored)
    assert.equal(needsRehash(stored), true)
  }
})

test('an MD5 verifies its password and no other', async () => {
  for (const password of ['', 'x', 'żółć ก 🙂', 'x'.repeat(1024)]) {
    const stored = `$unsalted-md5$${createHash('md5').update(password).digest('hex')}`
    assert.equal(await verify(password, stored), true, stored)
    assert.equal(await verify(password.slice(1) + 'y', stored), false, stored)
    assert.equal(needsRehash(stored), true)
  }
})

test('an argon2 hash of another program verifies its password and no other', async () => {
  for (const { password, stored, why } of vectors.legacy) {
    assert.equal(await verify(password, stored, CHEAP), true, why)
    assert.equal(await verify(`${password}x`, stored, CHEAP), false, why)
    assert.equal(needsRehash(stored), true, why)
  }
  for (const [make, parallelism] of /** @type {[typeof argon2i, number][]} */ ([[argon2i, 1], [argon2d, 1], [argon2i, 4], [argon2d, 3]])) {
    const stored = await make({ password: 'żółć', salt: randomBytes(16), memorySize: 256, iterations: 3, parallelism, hashLength: 32, outputType: 'encoded' })
    assert.equal(await verify('żółć', stored, CHEAP), true, stored)
    assert.equal(await verify('zolc', stored, CHEAP), false, stored)
  }
})

test('an argon2id hash of the current form is verified too, within the same limits', async () => {
  const { password, stored } = vectors.fits[0]
  assert.equal(await verify(password, stored, CHEAP), true)
  await assertRefused(verify(password, stored, { ...CHEAP, maxMemory: 65_535 }), 'costly_hash')
})

test('a hash over the limits is refused before anything is computed, and a host can raise the one on memory to 1 GiB', async () => {
  for (const { stored, code, why } of vectors.hostile_legacy) await assertRefused(verify('password', stored), code).catch((error) => assert.fail(`${why}: ${error.message}`))
  const { password, stored } = vectors.raised
  await assert.rejects(verify(password, stored), (/** @type {any} */ { code, message }) => code === 'costly_hash' && /more than 131072 KiB \(`maxMemory` can raise it to 1048576\)/.test(message))
  await assertRefused(verify(password, stored, { maxMemory: 262_143 }), 'costly_hash')
  assert.equal(await verify(password, stored, { ...CHEAP, maxMemory: 262_144 }), true)
  for (const maxMemory of [1_048_577, 7, -1, 64.5, NaN, Infinity, '65536']) await assertRefused(verify(password, stored, { maxMemory: /** @type {any} */ (maxMemory) }), 'invalid_cost')
  await assert.rejects(verify(password, stored, /** @type {any} */ ({ maxmemory: 262_144 })), { code: 'invalid_cost', message: /unknown option `maxmemory`: expected memory \(in KiB\), passes, parallelism, maxMemory/ })
})

test('a wrong password of an older hash costs the same as an unknown user', async () => {
  /** @type {[string, string][]} */
  const asked = []
  setHasher({
    hash: () => assert.fail('nothing is hashed'),
    verify: (password, stored) => (asked.push([password, stored]), false),
  })
  try {
    for (const old of [imported(arangodb('hunter2')), vectors.legacy[0].stored]) {
      assert.equal(await verify('hunter3', old), false)
      assert.equal(await verify('hunter3', null), false)
    }
    assert.equal(await verify('hunter2', imported(arangodb('hunter2'))), true)
    assert.deepEqual(asked, Array(4).fill(['hunter3', vectors.current]))
  } finally {
    setHasher(null)
  }
})

test('a custom hasher can verify hashes of other programs', async () => {
  /** @type {unknown[][]} */
  const asked = []
  const old = imported(arangodb('hunter2'))
  setHasher({ hash: () => '', verify: () => false, verifyLegacy: (...words) => (asked.push(words), /** @type {any} */ ('yes')) })
  try {
    assert.equal(await verify('hunter2', old, { maxMemory: 1_000_000 }), false, 'a truthy value that is not `true` is a wrong password')
    assert.deepEqual(asked, [['hunter2', old, 1_000_000]])
  } finally {
    setHasher(null)
  }
  assert.equal(await verify('hunter2', old), true)
})

test('an old hash is replaced at the next sign-in', async () => {
  for (const old of [imported(arangodb('hunter2')), await bcrypt({ password: 'hunter2', salt: randomBytes(16), costFactor: 4, outputType: 'encoded' })]) {
    const users = new Map([['ann', old]])
    const signIn = async (/** @type {string} */ name, /** @type {string} */ password) => {
      const stored = users.get(name)
      if (!(await verify(password, stored, CHEAP)) || stored === undefined) return false
      if (needsRehash(stored, CHEAP)) users.set(name, await hash(password, CHEAP))
      return true
    }
    assert.equal(await signIn('ann', 'hunter3'), false)
    assert.equal(users.get('ann'), old)
    assert.equal(await signIn('bob', 'hunter2'), false)
    assert.equal(await signIn('ann', 'hunter2'), true)
    const fresh = users.get('ann')
    assert.match(String(fresh), /^\$argon2id\$/)
    assert.equal(await signIn('ann', 'hunter2'), true)
    assert.equal(users.get('ann'), fresh)
    assert.equal(await signIn('ann', 'hunter3'), false)
  }
})

test('a hash of an unknown form or above the cost limits is refused', async () => {
  const letters = 'A'.repeat(53)
  const refused = { costly_hash: [`$2a$15$${letters}`, `$2b$31$${letters}`], unknown_hash: ['', 'hunter2', '$2x$04$', `$2a$99$${letters}`, `$2a$04$${'A'.repeat(1 << 20)}`, 'ก'.repeat(256), `$salted-sha256$a$${'g'.repeat(64)}`, '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA', '$1$abc$def'] }
  for (const [code, strings] of Object.entries(refused)) {
    for (const stored of strings) await assertRefused(verify('hunter2', stored), code)
  }
  const stored = imported(arangodb('hunter2'))
  await assertRefused(verify('hunter2'.repeat(150), stored), 'password_too_long')
  await assertRefused(verify('hunter2\ud800', stored), 'malformed_string')
  await assertRefused(verify(/** @type {any} */ (5), stored), 'wrong_type')
  await assertRefused(verify('hunter2', /** @type {any} */ (5)), 'wrong_type')
})

test('the error for a hash of an unknown form names each form that is read, and nothing of the hash', async () => {
  const salted = createHash('sha256').update('xsecret')
  const read = [vectors.current, ...vectors.legacy.map((/** @type {any} */ { stored }) => stored), imported(arangodb('x')), `$sha256-salted$salt$${salted.digest('base64')}`, `$unsalted-md5$${'0'.repeat(32)}`]
  for (const letter of 'aby') read.push(`$2${letter}$04$`.padEnd(60, 'A'))
  for (const stored of ['hunter2', '$1$hunter2$def', '$2a$99$hunter2', `$unsalted-md5$hunter2`]) {
    await assert.rejects(verify('x', stored), (/** @type {any} */ { code, message }) => {
      assert.equal(code, 'unknown_hash')
      for (const known of read) assert.ok(message.includes(/^\$[^$]+\$/.exec(known)?.[0]), `${known}: ${message}`)
      assert.ok(!message.includes('hunter2'), message)
      return true
    })
  }
  for (const stored of read) assert.equal(typeof (await verify('x', stored, CHEAP)), 'boolean', stored)
})

test('hazard "password left in linear memory": nothing of the password stays, in any byte order', async () => {
  const { Instance } = WebAssembly
  /** @type {WebAssembly.Instance[]} */
  const made = []
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, words) {
      const instance = Reflect.construct(target, words)
      made.push(instance)
      return instance
    },
  })
  try {
    const { compile, moduleCaller } = await import('../../../pkg/password/instance.mjs')
    const { default: base64 } = await import('../../../pkg/wasm/legacy.inline.mjs')
    // Short enough to stay in the one block of SHA-256 that nothing else overwrites; and longer ones.
    for (const password of ['hunter2-hunter2-hunter2', 'correct horse battery staple '.repeat(2), 'żółć'.repeat(40)]) {
      const bytes = Buffer.from(password)
      for (const stored of [imported(arangodb(password)), imported(arangodb('x')), `$unsalted-md5$${'0'.repeat(32)}`, '$2a$04$'.padEnd(60, 'A'), vectors.legacy[2].stored, 'of no form']) {
        const call = moduleCaller('legacy', () => compile(base64))
        const behind = new TextEncoder().encode(stored)
        await call(password, behind, (exports, length) => exports.legacy_verify(length, behind.length, 131_072), Boolean).catch(({ code }) => assert.equal(code, 'unknown_hash'))
        const memory = Buffer.from(/** @type {any} */ (made.at(-1)?.exports).memory.buffer)
        // Words of four bytes are big-endian in SHA-256 and bcrypt, and little-endian in memory.
        for (let start = 0; start + 8 <= bytes.length; start += 1) {
          const piece = Buffer.from(bytes.subarray(start, start + 8))
          assert.equal(memory.indexOf(piece), -1, `${stored}: from ${start}`)
          assert.equal(memory.indexOf(piece.swap32()), -1, `${stored}: turned, from ${start}`)
        }
        memory.write(password, 2 ** 20)
        assert.equal(memory.indexOf(bytes.subarray(0, 8)), 2 ** 20, 'the search finds what is there')
      }
    }
  } finally {
    WebAssembly.Instance = Instance
  }
})

test('the module is loaded when the first older hash is verified', () => {
  const program = `
    let compiled = 0
    const { compile } = WebAssembly
    WebAssembly.compile = (bytes) => { compiled += 1; return compile(bytes) }
    const { hash } = await import('latchwork/password')
    const { verify } = await import('latchwork/password-legacy')
    const cheap = ${JSON.stringify(CHEAP)}
    const counts = [compiled]
    for (const stored of [await hash('x', cheap), null, 'of no form', ${JSON.stringify(imported(arangodb('x')))}]) {
      await verify('x', stored, cheap).catch(() => {})
      counts.push(compiled)
    }
    console.log(counts.join(' '))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', cwd: new URL('.', import.meta.url) })
  assert.equal(stdout, '0 1 1 1 2\n', stderr)
})

test('neither module contains the algorithms of the other', () => {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(new URL('../../../pkg/wasm/legacy.wasm', import.meta.url))))
  assert.deepEqual(exports.map(({ name }) => name).filter((name) => !name.startsWith('__')).sort(), ['legacy_verify', 'memory', 'password_area'])
  // The first words of blowfish's table, as they lie in memory: the digits of pi.
  const has = (/** @type {string} */ name) => readFileSync(new URL(`../../../pkg/wasm/${name}.wasm`, import.meta.url)).includes('886a3f24d308a385', 0, 'hex')
  assert.deepEqual(['legacy', 'latchwork', 'password'].map(has), [true, false, false])
})
