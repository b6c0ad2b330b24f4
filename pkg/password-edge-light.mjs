// @ts-check
// The loader for Vercel's edge runtime, where `?module` imports a `.wasm` file as a compiled module.

import module from './wasm/password_bg.wasm?module'
import { provide } from './password/hasher.mjs'
import { hasher } from './password/instance.mjs'

provide(hasher(() => module))

export * from './password/index.mjs'
