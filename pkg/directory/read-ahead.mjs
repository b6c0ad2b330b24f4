// @ts-check
// Reads entries of the store before the core asks for them. A request asks in rounds, because each entry names the next ones:
// a node of an index the nodes below it, and these the users of a page. What followed the same keys twice is read together
// with them. An entry reaches the core only when it asks for it, so results do not depend on what was read ahead.

/** How many rounds are remembered, and the longest one, in characters of its keys. */
const ROUNDS_MAX = 256
const LENGTH_MAX = 8_192
/** The most keys that are read ahead. */
const KEYS_MAX = 256

/** @typedef {import('../stores/store.js').Entry} Entry */
/** The keys that followed a round, and whether they did so twice. @typedef {{ round: string, keys: readonly string[], isSure: boolean }} Next */

export class ReadAhead {
  /** @type {Map<string, Next>} */
  #next = new Map()

  /** The reads of one run. */
  begin() {
    return new Reads(this)
  }

  /** Remembers which keys followed a round. @param {string} round @param {string} next @param {readonly string[]} keys of the next round */
  learn(round, next, keys) {
    if (Math.max(round.length, next.length) > LENGTH_MAX) return
    const isSure = this.#next.get(round)?.round === next
    // The rounds that were seen last are kept.
    this.#next.delete(round)
    this.#next.set(round, { round: next, keys, isSure })
    if (this.#next.size > ROUNDS_MAX) this.#next.delete(/** @type {string} */ (this.#next.keys().next().value))
  }

  /** The keys that follow a round. @param {string} round */
  keysAfter(round) {
    /** @type {Set<string>} */
    const keys = new Set()
    const seen = new Set()
    for (let next = this.#next.get(round); next?.isSure && !seen.has(next) && keys.size + next.keys.length <= KEYS_MAX; next = this.#next.get(next.round)) {
      seen.add(next)
      for (const key of next.keys) keys.add(key)
    }
    return keys
  }
}

/** The reads of one run. */
class Reads {
  #readAhead
  /** The entries that were read ahead. @type {Map<string, Entry | null>} */
  #entries = new Map()
  /** The keys of the last round. @type {string | undefined} */
  #round

  /** @param {ReadAhead} readAhead */
  constructor(readAhead) {
    this.#readAhead = readAhead
  }

  /**
   * The entries of one round. All come from one read of the store, so that they are consistent. Before the caller is
   * authenticated nothing is read ahead: the time of a wrong password would tell which users have signed in before.
   * @param {readonly string[]} keys without duplicates @param {boolean} isAuthenticated @param {import('./store.mjs').GuardedStore} store
   */
  async readEntries(keys, isAuthenticated, store) {
    if (!isAuthenticated) return store.read(keys)
    const round = keys.join('\0')
    if (!keys.every((key) => this.#entries.has(key))) {
      const all = [...new Set([...keys, ...this.#readAhead.keysAfter(round)])]
      const entries = await store.read(all)
      this.#entries = new Map(all.map((key, index) => [key, entries[index]]))
    }
    // Only keys that the store could read.
    if (this.#round !== undefined) this.#readAhead.learn(this.#round, round, keys)
    this.#round = round
    return keys.map((key) => /** @type {Entry | null} */ (this.#entries.get(key)))
  }

  /** Forgets what was read ahead, because it may have changed. */
  forget() {
    this.#entries.clear()
  }
}
