// @ts-check
// What the core holds for an object of JavaScript, and how it is given back.

import { UNBORN } from './questions.mjs'

/** A handle, the life in which it counts, and the export that takes it back. @typedef {{ life: import('./questions.mjs').Living, handle: number, door: 'close_authorizer' | 'release' }} Held */

/** Gives a handle back, once; one of a dead life is gone already. @param {Held} held */
export function giveBack(held) {
  const { life, handle } = held
  held.life = UNBORN
  if (life.dead) return
  try {
    life.glue.exports[held.door](handle)
  } catch {
    // With the instance the handle is gone too.
    life.dead = true
  }
}

/** Gives back what garbage collection found unused. Some edge runtimes have no registry: dispose there. */
export const abandoned = typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry(giveBack)
