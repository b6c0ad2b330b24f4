// @ts-check
// Bundlers in their default configuration, and their pages in Chromium. Those that do not copy the wasm file get its address.

import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageOf, page, served, visit } from '../page.mjs'
import { esm, fileOf } from '../program.mjs'

/** Bundles `main.js` of a folder to `out/main.js`. @type {Record<string, { addressed: boolean, bundle: (folder: string, root: string) => Promise<unknown> }>} */
const BUNDLERS = {
  esbuild: {
    addressed: true,
    async bundle(folder, root) {
      const { build } = await packageOf(folder, 'esbuild')
      await build({ entryPoints: [join(root, 'main.js')], outfile: join(root, 'out/main.js'), bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' })
    },
  },
  Rollup: {
    addressed: true,
    async bundle(folder, root) {
      const { rollup } = await packageOf(folder, 'rollup')
      const { nodeResolve } = await packageOf(folder, '@rollup/plugin-node-resolve')
      const bundle = await rollup({ input: join(root, 'main.js'), plugins: [nodeResolve({ browser: true })], onwarn: () => {} })
      await bundle.write({ dir: join(root, 'out'), format: 'es' })
      await bundle.close()
    },
  },
  'webpack 5': {
    addressed: false,
    async bundle(folder, root) {
      const { default: webpack } = await packageOf(folder, 'webpack')
      await new Promise((resolve, reject) => {
        webpack({ mode: 'production', context: root, entry: join(root, 'main.js'), output: { path: join(root, 'out'), filename: 'main.js' }, performance: { hints: false } }, (/** @type {any} */ error, /** @type {any} */ stats) =>
          error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(undefined))
      })
    },
  },
}

// Where a bundler does not bring this file along, passwords are hashed in the page's own thread.
const WORKER = /\/worker\.mjs$/

/** @type {import('../run.mjs').Target[]} */
export default Object.entries(BUNDLERS).map(([name, { addressed, bundle }]) => ({
  group: 'bundlers',
  name: `${name}, Chromium`,
  covers: ({ kind }) => kind !== 'directory' && kind !== 'other',
  async run({ folder, subpaths, attempt }) {
    for (const subpath of subpaths) {
      await attempt(subpath, async () => {
        const address = subpath.wasm && addressed ? '/module.wasm' : undefined
        const root = page(folder, `${name.split(' ')[0]}/${fileOf(subpath)}`, esm(subpath), address)
        await bundle(folder, root)
        copyFileSync(join(root, 'index.html'), join(root, 'out/index.html'))
        if (address) copyFileSync(createRequire(join(root, 'x.js')).resolve(/** @type {string} */ (subpath.wasm)), join(root, 'out/module.wasm'))
        await served(join(root, 'out'), (origin) => visit(folder, origin, addressed ? WORKER : undefined))
      })
    }
  },
}))
