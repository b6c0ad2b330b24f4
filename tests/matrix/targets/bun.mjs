// @ts-check

import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { cjs, esm, fileOf } from '../program.mjs'

const covers = (/** @type {import('../program.mjs').Subpath} */ { kind }) => kind !== 'web'

/** @type {import('../run.mjs').Target[]} */
export default [
  {
    group: 'runtimes',
    name: 'Bun, import',
    covers,
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => run(folder, join(folder, 'node_modules/.bin/bun'), put(folder, `bun/${fileOf(subpath)}.mjs`, `${esm(subpath)}\nawait check()\n`)))
    },
  },
  {
    group: 'runtimes',
    name: 'Bun, require',
    covers,
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => run(folder, join(folder, 'node_modules/.bin/bun'), put(folder, `bun/${fileOf(subpath)}.cjs`, `${cjs(subpath)}\nexports.check()\n`)))
    },
  },
]
