// @ts-check
// A worker as a deployment bundles it: the package resolved for Cloudflare's runtime, its modules files beside.

import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** @typedef {{ type: 'ESModule' | 'CompiledWasm', path: string, contents: string | Uint8Array<ArrayBuffer> }} Module */

/**
 * The script first, then the modules of wasm.
 * @param {string} folder from the root of this project
 * @param {string} entry
 * @returns {Promise<Module[]>}
 */
export async function bundle(folder, entry) {
  /** @type {Set<string>} */
  const modules = new Set()
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL(`../../${folder}`, import.meta.url)),
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['workerd'] },
    ssr: { target: 'webworker', noExternal: true, resolve: { conditions: ['workerd'] } },
    build: { ssr: entry, write: false, minify: false, rolldownOptions: { output: { codeSplitting: false } } },
    plugins: [
      {
        name: 'compiled-wasm',
        enforce: 'pre',
        resolveId(source, importer) {
          if (!importer || !source.endsWith('.wasm')) return
          modules.add(resolve(dirname(importer), source))
          return { id: `./${basename(source)}`, external: true }
        },
      },
    ],
  })
  const { output } = /** @type {any} */ (Array.isArray(built) ? built[0] : built)
  if (output.length !== 1) throw new Error('expected one script')
  const wasm = [...modules].map((path) => ({ type: /** @type {const} */ ('CompiledWasm'), path: basename(path), contents: new Uint8Array(readFileSync(path)) }))
  return [{ type: 'ESModule', path: 'worker.mjs', contents: output[0].code }, ...wasm]
}
