// @ts-check
// What a browser loads for each module: the minified JavaScript with the explanations, and the file of WebAssembly, by brotli.
// A recorded size only goes down.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { install } from './consumer.mjs'
import { weigh } from './weigh.mjs'

const { project, files } = install()
const readme = readFileSync(join(project, 'node_modules/latchwork/README.md'), 'utf8')

/** Recorded bytes, and the target. @type {Record<string, { reached: number, wanted: number }>} */
const WEIGHTS = {
  antmedia: { reached: 35_099, wanted: 34_000 },
  arangodb: { reached: 35_277, wanted: 34_000 },
  meuse: { reached: 36_207, wanted: 34_000 },
  rbac: { reached: 59_162, wanted: 34_000 },
  tyk: { reached: 49_954, wanted: 44_000 },
  wso2: { reached: 45_725, wanted: 44_000 },
  latchwork: { reached: 123_125, wanted: 76_000 },
}

/** The difference in bytes that another version of a tool can make. */
const TOLERANCE = 200

/** A module without a recorded size has to be within its target. */
const WITHIN_TARGET = { reached: 34_000, wanted: 34_000 }

/** The names of the modules. */
const modules = files.flatMap(({ path }) => /^wasm\/(\w+)\.rules\.mjs$/.exec(path)?.[1] ?? [])

/**
 * What models without a recorded size may add to the module of all models: as much as the WebAssembly of their own modules.
 * @param {string} name of a module
 */
async function allowance(name) {
  if (name !== 'latchwork') return 0
  let bytes = 0
  for (const model of modules.filter((model) => WEIGHTS[model] === undefined)) bytes += (await weigh(project, model)).wasm
  return bytes
}

test('every recorded size is that of a module', () => {
  for (const name of Object.keys(WEIGHTS)) assert.ok(modules.includes(name), name)
})

for (const name of modules) {
  const { reached, wanted } = WEIGHTS[name] ?? WITHIN_TARGET
  test(`what a browser loads of ${name} is at most the recorded size`, async (t) => {
    const { script, wasm, total } = await weigh(project, name)
    t.diagnostic(`${total} bytes: ${script} of JavaScript and explanations, ${wasm} of WebAssembly; wanted ${wanted}`)
    const added = await allowance(name)
    assert.ok(total <= reached + added + TOLERANCE, `${name} weighs ${total} bytes, and weighed ${reached}${added > 0 ? `, to which new models add at most ${added}` : ''}`)
    // `node scripts/sizes.mjs` writes the table.
    const row = new RegExp(`^\\| \`latchwork${name === 'latchwork' ? '' : `/${name}`}\` \\| ([\\d.]+) \\|`, 'm').exec(readme)
    assert.ok(row && Math.abs(Number(row[1]) * 1000 - total) < 2 * TOLERANCE, `the README has ${row?.[1]} KB for ${name}, which has ${total} bytes`)
  })
}
