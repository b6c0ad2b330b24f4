// @ts-check
// `latchwork lint`: finds parts of a document that never have an effect, and probable mistakes.

import { parseArguments, timeOption } from './arguments.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { printJson } from './output.mjs'
import { problemLine } from './problems.mjs'

export const HELP = `usage: latchwork lint FILE... [--now TIME] [--system NAME] [--json]

Prints the parts of a valid document that never have an effect, and probable mistakes, with line
and column.

  FILE             a document as JSON: policy.json
  --now TIME       the time for expired bounds, in seconds since 1970 or as 2030-01-31
                   (default: the clock of this machine)
  --system NAME    the model of the documents: rbac (default)
  --json           the findings as JSON: a list of { file, line, column, path, code, message }
  --help, -h       this text

Exit code: 0 if nothing is found, 1 if something is found or a document is not valid, 2 if an
argument or a file name is not valid.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork lint FILE',
  files: ['the document'],
  repeats: true,
  options: { now: 'TIME', system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const now = timeOption(args, 'now')
  const findings = args.files.flatMap((file) => findingsIn(file, args.given.get('system'), now))
  if (args.given.has('json')) printJson(findings)
  else for (const line of findings.map(problemLine)) console.log(line)
  return findings.length === 0 ? 0 : 1
}

/** @param {string} file @param {string | undefined} system @param {number | undefined} now @returns {import('./mistake.mjs').Problem[]} */
function findingsIn(file, system, now) {
  const { authorizer, places } = openDocument(file, system)
  /** @type {import('./mistake.mjs').Problem[]} */
  const findings = withMistakes(() => authorizer.lint(now === undefined ? undefined : { now }))
  return findings.map((finding) => ({ file, ...places.placeOf(finding.path), ...finding }))
}
