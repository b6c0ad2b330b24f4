// @ts-check
// `latchwork/password`: hashes in a worker in a page, and elsewhere in this thread. Both load at the first call.

import { provide } from '../password/hasher.mjs'
import { hasher, load } from '../password/instance.mjs'
import { hasher as pageHasher, useWorker } from '../password/page.mjs'
import { runInQueue } from '../password/queue.mjs'

const inPage = typeof document === 'object' && typeof Worker === 'function'

const here = hasher(() => load('password', () => import('../wasm/password.inline.mjs')), runInQueue)

provide(inPage ? pageHasher(here) : here)

/**
 * Sets the address of the worker's file, for bundlers that do not copy it. It has no effect outside of pages.
 * @param {string | { readonly href: string }} worker
 */
export async function init(worker) {
  useWorker(typeof worker === 'string' ? worker : worker.href)
}

export * from '../password/index.mjs'
