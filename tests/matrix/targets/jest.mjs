// @ts-check
// Jest with CommonJS, as it is without configuration of modules, in both of its usual environments.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { put, run } from '../install.mjs'
import { cjs, fileOf } from '../program.mjs'

/** @type {import('../run.mjs').Target[]} */
export default ['node', 'jsdom'].map((environment) => ({
  group: 'testers',
  name: `Jest, CommonJS, ${environment}`,
  // A directory is a server.
  covers: ({ kind, name }) => kind !== 'web' && (environment === 'node' || (kind !== 'directory' && !name.startsWith('stores/'))),
  async run({ folder, subpaths, attempt }) {
    const root = `jest-${environment}`
    const results = join(folder, root, 'results.json')
    for (const subpath of subpaths) put(folder, `${root}/${fileOf(subpath)}.test.js`, `${cjs(subpath)}\ntest('the program', () => exports.check(), 120_000)\n`)
    put(folder, `${root}/package.json`, JSON.stringify({ jest: { testEnvironment: environment } }))
    rmSync(results, { force: true })
    const output = await run(join(folder, root), join(folder, 'node_modules/.bin/jest'), '--json', '--outputFile', results, '--maxWorkers', '2').catch(String)
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'))
    for (const subpath of subpaths) {
      await attempt(subpath, () => {
        const result = testResults.find((/** @type {any} */ { name }) => name.endsWith(`/${fileOf(subpath)}.test.js`))
        if (result?.status !== 'passed') throw new Error(result?.message ?? output)
      })
    }
  },
}))
