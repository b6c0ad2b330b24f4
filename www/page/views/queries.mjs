// @ts-check
// Questions with more than one answer: who may, where, which rows of a database, and what a browser needs to know.

import { LatchworkError } from 'latchwork/rbac/web'
import { mongodb } from 'latchwork/filter/mongodb'
import { prisma } from 'latchwork/filter/prisma'
import { sql } from 'latchwork/filter/sql'
import { jsonText } from '../../stories/json.mjs'
import { optionsOf } from '../app.mjs'
import { button, element, field, h } from '../element.mjs'
import { nameOf, resourceText } from '../names.mjs'
import { prose } from '../prose.mjs'
import { rowsOf } from '../rows.mjs'
import { copy } from '../toast.mjs'
import './queries.css'

export const title = 'Queries'

/** The forms of a filter. @type {{ [name: string]: (filter: any) => string }} */
const FORMS = {
  PostgreSQL: (filter) => sqlText(filter, 'postgres'),
  SQLite: (filter) => sqlText(filter, 'sqlite'),
  Prisma: (filter) => jsonText(prisma(filter, { provider: 'postgresql', fields: /** @type {any} */ (prismaFieldsOf(filter)) })),
  MongoDB: (filter) => jsonText(mongodb(filter, { fields: /** @type {any} */ (mongoFieldsOf(filter)) })),
  Expression: (filter) => jsonText(filter.where),
}

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const who = h('select', { onchange: () => show() })
  const action = h('select', { onchange: () => show() })
  const type = h('select', { onchange: () => show() })
  const form = h('select', { onchange: () => show() }, ...Object.keys(FORMS).map((name) => new Option(name)))
  const parts = { holders: card('Who may', ''), reach: card('Where', ''), filter: card('Which rows', ''), slice: card('What a browser needs', '') }
  const controls = h('form', { class: 'query-form fields', 'aria-label': 'Query', onsubmit: (event) => event.preventDefault() }, field('Who', who), field('Action', action))
  parts.filter.tools.append(field('Type', type), field('Form', form))
  parts.slice.tools.append(button('Copy', () => copy(parts.slice.output.textContent ?? '', 'Slice'), { class: 'small' }))
  parts.filter.tools.append(button('Copy', () => copy(parts.filter.output.textContent ?? '', 'Query'), { class: 'small' }))
  /** @type {import('../store.mjs').Row[]} */
  let rows = []
  let asked = 0
  /** @type {import('../store.mjs').Question | null} */
  let last = null

  /** @param {import('../store.mjs').State} state */
  function update({ question }) {
    if (!app.authorizer) return
    rows = rowsOf(app).filter(({ within }) => within === undefined)
    options(who, rows.map((row, index) => [nameOf(row, app.value), String(index)]))
    options(action, app.authorizer.vocabulary().actions.map((/** @type {string} */ name) => [name, name]))
    options(type, Object.keys(app.value?.resources ?? {}).map((name) => [name, name]))
    if (question && question !== last) {
      const index = rows.findIndex(({ subject, role }) => (role === undefined ? subject === question.subject : role === question.role))
      if (index >= 0) who.value = String(index)
      action.value = question.action
      const shape = typeof question.resource === 'string' ? Object.entries(app.value?.resources ?? {}).find(([, text]) => fits(String(text), String(question.resource)))?.[0] : /** @type {any} */ (question.resource).type
      if (shape) type.value = shape
      last = question
    }
    show()
  }

  async function show() {
    asked += 1
    const now = asked
    await new Promise((resolve) => setTimeout(resolve))
    const authorizer = await app.openServed(app.state.text)
    if (now !== asked || !app.authorizer) return
    const { question } = app.state
    const row = rows[Number(who.value)] ?? { subject: null }
    const name = nameOf(row, app.value)
    const subject = authorizer.subject(row.role === undefined ? row.subject ?? null : { role: row.role })
    const extra = question ? optionsOf(question) : undefined
    try {
      fill(parts.holders, question ? `Who may ${action.value} ${resourceText(question.resource)}` : 'Who may', () => holdersList(authorizer.holders(action.value, question?.resource ?? '', question?.attributes, extra)))
      fill(parts.reach, `Where ${name} may ${action.value}`, () => reachList(subject.reach(action.value)))
      fill(parts.filter, `Which rows ${name} may ${action.value}`, () => {
        if (type.value === '') return 'The document has no types of resources: list the shapes of their paths in `resources`.'
        return FORMS[form.value](subject.filter(action.value, type.value, extra))
      })
      fill(parts.slice, `What a browser needs for ${name}`, () => jsonText(authorizer.slice(row.role === undefined ? row.subject ?? null : { role: row.role })))
    } finally {
      subject.dispose()
    }
  }

  return { element: element('div', 'queries', controls, ...Object.values(parts).map(({ element }) => element)), update }
}

/** @param {string} title @param {string} text */
function card(title, text) {
  const heading = element('h3', '', title)
  const tools = element('div', 'query-tools')
  const output = h('pre', { class: 'code', tabindex: '0' }, text)
  output.setAttribute('aria-label', title)
  output.setAttribute('role', 'region')
  return { heading, tools, output, element: element('section', 'query', element('div', 'head', heading, tools), output) }
}

/** Shows what a question returns, or why it has no answer. @param {ReturnType<typeof card>} part @param {string} heading @param {() => string} ask */
function fill({ heading: title, output, element: section }, heading, ask) {
  title.textContent = heading
  output.setAttribute('aria-label', heading)
  try {
    output.textContent = ask()
    section.dataset.state = 'answer'
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    output.replaceChildren(...prose(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`))
    section.dataset.state = 'none'
  }
}

/** @param {{ users: string[], authenticated: boolean, everyone: boolean }} holders */
function holdersList({ users, authenticated, everyone }) {
  return [...(everyone ? ['everyone, signed in or not'] : []), ...(authenticated ? ['every signed-in user'] : []), ...users].join('\n') || 'no user'
}

/** @param {any} reach */
function reachList(reach) {
  if (Array.isArray(reach)) return reach.map((each) => (typeof each === 'string' ? each : jsonText(each))).join('\n') || 'nowhere'
  const { grants, limits = [], within = [] } = reach
  const line = (/** @type {any} */ { pattern, when, unless, from, until }) => `${pattern}${when ? ` when ${conditions(when)}` : ''}${unless ? ` unless ${conditions(unless)}` : ''}${from ? ` from ${time(from)}` : ''}${until ? ` until ${time(until)}` : ''}`
  return [...grants.map(line), ...limits.map((/** @type {any} */ limit) => `except ${line(limit)}`), ...within.flatMap((/** @type {any[]} */ holder) => holder.map((/** @type {any} */ grant) => `within ${line(grant)}`))].join('\n') || 'nowhere'
}

/** @param {object[]} list */
const conditions = (list) => list.map((each) => JSON.stringify(each)).join(' or ')

/** @param {number} seconds */
const time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16)

/** @param {any} filter @param {'postgres' | 'sqlite'} dialect */
function sqlText(filter, dialect) {
  const { text, params, never } = sql(filter, { dialect, columns: /** @type {any} */ (columnsOf(filter)) })
  if (never) return '-- no row: no query is needed'
  return `SELECT * FROM ${filter.type}\nWHERE ${text}${params.length === 0 ? '' : `\n\n-- parameters: ${JSON.stringify(params)}`}`
}

/** The names of the attributes of a filter: its parts, then those of its conditions. @param {any} filter */
function attributesOf({ shape, where }) {
  const found = new Set(shape.flatMap((/** @type {any} */ segment) => (typeof segment === 'string' ? [] : [`resource.${segment.part}`])))
  const parts = new Set(found)
  const visit = (/** @type {any} */ node) => {
    if (typeof node !== 'object' || node === null) return
    for (const name of [node.attribute, node.ref]) if (typeof name === 'string' && name !== 'resource.path') found.add(name)
    for (const child of Object.values(node)) visit(child)
  }
  visit(where)
  return [...found].map((name) => ({ name, isPart: parts.has(name) }))
}

/** The kind of values that conditions compare an attribute with. @param {any} where @param {string} name @returns {string} */
function kindOf(where, name) {
  let kind = 'string'
  const visit = (/** @type {any} */ node) => {
    if (typeof node !== 'object' || node === null) return
    if (node.attribute === name) {
      const values = Array.isArray(node.equals) ? node.equals : Array.isArray(node.differs) ? node.differs : undefined
      if (values) kind = typeof values[0]
      else if (node.between || node.single) kind = 'number'
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(where)
  return kind
}

/** @param {string} name `resource.meta.owner` as `meta_owner` */
const columnName = (name) => name.split('.').slice(1).join('_')
const COLUMN_TYPES = /** @type {Record<string, string>} */ ({ string: 'text', number: 'double', boolean: 'boolean' })

/** A column for each attribute of a filter, by the values that it is compared with. @param {any} filter */
function columnsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { column: columnName(name), type: COLUMN_TYPES[kindOf(filter.where, name)], ...(isPart && { type: 'text', valid: true }) }]))
}

/** A field of Prisma for each attribute. @param {any} filter */
function prismaFieldsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { field: columnName(name), ...(isPart ? { valid: true, nullable: false } : { type: COLUMN_TYPES[kindOf(filter.where, name)] }) }]))
}

/** A field of MongoDB for each attribute. @param {any} filter */
function mongoFieldsOf(filter) {
  return Object.fromEntries(attributesOf(filter).map(({ name, isPart }) => [name, { field: name.split('.').slice(1).join('.'), ...(isPart && { valid: true }) }]))
}

/** Whether a path has a shape. @param {string} shape @param {string} path */
function fits(shape, path) {
  const [segments, names] = [shape.split('/'), path.split('/')]
  return segments.length === names.length && segments.every((segment, index) => segment.startsWith('{') || segment === names[index])
}

/** Sets the options of a select, and keeps what is chosen. @param {HTMLSelectElement} select @param {[string, string][]} list */
function options(select, list) {
  const { value } = select
  select.replaceChildren(...list.map(([text, value]) => new Option(text, value)))
  if (list.some(([, each]) => each === value)) select.value = value
}
