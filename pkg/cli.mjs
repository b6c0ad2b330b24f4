#!/usr/bin/env node
// @ts-check
// The command `latchwork`.

import { Mistake } from './cli/mistake.mjs'
import { printMistake } from './cli/problems.mjs'
import { suggestion } from './cli/suggestion.mjs'
import { version } from './cli/version.mjs'

/** @typedef {{ run: (typed: string[]) => unknown }} Command `run` returns the exit code, or undefined for 0 */

/** The commands, each loaded at its use, so that the help loads no module. @type {Record<string, () => Promise<Command>>} */
const COMMANDS = {
  check: () => import('./cli/check.mjs'),
  test: () => import('./cli/test.mjs'),
  explain: () => import('./cli/explain.mjs'),
  lint: () => import('./cli/lint.mjs'),
  diff: () => import('./cli/diff.mjs'),
  slice: () => import('./cli/slice.mjs'),
  filter: () => import('./cli/filter.mjs'),
  types: () => import('./cli/types.mjs'),
  serve: () => import('./cli/serve-command.mjs'),
}

/** The exit code if the output is lost. */
const LOST = 2
let isOutputLost = false

const HELP = `usage: latchwork COMMAND [arguments]

Documents of access rules:
  check FILE...        checks documents; prints every problem with its line
  test FILE...         runs tests of a document
  explain FILE ...     decides one question; prints the reason and what would change it
  lint FILE...         finds parts that never have an effect, and probable mistakes
  diff OLD NEW         lists who gains and loses access between two documents
  slice FILE ...       prints the part of a document that one subject needs
  filter FILE ...      prints on which resources a subject has an action, for a database query
  types FILE           writes the names of a document as a TypeScript type

A server:
  serve ...            serves the user management API of a product

  latchwork COMMAND --help    the arguments and exit codes of a command
  latchwork --version         the version of this package`

process.stdout.on('error', reportLostOutput)
main(process.argv.slice(2))

/** A closed pipe (`| head`) is not a failure, but a full disk is. @param {NodeJS.ErrnoException} error */
function reportLostOutput({ code }) {
  if (code === 'EPIPE' || isOutputLost) return
  isOutputLost = true
  printMistake(new Mistake('unwritable_file', `the standard output cannot be written (${code})`), false)
  // After the exit code of the command.
  process.on('exit', () => (process.exitCode = LOST))
}

/** @param {string[]} words */
async function main(words) {
  const [command, ...rest] = words
  try {
    if (['--help', '-h', 'help'].includes(command)) return console.log(HELP)
    if (['--version', '-v'].includes(command)) return console.log(version())
    if (!Object.hasOwn(COMMANDS, command ?? '')) throw unknownCommand(command)
    const { run } = await COMMANDS[command]()
    const code = await run(rest)
    if (typeof code === 'number') process.exitCode = code
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    printMistake(error, rest.includes('--json'))
    process.exitCode = error.exitCode
  }
}

/** @param {string | undefined} command */
function unknownCommand(command) {
  const names = Object.keys(COMMANDS)
  const expected = `expected \`latchwork COMMAND\` with one of ${names.join(', ')}`
  if (command === undefined) return new Mistake('unknown_command', `${expected}, got no command: \`latchwork --help\` describes them`)
  return new Mistake('unknown_command', `unknown command \`${command}\`${suggestion(command, [...names, 'help'], 'latchwork ') || `: ${expected}`}`)
}
