// @ts-check
// A store, held to its contract: what fails, stalls or answers something else ends the call, closed.

import { LatchworkError } from '../lib/error.mjs'

/** @typedef {import('../stores/store.js').Store} Store */
/** @typedef {import('../stores/store.js').Entry} Entry */
/** @typedef {import('../stores/store.js').Change} Change */

/**
 * @param {Store} store
 * @param {number} patience in milliseconds
 */
export function guarded(store, patience) {
  return {
    /** @param {string[]} keys */
    async read(keys) {
      const entries = await within(patience, () => store.read(keys))
      if (!Array.isArray(entries) || entries.length !== keys.length) throw broken()
      entries.forEach((entry, index) => {
        if (entry !== null && !(isEntry(entry) && entry.key === keys[index])) throw broken()
      })
      return entries
    },

    /** @param {string} prefix @param {string | null} after @param {number} limit */
    async scan(prefix, after, limit) {
      const entries = await within(patience, () => store.scan(prefix, after, limit))
      if (!Array.isArray(entries) || entries.length > limit) throw broken()
      if (!entries.every((entry) => isEntry(entry) && entry.key.startsWith(prefix))) throw broken()
      return entries
    },

    /** @param {Change[]} changes */
    async commit(changes) {
      const done = await within(patience, () => store.commit(changes))
      if (typeof done !== 'boolean') throw broken()
      return done
    },
  }
}

/** @param {any} entry @returns {entry is Entry} */
function isEntry(entry) {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.key === 'string' &&
    typeof entry.value === 'string' &&
    Number.isSafeInteger(entry.version) &&
    entry.version > 0
  )
}

function broken() {
  return unavailable('the store answered something else than its contract has')
}

/** @param {string} message @param {unknown} [cause] */
function unavailable(message, cause) {
  return new LatchworkError('store_unavailable', message, undefined, cause)
}

/**
 * Waits for a step of the store, and not for ever.
 * @template T
 * @param {number} patience
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
async function within(patience, step) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(unavailable(`the store did not answer within ${patience} ms`)), patience)
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([step(), late]))
  } catch (cause) {
    if (cause instanceof LatchworkError && cause.code === 'store_unavailable') throw cause
    throw unavailable('the store failed', cause)
  } finally {
    clearTimeout(timer)
  }
}
