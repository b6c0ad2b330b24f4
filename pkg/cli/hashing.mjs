// @ts-check
// Hashes passwords in worker threads, so that the server stays responsive. The queue of waiting calls is bounded.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LatchworkError } from '../core/error.mjs'

/** Waiting calls: one or two seconds of work for each thread, and a minimum. */
const QUEUE_PER_THREAD = 32
const QUEUE_MIN = 64

/** The assumed duration of a call before the first measurement, in milliseconds. */
const FIRST_GUESS = 50

/** @typedef {{ step: string, words: unknown[], resolve: (answer: any) => void, reject: (error: Error) => void }} Call */

/** A thread and its current call. @typedef {{ worker: Worker, call: Call | undefined, since: number }} Thread */

/** @implements {AsyncDisposable} */
export class HashingPool {
  #threadsMax
  #queueMax
  /** @type {Thread[]} */
  #threads = []
  /** @type {Call[]} */
  #queue = []
  /** The running mean of a call's duration, in milliseconds. */
  #duration = FIRST_GUESS
  #closed = false

  /** @param {{ threads?: number, queue?: number }} [bounds] the number of threads and of waiting calls */
  constructor({ threads = availableParallelism(), queue = Math.max(threads * QUEUE_PER_THREAD, QUEUE_MIN) } = {}) {
    this.#threadsMax = threads
    this.#queueMax = queue
  }

  /** For `setHasher`. @returns {import('../password/hasher.mjs').Hasher} */
  get hasher() {
    return {
      hash: (...words) => this.#enqueue('hash', words),
      verify: (...words) => this.#enqueue('verify', words),
      verifyLegacy: (...words) => this.#enqueue('verifyLegacy', words),
    }
  }

  /** Terminates the threads; the remaining calls are refused. */
  async close() {
    this.#closed = true
    const left = [...this.#queue.splice(0), ...this.#threads.flatMap(({ call }) => call ?? [])]
    for (const { reject } of left) reject(stoppedError())
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()))
  }

  async [Symbol.asyncDispose]() {
    await this.close()
  }

  /** @param {string} step @param {unknown[]} words @returns {Promise<any>} */
  #enqueue(step, words) {
    if (this.#closed) return Promise.reject(stoppedError())
    return new Promise((resolve, reject) => {
      const call = { step, words, resolve, reject }
      const thread = this.#freeThread()
      if (thread) return this.#startCall(thread, call)
      if (this.#queue.length >= this.#queueMax) return reject(this.#overloaded())
      this.#queue.push(call)
    })
  }

  #freeThread() {
    const free = this.#threads.find(({ call }) => call === undefined)
    if (free || this.#threads.length >= this.#threadsMax) return free
    const thread = { worker: new Worker(new URL('./hashing-thread.mjs', import.meta.url)), call: undefined, since: 0 }
    // An idle thread must not keep the process running.
    thread.worker.unref()
    thread.worker.on('message', (message) => this.#endCall(thread, message))
    thread.worker.on('error', (cause) => this.#dropThread(thread, cause))
    thread.worker.on('exit', (code) => this.#dropThread(thread, new Error(`the thread ended with ${code}`)))
    this.#threads.push(thread)
    return thread
  }

  /** @param {Thread} thread @param {Call} call */
  #startCall(thread, call) {
    thread.call = call
    thread.since = performance.now()
    thread.worker.ref()
    thread.worker.postMessage({ step: call.step, words: call.words })
  }

  /** @param {Thread} thread @param {{ answer?: unknown, error?: { code: string, message: string } }} message */
  #endCall(thread, { answer, error }) {
    const { call } = thread
    thread.call = undefined
    thread.worker.unref()
    this.#duration += (performance.now() - thread.since - this.#duration) / 8
    if (error) call?.reject(new LatchworkError(error.code, error.message))
    else call?.resolve(answer)
    const next = this.#queue.shift()
    if (next) this.#startCall(thread, next)
  }

  /** Handles a thread that ended: its call is refused, and another thread runs the next one. @param {Thread} thread @param {unknown} cause */
  #dropThread(thread, cause) {
    const index = this.#threads.indexOf(thread)
    if (index < 0) return
    this.#threads.splice(index, 1)
    thread.call?.reject(new LatchworkError('internal', 'the hashing thread failed; the call was refused', undefined, cause))
    const next = this.#queue.shift()
    if (!next) return
    const other = this.#freeThread()
    if (other) this.#startCall(other, next)
  }

  #overloaded() {
    const retryAfter = Math.max(1, Math.ceil((this.#queue.length * this.#duration) / this.#threadsMax / 1_000))
    return Object.assign(new LatchworkError('overloaded', `${this.#queue.length} calls are waiting for a hashing thread: try again later`), { retryAfter })
  }
}

const stoppedError = () => new LatchworkError('internal', 'the server is stopping; the call was refused')
