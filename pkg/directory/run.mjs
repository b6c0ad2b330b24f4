// @ts-check
// Runs the core's pure function: gives it what it asks for, commits what it changes, and on a conflict forgets
// what was read and runs it again. It knows no product.

import { LatchworkError } from '../lib/error.mjs'
import { answer } from './instance.mjs'
import { toBase64 } from './base64.mjs'

/** Runs of one call until it has all it asked for. None needs as many. */
const ROUNDS_MAX = 100
/** Commits of one call that others were faster than. */
const ATTEMPTS_MAX = 100
/** So many conflicts, and a call waits for its turn among those of this directory that had as many. */
const POLITE_AFTER = 2
/** Random bytes of a run, as `ENTROPY` of the core. */
const ENTROPY = 256

export class Runner {
  #system
  #store
  #passwords
  #secret
  #now
  #random
  /** The last of those that wait for their turn. */
  #turn = Promise.resolve()

  /**
   * @param {object} parts
   * @param {string} parts.system
   * @param {ReturnType<typeof import('./store.mjs').guarded>} parts.store
   * @param {import('./passwords.mjs').Passwords} parts.passwords
   * @param {() => Promise<Uint8Array>} parts.secret
   * @param {() => number} parts.now
   * @param {(bytes: Uint8Array) => Uint8Array} parts.random
   */
  constructor({ system, store, passwords, secret, now, random }) {
    this.#system = system
    this.#store = store
    this.#passwords = passwords
    this.#secret = secret
    this.#now = now
    this.#random = random
  }

  /**
   * Runs a task to its end; what the core says of it.
   * @param {string} task as JSON
   */
  async run(task) {
    const world = {
      now: Math.trunc(this.#now()),
      secret: toBase64(await this.#secret()),
      entropy: toBase64(this.#random(new Uint8Array(ENTROPY))),
    }
    /** What was computed: true whatever happens to the store. @type {{ checks: any[], hashes: any[] }} */
    const computed = { checks: [], hashes: [] }
    let done = () => {}
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        if (attempt === POLITE_AFTER) done = await this.#wait()
        const outcome = await this.#settle(task, world, computed)
        if (!outcome.changes?.length || (await this.#store.commit(outcome.changes))) return outcome
      }
    } finally {
      done()
    }
    return this.fault('conflict')
  }

  /** What the core says of a fault. @param {string} word */
  fault(word) {
    return answer(this.#system, JSON.stringify({ task: { fault: word } }))
  }

  /**
   * The records of a whole store.
   * @param {[string, string][]} entries
   */
  export(entries) {
    return answer(this.#system, JSON.stringify({ task: { export: entries } })).records
  }

  /**
   * Runs a task until it asks for nothing more.
   * @param {string} task @param {object} world @param {{ checks: any[], hashes: any[] }} computed
   */
  async #settle(task, world, computed) {
    const read = { entries: /** @type {any[]} */ ([]), pages: /** @type {any[]} */ ([]) }
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const rest = JSON.stringify({ ...world, ...read, ...computed })
      const outcome = answer(this.#system, `{"task":${task},${rest.slice(1)}`)
      if (!outcome.asks) return outcome
      for (const ask of outcome.asks) await this.#supply(ask, read, computed)
    }
    throw new LatchworkError('internal', 'a call asked without end')
  }

  /** @param {any} ask @param {{ entries: any[], pages: any[] }} read @param {{ checks: any[], hashes: any[] }} computed */
  async #supply(ask, read, computed) {
    if (ask.read) {
      const entries = await this.#store.read(ask.read)
      ask.read.forEach((/** @type {string} */ key, /** @type {number} */ index) => {
        const entry = entries[index]
        read.entries.push([key, entry?.value ?? null, entry?.version ?? null])
      })
    } else if (ask.scan) {
      const { prefix, after, limit } = ask.scan
      const entries = await this.#store.scan(prefix, after, limit)
      read.pages.push({ ...ask.scan, entries: entries.map(({ key, value, version }) => [key, value, version]) })
    } else if (ask.verify) {
      const { right, outdated } = await this.#passwords.verify(ask.verify)
      computed.checks.push([ask.verify.password, ask.verify.stored, right, outdated])
    } else {
      computed.hashes.push([ask.hash, await this.#passwords.hash(ask.hash)])
    }
  }

  /** Waits for one's turn; what is returned ends it. */
  async #wait() {
    const before = this.#turn
    let done = () => {}
    this.#turn = new Promise((resolve) => {
      done = () => resolve(undefined)
    })
    await before
    return done
  }
}
