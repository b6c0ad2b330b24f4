// @ts-check
// Cloudflare's runtime: the package by its condition for it, wasm as modules beside the script.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { put } from '../install.mjs'
import { packageOf } from '../page.mjs'
import { esm, fileOf } from '../program.mjs'

/** @type {import('../run.mjs').Target} */
export default {
  group: 'runtimes',
  name: 'workerd',
  covers: ({ kind }) => kind !== 'web',
  async run({ folder, subpaths, attempt }) {
    const { build } = await packageOf(folder, 'esbuild')
    const { Miniflare } = await packageOf(folder, 'miniflare')
    for (const subpath of subpaths) {
      await attempt(subpath, async () => {
        const entry = put(folder, `workerd/${fileOf(subpath)}.mjs`, `${esm(subpath)}
export default { fetch: () => check().then(() => new Response('ok'), (error) => new Response(String(error?.stack ?? error), { status: 500 })) }
`)
        /** @type {Map<string, string>} */
        const modules = new Map()
        const beside = {
          name: 'wasm-beside',
          setup(/** @type {any} */ { onResolve }) {
            onResolve({ filter: /\.wasm(\?module)?$/ }, (/** @type {any} */ { path, importer }) => {
              const name = `./${modules.size}.wasm`
              modules.set(name, resolve(dirname(importer), path.split('?')[0]))
              return { path: name, external: true }
            })
          },
        }
        const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', target: 'es2022', write: false, conditions: ['workerd', 'worker', 'browser'], external: ['node:*', 'cloudflare:*'], plugins: [beside], logLevel: 'silent' })
        const miniflare = new Miniflare({
          modules: [
            { type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0].text },
            ...[...modules].map(([name, path]) => ({ type: 'CompiledWasm', path: name.slice(2), contents: new Uint8Array(readFileSync(path)) })),
          ],
          host: '127.0.0.1', port: 0, compatibilityDate: '2026-04-01', compatibilityFlags: ['nodejs_compat'], cf: false,
        })
        try {
          const response = await miniflare.dispatchFetch('http://worker/')
          if (!response.ok) throw new Error(await response.text())
        } finally {
          await miniflare.dispose()
        }
      })
    }
  },
}
