// @ts-check
// Checks that a store keeps its contract. A store that fails, stalls or returns invalid data makes the call fail closed.

import { itemsOf, membersOf } from '../core/argument.mjs'
import { isTyped, LatchworkError } from '../core/error.mjs'
import { compareKeys } from '../stores/order.mjs'
import { withTimeout } from './timeout.mjs'

/** @typedef {import('../stores/store.js').Store} Store */
/** @typedef {import('../stores/store.js').Entry} Entry */
/** @typedef {import('../stores/store.js').Change} Change */

/** A store with timeouts and checked results. */
export class GuardedStore {
  #store
  #stepTime
  #deadline

  /** @param {Store} store @param {number} stepTime the timeout of one step, in milliseconds @param {number} [deadline] in the time of `Date.now` */
  constructor(store, stepTime, deadline = Infinity) {
    this.#store = store
    this.#stepTime = stepTime
    this.#deadline = deadline
  }

  /** The same store with a deadline after this time. @param {number} milliseconds */
  withDeadline(milliseconds) {
    return new GuardedStore(this.#store, this.#stepTime, Date.now() + milliseconds)
  }

  /** Milliseconds until the deadline. */
  get timeLeft() {
    return this.#deadline - Date.now()
  }

  /** @param {readonly string[]} keys */
  async read(keys) {
    return this.#step((store) => store.read(keys), (result) => {
      const entries = parseEntries(result, keys.length)
      if (keys.some((key, index) => entries[index] === undefined || (entries[index]?.key ?? key) !== key)) throw contractError()
      return entries
    })
  }

  /** @param {string} prefix @param {string | null} after @param {number} limit */
  async scan(prefix, after, limit) {
    return this.#step((store) => store.scan(prefix, after, limit), (result) => {
      const entries = parseEntries(result, limit)
      let last = after
      for (const entry of entries) {
        if (!entry?.key.startsWith(prefix) || (last !== null && compareKeys(entry.key, last) <= 0)) throw contractError()
        last = entry.key
      }
      return /** @type {Entry[]} */ (entries)
    })
  }

  /** @param {readonly Change[]} changes */
  async commit(changes) {
    return this.#step((store) => store.commit(changes), (result) => {
      if (typeof result !== 'boolean') throw contractError()
      return result
    })
  }

  /**
   * @template T, U
   * @param {(store: Store) => Promise<T>} step
   * @param {(result: T) => U} check
   * @returns {Promise<U>}
   */
  async #step(step, check) {
    const milliseconds = Math.min(this.#stepTime, this.timeLeft)
    if (milliseconds <= 0) throw timeoutError()
    let result
    try {
      result = await withTimeout(milliseconds, () => step(this.#store), timeoutError)
    } catch (cause) {
      throw toStoreError(cause)
    }
    try {
      return check(result)
    } catch (cause) {
      throw unavailableError('the store broke its contract: it returned an invalid result', cause)
    }
  }
}

/** @param {unknown} cause */
function toStoreError(cause) {
  const code = isTyped(cause) ? cause.code : ''
  if (code === 'store_unavailable') return cause
  // The store works; the change exceeds its limits.
  if (code === 'too_large') return new LatchworkError('record_too_large', 'the change exceeds the limits of the store: make the records smaller, or change fewer at once', undefined, cause)
  // The operator can fix these errors, so their messages are kept.
  const isMendable = ['missing_dependency', 'unknown_format', 'disposed'].includes(code)
  return unavailableError(isMendable ? /** @type {LatchworkError} */ (cause).message : 'the store failed', cause)
}

/**
 * Copies a result of the store, so that the values that are checked are the values that are used.
 * @param {any} result @param {number} most @returns {(Entry | null)[]}
 */
function parseEntries(result, most) {
  if (!Array.isArray(result)) throw contractError()
  return itemsOf(result, 'the result of the store', most).map(parseEntry)
}

/** @param {any} entry */
function parseEntry(entry) {
  if (entry === null) return null
  const [key, value, version] = membersOf(entry, 'an entry of the store', ['key', 'value', 'version'])
  if (typeof key !== 'string' || typeof value !== 'string' || !Number.isSafeInteger(version) || version <= 0) throw contractError()
  return { key, value, version }
}

const contractError = () => new TypeError('expected a result as in `stores/store.d.ts`')

const timeoutError = () => unavailableError('the store did not answer in time')

/** @param {string} message @param {unknown} [cause] */
function unavailableError(message, cause) {
  return new LatchworkError('store_unavailable', message, undefined, cause)
}
