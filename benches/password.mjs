// @ts-check
// argon2id at the default cost, as a ratio to hash-wasm in one run, and what it takes of memory.

import { argon2Verify } from 'hash-wasm'
import { hash, verify } from 'latchwork/password'

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
    const start = performance.now()
    if (!(await verified())) throw new Error(`${name} does not know its password`)
    best[name] = Math.min(best[name] ?? Infinity, performance.now() - start)
  }
}
console.table([
  {
    'argon2id m=19456 t=2 p=1': 'sign-in',
    'latchwork ms': best.latchwork.toFixed(1),
    'hash-wasm ms': best['hash-wasm'].toFixed(1),
    'ratio (target 0.75, stretch 0.55)': (best.latchwork / best['hash-wasm']).toFixed(2),
    'MiB outside of the heap over 100': (most / 2 ** 20).toFixed(1),
  },
])
