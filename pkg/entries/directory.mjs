// @ts-check
// `latchwork/directory`. Where the module comes from, `#wasm/*` in package.json says.

import source from '#wasm/directory'
import { provide } from '../directory/instance.mjs'

provide(source)

export * from '../directory/index.mjs'
