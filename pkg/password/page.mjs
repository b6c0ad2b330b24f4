// @ts-check
// The hasher of a page: a worker, so that the page goes on meanwhile. It lives while it has something to do;
// ending it gives its memory back at once. Where no worker starts, because a bundler did not bring its file along or
// a policy forbids it, the page's own thread hashes.

import { LatchworkError } from '../core/error.mjs'

/** @typedef {{ step: 'hash' | 'verify', words: any[], resolve: (answer: any) => void, reject: (error: Error) => void }} Waiting */

/** Where the worker's file is, if not beside this one. @type {string | undefined} */
let address

/** What starts anew when the address is another. */
let again = () => {}

/** Says where the worker's file is. @param {string} worker */
export function useWorker(worker) {
  address = worker
  again()
}

/**
 * @param {import('./hasher.mjs').Hasher} here hashes in the page's own thread
 * @returns {import('./hasher.mjs').Hasher}
 */
export function hasher(here) {
  /** @type {Worker | undefined} */
  let worker
  /** Whether workers start on this page; not known before the first one answers, or fails. @type {boolean | undefined} */
  let starts
  /** @type {Map<number, Waiting>} */
  const waiting = new Map()
  let count = 0

  again = () => {
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
      // A worker that ran and then failed is no reason to do the same in the page.
      if (starts) reject(new LatchworkError('internal', 'the worker failed; the call was refused', undefined, cause))
      else askHere(step, words).then(resolve, reject)
    }
  }

  /** @param {'hash' | 'verify'} step @param {any[]} words */
  async function askHere(step, words) {
    return /** @type {any} */ (here)[step](...words)
  }

  function start() {
    // A file of its own, in the form that bundlers know: a page's policy need not allow `blob:` or `data:`.
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
  function ask(step, ...words) {
    if (starts === false) return askHere(step, words)
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

  return { hash: (...words) => ask('hash', ...words), verify: (...words) => ask('verify', ...words) }
}
