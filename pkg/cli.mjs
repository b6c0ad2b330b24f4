#!/usr/bin/env node
// @ts-check
// The command `latchwork`.

import { readFileSync } from 'node:fs'
import { HELP, Mistake, settingsOf } from './cli/settings.mjs'

main(process.argv.slice(2))

/** @param {string[]} words */
async function main(words) {
  const [command, ...rest] = words
  try {
    if (['--help', '-h', 'help'].includes(command)) return console.log(HELP)
    if (['--version', '-v'].includes(command)) return console.log(version())
    if (command !== 'serve') throw new Mistake('unknown_command', `expected \`latchwork serve --system NAME\`, got ${command === undefined ? 'nothing' : `\`${command}\``}`)
    const settings = settingsOf(rest)
    if (settings === null) return console.log(HELP)
    // Loaded only now: help needs no module of the package.
    const { serve } = await import('./cli/serve.mjs')
    await serve(settings)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    console.error(`latchwork: ${error.message} (${error.code})`)
    for (const { path, message, code } of error.problems) console.error(`  ${path === '' ? '/' : path}: ${message} (${code})`)
    process.exitCode = 2
  }
}

function version() {
  return JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).version
}
