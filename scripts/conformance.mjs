// @ts-check
// Runs case files through the built package: npm run conformance -- [--decisions|--calls] FILE...

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as latchwork from 'latchwork'
import { runCall } from '../tests/js/support/run-call.mjs'
import { casesOf, isCall, runDecision } from '../tests/js/support/run-decision.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { decisions: { type: 'boolean' }, calls: { type: 'boolean' } },
})
if (positionals.length === 0) {
  console.error('usage: npm run conformance -- [--decisions|--calls] FILE...')
  process.exit(2)
}
const all = !values.decisions && !values.calls

let passed = 0
let failed = 0

/** @param {string} id @param {string[]} differences */
function report(id, differences) {
  if (differences.length === 0) passed += 1
  else failed += 1
  for (const difference of differences) console.log(`${id}: ${difference}`)
}

/** The directory is loaded with the first call: decisions need none of it. @param {string} system @param {any} testCase */
async function run(system, testCase) {
  if (!isCall(testCase)) return runDecision(latchwork, system, testCase)
  const { allEntries } = await import('../tests/js/support/all-entries.mjs')
  return runCall(allEntries, system, testCase)
}

for (const path of positionals) {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8'))
    for (const testCase of casesOf(file)) {
      if (!all && (isCall(testCase) ? !values.calls : !values.decisions)) continue
      try {
        report(testCase.id, await run(file.system, testCase))
      } catch (error) {
        report(testCase.id, [`error: ${/** @type {Error} */ (error).message}`])
      }
    }
  } catch (error) {
    report(path, [`error: ${/** @type {Error} */ (error).message}`])
  }
}

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
