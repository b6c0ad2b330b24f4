// @ts-check
// The default loader of what verifies the hashes of other programs. It stays in this thread, in a page too:
// such hashes are a server's.

import './password.mjs'
import { compile } from './password/instance.mjs'
import { provide } from './password/legacy.mjs'

provide(async () => compile((await import('./wasm/legacy.inline.mjs')).default))

export { verify } from './password/legacy.mjs'
