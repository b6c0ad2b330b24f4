// @ts-check
// `latchwork slice`: a document for one subject, with the same decisions.

import { argumentsOf } from './arguments.mjs'
import { asking, openDocument } from './document.mjs'
import { printJson } from './output.mjs'
import { SUBJECT_OPTIONS, subjectOf } from './subject.mjs'

export const HELP = `usage: latchwork slice FILE --subject WHO [--roles NAMES] [--system NAME]

Prints a document that gives one subject the same decisions and has no other users: what a server sends to a browser.

  FILE             the document as JSON: policy.json
  --subject WHO    a user's id, or a record as JSON: '{"id": "ann", "roles": ["editor"]}'
  --anonymous      a subject who is not signed in, in place of --subject
  --roles NAMES    roles that questions in the browser stay within: reader,editor
  --system NAME    the model of the document: rbac (default), or a product's
  --help, -h       this text

Exit code: 0, 1 if the document is not valid, 2 if an argument or a file name is wrong.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork slice FILE --subject WHO',
  files: ['the document'],
  options: { ...SUBJECT_OPTIONS, roles: 'NAMES', system: 'NAME', json: null },
}

/** @param {string[]} words @returns {number} the exit code */
export function run(words) {
  const args = argumentsOf(words, FORM)
  if (args === 'help') return console.log(HELP), 0
  const subject = subjectOf(args, FORM)
  const { authorizer } = openDocument(args.files[0], args.given.get('system'))
  printJson(asking(() => authorizer.slice(subject, args.given.get('roles')?.split(','))))
  return 0
}
