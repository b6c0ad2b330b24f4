// @ts-check
// Group read: concurrent reads share one statement of the database, which takes longer than its rows.

/** The most keys of one group, unless a single read has more. */
const KEYS_MAX = 64

/** @typedef {import('./store.js').Entry} Entry */
/** A read that waits. @typedef {{ keys: string[], resolve: (entries: (Entry | null)[]) => void, reject: (error: unknown) => void }} Waiting */

export class GroupRead {
  #readTogether
  /** @type {Waiting[]} */
  #waiting = []

  /** @param {(keys: string[]) => Promise<(Entry | null)[]>} readTogether reads the entries of these keys, in their order */
  constructor(readTogether) {
    this.#readTogether = readTogether
  }

  /** The entries of these keys, in their order. @param {string[]} keys @returns {Promise<(Entry | null)[]>} */
  read(keys) {
    return new Promise((resolve, reject) => {
      // Requests that wait for the same commit continue together, so all their reads are there one microtask later.
      if (this.#waiting.push({ keys, resolve, reject }) === 1) queueMicrotask(() => this.#readGroups())
    })
  }

  #readGroups() {
    const waiting = this.#waiting
    this.#waiting = []
    /** @type {Waiting[]} */
    let group = []
    /** @type {Set<string>} */
    let keys = new Set()
    for (const read of waiting) {
      const together = new Set([...keys, ...read.keys])
      if (group.length > 0 && together.size > KEYS_MAX) {
        void this.#readGroup(group, [...keys])
        group = [read]
        keys = new Set(read.keys)
      } else {
        group.push(read)
        keys = together
      }
    }
    void this.#readGroup(group, [...keys])
  }

  /** @param {Waiting[]} group @param {string[]} keys of all of them */
  async #readGroup(group, keys) {
    if (group.length === 1) return this.#readAlone(group[0])
    try {
      const entries = await this.#readTogether(keys)
      const byKey = new Map(keys.map((key, index) => [key, entries[index]]))
      for (const { keys, resolve } of group) {
        resolve(keys.map((key) => {
          const entry = byKey.get(key)
          return entry ? { ...entry } : null
        }))
      }
    } catch {
      // An entry that cannot be read must not fail the reads of others.
      for (const read of group) await this.#readAlone(read)
    }
  }

  /** @param {Waiting} read */
  async #readAlone({ keys, resolve, reject }) {
    await this.#readTogether(keys).then(resolve, reject)
  }
}
