// @ts-check
// Node's supported versions, by `import` and by `require`.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { cjs, esm, fileOf } from '../program.mjs'

/** The program of a version: the package downloads it into its own folder. @param {string} folder @param {string} version */
const node = (folder, version) => join(folder, 'node_modules', `node-${version}`, readdirSync(join(folder, 'node_modules', `node-${version}`)).includes('bin') ? 'bin/node' : 'node')

/** @type {import('../run.mjs').Target[]} */
export default ['20', '22', '24'].flatMap((version) => [
  {
    group: 'node',
    name: `Node ${version}, import`,
    covers: ({ kind }) => kind !== 'web',
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => run(folder, node(folder, version), put(folder, `${fileOf(subpath)}.mjs`, `${esm(subpath)}\nawait check()\n`)))
    },
  },
  {
    group: 'node',
    name: `Node ${version}, require`,
    covers: ({ kind }) => kind !== 'web',
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => run(folder, node(folder, version), put(folder, `${fileOf(subpath)}.cjs`, `${cjs(subpath)}\nexports.check()\n`)))
    },
  },
])
