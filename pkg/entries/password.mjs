// @ts-check
// `latchwork/password`: a worker in a page, elsewhere this thread. Either is loaded when there is something to hash.

import { provide } from '../password/hasher.mjs'
import { hasher, load } from '../password/instance.mjs'
import { hasher as pageHasher, useWorker } from '../password/page.mjs'
import { inTurn } from '../password/queue.mjs'

const inPage = typeof document === 'object' && typeof Worker === 'function'

const here = hasher(() => load('password', () => import('../wasm/password.inline.mjs')), inTurn)

provide(inPage ? pageHasher(here) : here)

/**
 * Says where the file of the worker is, for bundlers that do not bring it along. Where no page is, nothing is to be said.
 * @param {string | { readonly href: string }} worker
 */
export async function init(worker) {
  useWorker(typeof worker === 'string' ? worker : worker.href)
}

export * from '../password/index.mjs'
