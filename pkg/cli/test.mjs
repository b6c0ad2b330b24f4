// @ts-check
// `latchwork test`: runs a team's own tests of a document.

import { parseArguments } from './arguments.mjs'
import { withMistakes } from './document.mjs'
import { Mistake } from './mistake.mjs'
import { painter, printJson } from './output.mjs'
import { printMistake } from './problems.mjs'
import { reportOf } from './test-report.mjs'
import { runTests } from './test-run.mjs'
import { watch } from './watch.mjs'

export const HELP = `usage: latchwork test FILE... [options]

Runs tests of a document. A file of tests:

  {
    "policy": "./policy.json",
    "cases": [
      { "id": "a reader does not edit",
        "ask": { "user": "bob", "action": "edit", "resource": "docs/1" },
        "expect": { "allow": false } }
    ]
  }

  FILE             tests as JSON; the path of the policy is relative to the file
  --coverage       also names grants, limits and roles that no test exercises
  --mutants        also changes one thing in the policy at a time, and names changes that no test
                   notices
  --watch          runs again when a file changes, until it is stopped
  --system NAME    the model of files that name none: rbac (default), or a product's
  --json           the result as JSON
  --help, -h       this text

Members of \`ask\`: user, subject (a record), role, action, resource, attributes, context,
action_properties, within, now. Members of \`expect\`: allow, level, needs, rule, error.
A question without \`now\` has no time. docs/reference/cli.md of this package lists the other forms of cases.

Exit code: 0 if all tests pass, 1 if a test fails, a part is not exercised (--coverage) or a change
is not noticed (--mutants), 2 if an argument or a file is wrong.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork test FILE',
  files: ['the file with tests'],
  repeats: true,
  options: { coverage: null, mutants: null, watch: null, system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number | Promise<number>} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const { files, given } = args
  const settings = { files, system: given.get('system'), coverage: given.has('coverage'), mutants: given.has('mutants'), json: given.has('json') }
  if (!given.has('watch')) return runOnce(settings)
  if (settings.json) throw new Mistake('unexpected_value', '`--watch` prints text for a person: type it without `--json`')
  return watch(() => runForWatch(settings))
}

/** @typedef {{ files: string[], system: string | undefined, coverage: boolean, mutants: boolean, json: boolean }} Settings */

/** Runs all tests once. @param {Settings} settings @param {string[]} [read] takes the names of the files that are read @returns {number} the exit code */
function runOnce(settings, read = []) {
  try {
    const result = withMistakes(() => runTests(settings, read))
    if (settings.json) printJson(result)
    else console.log(reportOf(result, painter()))
    return result.ok ? 0 : 1
  } catch (error) {
    // Whatever is wrong with a file, no test was run.
    if (error instanceof Mistake) error.exitCode = 2
    throw error
  }
}

/** One run of a watcher, which goes on after a mistake in a file. @param {Settings} settings @returns {string[]} the files to watch */
function runForWatch(settings) {
  /** @type {string[]} */
  const read = []
  try {
    runOnce(settings, read)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    printMistake(error, false)
  }
  return read
}
