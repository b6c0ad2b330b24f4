// @ts-check
// A store that a test can inspect, copy, and make fail at any step.

import { compareKeys } from '../../../../pkg/stores/order.mjs'

/** @typedef {import('latchwork/stores/memory').Entry} Entry */
/** @typedef {import('latchwork/stores/memory').Change} Change */
/** @typedef {'read' | 'scan' | 'commit'} Step */

/**
 * Comes before a step: what it gives instead of `undefined` is the answer in place of the step's own, as it is.
 * @typedef {(step: Step, count: number, act: () => any) => unknown} Interceptor
 */

export class FaultyStore {
  /** @type {Map<string, Entry>} */
  entries = new Map()
  last = 0
  /** How many steps were asked for. */
  steps = 0
  /** How many commits brought a change. */
  commits = 0
  /** How many of them changed more than counts of attempts. */
  changes = 0
  /** @type {Interceptor} */
  meddle = () => undefined

  /** All that it holds, as text: equal for equal states, byte for byte. */
  get state() {
    return JSON.stringify(sorted(this.entries))
  }

  /** The same without counts of attempts, which are committed before a request is answered. */
  get stateOfRecords() {
    return JSON.stringify(sorted(this.entries).filter(({ key }) => !isCount(key)))
  }

  /** Another store with the same state. @param {Interceptor} [meddle] */
  copy(meddle = () => undefined) {
    const copy = new FaultyStore()
    for (const [key, entry] of this.entries) copy.entries.set(key, { ...entry })
    copy.last = this.last
    copy.meddle = meddle
    return copy
  }

  /** @param {readonly string[]} keys @returns {Promise<(Entry | null)[]>} */
  async read(keys) {
    return this.#step('read', () => keys.map((key) => copyOf(this.entries.get(key))))
  }

  /** @param {string} prefix @param {string | null} after @param {number} limit @returns {Promise<Entry[]>} */
  async scan(prefix, after, limit) {
    const follows = (/** @type {Entry} */ { key }) => key.startsWith(prefix) && (after === null || compareKeys(key, after) > 0)
    return this.#step('scan', () => sorted(this.entries).filter(follows).slice(0, limit).map(copyOf))
  }

  /** @param {readonly Change[]} changes @returns {Promise<boolean>} */
  async commit(changes) {
    return this.#step('commit', () => {
      if (changes.some(({ key, expect }) => (this.entries.get(key)?.version ?? null) !== expect)) return false
      const made = changes.filter(({ value }) => value !== undefined)
      if (made.length > 0) this.commits += 1
      if (made.some(({ key }) => !isCount(key))) this.changes += 1
      this.last += 1
      for (const { key, value } of made) {
        if (value === null) this.entries.delete(key)
        else this.entries.set(key, { key, value: String(value), version: this.last })
      }
      return true
    })
  }

  /** @param {Step} step @param {() => any} act */
  async #step(step, act) {
    this.steps += 1
    const answer = await this.meddle(step, this.steps, act)
    return answer === undefined ? act() : answer
  }
}

/** Whether a key is of a count of attempts. @param {string} key */
function isCount(key) {
  return /^(?:brake|attempts|attempts-of-nobody|failures)\//.test(key)
}

/** @param {Map<string, Entry>} entries */
function sorted(entries) {
  return [...entries.values()].sort((a, b) => compareKeys(a.key, b.key))
}

/** @param {Entry | undefined} entry @returns {any} */
function copyOf(entry) {
  return entry ? { ...entry } : null
}
