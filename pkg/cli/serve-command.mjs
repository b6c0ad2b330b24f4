// @ts-check
// `latchwork serve`: prints the help, or parses the settings and then loads the server.

import { HELP, parseSettings } from './settings.mjs'
import { version } from './version.mjs'

/** @param {string[]} words */
export async function run(words) {
  const settings = parseSettings(words)
  if (settings === 'help') return console.log(HELP)
  if (settings === 'version') return console.log(version())
  const { serve } = await import('./serve.mjs')
  await serve(settings)
}
