// @ts-check
// `latchwork explain`: explains the answer to a question, and lists what would change it.

import { parseArguments, jsonOption, required, timeOption } from './arguments.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { painter, placeText, printJson } from './output.mjs'
import { oneLine } from './text.mjs'
import { parseResource, SUBJECT_OPTIONS, parseSubject } from './subject.mjs'

export const HELP = `usage: latchwork explain FILE --subject WHO --action NAME --resource PATH [options]

Decides one question, and prints the answer, its reason, and the changes that would allow it.

  FILE                 the document as JSON: policy.json
  --subject WHO        a user's id, or a record as JSON: '{"id": "ann", "roles": ["editor"]}'
  --anonymous          a subject who is not signed in, instead of --subject
  --action NAME        the action: edit
  --resource PATH      the resource: acme/docs/42, or its parts as JSON: '{"type": "doc", "id": 42}'
  --attributes JSON    attributes of the resource: '{"owner": "ann"}'
  --context JSON       the context of the question: '{"network": "office"}'
  --properties JSON    properties of the action
  --within JSON        a holder that restricts the subject, or a list: '{"roles": ["reader"]}'
  --now TIME           the time of the question, in seconds since 1970 or as 2030-01-31T12:00:00Z
                       (default: the clock of this machine)
  --system NAME        the model of the document: rbac (default), or a product's
  --json               the explanation as JSON
  --help, -h           this text

Exit code: 0 for either answer, 1 if the document is not valid, 2 if an argument or a file name is not valid.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork explain FILE --subject WHO --action NAME --resource PATH',
  files: ['the document'],
  options: { ...SUBJECT_OPTIONS, action: 'NAME', resource: 'PATH', attributes: 'JSON', context: 'JSON', properties: 'JSON', within: 'JSON', now: 'TIME', system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const question = {
    subject: parseSubject(args, FORM),
    action: required(args, 'action', FORM),
    resource: parseResource(args, FORM),
    attributes: jsonOption(args, 'attributes'),
    context: jsonOption(args, 'context'),
    properties: jsonOption(args, 'properties'),
    within: jsonOption(args, 'within'),
    now: timeOption(args, 'now'),
  }
  const document = openDocument(args.files[0], args.given.get('system'))
  const explanation = withMistakes(() => document.authorizer.explain(question))
  if (args.given.has('json')) printJson(explanation)
  else console.log(explanationText(explanation, document, painter()))
  return 0
}

/**
 * Formats an explanation as text, with positions in the document.
 * @param {any} explanation
 * @param {import('./document.mjs').Document} document
 * @param {ReturnType<typeof painter>} paint
 */
export function explanationText(explanation, document, paint) {
  const { allow, rule, level, needs, text, grants = [], limits = [], nearMisses = [], remedies = [] } = explanation
  const facts = [`rule: ${rule}`, ...(level === undefined ? [] : [`level: ${level}`]), ...(needs === undefined ? [] : [`needs: ${needs}`])]
  const grantText = (/** @type {{ pointer: string, pattern?: string }} */ { pointer, pattern }) => [pattern === undefined ? undefined : `\`${oneLine(pattern)}\``, withPlace(pointer, document)].filter(Boolean).join(' at ')
  return [
    `${allow ? paint('green', 'allowed') : paint('red', 'denied')} (${facts.join(', ')})`,
    text,
    ...section('granted by', grants.map(grantText)),
    ...section('limited by', limits.map(grantText)),
    ...section('almost granted by', nearMisses.map((/** @type {any} */ miss) => `${grantText(miss)} (${miss.kind}${miss.attribute === undefined ? '' : ` on \`${oneLine(miss.attribute)}\``})`)),
    ...section('would be allowed after one of these changes', remedies.map((/** @type {any} */ remedy) => `${remedy.text}${remedy.target === 'document' ? ` (${withPlace(remedy.pointer, document)})` : ''}`)),
  ].join('\n')
}

/** @param {string} title @param {string[]} lines */
function section(title, lines) {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${line}`)]
}

/**
 * A pointer with its position in the document. A pointer into the question has no position.
 * @param {string} pointer @param {import('./document.mjs').Document} document
 */
function withPlace(pointer, { file, value, places }) {
  const [, first = ''] = pointer.split('/')
  return Object.hasOwn(value, first) ? `${placeText({ file, ...places.placeOf(pointer) })} ${oneLine(pointer)}` : oneLine(pointer)
}
