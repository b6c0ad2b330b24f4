// @ts-check
// A store belongs to one system: entries of another system would be misread.

import { LatchworkError } from '../core/error.mjs'

const KEY = 'directory/system'

/**
 * Returns a function that checks, once, that a store belongs to this system. An empty store is claimed for it.
 * @param {string} system
 */
export function claimFor(system) {
  let isOurs = false
  /** @param {import('./store.mjs').GuardedStore} store */
  return async function claim(store) {
    if (isOurs) return
    const mine = JSON.stringify(system)
    let [entry] = await store.read([KEY])
    if (!entry) {
      await store.commit([{ key: KEY, expect: null, value: mine }])
      ;[entry] = await store.read([KEY])
    }
    if (entry?.value !== mine) {
      throw new LatchworkError('wrong_system', entry ? `the store belongs to the system ${entry.value}, not to ${mine}` : 'the store did not keep an entry that it accepted')
    }
    isOurs = true
  }
}
