// @ts-check
// `latchwork/directory`. `#wasm/*` in package.json selects the module of the runtime.

import source from '#wasm/directory'
import { sourceOf } from '../core/inline.mjs'
import { provide } from '../directory/instance.mjs'

provide(sourceOf(source))

export * from '../directory/index.mjs'
