// @ts-check

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { esm, fileOf } from '../program.mjs'

/** @type {import('../run.mjs').Target} */
export default {
  group: 'testers',
  name: 'Vitest',
  covers: ({ kind }) => kind !== 'web',
  async run({ folder, subpaths, attempt }) {
    const results = join(folder, 'vitest/results.json')
    for (const subpath of subpaths) put(folder, `vitest/${fileOf(subpath)}.test.js`, `import { test } from 'vitest'\n${esm(subpath)}\ntest('the program', () => check(), 120_000)\n`)
    rmSync(results, { force: true })
    const output = await run(join(folder, 'vitest'), join(folder, 'node_modules/.bin/vitest'), 'run', '--reporter', 'json', '--outputFile', results).catch(String)
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'))
    for (const subpath of subpaths) {
      await attempt(subpath, () => {
        const result = testResults.find((/** @type {any} */ { name }) => name.endsWith(`/${fileOf(subpath)}.test.js`))
        if (result?.status !== 'passed') throw new Error([result?.message, ...(result?.assertionResults ?? []).flatMap((/** @type {any} */ { failureMessages }) => failureMessages), output].join('\n'))
      })
    }
  },
}
