// @ts-check
// `latchwork slice`: prints the part of a document that one subject needs, with the same decisions.

import { parseArguments } from './arguments.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { printJson } from './output.mjs'
import { SUBJECT_OPTIONS, parseSubject } from './subject.mjs'

export const HELP = `usage: latchwork slice FILE --subject WHO [--roles NAMES] [--system NAME] [--json]

Prints the part of a document that a server sends to a browser: one subject has the same decisions in it, and it has no
other users.

  FILE             the document as JSON: policy.json
  --subject WHO    a user's id, or a record as JSON: '{"id": "ann", "roles": ["editor"]}'
  --anonymous      a subject who is not signed in, instead of --subject
  --roles NAMES    roles that \`within\` can name in the browser: reader,editor
  --system NAME    the model of the document: rbac (default), or a product's
  --json           a mistake as JSON, too; the document is JSON without it
  --help, -h       this text

Exit code: 0, 1 if the document is not valid, 2 if an argument or a file name is not valid.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork slice FILE --subject WHO',
  files: ['the document'],
  options: { ...SUBJECT_OPTIONS, roles: 'NAMES', system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const subject = parseSubject(args, FORM)
  const { authorizer } = openDocument(args.files[0], args.given.get('system'))
  printJson(withMistakes(() => authorizer.slice(subject, args.given.get('roles')?.split(','))))
  return 0
}
