// @ts-check
// Queues: calls that conflict on the same records run one after another, so that each of them completes.

import { withTimeout } from './timeout.mjs'

export class Queue {
  /** Resolves when the last call in the queue is done. @type {Promise<void>} */
  #last = Promise.resolve()

  /**
   * Waits until all earlier calls are done, or until the timeout: commits are correct without the queue, too. Returns a
   * function that lets the next call run.
   * @param {number} timeout in milliseconds
   * @returns {Promise<() => void>}
   */
  async enter(timeout) {
    const previous = this.#last
    /** @type {() => void} */
    let release = () => {}
    this.#last = new Promise((resolve) => {
      release = () => resolve()
    })
    try {
      await withTimeout(timeout, () => previous, () => new Error('timeout'))
    } catch {
      // After the timeout the call continues without waiting.
    }
    return release
  }
}

/** A queue for each key. Keys without a call take no memory. */
export class KeyedQueues {
  /** @type {Map<string, { queue: Queue, waiting: number }>} */
  #queues = new Map()

  /**
   * Enters the queue of each of these keys, and waits for all of them. Returns a function that leaves them.
   * @param {readonly string[]} keys
   * @param {() => number} timeout in milliseconds, called before each wait
   * @returns {Promise<() => void>}
   */
  async enter(keys, timeout) {
    /** @type {(() => void)[]} */
    const releases = []
    // Sorted, so that two calls cannot deadlock.
    for (const key of [...new Set(keys)].sort()) {
      const entry = this.#queues.get(key) ?? { queue: new Queue(), waiting: 0 }
      entry.waiting += 1
      this.#queues.set(key, entry)
      const release = await entry.queue.enter(timeout())
      releases.push(() => {
        release()
        entry.waiting -= 1
        if (entry.waiting === 0) this.#queues.delete(key)
      })
    }
    return () => releases.forEach((release) => release())
  }

  /** Whether a call holds or waits for any of these keys. @param {readonly string[]} keys */
  areBusy(keys) {
    return keys.some((key) => this.#queues.has(key))
  }
}
