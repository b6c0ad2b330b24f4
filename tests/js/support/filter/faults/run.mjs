// @ts-check
// Runs a test file with one fault planted in the compilers of filters: a test that cannot find it proves nothing.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A text of a file of `pkg/filter/`, which has it once, and the wrong one in its place. @typedef {{ name: string, file: string, right: string, wrong: string }} Fault */

/** How many proofs look for a fault: as many in each lane, so that each lane finds the same ones. */
const LATCHWORK_PROOFS = '5'

const PLANT = new URL('./plant.mjs', import.meta.url).href

/**
 * What the test file printed, and whether it passed.
 * @param {URL} file @param {Fault} [fault] @returns {Promise<{ passed: boolean, output: string }>}
 */
function run(file, fault) {
  // A child that knew of the runner would report in the runner's own format.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  // This condition leads to the files of `pkg/filter/` themselves, not to the bundles for Node.
  const args = ['--conditions=edge-light', `--import=${PLANT}`, fileURLToPath(file)]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...env, LATCHWORK_PROOFS, ...(fault && { PLANTED_FAULT: JSON.stringify(fault) }) }, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve({ passed: error === null, output: stdout + stderr }))
  })
}

/** The test file passes as it is. @param {URL} file */
export async function passes(file) {
  const { passed, output } = await run(file)
  assert.ok(passed, output.slice(0, 2000))
}

/** The test file finds a row that is wrongly kept or left out, or the database refuses the condition. @param {URL} file @param {Fault} fault */
export async function finds(file, fault) {
  const { passed, output } = await run(file, fault)
  assert.ok(!passed, 'the test passes although the fault is planted')
  assert.match(output, /seed \d+: /, output.slice(0, 2000))
}
