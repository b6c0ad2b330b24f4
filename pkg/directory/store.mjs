// @ts-check
// A store, held to its contract: what fails, stalls or answers something else ends the call, closed.

import { itemsOf, membersOf } from '../core/argument.mjs'
import { isTyped, LatchworkError } from '../core/error.mjs'
import { compareKeys } from '../stores/order.mjs'
import { within } from './timeout.mjs'

/** @typedef {import('../stores/store.js').Store} Store */
/** @typedef {import('../stores/store.js').Entry} Entry */
/** @typedef {import('../stores/store.js').Change} Change */

/** A store for a while: what it does not do until then, it does not do. */
export class GuardedStore {
  #store
  #stepTime
  #deadline

  /** @param {Store} store @param {number} stepTime how long it may take for one step, in milliseconds @param {number} [deadline] as `Date.now` tells it */
  constructor(store, stepTime, deadline = Infinity) {
    this.#store = store
    this.#stepTime = stepTime
    this.#deadline = deadline
  }

  /** The same store, for so many milliseconds. @param {number} patience */
  lasting(patience) {
    return new GuardedStore(this.#store, this.#stepTime, Date.now() + patience)
  }

  /** Milliseconds that are left of the while. */
  get left() {
    return this.#deadline - Date.now()
  }

  /** @param {readonly string[]} keys */
  async read(keys) {
    return this.#step((store) => store.read(keys), (answer) => {
      const entries = listOf(answer, keys.length)
      if (keys.some((key, index) => entries[index] === undefined || (entries[index]?.key ?? key) !== key)) throw broken()
      return entries
    })
  }

  /** @param {string} prefix @param {string | null} after @param {number} limit */
  async scan(prefix, after, limit) {
    return this.#step((store) => store.scan(prefix, after, limit), (answer) => {
      const entries = listOf(answer, limit)
      let last = after
      for (const entry of entries) {
        if (!entry?.key.startsWith(prefix) || (last !== null && compareKeys(entry.key, last) <= 0)) throw broken()
        last = entry.key
      }
      return /** @type {Entry[]} */ (entries)
    })
  }

  /** @param {readonly Change[]} changes */
  async commit(changes) {
    return this.#step((store) => store.commit(changes), (answer) => {
      if (typeof answer !== 'boolean') throw broken()
      return answer
    })
  }

  /**
   * @template T, U
   * @param {(store: Store) => Promise<T>} step
   * @param {(answer: T) => U} check
   * @returns {Promise<U>}
   */
  async #step(step, check) {
    const patience = Math.min(this.#stepTime, this.left)
    if (patience <= 0) throw late()
    let answer
    try {
      answer = await within(patience, () => step(this.#store), late)
    } catch (cause) {
      throw failed(cause)
    }
    try {
      return check(answer)
    } catch (cause) {
      throw unavailable('the store answered something else than its contract has', cause)
    }
  }
}

/** @param {unknown} cause */
function failed(cause) {
  const code = isTyped(cause) ? cause.code : ''
  if (code === 'store_unavailable') return cause
  // It has its limits, and is well: what it was asked to take goes beyond them.
  if (code === 'too_large') return new LatchworkError('record_too_large', 'the change is larger than the store takes: make records smaller, or fewer at once', undefined, cause)
  // What whoever runs this can mend is told in words that help.
  const isMendable = ['missing_dependency', 'unknown_format', 'disposed'].includes(code)
  return unavailable(isMendable ? /** @type {LatchworkError} */ (cause).message : 'the store failed', cause)
}

/**
 * A store's answer, copied: what is checked is what is used.
 * @param {any} answer @param {number} most @returns {(Entry | null)[]}
 */
function listOf(answer, most) {
  if (!Array.isArray(answer)) throw broken()
  return itemsOf(answer, 'the answer of the store', most).map(entryOf)
}

/** @param {any} entry */
function entryOf(entry) {
  if (entry === null) return null
  const [key, value, version] = membersOf(entry, 'an entry of the store', ['key', 'value', 'version'])
  if (typeof key !== 'string' || typeof value !== 'string' || !Number.isSafeInteger(version) || version <= 0) throw broken()
  return { key, value, version }
}

const broken = () => new TypeError('expected what `stores/store.d.ts` says')

const late = () => unavailable('the store did not answer in time')

/** @param {string} message @param {unknown} [cause] */
function unavailable(message, cause) {
  return new LatchworkError('store_unavailable', message, undefined, cause)
}
