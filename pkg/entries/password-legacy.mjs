// @ts-check
// `latchwork/password-legacy`. It stays in this thread, in a page too: such hashes are a server's.

import { load } from '../password/instance.mjs'
import { provide } from '../password/legacy.mjs'
import { inTurn } from '../password/queue.mjs'
import './password.mjs'

provide(() => load('legacy', () => import('../wasm/legacy.inline.mjs')), inTurn)

export { LatchworkError, verify } from '../password/legacy.mjs'
