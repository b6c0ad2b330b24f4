#!/usr/bin/env node
// @ts-check
// The command `latchwork`.

import { Mistake } from './cli/mistake.mjs'
import { printMistake } from './cli/problems.mjs'
import { suggestion } from './cli/suggestion.mjs'
import { version } from './cli/version.mjs'

/** @typedef {{ run: (words: string[]) => unknown }} Command `run` returns the exit code; nothing for 0 */

/** Each command, loaded when it is typed: help needs no module of the package. @type {Record<string, () => Promise<Command>>} */
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

const HELP = `usage: latchwork COMMAND [arguments]

Documents of access rules:
  check FILE...        whether documents are valid, and every problem with its line
  test FILE...         runs tests of a document
  explain FILE ...     asks one question: the answer, the reason, and what would change it
  lint FILE...         what never counts or is probably a mistake
  diff OLD NEW         who gains and loses which access from one document to another
  slice FILE ...       the part of a document for one subject
  filter FILE ...      which resources a subject has an action on, for a database query
  types FILE           the names of a document as a TypeScript type

A server:
  serve ...            answers the requests of a product's user management

  latchwork COMMAND --help    the arguments and exit codes of a command
  latchwork --version         the version of this package`

// A reader who has seen enough (`| head`) is not a failure.
process.stdout.on('error', () => {})
main(process.argv.slice(2))

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
  if (command === undefined) return new Mistake('unknown_command', `${expected}, got nothing: \`latchwork --help\` says what each does`)
  return new Mistake('unknown_command', `unknown command \`${command}\`${suggestion(command, [...names, 'help'], 'latchwork ') || `: ${expected}`}`)
}
