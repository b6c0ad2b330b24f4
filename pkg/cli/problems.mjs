// @ts-check
// Formats mistakes and their problems.

import { placeText, printJson } from './output.mjs'
import { oneLine } from './text.mjs'

/** Formats a problem with its position as one line. @param {import('./mistake.mjs').Problem} problem */
export function problemLine({ path, code, message, ...place }) {
  // A text that is not JSON has no pointers.
  const root = code === 'malformed_json' ? '' : '/'
  const where = [placeText(place), path === '' ? root : oneLine(path)].filter(Boolean).join(' ')
  return `${where}: ${message} (${code})`
}

/**
 * Prints a mistake: as text on the standard error, or with `--json` on the standard output.
 * @param {import('./mistake.mjs').Mistake} mistake
 * @param {boolean} json
 */
export function printMistake({ code, message, problems }, json) {
  if (json) return printJson({ error: { code, message, ...(problems.length > 0 ? { problems } : {}) } })
  console.error(`latchwork: ${message} (${code})`)
  for (const problem of problems) console.error(`  ${problemLine(problem)}`)
}
