// @ts-check
// The weight of the password module; argon2id at the default cost, as a ratio to hash-wasm in one run, and what it takes of
// memory; and what no module of WebAssembly returns.

import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { argon2Verify } from 'hash-wasm'
import { hash, verify } from 'latchwork/password'
import { EXTERNREF, exportedFunctions } from '../tests/js/support/wasm-exports.mjs'
import { cpu } from './clock.mjs'
import { printRows } from './rows.mjs'

const ROUNDS = 25
const PASSWORD = 'correct horse battery staple'
const stored = await hash(PASSWORD)

/** @type {Record<string, () => Promise<boolean>>} */
const candidates = {
  latchwork: () => verify(PASSWORD, stored),
  'hash-wasm': () => argon2Verify({ password: PASSWORD, hash: stored }),
}

// Before the other one has any memory.
let most = 0
for (let round = 0; round < 100; round += 1) {
  await verify(PASSWORD, stored)
  most = Math.max(most, process.memoryUsage().external)
}

/** The least of some rounds, taken in turns. @type {Record<string, number>} */
const best = {}
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, verified] of Object.entries(candidates)) {
    const start = cpu()
    if (!(await verified())) throw new Error(`${name} does not know its password`)
    best[name] = Math.min(best[name] ?? Infinity, (cpu() - start) / 1_000)
  }
}

const modules = new URL('../pkg/wasm/', import.meta.url)
const files = readdirSync(modules).filter((name) => name.endsWith('.wasm'))
const guilty = files.flatMap((name) => exportedFunctions(readFileSync(new URL(name, modules))).filter(({ returns }) => returns.includes(EXTERNREF)))

printRows([
  { what: 'password module, KB brotli', target: 12, digits: 1, value: brotliCompressSync(readFileSync(new URL('password.wasm', modules))).length / 1_000 },
  { what: 'argon2id m=19456 t=2 p=1 / hash-wasm', target: 0.55, value: best.latchwork / best['hash-wasm'], detail: Object.entries(best).map(([name, time]) => `${name}: ${time.toFixed(1)} ms`).join('; ') },
  { what: 'MiB outside of the heap over 100 sign-ins', digits: 1, value: most / 2 ** 20 },
  { what: 'exports of WebAssembly that return an externref', target: 0, digits: 0, value: guilty.length, detail: `${files.length} modules` },
])
