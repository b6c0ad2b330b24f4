// @ts-check
// `latchwork check`: checks documents, and prints every problem with its position.

import { parseArguments } from './arguments.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { Mistake } from './mistake.mjs'
import { printJson } from './output.mjs'
import { problemLine } from './problems.mjs'

export const HELP = `usage: latchwork check FILE... [--system NAME] [--json]

Checks documents. Prints every problem with its line and column, its JSON pointer and its code.

  FILE             a document as JSON: policy.json
  --system NAME    the model of the documents: rbac (default), or a product's
  --json           the result as JSON: a list of { file, valid, digest } or { file, valid, problems }
  --help, -h       this text

Exit code: 0 if all documents are valid, 1 if one is not, 2 if an argument or a file name is not valid.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork check FILE',
  files: ['the document'],
  repeats: true,
  options: { system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const results = args.files.map((file) => check(file, args.given.get('system')))
  if (args.given.has('json')) printJson(results)
  else for (const result of results) console.log(textOf(result))
  return results.every(({ valid }) => valid) ? 0 : 1
}

/** @typedef {{ file: string, valid: boolean, digest?: string, problems?: readonly import('./mistake.mjs').Problem[] }} Result */

/** @param {string} file @param {string | undefined} system @returns {Result} */
function check(file, system) {
  try {
    const { authorizer } = openDocument(file, system)
    const digest = withMistakes(() => authorizer.digest)
    authorizer.dispose()
    return { file, valid: true, digest }
  } catch (error) {
    if (!(error instanceof Mistake) || error.exitCode !== 1) throw error
    // A file that is not in UTF-8 has no places.
    const problems = error.problems.length > 0 ? error.problems : [{ file, path: '', code: error.code, message: error.message }]
    return { file, valid: false, problems }
  }
}

/** @param {Result} result */
function textOf({ file, digest, problems = [] }) {
  if (digest !== undefined) return `${file} is valid`
  return problems.map(problemLine).join('\n')
}
