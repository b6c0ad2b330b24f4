// @ts-check
// What it costs to fill a store, and to open an authorizer on it, with few users and with many, of 27 grants each. Each
// number of users has a process of its own, because a large heap makes each collection slower.
//
// node --max-old-space-size=12000 benches/seed.mjs [MODEL USERS]

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { cpu } from './clock.mjs'
import { documentOf, workload } from './document.mjs'
import { microseconds, printRows } from './rows.mjs'

const MODELS = /** @type {const} */ (['antmedia', 'arangodb', 'meuse', 'tyk', 'wso2'])
const COUNTS = [5_000, 30_000]
/** The first round compiles. */
const ROUNDS = 2

/** @typedef {{ seed: number, authorizer: number }} Costs microseconds of the processor for a user */

/** @param {typeof MODELS[number]} system @param {number} count @returns {Promise<Costs>} */
async function measure(system, count) {
  const records = documentOf(await workload(system), count).records()
  const least = { seed: Infinity, authorizer: Infinity }
  for (let round = 0; round < ROUNDS; round += 1) {
    const directory = createDirectory({ system, store: memoryStore() })
    const start = cpu()
    await directory.seed(/** @type {any} */ (records))
    const filled = cpu()
    const authorizer = await directory.authorizer()
    const end = cpu()
    authorizer.dispose()
    least.seed = Math.min(least.seed, (filled - start) / count)
    least.authorizer = Math.min(least.authorizer, (end - filled) / count)
  }
  return least
}

/** @param {string} system @param {number} count @returns {Costs} */
function measureApart(system, count) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), system, String(count)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${system} ${count}: ${status}\n${stderr}`)
  return JSON.parse(stdout)
}

const [system, count] = process.argv.slice(2)
if (system) {
  console.log(JSON.stringify(await measure(/** @type {any} */ (system), Number(count))))
} else {
  printRows(
    MODELS.flatMap((model) => {
      const [few, many] = COUNTS.map((users) => measureApart(model, users))
      const [fewer, more] = COUNTS.map((users) => users.toLocaleString('en'))
      return /** @type {const} */ (['seed', 'authorizer']).map((what) => ({
        what: `\`${model}\`: \`${what}\`, a user, ${more} / ${fewer} users`,
        target: 1.3,
        value: many[what] / few[what],
        detail: `${fewer}: ${microseconds(few[what])}; ${more}: ${microseconds(many[what])}`,
      }))
    }),
  )
}
