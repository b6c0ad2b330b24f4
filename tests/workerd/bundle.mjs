// @ts-check
// The worker as a deployment bundles it: the package resolved for Cloudflare's runtime, its module a file beside.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** The module's name beside the bundle. */
const WASM = 'latchwork.wasm'

/** @returns {Promise<{ type: 'ESModule' | 'CompiledWasm', path: string, contents: string | Uint8Array<ArrayBuffer> }[]>} */
export async function bundle() {
  /** @type {string[]} */
  const modules = []
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL('../../www', import.meta.url)),
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['workerd'] },
    ssr: { target: 'webworker', noExternal: true, resolve: { conditions: ['workerd'] } },
    build: { ssr: 'worker.mjs', write: false, minify: false },
    plugins: [
      {
        name: 'compiled-wasm',
        enforce: 'pre',
        resolveId(source, importer) {
          if (!importer || !source.endsWith('.wasm')) return
          modules.push(resolve(dirname(importer), source))
          return { id: `./${WASM}`, external: true }
        },
      },
    ],
  })
  const { output } = /** @type {any} */ (Array.isArray(built) ? built[0] : built)
  if (output.length !== 1 || modules.length !== 1) throw new Error('expected one script and one module')
  return [
    { type: 'ESModule', path: 'worker.mjs', contents: output[0].code },
    { type: 'CompiledWasm', path: WASM, contents: new Uint8Array(readFileSync(modules[0])) },
  ]
}
