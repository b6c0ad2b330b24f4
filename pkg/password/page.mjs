// @ts-check
// The hasher of a page: a worker, so that the page stays responsive. The worker is terminated when it is idle, which
// frees its memory. If no worker starts, because its file was not bundled or a policy forbids it, the page's thread hashes.

import { LatchworkError } from '../core/error.mjs'

/** @typedef {{ step: 'hash' | 'verify', words: any[], resolve: (answer: any) => void, reject: (error: Error) => void }} Waiting */

/** The address of the worker's file, if it is not next to this one. @type {string | undefined} */
let address

/** Lets the page try again to start a worker, after the address changed. */
let retryWorker = () => {}

/** Sets the address of the worker's file. @param {string} worker */
export function useWorker(worker) {
  address = worker
  retryWorker()
}

/**
 * @param {import('./hasher.mjs').Hasher} pageThread hashes in the page's thread
 * @returns {import('./hasher.mjs').Hasher}
 */
export function hasher(pageThread) {
  /** @type {Worker | undefined} */
  let worker
  /** Whether workers start on this page; undefined until the first one responds or fails. @type {boolean | undefined} */
  let starts
  /** @type {Map<number, Waiting>} */
  const waiting = new Map()
  let count = 0

  retryWorker = () => {
    starts = undefined
  }

  function end() {
    worker?.terminate()
    worker = undefined
  }

  /** @param {unknown} [cause] */
  function fail(cause) {
    end()
    starts ??= false
    const calls = [...waiting.values()]
    waiting.clear()
    for (const { step, words, resolve, reject } of calls) {
      // If the worker had started and then failed, the call could also break the page.
      if (starts) reject(new LatchworkError('internal', 'the worker failed; the call was refused', undefined, cause))
      else callPageThread(step, words).then(resolve, reject)
    }
  }

  /** @param {'hash' | 'verify'} step @param {any[]} words */
  async function callPageThread(step, words) {
    return /** @type {any} */ (pageThread)[step](...words)
  }

  function start() {
    // The form that bundlers detect. A separate file works without `blob:` or `data:` in the page's policy.
    const started = address === undefined ? new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' }) : new Worker(address, { type: 'module' })
    started.onerror = (event) => fail(event.message)
    started.onmessageerror = () => fail()
    started.onmessage = ({ data: { id, answer, error } }) => {
      starts = true
      const call = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) end()
      if (error) call?.reject(new LatchworkError(error.code, error.message))
      else call?.resolve(answer)
    }
    return started
  }

  /** @param {'hash' | 'verify'} step @param {unknown[]} words @returns {Promise<any>} */
  function callWorker(step, ...words) {
    if (starts === false) return callPageThread(step, words)
    return new Promise((resolve, reject) => {
      count += 1
      waiting.set(count, { step, words, resolve, reject })
      try {
        worker ??= start()
        worker.postMessage({ id: count, step, words })
      } catch (cause) {
        fail(cause)
      }
    })
  }

  return { hash: (...words) => callWorker('hash', ...words), verify: (...words) => callWorker('verify', ...words) }
}
