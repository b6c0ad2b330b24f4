// @ts-check
// Questions with more than one answer: who may, where, which rows of a database, and what a browser needs to know.

import { LatchworkError } from 'latchwork/rbac/web'
import { jsonText } from '../../stories/json.mjs'
import { optionsOf } from '../app.mjs'
import { button, element, field, h } from '../element.mjs'
import { FORMS, filterAs, typeOfResource } from '../filters.mjs'
import { modelOf } from '../models.mjs'
import { nameOf, resourceText } from '../names.mjs'
import { prose } from '../prose.mjs'
import { rowsOf } from '../rows.mjs'
import { copy } from '../toast.mjs'
import './queries.css'

export const title = 'Queries'

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const who = h('select', { onchange: () => show() })
  const action = h('select', { onchange: () => show() })
  const type = h('select', { onchange: () => show() })
  const form = h('select', { onchange: () => show() }, ...FORMS.map((name) => new Option(name)))
  const parts = { holders: card('Who may', ''), reach: card('Where', ''), filter: card('Which rows', ''), slice: card('What a browser needs', '') }
  const controls = h('form', { class: 'query-form fields', 'aria-label': 'Query', onsubmit: (event) => event.preventDefault() }, field('Who', who), field('Action', action))
  parts.filter.tools.append(field('Type', type), field('Form', form))
  parts.slice.tools.append(button('Copy', () => copy(parts.slice.output.textContent ?? '', 'Slice'), { class: 'small' }))
  parts.filter.tools.append(button('Copy', () => copy(parts.filter.output.textContent ?? '', 'Query'), { class: 'small' }))
  const wrong = h('p', { class: 'wrong', role: 'status' })
  /** @type {import('../store.mjs').Row[]} */
  let rows = []
  let asked = 0
  /** @type {import('../store.mjs').Question | null} */
  let last = null

  /** @param {import('../store.mjs').State} state */
  function update({ question }) {
    asked += 1
    wrong.textContent = app.authorizer ? '' : 'The document has problems: mend them to ask.'
    made.toggleAttribute('data-wrong', !app.authorizer)
    if (!app.authorizer) return
    rows = rowsOf(app).filter(({ within }) => within === undefined)
    options(who, rows.map((row, index) => [nameOf(row, app.value), String(index)]))
    options(action, app.authorizer.vocabulary().actions.map((/** @type {string} */ name) => [name, name]))
    options(type, Object.keys(app.value?.resources ?? {}).map((name) => [name, name]))
    if (question && question !== last) {
      const index = rows.findIndex(({ subject, role }) => (role === undefined ? subject === question.subject : role === question.role))
      if (index >= 0) who.value = String(index)
      action.value = question.action
      const shape = typeOfResource(question.resource, app.value?.resources)
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
        try {
          return filterAs(form.value, subject.filter(action.value, type.value, extra))
        } catch (error) {
          if (type.value !== '' || !(error instanceof LatchworkError) || error.code === 'unsupported') throw error
          throw new NoAnswer('the document has no types of resources: list the shapes of their paths in `resources`')
        }
      })
      fill(parts.slice, `What a browser needs for ${name}`, () => jsonText(authorizer.slice(row.role === undefined ? row.subject ?? null : { role: row.role })))
    } finally {
      subject.dispose()
    }
  }

  const made = element('div', 'queries', wrong, controls, ...Object.values(parts).map(({ element }) => element))
  return { element: made, update }
}

/** Why there is no answer. */
class NoAnswer extends Error {}

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
    if (!(error instanceof LatchworkError || error instanceof NoAnswer)) throw error
    const [first, ...rest] = error.message.split(' ')
    const start = modelOf(first)?.title ?? `${first[0].toUpperCase()}${first.slice(1)}`
    output.replaceChildren(...prose(`${[start, ...rest].join(' ')}.`))
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

/** Sets the options of a select, and keeps what is chosen. @param {HTMLSelectElement} select @param {[string, string][]} list */
function options(select, list) {
  const { value } = select
  select.replaceChildren(...list.map(([text, value]) => new Option(text, value)))
  if (list.some(([, each]) => each === value)) select.value = value
}
