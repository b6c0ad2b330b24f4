// @ts-check
// `latchwork/directory`. `#wasm/*` in package.json selects the module of the runtime.

import source from '#wasm/directory'
import { provide } from '../directory/instance.mjs'

provide(source)

export * from '../directory/index.mjs'
