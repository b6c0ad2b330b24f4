// @ts-check
// A worker thread that hashes and verifies passwords, one call after another.

import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { compile, hasher } from '../password/instance.mjs'
import { legacyHasher } from '../password/legacy.mjs'

/** Low enough that the thread which handles requests runs first, and high enough beside other programs. */
const PRIORITY = 2

/** @type {any} */
const steps = {
  ...hasher(async () => compile((await import('../wasm/password.inline.mjs')).default)),
  verifyLegacy: legacyHasher(async () => compile((await import('../wasm/legacy.inline.mjs')).default)),
}

try {
  // On Linux a thread has its own priority. Elsewhere this would affect the whole process.
  if (process.platform === 'linux') setPriority(0, PRIORITY)
} catch {
  // If the system forbids it, the threads have equal priority.
}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

port.on('message', async ({ step, words }) => {
  try {
    port.postMessage({ answer: await steps[step](...words) })
  } catch (error) {
    const { code, message } = /** @type {any} */ (error)
    // A trap has no code of this package.
    port.postMessage({ error: typeof code === 'string' ? { code, message } : { code: 'internal', message: 'the hasher failed; the call was refused' } })
  }
})
