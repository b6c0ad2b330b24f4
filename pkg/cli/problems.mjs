// @ts-check
// Lines for mistakes and their problems.

import { placeText, printJson } from './output.mjs'
import { oneLine } from './text.mjs'

/** A problem with its place, as one line. @param {import('./mistake.mjs').Problem} problem */
export function problemLine({ path, code, message, ...place }) {
  const where = [placeText(place), path === '' ? '/' : oneLine(path)].filter(Boolean).join(' ')
  return `${where}: ${message} (${code})`
}

/**
 * Prints a mistake: on the standard error for a person, on the standard output for a program that asked for JSON.
 * @param {import('./mistake.mjs').Mistake} mistake
 * @param {boolean} json
 */
export function printMistake({ code, message, problems }, json) {
  if (json) return printJson({ error: { code, message, ...(problems.length > 0 ? { problems } : {}) } })
  console.error(`latchwork: ${message} (${code})`)
  for (const problem of problems) console.error(`  ${problemLine(problem)}`)
}
