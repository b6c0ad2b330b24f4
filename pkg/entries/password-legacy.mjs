// @ts-check
// `latchwork/password-legacy`. It runs in this thread, also in a page: only servers have such hashes.

import { load } from '../password/instance.mjs'
import { provide } from '../password/legacy.mjs'
import { runInQueue } from '../password/queue.mjs'
import './password.mjs'

provide(() => load('legacy', () => import('../wasm/legacy.inline.mjs')), runInQueue)

export { LatchworkError, verify } from '../password/legacy.mjs'
