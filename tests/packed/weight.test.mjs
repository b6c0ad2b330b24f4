// @ts-check
// What a browser loads for each module: the minified JavaScript with the explanations, and the file of WebAssembly, by brotli.
// A recorded size goes up only for what users gain, in a commit that says so.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { install } from './consumer.mjs'
import { samples, systems } from '../js/support/samples.mjs'
import { weigh } from './weigh.mjs'

const { project, files } = install()
const readme = readFileSync(join(project, 'node_modules/latchwork/README.md'), 'utf8')

/** Recorded bytes of the module of all models, the target, and the models in it when its size was recorded. */
const ALL = { reached: 122_300, wanted: 76_000, models: ['antmedia', 'arangodb', 'meuse', 'rbac', 'tyk', 'wso2'] }

/** The difference in bytes that another version of a tool can make. */
const TOLERANCE = 200

/** A module without a recorded size has to be within its target. */
const WITHIN_TARGET = { reached: 34_000, wanted: 34_000 }

/** The names of the modules. */
const modules = files.flatMap(({ path }) => /^wasm\/(\w+)\.rules\.mjs$/.exec(path)?.[1] ?? [])

/** What new models may add to the module of all models: as much as the WebAssembly of their own modules. @returns {Promise<number>} */
async function newModels() {
  let bytes = 0
  for (const model of systems.filter((model) => !ALL.models.includes(model))) bytes += (await weigh(project, model)).wasm
  return bytes
}

/** The recorded size of a module. @param {string} name @returns {import('../js/support/sample-parts.mjs').Size} */
const recordedSize = (name) => (name === 'latchwork' ? ALL : samples[/** @type {'rbac'} */ (name)].size ?? WITHIN_TARGET)

test('each model has a module, and all models have one', () => {
  assert.deepEqual([...modules].sort(), [...systems, 'latchwork'].sort())
  for (const model of ALL.models) assert.ok(modules.includes(model), model)
})

for (const name of modules) {
  const { reached, wanted } = recordedSize(name)
  test(`what a browser loads of ${name} is at most the recorded size`, async (t) => {
    const { script, wasm, total } = await weigh(project, name)
    t.diagnostic(`${total} bytes: ${script} of JavaScript and explanations, ${wasm} of WebAssembly; wanted ${wanted}`)
    const added = name === 'latchwork' ? await newModels() : 0
    assert.ok(total <= reached + added + TOLERANCE, `${name} weighs ${total} bytes, and weighed ${reached}${added > 0 ? `, to which new models add at most ${added}` : ''}`)
    // `node scripts/sizes.mjs` writes the table.
    const row = new RegExp(`^\\| \`latchwork${name === 'latchwork' ? '' : `/${name}`}\` \\| ([\\d.]+) \\|`, 'm').exec(readme)
    assert.ok(row && Math.abs(Number(row[1]) * 1000 - total) < 2 * TOLERANCE, `the README has ${row?.[1]} KB for ${name}, which has ${total} bytes`)
  })
}
