// @ts-check
// Passwords on Cloudflare's runtime: the module as a file beside, one request after another and many at once.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { build } from 'vite'

const WASM = 'password.wasm'

const built = await build({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'error',
  publicDir: false,
  resolve: { conditions: ['workerd'] },
  ssr: { target: 'webworker', noExternal: true, resolve: { conditions: ['workerd'] } },
  build: { ssr: 'password.mjs', write: false, minify: false },
  plugins: [
    {
      name: 'compiled-wasm',
      enforce: 'pre',
      resolveId: (source) => (source.endsWith(WASM) ? { id: `./${WASM}`, external: true } : undefined),
    },
  ],
})
const { output } = /** @type {any} */ (Array.isArray(built) ? built[0] : built)
const script = output[0].code

test('the bundle has the loader for this runtime, and no second module', () => {
  assert.equal(output.length, 1)
  assert.ok(script.length < 50_000, `${script.length} bytes`)
})

/** Bytes that the processes started by this one hold; undefined where there is no /proc. */
function held() {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
    const pages = children.map((child) => Number(readFileSync(`/proc/${child}/statm`, 'utf8').split(' ')[1]))
    return pages.reduce((sum, count) => sum + count, 0) * 4096
  } catch {
    return undefined
  }
}

// The older one has no WeakRef.
for (const compatibilityDate of ['2026-04-01', '2024-04-01']) {
  test(`passwords are hashed and verified, as of ${compatibilityDate}`, { timeout: 60_000 }, async (t) => {
    const wasm = readFileSync(new URL(`../../pkg/wasm/${WASM}`, import.meta.url))
    const miniflare = new Miniflare({
      modules: [
        { type: 'ESModule', path: 'worker.mjs', contents: script },
        { type: 'CompiledWasm', path: WASM, contents: new Uint8Array(wasm) },
      ],
      host: '127.0.0.1',
      port: 0,
      compatibilityDate,
      cf: false,
    })
    try {
      const ask = async () => (await miniflare.dispatchFetch('http://worker/')).json()
      const answer = [true, false, false, false, 'unknown_hash']
      for (let round = 0; round < 3; round += 1) assert.deepEqual(await ask(), answer)
      for (const got of await Promise.all(Array.from({ length: 10 }, ask))) assert.deepEqual(got, answer)
      // Four hashes each: 100 of them, twice.
      const after = []
      for (let round = 0; round < 50; round += 1) {
        await ask()
        if (round % 25 === 24) after.push(held())
      }
      const [first, second] = after
      if (first === undefined || second === undefined) return
      t.diagnostic(`the runtime holds ${(first / 2 ** 20).toFixed(1)} MiB after 100 hashes, ${(second / 2 ** 20).toFixed(1)} MiB after 200`)
      assert.ok(second - first < 16 * 2 ** 20, 'memory is flat')
    } finally {
      await miniflare.dispose()
    }
  })
}
