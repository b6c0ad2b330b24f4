// @ts-check
// `latchwork filter`: prints on which resources of a type a subject has an action, as an expression for a database query.

import { sql } from '../filter/sql.mjs'
import { parseArguments, jsonOption, required, timeOption } from './arguments.mjs'
import { withMistakes, openDocument } from './document.mjs'
import { readJson } from './json-file.mjs'
import { Mistake } from './mistake.mjs'
import { printJson } from './output.mjs'
import { SUBJECT_OPTIONS, parseSubject } from './subject.mjs'

export const HELP = `usage: latchwork filter FILE --subject WHO --action NAME --type NAME [options]

Prints on which resources of a type a subject has an action: as an expression over their parts and
attributes, or as a condition of a query.

  FILE                 the document as JSON, with \`resources\`: policy.json
  --subject WHO        a user's id, or a record as JSON: '{"id": "ann", "roles": ["editor"]}'
  --anonymous          a subject who is not signed in, instead of --subject
  --action NAME        the action: edit
  --type NAME          the type of the resources: doc
  --context JSON       the context of the question: '{"network": "office"}'
  --properties JSON    properties of the action
  --within JSON        a holder that restricts the subject, or a list: '{"roles": ["reader"]}'
  --now TIME           the time of the question, in seconds since 1970 or as 2030-01-31T12:00:00Z
                       (default: the clock of this machine)
  --sql DIALECT        prints an SQL condition and its parameters: postgres or sqlite
  --columns FILE       for --sql, the column of each attribute as JSON:
                       { "resource.id": "id", "resource.owner": "owner_id" }
  --system NAME        the model of the document: rbac (default)
  --json               with --sql: the condition as JSON, { text, params, never }; a mistake as JSON
  --help, -h           this text

Exit code: 0, 1 if the document is not valid, 2 if an argument, a file name or the file of columns is
not valid.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork filter FILE --subject WHO --action NAME --type NAME',
  files: ['the document'],
  options: { ...SUBJECT_OPTIONS, action: 'NAME', type: 'NAME', context: 'JSON', properties: 'JSON', within: 'JSON', now: 'TIME', sql: 'DIALECT', columns: 'FILE', system: 'NAME', json: null },
}

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const who = parseSubject(args, FORM)
  const [action, type] = [required(args, 'action', FORM), required(args, 'type', FORM)]
  const within = jsonOption(args, 'within')
  const options = { context: jsonOption(args, 'context'), properties: jsonOption(args, 'properties'), now: timeOption(args, 'now') }
  const columns = readColumns(args)
  const { authorizer } = openDocument(args.files[0], args.given.get('system'))
  const filter = withMistakes(() => {
    const subject = authorizer.subject(who)
    return (within === undefined ? subject : subject.within(within)).filter(action, type, options)
  })
  const dialect = args.given.get('sql')
  if (dialect === undefined) printJson(filter)
  else printCondition(compileCondition(filter, dialect, columns), args.given.has('json'))
  return 0
}

/** Reads the column of each attribute, which SQL needs. @param {import('./arguments.mjs').Arguments} args @returns {any} */
function readColumns({ given }) {
  const file = given.get('columns')
  if (file === undefined && !given.has('sql')) return undefined
  if (file === undefined) throw new Mistake('missing_option', '`--columns` is missing: type `--sql DIALECT --columns FILE`, with the column of each attribute as JSON')
  if (!given.has('sql')) throw new Mistake('missing_option', '`--sql` is missing: type `--sql postgres` or `--sql sqlite` with `--columns FILE`')
  return readJson(file, 'the file of columns', 'type `--columns FILE` with the column of each attribute as JSON').value
}

/** @param {any} filter @param {any} dialect @param {any} columns */
function compileCondition(filter, dialect, columns) {
  return withMistakes(() => sql(filter, { dialect, columns }))
}

/** @param {ReturnType<typeof compileCondition>} condition @param {boolean} json */
function printCondition(condition, json) {
  if (json) return printJson(condition)
  console.log(condition.text)
  console.log(`parameters: ${JSON.stringify(condition.params)}`)
}
