// @ts-check
// The hasher of a page: a worker, so that the page goes on meanwhile. It lives while it has something to do;
// ending it gives its memory back at once.

import { LatchworkError } from '../lib/error.mjs'

/** @typedef {{ resolve: (answer: any) => void, reject: (error: Error) => void }} Waiting */

/** @returns {import('./hasher.mjs').Hasher} */
export function hasher() {
  /** @type {Worker | undefined} */
  let worker
  /** @type {Map<number, Waiting>} */
  const waiting = new Map()
  let count = 0

  function end() {
    worker?.terminate()
    worker = undefined
  }

  /** @param {unknown} [cause] */
  function fail(cause) {
    end()
    const message =
      'the worker did not start: serve `latchwork/password/worker.mjs` from the origin of the page, and let its `worker-src` name it'
    for (const { reject } of waiting.values()) reject(new LatchworkError('internal', message, undefined, cause))
    waiting.clear()
  }

  function start() {
    // A file of its own, in the form that bundlers know: a page's policy need not allow `blob:` or `data:`.
    const started = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' })
    started.onerror = (event) => fail(event.message)
    started.onmessageerror = () => fail()
    started.onmessage = ({ data: { id, answer, error } }) => {
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
    return new Promise((resolve, reject) => {
      count += 1
      waiting.set(count, { resolve, reject })
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
