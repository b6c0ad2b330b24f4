// @ts-check
// The loader for Cloudflare's runtime of what verifies the hashes of other programs.

import module from './wasm/legacy_bg.wasm'
import './password-workerd.mjs'
import { provide } from './password/legacy.mjs'

provide(() => module)

export { LatchworkError, verify } from './password/legacy.mjs'
