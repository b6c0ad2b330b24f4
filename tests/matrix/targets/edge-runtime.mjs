// @ts-check
// Vercel's edge runtime: the package by its condition for it, wasm as modules that another realm compiled.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { put } from '../install.mjs'
import { packageOf } from '../page.mjs'
import { esm, fileOf } from '../program.mjs'

/** @type {import('../run.mjs').Target} */
export default {
  group: 'runtimes',
  name: 'edge-runtime',
  // A database's client and Cloudflare's objects have no place there.
  covers: ({ kind, name }) => kind !== 'web' && !/^stores\/(libsql|durable-object)$/.test(name),
  async run({ folder, subpaths, attempt }) {
    const { build } = await packageOf(folder, 'esbuild')
    const { EdgeVM } = await packageOf(folder, '@edge-runtime/vm')
    for (const subpath of subpaths) {
      await attempt(subpath, async () => {
        const entry = put(folder, `edge/${fileOf(subpath)}.mjs`, `${esm(subpath)}\nglobalThis.result = check()\n`)
        /** @type {WebAssembly.Module[]} */
        const modules = []
        const compiled = {
          name: 'compiled-wasm',
          setup(/** @type {any} */ { onResolve, onLoad }) {
            onResolve({ filter: /\.wasm\?module$/ }, (/** @type {any} */ { path, importer }) => ({ path: resolve(dirname(importer), path.split('?')[0]), namespace: 'compiled' }))
            onLoad({ filter: /.*/, namespace: 'compiled' }, (/** @type {any} */ { path }) => {
              modules.push(new WebAssembly.Module(readFileSync(path)))
              return { contents: `export default globalThis.compiledModules[${modules.length - 1}]` }
            })
          },
        }
        const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'iife', target: 'es2022', write: false, conditions: ['edge-light', 'worker', 'browser'], plugins: [compiled], logLevel: 'silent' })
        const vm = new EdgeVM({ extend: (/** @type {any} */ context) => Object.assign(context, { compiledModules: modules }) })
        vm.evaluate(outputFiles[0].text)
        await vm.context.result
      })
    }
  },
}
