// @ts-check
// `open` of so many users with 27 grants each, beside `JSON.parse` of the same text: microseconds of the processor for a user.
// node --max-old-space-size=12000 open.mjs MODEL USERS

import { documentOf, openerOf, workload } from '../document.mjs'
import { cpu } from '../clock.mjs'

const [model, users] = process.argv.slice(2)
const count = Number(users)
const work = await workload(model)
const open = await openerOf(model)
// Compiled before it is timed.
for (let index = 0; index < 20; index += 1) open(documentOf(work, 50).records()).dispose()

const records = documentOf(work, count).records()
const text = JSON.stringify(records)
// The first round compiles and makes the memory grow, at every size.
const rounds = count > 10_000 ? 2 : 5

/** @param {() => unknown} act */
function once(act) {
  const start = cpu()
  act()
  return (cpu() - start) / count
}

const opened = []
const parsed = []
for (let round = 0; round < rounds; round += 1) {
  opened.push(once(() => open(records).dispose()))
  parsed.push(once(() => JSON.parse(text)))
}
console.log(JSON.stringify({ opened: Math.min(...opened), parsed: Math.min(...parsed) }))
