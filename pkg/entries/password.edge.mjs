// @ts-check
// `latchwork/password` for edge runtimes, which import a compiled module. Calls are not queued: in these runtimes a request
// must not wait for a promise of another request.

import source from '#wasm/password'
import { ofThisRealm } from '../core/realm.mjs'
import { provide } from '../password/hasher.mjs'
import { hasher } from '../password/instance.mjs'

provide(hasher(() => ofThisRealm(/** @type {any} */ (source))))

/** Edge runtimes have no page and no worker. */
export async function init() {}

export * from '../password/index.mjs'
