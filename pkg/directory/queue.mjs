// @ts-check
// Turns: calls that met the same records go on one after another, so that each of them gets to its end.

import { within } from './timeout.mjs'

export class Turns {
  /** The end of the last turn. @type {Promise<void>} */
  #last = Promise.resolve()

  /**
   * Waits for one's turn, and not for ever: what is committed is right without. What is returned ends the turn.
   * @param {number} patience in milliseconds
   * @returns {Promise<() => void>}
   */
  async take(patience) {
    const before = this.#last
    /** @type {() => void} */
    let end = () => {}
    this.#last = new Promise((resolve) => {
      end = () => resolve()
    })
    try {
      await within(patience, () => before, () => new Error('the turn did not come'))
    } catch {
      // Who waited so long goes on without.
    }
    return end
  }
}

/** Turns for each of many keys. Keys that no call waits for take no memory. */
export class KeyedTurns {
  /** @type {Map<string, { turns: Turns, holders: number }>} */
  #turns = new Map()

  /**
   * Waits for the turn at each of these keys. What is returned ends them.
   * @param {readonly string[]} keys
   * @param {() => number} patience in milliseconds, asked before each wait
   * @returns {Promise<() => void>}
   */
  async take(keys, patience) {
    /** @type {(() => void)[]} */
    const ends = []
    // In one order, so that no two calls wait for each other.
    for (const key of [...new Set(keys)].sort()) {
      const entry = this.#turns.get(key) ?? { turns: new Turns(), holders: 0 }
      entry.holders += 1
      this.#turns.set(key, entry)
      const end = await entry.turns.take(patience())
      ends.push(() => {
        end()
        entry.holders -= 1
        if (entry.holders === 0) this.#turns.delete(key)
      })
    }
    return () => ends.forEach((end) => end())
  }

  /** Whether any of these keys has a turn that is not at its end. @param {readonly string[]} keys */
  areTaken(keys) {
    return keys.some((key) => this.#turns.has(key))
  }
}
