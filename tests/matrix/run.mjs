// @ts-check
// Runs the same small program in every target, for every subpath that the target covers, and prints a table.
//
//     npm run build && node tests/matrix/run.mjs [--targets BEGIN_OF_NAME,…] [--subpaths NAME,…]
//
// A target is a file of `targets/` (or one of the list that it exports): its `group`, whose packages are installed, its `name`, the subpaths
// that it `covers`, and `run`, which throws for a subpath that fails.

import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { install } from './install.mjs'
import { closeBrowser } from './page.mjs'
import { SUBPATHS } from './program.mjs'

/**
 * @typedef {import('./program.mjs').Subpath} Subpath
 * @typedef {(subpath: Subpath, step: () => unknown) => Promise<void>} Attempt runs one subpath's step and notes its end
 * @typedef {{ group: string, name: string, covers?: (subpath: Subpath) => boolean, run: (run: { folder: string, subpaths: Subpath[], attempt: Attempt }) => Promise<void> }} Target
 */

const { values } = parseArgs({ options: { targets: { type: 'string' }, subpaths: { type: 'string' } } })
const folder = new URL('targets/', import.meta.url)
/** @type {Target[]} */
const targets = []
for (const file of readdirSync(folder).sort()) {
  const { default: found } = await import(new URL(file, folder).href)
  targets.push(...[found].flat())
}
const wanted = values.targets?.toLowerCase().split(',')
const chosen = targets.filter(({ name }) => !wanted || wanted.some((word) => name.toLowerCase().startsWith(word)))
const names = values.subpaths?.split(',')
const subpaths = SUBPATHS.filter(({ name }) => !names || names.includes(name))
if (chosen.length === 0 || subpaths.length === 0) throw new Error('no target or no subpath of that name')

/** @type {{ target: string, passed: string, failed: string, s: string }[]} */
const rows = []
/** @type {string[]} */
const failures = []
let passed = 0

for (const { group, name, covers = () => true, run } of chosen) {
  const covered = subpaths.filter(covers)
  if (covered.length === 0) continue
  const begin = performance.now()
  /** @type {Map<Subpath, string | null>} */
  const ends = new Map()
  /** @type {Attempt} */
  const attempt = async (subpath, step) => {
    try {
      await step()
      ends.set(subpath, null)
    } catch (error) {
      ends.set(subpath, String(/** @type {any} */ (error)?.message ?? error))
    }
  }
  try {
    await run({ folder: await install(group), subpaths: covered, attempt })
  } catch (error) {
    for (const subpath of covered) if (!ends.has(subpath)) ends.set(subpath, String(/** @type {any} */ (error)?.stack ?? error))
  }
  const failed = covered.filter((subpath) => ends.get(subpath) !== null)
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
  passed += covered.length - failed.length
  for (const subpath of failed) failures.push(`${name}, latchwork${subpath.name === '.' ? '' : `/${subpath.name}`}: ${ends.get(subpath) ?? 'was not run'}`)
  rows.push({ target: name, passed: `${covered.length - failed.length} of ${covered.length}`, failed: failed.map((subpath) => subpath.name).join(' '), s: seconds })
  console.log(`${failed.length === 0 ? 'passed' : 'FAILED'} ${name}: ${covered.length - failed.length} of ${covered.length} subpaths in ${seconds} s`)
}
await closeBrowser()

for (const failure of failures) console.log(`\n=== ${failure.slice(0, 4_000)}`)
console.log(`\nSubpaths: ${subpaths.map(({ name }) => name).join(' ')}`)
console.table(rows)
console.log(`${passed} passed, ${failures.length} failed`)
process.exit(failures.length === 0 ? 0 : 1)
