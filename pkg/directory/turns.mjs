// @ts-check
// Turns: calls that met the same records go on one after another, so that each of them gets to its end.

import { within } from './patience.mjs'

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
