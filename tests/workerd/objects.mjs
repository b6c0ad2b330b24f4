// @ts-check
// Cloudflare's runtime with the Durable Object of stores, and a worker that asks it.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { build } from 'vite'

const built = /** @type {any} */ (await build({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'error',
  publicDir: false,
  ssr: { target: 'webworker', noExternal: true, resolve: { conditions: ['workerd'] } },
  build: { ssr: 'store.mjs', write: false, minify: false },
}))

/** The runtime, with its objects in a folder. @param {string} folder @param {boolean} [useSQLite] */
export const objects = (folder, useSQLite = true) => new Miniflare({
  modules: [{ type: 'ESModule', path: 'store.mjs', contents: built.output[0].code }],
  host: '127.0.0.1',
  port: 0,
  compatibilityDate: '2026-04-01',
  durableObjects: { STORE: { className: 'LatchworkStore', useSQLite } },
  durableObjectsPersist: join(folder, String(useSQLite)),
  cf: false,
})
