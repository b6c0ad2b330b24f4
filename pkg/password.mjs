// @ts-check
// The default loader: a worker in a page; elsewhere this thread, with the module inside of the package's
// JavaScript. Either is loaded when there is something to hash.

import { provide } from './password/hasher.mjs'
import { hasher, load } from './password/instance.mjs'
import { hasher as pageHasher } from './password/page.mjs'
import { inTurn } from './password/turns.mjs'

const inPage = typeof document === 'object' && typeof Worker === 'function'

const here = hasher(() => load('password', () => import('./wasm/password.inline.mjs')), inTurn)

provide(inPage ? pageHasher(here) : here)

export * from './password/index.mjs'
