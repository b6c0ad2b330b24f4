#!/usr/bin/env node
// @ts-check
// The command `latchwork`.

import { readFileSync } from 'node:fs'
import { HELP, Mistake, settingsOf } from './cli/settings.mjs'
import { suggestion } from './cli/suggestion.mjs'

/** What each command does with the words behind it. @type {Record<string, (words: string[]) => unknown>} */
const COMMANDS = {
  async serve(words) {
    const settings = settingsOf(words)
    if (settings === 'help') return console.log(HELP)
    if (settings === 'version') return console.log(version())
    // Loaded only now: help needs no module of the package.
    const { serve } = await import('./cli/serve.mjs')
    await serve(settings)
  },
  async types(words) {
    const { HELP, typesSettingsOf, writeTypes } = await import('./cli/types.mjs')
    const settings = typesSettingsOf(words)
    if (settings === 'help') return console.log(HELP)
    writeTypes(settings)
  },
}

main(process.argv.slice(2))

/** @param {string[]} words */
async function main(words) {
  const [command, ...rest] = words
  try {
    if (['--help', '-h', 'help'].includes(command)) return console.log(HELP)
    if (['--version', '-v'].includes(command)) return console.log(version())
    if (!Object.hasOwn(COMMANDS, command ?? '')) throw unknownCommand(command)
    await COMMANDS[command](rest)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    console.error(`latchwork: ${error.message} (${error.code})`)
    for (const { path, message, code } of error.problems) console.error(`  ${path === '' ? '/' : path}: ${message} (${code})`)
    process.exitCode = error.exitCode
  }
}

/** @param {string | undefined} command */
function unknownCommand(command) {
  const expected = 'expected `latchwork serve --system NAME` or `latchwork types FILE`'
  if (command === undefined) return new Mistake('unknown_command', `${expected}, got nothing`)
  return new Mistake('unknown_command', `unknown command \`${command}\`${suggestion(command, [...Object.keys(COMMANDS), 'help'], 'latchwork ') || `: ${expected}`}`)
}

function version() {
  return JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).version
}
