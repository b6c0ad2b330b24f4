// @ts-check
// The question of the views as a form: who, what, on which resource.

import { button, element, field, h } from './element.mjs'
import { normalized } from './matrix.mjs'
import { nameOf } from './names.mjs'
import { parse } from './places.mjs'
import { rowsOf } from './rows.mjs'

/** Members that are JSON in their fields. */
const JSON_MEMBERS = /** @type {const} */ (['attributes', 'context', 'properties', 'within'])
const LABELS = { attributes: 'Attributes of the resource (JSON)', context: 'Context (JSON)', properties: 'Action properties (JSON)', within: 'Within a holder (JSON)' }

/** @param {import('./app.mjs').App} app */
export function questionForm(app) {
  const who = h('select', { onchange: change })
  const other = h('input', { spellcheck: 'false', autocapitalize: 'off', onchange: change })
  const otherField = field('Id', other)
  const action = h('select', { onchange: change })
  const resource = h('input', { spellcheck: 'false', autocapitalize: 'off', onchange: change })
  const now = h('input', { type: 'datetime-local', step: '1', onchange: change })
  const json = Object.fromEntries(JSON_MEMBERS.map((name) => [name, h('input', { spellcheck: 'false', autocapitalize: 'off', placeholder: '{ }', onchange: change })]))
  const wrong = h('p', { class: 'failure', role: 'status' })
  const more = element('details', 'more-of-question', element('summary', '', 'More of the question'), element('div', 'fields', field(LABELS.context, json.context), field(LABELS.properties, json.properties), field(LABELS.within, json.within), field('Time (UTC)', now)))
  const form = h(
    'form',
    { class: 'question', autocomplete: 'off', 'aria-label': 'Question', onsubmit: (event) => event.preventDefault() },
    element('div', 'fields', field('Who', who), otherField, field('Action', action), field('Resource', resource), field(LABELS.attributes, json.attributes)),
    more,
    wrong,
  )
  /** @type {import('./store.mjs').Row[]} */
  let rows = []

  function change() {
    const others = /** @type {any} */ ({})
    for (const name of JSON_MEMBERS) {
      const text = json[name].value.trim()
      const { value, problems } = parse(text || 'null')
      json[name].setAttribute('aria-invalid', String(problems !== undefined))
      if (problems) return void (wrong.textContent = `${LABELS[name]}: ${problems[0].message}`)
      if (text) others[name] = value
    }
    wrong.textContent = ''
    const chosen = who.value === 'other' ? { subject: other.value } : rows[Number(who.value)]
    otherField.hidden = who.value !== 'other'
    const { within, ...row } = /** @type {any} */ (chosen)
    const time = now.value === '' ? undefined : Math.floor(new Date(`${now.value}Z`).getTime() / 1000)
    app.set({ question: normalized({ ...row, ...others, action: action.value, resource: resourceOf(resource.value), now: time }) })
  }

  return {
    form,
    /** Shows the question of the state, except in the field that is being edited. */
    update() {
      const { question } = app.state
      if (!app.authorizer || !question) return
      rows = rowsOf(app)
      const key = JSON.stringify(whoOf(question))
      const index = rows.findIndex((row) => JSON.stringify(whoOf({ ...row, within: undefined })) === key && row.within === undefined)
      const options = rows.flatMap((row, at) => (row.within === undefined ? [new Option(nameOf(row, app.value), String(at))] : []))
      who.replaceChildren(...options, new Option('another id …', 'other'))
      who.value = index < 0 ? 'other' : String(index)
      otherField.hidden = index >= 0
      if (index < 0) other.value = typeof question.subject === 'string' ? question.subject : nameOf(question)
      const actions = app.authorizer.vocabulary().actions
      action.replaceChildren(...[...new Set([...actions, question.action])].map((/** @type {string} */ name) => new Option(actions.includes(name) ? name : `${name} (unknown)`, name)))
      action.value = question.action
      set(resource, typeof question.resource === 'string' ? question.resource : JSON.stringify(question.resource))
      set(now, question.now === undefined ? '' : new Date(question.now * 1000).toISOString().slice(0, 19))
      for (const name of JSON_MEMBERS) set(json[name], question[name] === undefined ? '' : JSON.stringify(question[name]))
      if (JSON_MEMBERS.some((name) => name !== 'attributes' && question[name] !== undefined) || question.now !== undefined) more.open = true
    },
  }
}

/** @param {HTMLInputElement} input @param {string} value */
function set(input, value) {
  if (document.activeElement !== input && input.value !== value) input.value = value
}

/** @param {any} who */
function whoOf({ subject, role }) {
  return role === undefined ? { subject: subject ?? null } : { role }
}

/** A resource as it is typed: a path, or an object as JSON. @param {string} text */
function resourceOf(text) {
  if (!text.trim().startsWith('{')) return text
  const { value, problems } = parse(text)
  return problems ? text : value
}

/** A button that makes a question the one of the page. @param {import('./app.mjs').App} app @param {any} question @param {string} label */
export function askButton(app, question, label) {
  return button(label, () => app.set({ question: normalized(question), view: 'why' }), { class: 'small' })
}
