// @ts-check
// A whole store, as it was at one moment.

import { LatchworkError } from '../core/error.mjs'

/** Entries that are read at once. */
const PAGE = 1000
/** How often a store that changes meanwhile is read again. */
const ATTEMPTS_MAX = 10

/** @typedef {import('../stores/store.js').Entry} Entry */

/**
 * All entries of a store. What fits into a page is one state of the store; more is read until two readings in turn
 * find the same, which then stood there between them: no version is given twice.
 * @param {import('./store.mjs').GuardedStore} store
 */
export async function everything(store) {
  let before = await entriesOf(store)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (before.length < PAGE) return before
    const now = await entriesOf(store)
    if (isSame(before, now)) return now
    before = now
  }
  throw new LatchworkError('conflict', 'the store changed whenever it was read: try again')
}

/** @param {import('./store.mjs').GuardedStore} store */
async function entriesOf(store) {
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
