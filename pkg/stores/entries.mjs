// @ts-check
// What an engine answered, checked: a store gives out entries or an error, and nothing else.

import { LatchworkError } from '../core/error.mjs'

/** @param {any} list @returns {import('./store.js').Entry[]} */
export function entriesOf(list) {
  if (!Array.isArray(list)) throw nonsense()
  return list.map(entryOf)
}

/** @param {any} entry @returns {import('./store.js').Entry} */
export function entryOf(entry) {
  const { key, value, version } = entry ?? {}
  if (typeof key !== 'string' || typeof value !== 'string' || !Number.isSafeInteger(version)) throw nonsense()
  return { key, value, version }
}

/**
 * Entries in the order of the keys, `null` where there is none.
 * @param {readonly string[]} keys @param {readonly import('./store.js').Entry[]} entries
 */
export function inOrder(keys, entries) {
  const found = new Map(entries.map((entry) => [entry.key, entry]))
  return keys.map((key) => {
    const entry = found.get(key)
    return entry ? { ...entry } : null
  })
}

export const nonsense = () => new LatchworkError('store_unavailable', 'the store was answered with something else than it asked for')
