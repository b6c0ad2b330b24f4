// @ts-check
// The default loader: a worker in a page; elsewhere this thread, with the module inside of the package's
// JavaScript. Either is loaded when there is something to hash.

import { provide } from './password/hasher.mjs'
import { compile, hasher } from './password/instance.mjs'
import { hasher as pageHasher } from './password/page.mjs'

const inPage = typeof document === 'object' && typeof Worker === 'function'

const here = hasher(async () => compile((await import('./wasm/password.inline.mjs')).default))

provide(inPage ? pageHasher(here) : here)

export * from './password/index.mjs'
