// @ts-check
// `latchwork filter`: which resources of a type a subject has an action on, as an expression for a database query.

import { sql } from '../filter/sql.mjs'
import { argumentsOf, jsonOption, required, timeOption } from './arguments.mjs'
import { asking, openDocument } from './document.mjs'
import { readJson } from './json-file.mjs'
import { Mistake } from './mistake.mjs'
import { printJson } from './output.mjs'
import { SUBJECT_OPTIONS, subjectOf } from './subject.mjs'

export const HELP = `usage: latchwork filter FILE --subject WHO --action NAME --type NAME [options]

Prints which resources of a type a subject has an action on: an expression over their parts and
attributes, or the condition of a query.

  FILE                 the document as JSON, with \`resources\`: policy.json
  --subject WHO        a user's id, or a record as JSON: '{"id": "ann", "roles": ["editor"]}'
  --anonymous          a subject who is not signed in, in place of --subject
  --action NAME        the action: edit
  --type NAME          the type of the resources: doc
  --context JSON       the context of the question: '{"network": "office"}'
  --properties JSON    properties of the action
  --within JSON        a holder that the question has to stay within, or a list: '{"roles": ["reader"]}'
  --now TIME           the time of the question, in seconds since 1970 or as 2030-01-31T12:00:00Z
                       (default: the clock of this machine)
  --sql DIALECT        prints a condition of SQL and its parameters: postgres or sqlite
  --columns FILE       for --sql, the column of each attribute as JSON:
                       { "resource.id": "id", "resource.owner": "owner_id" }
  --system NAME        the model of the document: rbac (default)
  --json               with --sql: the condition as JSON, { text, params, never }
  --help, -h           this text

Exit code: 0, 1 if the document is not valid, 2 if an argument or a file name is wrong.`

/** @type {import('./arguments.mjs').Form} */
const FORM = {
  usage: 'latchwork filter FILE --subject WHO --action NAME --type NAME',
  files: ['the document'],
  options: { ...SUBJECT_OPTIONS, action: 'NAME', type: 'NAME', context: 'JSON', properties: 'JSON', within: 'JSON', now: 'TIME', sql: 'DIALECT', columns: 'FILE', system: 'NAME', json: null },
}

/** @param {string[]} words @returns {number} the exit code */
export function run(words) {
  const args = argumentsOf(words, FORM)
  if (args === 'help') return console.log(HELP), 0
  const who = subjectOf(args, FORM)
  const [action, type] = [required(args, 'action', FORM), required(args, 'type', FORM)]
  const within = jsonOption(args, 'within')
  const options = { context: jsonOption(args, 'context'), properties: jsonOption(args, 'properties'), now: timeOption(args, 'now') }
  const columns = columnsOf(args)
  const { authorizer } = openDocument(args.files[0], args.given.get('system'))
  const filter = asking(() => {
    const subject = authorizer.subject(who)
    return (within === undefined ? subject : subject.within(within)).filter(action, type, options)
  })
  const dialect = args.given.get('sql')
  if (dialect === undefined) printJson(filter)
  else printCondition(conditionOf(filter, dialect, columns), args.given.has('json'))
  return 0
}

/** The columns of attributes, which SQL needs. @param {import('./arguments.mjs').Arguments} args @returns {any} */
function columnsOf({ given }) {
  const file = given.get('columns')
  if (file === undefined && !given.has('sql')) return undefined
  if (file === undefined) throw new Mistake('missing_option', '`--columns` is missing: type `--sql DIALECT --columns FILE`, with the column of each attribute as JSON')
  if (!given.has('sql')) throw new Mistake('missing_option', '`--sql` is missing: type `--sql postgres` or `--sql sqlite` with `--columns FILE`')
  return readJson(file, 'the columns', 'type `--columns FILE` with the column of each attribute as JSON').value
}

/** @param {any} filter @param {any} dialect @param {any} columns */
function conditionOf(filter, dialect, columns) {
  return asking(() => sql(filter, { dialect, columns }))
}

/** @param {ReturnType<typeof conditionOf>} condition @param {boolean} json */
function printCondition(condition, json) {
  if (json) return printJson(condition)
  console.log(condition.text)
  console.log(`parameters: ${JSON.stringify(condition.params)}`)
}
