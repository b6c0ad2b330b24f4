// @ts-check
// The loader for Cloudflare's runtime, where a `.wasm` file is imported as a compiled module.

import module from './wasm/password_bg.wasm'
import { provide } from './password/hasher.mjs'
import { hasher } from './password/instance.mjs'

provide(hasher(() => module))

export * from './password/index.mjs'
