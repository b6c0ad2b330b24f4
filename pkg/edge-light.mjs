// @ts-check
// The loader for Vercel's edge runtime, where `?module` imports a `.wasm` file as a compiled module.

import module from './wasm/latchwork_bg.wasm?module'
import { provide } from './lib/instance.mjs'

provide(() => module)

export * from './lib/index.mjs'
