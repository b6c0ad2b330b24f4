// @ts-check
// `latchwork/password-legacy` for edge runtimes.

import source from '#wasm/legacy'
import { ofThisRealm } from '../core/realm.mjs'
import { provide } from '../password/legacy.mjs'
import './password.edge.mjs'

provide(() => ofThisRealm(/** @type {any} */ (source)))

export { LatchworkError, verify } from '../password/legacy.mjs'
