// @ts-check
// Reads all entries of a store as a consistent snapshot.

import { LatchworkError } from '../core/error.mjs'

/** Entries of one scan. */
const PAGE = 1000
/** How often a store that changes during the read is read again. */
const ATTEMPTS_MAX = 10

/** @typedef {import('../stores/store.js').Entry} Entry */

/**
 * All entries of a store. One page is always consistent. A larger store is read until two consecutive reads return the
 * same entries with the same versions. No version is given twice, so this was the state between the two reads.
 * @param {import('./store.mjs').GuardedStore} store
 */
export async function readSnapshot(store) {
  let before = await scanAll(store)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (before.length < PAGE) return before
    const now = await scanAll(store)
    if (isSame(before, now)) return now
    before = now
  }
  throw new LatchworkError('conflict', `the store changed during each of ${ATTEMPTS_MAX} reads: try again`)
}

/** @param {import('./store.mjs').GuardedStore} store */
async function scanAll(store) {
  /** @type {Entry[]} */
  const entries = []
  for (let after = null; ; ) {
    const page = await store.scan('', after, PAGE)
    for (const entry of page) entries.push(entry)
    if (page.length < PAGE) return entries
    after = page[page.length - 1].key
  }
}

/** @param {Entry[]} before @param {Entry[]} now */
function isSame(before, now) {
  return before.length === now.length && before.every(({ key, version }, index) => key === now[index].key && version === now[index].version)
}
