// @ts-check
// `latchwork diff`: lists the questions that two documents answer differently.

import { parseArguments } from './arguments.mjs'
import { diffMarkdown } from './diff-markdown.mjs'
import { diffText } from './diff-text.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { Mistake } from './mistake.mjs'
import { painter, printJson } from './output.mjs'

export const HELP = `usage: latchwork diff OLD NEW [--json | --markdown] [--exit-code] [--system NAME]

Prints who gains and who loses which access between two documents, with an example for each
change. An edit that changes no answer is not listed.

  OLD, NEW         documents as JSON: old.json policy.json
  --markdown       a table for a comment on a pull request
  --json           the changes as JSON
  --exit-code      the exit code is 1 if an answer changes
  --system NAME    the model of the documents: rbac (default)
  --help, -h       this text

Exit code: 0, 1 if a document is not valid (or with --exit-code), 2 if an argument or a file name is
not valid, or the list would be too large.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork diff OLD NEW',
  files: ['the old document', 'the new document'],
  options: { markdown: null, json: null, 'exit-code': null, system: 'NAME' },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const { given } = args
  if (given.has('json') && given.has('markdown')) throw new Mistake('duplicate_option', '`--json` and `--markdown` are two formats: remove one')
  const [before, after] = args.files.map((file) => openDocument(file, given.get('system')))
  const entries = withMistakes(() => before.authorizer.diff(after.authorizer))
  if (given.has('json')) printJson(entries)
  else if (given.has('markdown')) console.log(diffMarkdown(entries, after.file))
  else console.log(diffText(entries, painter()))
  return given.has('exit-code') && entries.length > 0 ? 1 : 0
}
