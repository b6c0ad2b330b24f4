// @ts-check
// `latchwork/password` on runtimes at the edge, where a module is imported compiled. Calls run at once: a request there must
// not wait for what another request awaits.

import source from '#wasm/password'
import { ofThisRealm } from '../core/realm.mjs'
import { provide } from '../password/hasher.mjs'
import { hasher } from '../password/instance.mjs'

provide(hasher(() => ofThisRealm(/** @type {any} */ (source))))

/** There is no page, and no worker. */
export async function init() {}

export * from '../password/index.mjs'
