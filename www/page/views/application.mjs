// @ts-check
// A small application, as two users see it: the same list, with the buttons that the document's rules leave each of them.

import { NewUserForm } from '../directory/form.mjs'
import { element, field, h } from '../element.mjs'
import { normalized } from '../matrix.mjs'
import { detailsText, nameOf, resourceText } from '../names.mjs'
import { actionsOf, answersOf, rowsOf } from '../rows.mjs'
import { askWorker } from '../worker.mjs'
import '../directory/exchange.css'
import './application.css'

export const title = 'As whom'

/** @param {import('../app.mjs').App} app @returns {import('./index.mjs').View} */
export function create(app) {
  const view = new Application(app)
  return { element: view.element, update: () => view.update() }
}

class Application {
  #app
  #users
  #without
  #windows = [element('div', 'window'), element('div', 'window')]
  #status = h('p', { role: 'status', class: 'result' }, 'Click a button of the application.')
  #wrong = h('p', { role: 'status', class: 'wrong' })
  #form
  #asking = new AbortController()

  /** @param {import('../app.mjs').App} app */
  constructor(app) {
    this.#app = app
    const update = () => this.update()
    this.#users = [h('select', { onchange: update }), h('select', { onchange: update })]
    this.#without = h('select', { onchange: update }, new Option('disabled', 'disabled'), new Option('hidden', 'hidden'))
    this.#form = new NewUserForm(app)
    this.element = element(
      'div',
      'application',
      element('h3', '', 'The same application, for two users'),
      element('p', 'quiet', 'The rows are the resources of the matrix, and each button asks ', element('code', '', 'can'), ' of the same document. A user can change a page, so the worker checks each click again.'),
      this.#wrong,
      element('div', 'choices users', field('Signed in on the left', this.#users[0]), field('Signed in on the right', this.#users[1]), field('Buttons without permission are', this.#without)),
      element('div', 'windows', ...this.#windows),
      this.#status,
      element('h3', '', 'A form, checked while you type'),
      element('p', 'quiet', element('code', '', 'validate'), ' checks the fields in this page. The same body goes to a directory of the product in the worker, which refuses what the form refuses.'),
      this.#form.element,
    )
  }

  update() {
    const { authorizer, state, value } = this.#app
    this.element.toggleAttribute('data-stale', authorizer === undefined)
    this.#wrong.textContent = authorizer === undefined ? 'The document has problems: mend them to see the application.' : ''
    if (authorizer === undefined) return
    const rows = rowsOf(this.#app)
    const vocabulary = authorizer.vocabulary().actions
    const actions = state.samples.map((sample) => actionsOf(sample, vocabulary))
    this.#users.forEach((select, index) => fillUsers(select, rows, value, index))
    this.#users.forEach((select, index) => {
      const row = rows[Number(select.value)]
      this.#windows[index].replaceChildren(...(row === undefined ? [element('p', 'empty', 'The document has no users.')] : this.#contents(row, actions)))
    })
  }

  /** @param {import('../store.mjs').Row} row @param {(readonly string[])[]} actions of each sample */
  #contents(row, actions) {
    const { authorizer, state, value } = this.#app
    const answers = answersOf(authorizer, row, state.samples, actions)
    const isAllowed = (/** @type {import('../rows.mjs').Cell} */ answer) => 'allow' in answer && answer.allow
    const isHidden = this.#without.value === 'hidden'
    const listed = state.samples.flatMap((sample, index) => {
      const buttons = actions[index].flatMap((action, at) => {
        const allowed = isAllowed(answers[index][at])
        if (!allowed && isHidden) return []
        return [h('button', { type: 'button', class: 'small', disabled: !allowed, onclick: () => this.#use(row, sample, action) }, action)]
      })
      return buttons.length === 0 ? [] : [item(sample, buttons)]
    })
    const left = state.samples.length - listed.length
    return [
      element('p', 'account', element('b', '', nameOf(row, value)), row.subject === null ? ' (not signed in)' : ''),
      listed.length === 0 ? element('p', 'empty', 'Nothing to see here.') : element('ul', 'items', ...listed),
      ...(left > 0 && listed.length > 0 ? [element('p', 'quiet left', `${left} more without a button for this user`)] : []),
    ]
  }

  /** What a button of the application does. @param {import('../store.mjs').Row} row @param {import('../store.mjs').Sample} sample @param {string} action */
  async #use(row, sample, action) {
    this.#asking.abort()
    this.#asking = new AbortController()
    const { signal } = this.#asking
    const { state, value } = this.#app
    const what = `${nameOf(row, value)}: ${action} ${resourceText(sample.resource)}. Allowed in this page`
    this.#status.textContent = `${what}; the worker is asked …`
    try {
      const { decision, error } = await askWorker({ system: state.model, records: value, question: normalized({ ...row, ...sample, action }) }, signal)
      this.#status.textContent = `${what}, and ${decision ? `${decision.allow ? 'allowed' : 'denied'} in the worker.` : `not checked again: ${error?.message}.`}`
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

/** A resource of the list with its buttons. @param {import('../store.mjs').Sample} sample @param {HTMLElement[]} buttons */
function item(sample, buttons) {
  const details = detailsText(sample)
  const name = element('p', '', element('code', '', resourceText(sample.resource)), ...(details ? [element('span', 'details', details)] : []))
  return element('li', '', name, h('div', { class: 'buttons', role: 'group', 'aria-label': resourceText(sample.resource) }, ...buttons))
}

/** Lists the users, and keeps the chosen one. @param {HTMLSelectElement} select @param {import('../store.mjs').Row[]} rows @param {any} value @param {number} preferred */
function fillUsers(select, rows, value, preferred) {
  const names = rows.map((row) => nameOf(row, value))
  const shown = [...select.options].map(({ text }) => text)
  if (JSON.stringify(shown) === JSON.stringify(names)) return
  const kept = names.indexOf(shown[Number(select.value)])
  select.replaceChildren(...names.map((name, index) => new Option(name, String(index))))
  select.value = String(kept >= 0 ? kept : Math.min(preferred, names.length - 1))
}
