// @ts-check
// The instances of modules, and the one of all models.

import 'latchwork'
import * as core from '../../../pkg/node/shared-core.mjs'

/** The function of the bundle that `latchwork` is in, in Node. @type {typeof import('../../../pkg/core/questions.mjs').instanceOf} */
export const instanceOf = /** @type {any} */ (core).instanceOf

export const instance = instanceOf('latchwork')

export const moduleState = {
  /** Counts instances: one more after each trap. */
  get epoch() {
    return instance.starts + (instance.life?.dead ? 1 : 0)
  },
  /** What the instance exports. @returns {any} */
  get exports() {
    return instance.start().glue.exports
  },
}
