// @ts-check
// A store is of one system: what another one wrote there would be read as its own.

import { LatchworkError } from '../core/error.mjs'

const KEY = 'directory/system'

/**
 * What makes sure, once, that a store is of this system; an empty store becomes its own.
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
      throw new LatchworkError('wrong_system', `the store is not one of ${mine}, but of ${entry?.value ?? 'nothing that stays'}`)
    }
    isOurs = true
  }
}
