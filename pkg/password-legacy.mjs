// @ts-check
// The default loader of what verifies the hashes of other programs. It stays in this thread, in a page too:
// such hashes are a server's.

import './password.mjs'
import { load } from './password/instance.mjs'
import { provide } from './password/legacy.mjs'
import { inTurn } from './password/turns.mjs'

provide(() => load('legacy', () => import('./wasm/legacy.inline.mjs')), inTurn)

export { LatchworkError, verify } from './password/legacy.mjs'
