// @ts-check
// The loader for Vercel's edge runtime of what verifies the hashes of other programs.

import module from './wasm/legacy_bg.wasm?module'
import './password-edge-light.mjs'
import { provide } from './password/legacy.mjs'

provide(() => module)

export { LatchworkError, verify } from './password/legacy.mjs'
