// @ts-check
// The state as text for other programs: TypeScript, JSON, a request to the worker, SQL.

import { jsonText, oneLine } from '../stories/json.mjs'
import { asked, optionsOf } from './app.mjs'

/** @typedef {import('./app.mjs').App} App */

/** A program that asks the question. @param {App} app */
export function typeScript({ state, value }) {
  const { question, model } = state
  const lines = [`import { open } from 'latchwork/${model}'`, '', `const app = open(${literal(jsonText(value))})`]
  if (question) {
    const { role, subject = null, within, action, resource, attributes } = question
    const options = optionsOf(question)
    const args = [action, resource, ...(attributes === undefined && options === undefined ? [] : [attributes ?? {}]), ...(options === undefined ? [] : [options])]
    const who = literal(oneLine(role === undefined ? subject : { role }))
    lines.push('', `app.subject(${who})${within === undefined ? '' : `.within(${literal(oneLine(within))})`}.can(${args.map((each) => literal(oneLine(each))).join(', ')})`)
  }
  return `${lines.join('\n')}\n`
}

/** A request to the worker beside the page. @param {App} app @param {string} address of the page */
export function curl({ state, value }, address) {
  const { model, question } = state
  const { role, subject = null, ...rest } = question ?? { action: '', resource: '' }
  const body = JSON.stringify({ system: model, records: value, question: { ...(role === undefined ? { subject } : { role }), ...rest } })
  return `curl ${new URL('worker/decide', address).href} -H 'content-type: application/json' --data '${body.replaceAll("'", "'\\''")}'\n`
}

/** The rows of the question's type that its subject may act on, as SQL. @param {App} app */
export async function sqlQuery(app) {
  const { state, value } = app
  const { question, text } = state
  const { filterAs, typeOfResource } = await import('./filters.mjs')
  if (!question) return '-- choose a question first\n'
  const type = typeOfResource(question.resource, value?.resources)
  if (type === undefined) return '-- the document has no type for this resource: list the shapes of paths in `resources`\n'
  const authorizer = await app.openServed(text)
  const subject = authorizer.subject(asked(question).subject)
  try {
    return `${filterAs('PostgreSQL', subject.filter(question.action, type, optionsOf(question)))}\n`
  } catch (error) {
    return `-- ${/** @type {Error} */ (error).message}\n`
  } finally {
    subject.dispose()
  }
}

/** JSON as TypeScript: names without quotes where they need none, texts in single quotes. @param {string} json */
function literal(json) {
  return json.replaceAll(/"((?:[^"\\]|\\.)*)"(:)?/g, (_, text, colon) => {
    if (colon) return /^[A-Za-z_$][\w$]*$/.test(text) && text !== '__proto__' ? `${text}:` : `${quoted(text)}:`
    return quoted(text)
  })
}

/** @param {string} text within double quotes */
const quoted = (text) => `'${text.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
