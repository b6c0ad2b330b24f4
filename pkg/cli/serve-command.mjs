// @ts-check
// `latchwork serve`: its help and its settings; the server is loaded after them.

import { HELP, settingsOf } from './settings.mjs'
import { version } from './version.mjs'

/** @param {string[]} words */
export async function run(words) {
  const settings = settingsOf(words)
  if (settings === 'help') return console.log(HELP)
  if (settings === 'version') return console.log(version())
  const { serve } = await import('./serve.mjs')
  await serve(settings)
}
