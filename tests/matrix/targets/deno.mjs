// @ts-check

import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { esm, fileOf } from '../program.mjs'

/** @type {import('../run.mjs').Target} */
export default {
  group: 'runtimes',
  name: 'Deno',
  covers: ({ kind }) => kind !== 'web',
  async run({ folder, subpaths, attempt }) {
    const deno = join(folder, 'node_modules/.bin/deno')
    for (const subpath of subpaths) {
      await attempt(subpath, () => run(folder, deno, 'run', '--no-prompt', '--cached-only', '--node-modules-dir=manual', '--allow-read', '--allow-env', put(folder, `deno/${fileOf(subpath)}.mjs`, `${esm(subpath)}\nawait check()\n`)))
    }
  },
}
