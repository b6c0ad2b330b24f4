// @ts-check
// The loader for Cloudflare's runtime, where a `.wasm` file is imported as a compiled module.

import module from './wasm/latchwork_bg.wasm'
import { provide } from './lib/instance.mjs'

provide(() => module)

export * from './lib/index.mjs'
