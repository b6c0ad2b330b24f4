// @ts-check
// What records cost: `open` for 1,000 to 100,000 users of 27 grants each, beside `JSON.parse` of the same text; and
// decisions over paths of many parts (WSO2) and maps of many expressions (Tyk).
//
// node benches/open.mjs [--users 1000,10000,100000] [--system NAME]

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { open } from 'latchwork'
import { WORKLOADS } from './questions.mjs'

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1000,10000,100000' }, system: { type: 'string' }, one: { type: 'boolean' } },
})
const COUNTS = values.users.split(',').map(Number)
const chosen = WORKLOADS.filter(({ system }) => !values.system || system === values.system)

/** Milliseconds of one call. @param {() => unknown} act */
function timed(act) {
  const start = performance.now()
  act()
  return performance.now() - start
}

/** The least of some calls. @param {number} rounds @param {() => unknown} act */
const least = (rounds, act) => Math.min(...Array.from({ length: rounds }, () => timed(act)))

/** @param {import('./questions.mjs').Workload} workload @param {number} count */
function measure({ system, records }, count) {
  // Compiled before it is timed.
  open(/** @type {any} */ (system), {}).dispose()
  const given = /** @type {any} */ (records(count))
  // The first round compiles and makes the memory grow, at every size.
  const rounds = count > 10_000 ? 3 : 5
  const opened = least(rounds, () => open(/** @type {any} */ (system), given).dispose())
  const text = JSON.stringify(given)
  return { opened, parsed: least(rounds, () => JSON.parse(text)), bytes: text.length }
}

/** A process of its own for each size: no heap and no memory is left from another one. @param {string} system @param {number} count */
function apart(system, count) {
  const script = fileURLToPath(import.meta.url)
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--max-old-space-size=12000', script, '--one', '--system', system, '--users', String(count)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${system}, ${count} users: ${stderr}`)
  return JSON.parse(stdout)
}

/** Microseconds of one decision. @param {() => unknown} ask */
function decision(ask) {
  const asked = 2_000
  return (least(15, () => { for (let index = 0; index < asked; index += 1) ask() }) * 1000) / asked
}

if (values.one) {
  console.log(JSON.stringify(measure(chosen[0], COUNTS[0])))
} else {
  for (const { system } of chosen) {
    let first = 0
    const rows = COUNTS.map((count) => {
      const { opened, parsed, bytes } = apart(system, count)
      const each = (opened * 1000) / count
      first ||= each
      return {
        system, users: count, 'MB of JSON': (bytes / 1e6).toFixed(1), 'open, us a user': each.toFixed(0), 'JSON.parse, us a user': ((parsed * 1000) / count).toFixed(0),
        'open / JSON.parse': (opened / parsed).toFixed(1), [`of that at ${COUNTS[0]} users (target 1.3)`]: (each / first).toFixed(2),
      }
    })
    console.table(rows)
  }

  const depths = [8, 32, 128, 256].map((depth) => {
    const parts = Array.from({ length: depth }, (_, index) => `part${index}`)
    const rules = parts.map((_, index) => ({ user: 'ann', resource: `/${parts.slice(0, index + 1).join('/')}`, action: /** @type {const} */ ('ui.execute'), effect: /** @type {'allow' | 'deny'} */ (index % 2 ? 'deny' : 'allow') }))
    const ann = open('wso2', { users: [{ name: 'ann' }], rules }).subject('ann')
    const resource = `/${parts.join('/')}`
    const took = decision(() => ann.decide('ui.execute', resource))
    return { 'parts, each with a rule': depth, 'WSO2, us a decision': took.toFixed(2), 'ns a part': ((took * 1000) / depth).toFixed(0) }
  })
  console.table(depths)

  const maps = [10, 100, 1_000, 10_000].map((count) => {
    const permissions = Array.from({ length: count }, (_, index) => ({ permission: `section-${index}`, rx: `^/api/area-${index}/[^/]+(/keys)?$` }))
    const ann = open('tyk', { users: [{ id: 'ann', active: true, user_permissions: { 'section-5': 'write' } }], permissions }).subject('ann')
    return { 'entries of the map': count, 'Tyk, us a decision (target 20 at 1,000)': decision(() => ann.decide('GET', 'path:/api/area-5/thing')).toFixed(2) }
  })
  console.table(maps)
}
