// @ts-check
// Passwords hashed in threads of their own, so that the server goes on answering; what waits for a thread is bounded.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LatchworkError } from '../core/error.mjs'

/** Calls that may wait: for each thread one or two seconds of its work, and at least as many. */
const QUEUE_PER_THREAD = 32
const QUEUE_MIN = 64

/** What a call takes before one was measured, in milliseconds. */
const FIRST_GUESS = 50

/** @typedef {{ step: string, words: unknown[], resolve: (answer: any) => void, reject: (error: Error) => void }} Call */

/** A thread, and the call that it is at. @typedef {{ worker: Worker, call: Call | undefined, since: number }} Thread */

/** @implements {AsyncDisposable} */
export class HashingPool {
  #threadsMax
  #queueMax
  /** @type {Thread[]} */
  #threads = []
  /** @type {Call[]} */
  #queue = []
  /** What a call takes, as a running mean in milliseconds. */
  #duration = FIRST_GUESS
  #closed = false

  /** @param {{ threads?: number, queue?: number }} [bounds] threads, and calls that may wait for one */
  constructor({ threads = availableParallelism(), queue = Math.max(threads * QUEUE_PER_THREAD, QUEUE_MIN) } = {}) {
    this.#threadsMax = threads
    this.#queueMax = queue
  }

  /** For `setHasher`. @returns {import('../password/hasher.mjs').Hasher} */
  get hasher() {
    return {
      hash: (...words) => this.#ask('hash', words),
      verify: (...words) => this.#ask('verify', words),
      verifyLegacy: (...words) => this.#ask('verifyLegacy', words),
    }
  }

  /** Ends the threads; the calls that are left are refused. */
  async close() {
    this.#closed = true
    const left = [...this.#queue.splice(0), ...this.#threads.flatMap(({ call }) => call ?? [])]
    for (const { reject } of left) reject(ended())
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()))
  }

  async [Symbol.asyncDispose]() {
    await this.close()
  }

  /** @param {string} step @param {unknown[]} words @returns {Promise<any>} */
  #ask(step, words) {
    if (this.#closed) return Promise.reject(ended())
    return new Promise((resolve, reject) => {
      const call = { step, words, resolve, reject }
      const thread = this.#freeThread()
      if (thread) return this.#begin(thread, call)
      if (this.#queue.length >= this.#queueMax) return reject(this.#overloaded())
      this.#queue.push(call)
    })
  }

  #freeThread() {
    const free = this.#threads.find(({ call }) => call === undefined)
    if (free || this.#threads.length >= this.#threadsMax) return free
    const thread = { worker: new Worker(new URL('./hashing-thread.mjs', import.meta.url)), call: undefined, since: 0 }
    // A thread with nothing to do does not keep the process up.
    thread.worker.unref()
    thread.worker.on('message', (message) => this.#end(thread, message))
    thread.worker.on('error', (cause) => this.#lose(thread, cause))
    thread.worker.on('exit', (code) => this.#lose(thread, new Error(`the thread ended with ${code}`)))
    this.#threads.push(thread)
    return thread
  }

  /** @param {Thread} thread @param {Call} call */
  #begin(thread, call) {
    thread.call = call
    thread.since = performance.now()
    thread.worker.ref()
    thread.worker.postMessage({ step: call.step, words: call.words })
  }

  /** @param {Thread} thread @param {{ answer?: unknown, error?: { code: string, message: string } }} message */
  #end(thread, { answer, error }) {
    const { call } = thread
    thread.call = undefined
    thread.worker.unref()
    this.#duration += (performance.now() - thread.since - this.#duration) / 8
    if (error) call?.reject(new LatchworkError(error.code, error.message))
    else call?.resolve(answer)
    const next = this.#queue.shift()
    if (next) this.#begin(thread, next)
  }

  /** A thread is gone: its call is refused, and another thread takes the next one. @param {Thread} thread @param {unknown} cause */
  #lose(thread, cause) {
    const index = this.#threads.indexOf(thread)
    if (index < 0) return
    this.#threads.splice(index, 1)
    thread.call?.reject(new LatchworkError('internal', 'the thread that hashes failed; the call was refused', undefined, cause))
    const next = this.#queue.shift()
    if (!next) return
    const other = this.#freeThread()
    if (other) this.#begin(other, next)
  }

  #overloaded() {
    const retryAfter = Math.max(1, Math.ceil((this.#queue.length * this.#duration) / this.#threadsMax / 1_000))
    return Object.assign(new LatchworkError('overloaded', `${this.#queue.length} calls are waiting for a thread that hashes: try again later`), { retryAfter })
  }
}

const ended = () => new LatchworkError('internal', 'the server stops; the call was refused')
