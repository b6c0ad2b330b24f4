// @ts-check
// Entries in order: a skip list, in which finding, adding and removing take a logarithm of the number of entries.

import { compareKeys } from './order.mjs'

/** Enough for 4^16 entries. */
const LEVELS = 16

/** @typedef {import('./store.js').Entry} Entry */
/** @typedef {{ entry: Readonly<Entry>, next: (Place | null)[] }} Place */

export class SkipList {
  /** Before all. @type {Place} */
  #head = { entry: { key: '', value: '', version: 0 }, next: Array(LEVELS).fill(null) }

  /** @param {string} key */
  get(key) {
    const place = this.#before(key)[0].next[0]
    return place?.entry.key === key ? place.entry : null
  }

  /** Adds an entry, or puts it in the place of the one with its key. @param {Entry} entry */
  set(entry) {
    const before = this.#before(entry.key)
    const found = before[0].next[0]
    if (found?.entry.key === entry.key) {
      found.entry = entry
      return
    }
    /** @type {Place} */
    const place = { entry, next: [] }
    // Random heights, not a function of the keys: nobody can choose keys that make the list long.
    do {
      const level = place.next.length
      place.next.push(before[level].next[level])
      before[level].next[level] = place
    } while (place.next.length < LEVELS && Math.random() < 0.25)
  }

  /** @param {string} key */
  delete(key) {
    const before = this.#before(key)
    const place = before[0].next[0]
    if (place?.entry.key !== key) return
    place.next.forEach((next, level) => {
      before[level].next[level] = next
    })
  }

  /** The entries from a key on, in order. @param {string} key @param {boolean} inclusive */
  *from(key, inclusive) {
    let place = this.#before(key)[0].next[0]
    if (!inclusive && place?.entry.key === key) place = place.next[0]
    for (; place; place = place.next[0]) yield place.entry
  }

  /** On each level the last place before a key. @param {string} key */
  #before(key) {
    /** @type {Place[]} */
    const before = Array(LEVELS)
    let place = this.#head
    for (let level = LEVELS - 1; level >= 0; level -= 1) {
      for (let next = place.next[level]; next && compareKeys(next.entry.key, key) < 0; next = place.next[level]) place = next
      before[level] = place
    }
    return before
  }
}
