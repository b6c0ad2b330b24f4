// @ts-check
// What the core holds for an object of JavaScript, and how it is given back.

import { living } from './instance.mjs'

/** @typedef {{ epoch: number, handle: number, door: 'close' | 'release' }} Held a handle, and the door that takes it back */

/** Gives a handle back, once; one of an older instance is gone already. @param {Held} held */
export function giveBack(held) {
  const { epoch, handle } = held
  held.epoch = -1
  if (epoch !== living.epoch || !living.exports) return
  try {
    living.exports[held.door](handle)
  } catch {
    // With the instance the handle is gone too.
    living.exports = undefined
    living.epoch += 1
  }
}

/** Gives back what garbage collection found unused. Some edge runtimes have no registry: dispose there. */
export const abandoned = typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry(giveBack)
