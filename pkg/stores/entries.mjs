// @ts-check
// Parses and checks entries that a database returned.

import { LatchworkError } from '../core/error.mjs'

/** @param {any} list @returns {import('./store.js').Entry[]} */
export function parseEntries(list) {
  if (!Array.isArray(list)) throw invalidResult()
  return list.map(parseEntry)
}

/** @param {any} entry @returns {import('./store.js').Entry} */
export function parseEntry(entry) {
  const { key, value, version } = entry ?? {}
  if (typeof key !== 'string' || typeof value !== 'string' || !Number.isSafeInteger(version)) throw invalidResult()
  return { key, value, version }
}

/**
 * Sorts entries into the order of the keys, with `null` for missing ones.
 * @param {readonly string[]} keys @param {readonly import('./store.js').Entry[]} entries
 */
export function orderByKeys(keys, entries) {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  return keys.map((key) => {
    const entry = byKey.get(key)
    return entry ? { ...entry } : null
  })
}

export const invalidResult = () => new LatchworkError('store_unavailable', 'the database returned an invalid result')
