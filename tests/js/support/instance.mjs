// @ts-check
// The instance of the module of all models.

import 'latchwork'
import { instanceOf } from '../../../pkg/node/shared-core.mjs'

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
