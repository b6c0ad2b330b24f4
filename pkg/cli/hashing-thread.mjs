// @ts-check
// A thread that hashes and verifies passwords, one call after another.

import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { compile, hasher } from '../password/instance.mjs'
import { legacyHasher } from '../password/legacy.mjs'

/** So much that the thread which answers requests comes first, and so little that other programs leave enough. */
const PRIORITY = 2

/** @type {any} */
const steps = {
  ...hasher(async () => compile((await import('../wasm/password.inline.mjs')).default)),
  verifyLegacy: legacyHasher(async () => compile((await import('../wasm/legacy.inline.mjs')).default)),
}

try {
  // Linux has a priority for each thread. Elsewhere this would be the whole process.
  if (process.platform === 'linux') setPriority(0, PRIORITY)
} catch {
  // A system that forbids it shares its time evenly.
}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

port.on('message', async ({ step, words }) => {
  try {
    port.postMessage({ answer: await steps[step](...words) })
  } catch (error) {
    const { code, message } = /** @type {any} */ (error)
    // A trap has no code of ours.
    port.postMessage({ error: typeof code === 'string' ? { code, message } : { code: 'internal', message: 'the hasher failed; the call was refused' } })
  }
})
