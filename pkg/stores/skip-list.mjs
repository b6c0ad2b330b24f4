// @ts-check
// Sorted entries in a skip list: finding a place in the order, adding and removing take logarithmic time. A map finds an
// entry by its key.

import { compareKeys } from './order.mjs'

/** Enough for 4^16 entries. */
const LEVELS = 16

/** @typedef {import('./store.js').Entry} Entry */
/** @typedef {{ entry: Readonly<Entry>, next: (Node | null)[] }} Node */

export class SkipList {
  /** The node before all others. @type {Node} */
  #head = { entry: { key: '', value: '', version: 0 }, next: Array(LEVELS).fill(null) }
  /** @type {Map<string, Node>} */
  #nodes = new Map()

  /** @param {string} key */
  get(key) {
    return this.#nodes.get(key)?.entry ?? null
  }

  /** Adds an entry, or replaces the one with the same key. @param {Entry} entry */
  set(entry) {
    const existing = this.#nodes.get(entry.key)
    if (existing) {
      existing.entry = entry
      return
    }
    const before = this.#before(entry.key)
    /** @type {Node} */
    const node = { entry, next: [] }
    this.#nodes.set(entry.key, node)
    // Heights are random and do not depend on the keys, so that an attacker cannot choose keys that make the list slow.
    do {
      const level = node.next.length
      node.next.push(before[level].next[level])
      before[level].next[level] = node
    } while (node.next.length < LEVELS && Math.random() < 0.25)
  }

  /** @param {string} key */
  delete(key) {
    const node = this.#nodes.get(key)
    if (!node) return
    this.#nodes.delete(key)
    const before = this.#before(key)
    node.next.forEach((next, level) => {
      before[level].next[level] = next
    })
  }

  /** The entries from a key on, sorted. @param {string} key @param {boolean} inclusive */
  *entriesFrom(key, inclusive) {
    let node = this.#before(key)[0].next[0]
    if (!inclusive && node?.entry.key === key) node = node.next[0]
    for (; node; node = node.next[0]) yield node.entry
  }

  /** The last node before a key, on each level. @param {string} key */
  #before(key) {
    /** @type {Node[]} */
    const before = Array(LEVELS)
    let node = this.#head
    for (let level = LEVELS - 1; level >= 0; level -= 1) {
      for (let next = node.next[level]; next && compareKeys(next.entry.key, key) < 0; next = node.next[level]) node = next
      before[level] = node
    }
    return before
  }
}
