// @ts-check
// The permission matrix: a grid for each resource, with a row for each subject and a column for each action.

import { button, counted, element, h } from './element.mjs'
import { detailsText, nameOf, resourceText } from './names.mjs'
import { actionsOf, answersOf, rowsOf } from './rows.mjs'

/** So many rows are shown before the others are asked for. */
const ROWS = 25

/** So many actions fit into a column of the page. */
const NARROW = 5

/** @typedef {import('./rows.mjs').Cell} Cell */

export class Matrix {
  #app
  #place
  #status
  /** What the grids show: it changes when rows, samples or actions do. */
  #shape = ''
  #rowLimit = ROWS
  /** @type {HTMLElement[][][]} the cells, by sample, row and action */
  #cells = []

  /** @param {HTMLElement} place @param {HTMLElement} status @param {import('./app.mjs').App} app */
  constructor(place, status, app) {
    this.#app = app
    this.#place = place
    this.#status = status
    place.addEventListener('keydown', (event) => this.#move(event))
    app.subscribe((_, changed) => {
      if (changed.has('story')) this.#rowLimit = ROWS
      this.update()
    })
  }

  update() {
    const { authorizer, pinned, state, problems } = this.#app
    this.#place.toggleAttribute('data-stale', authorizer === undefined)
    if (authorizer === undefined) {
      this.#status.textContent = `${counted(problems.length, 'problem')} in the document: the answers are those from before`
      return
    }
    const all = rowsOf(this.#app)
    const rows = all.slice(0, this.#rowLimit)
    const vocabulary = authorizer.vocabulary().actions
    const actions = state.samples.map((sample) => actionsOf(sample, vocabulary))
    const shape = JSON.stringify([state.samples, rows, actions, all.length])
    if (shape !== this.#shape) this.#build(rows, all.length, actions)
    this.#shape = shape
    let [allowed, changed] = [0, 0]
    rows.forEach((row, rowIndex) => {
      const answers = answersOf(authorizer, row, state.samples, actions)
      const before = pinned && answersOf(pinned, row, state.samples, actions)
      answers.forEach((list, sampleIndex) =>
        list.forEach((answer, actionIndex) => {
          const old = before?.[sampleIndex][actionIndex]
          const change = old && 'allow' in old && 'allow' in answer && old.allow !== answer.allow ? (answer.allow ? 'gained' : 'lost') : ''
          if (change) changed += 1
          if ('allow' in answer && answer.allow) allowed += 1
          fill(this.#cells[sampleIndex][rowIndex][actionIndex], answer, change, this.#isSelected(row, sampleIndex, actions[sampleIndex][actionIndex]))
        }),
      )
    })
    const cells = rows.length * actions.reduce((sum, list) => sum + list.length, 0)
    this.#status.textContent = `${counted(cells, 'answer')}, ${allowed.toLocaleString('en')} allowed${pinned ? `, ${counted(changed, 'change')} against the pinned document` : ''}`
  }

  /** @param {import('./store.mjs').Row} row @param {number} sampleIndex @param {string} action */
  #isSelected(row, sampleIndex, action) {
    const { question, samples } = this.#app.state
    return question !== null && JSON.stringify(questionAt(row, samples[sampleIndex], action)) === JSON.stringify(normalized(question))
  }

  /** @param {import('./store.mjs').Row[]} rows @param {number} count of all rows @param {(readonly string[])[]} actions */
  #build(rows, count, actions) {
    const { state, value } = this.#app
    const grids = state.samples.map((sample, sampleIndex) => {
      const id = `sample-${sampleIndex}`
      const details = detailsText(sample)
      const cells = rows.map((row) => actions[sampleIndex].map((action) => this.#cell(row, sample, action)))
      const head = element('tr', '', element('td', '', element('span', 'hidden-text', 'subject')), ...actions[sampleIndex].map((action) => h('th', { scope: 'col', title: action }, ...breakable(action))))
      const body = rows.map((row, rowIndex) => element('tr', '', h('th', { scope: 'row', title: nameOf(row) }, nameOf(row, value)), ...cells[rowIndex]))
      this.#cells[sampleIndex] = cells
      for (const line of [head, ...body]) line.setAttribute('role', 'row')
      for (const cell of head.children) cell.setAttribute('role', 'columnheader')
      const caption = h('h3', { id }, element('code', '', resourceText(sample.resource)), ...(details ? [element('span', 'details', details)] : []))
      return element('div', actions[sampleIndex].length > NARROW ? 'sample wide' : 'sample', caption, element('div', 'scroll', h('table', { role: 'grid', 'aria-labelledby': id, 'aria-readonly': 'true' }, element('thead', '', head), element('tbody', '', ...body))))
    })
    this.#cells.length = grids.length
    const more = count > rows.length ? [button(`Show all ${counted(count, 'subject')}`, () => this.#showAll(), { class: 'more' })] : []
    const empty = grids.length === 0 ? [element('p', 'empty', 'No resource is listed. Add one below.')] : rows.length === 0 ? [element('p', 'empty', 'The document has no users yet. Add one under `users`, or add a row below.')] : []
    this.#place.replaceChildren(...empty, ...(rows.length === 0 ? [] : grids), ...more)
    for (const sample of this.#cells) sample[0]?.[0]?.setAttribute('tabindex', '0')
  }

  #showAll() {
    this.#rowLimit = Infinity
    this.update()
  }

  /** @param {import('./store.mjs').Row} row @param {import('./store.mjs').Sample} sample @param {string} action */
  #cell(row, sample, action) {
    const select = async () => {
      await this.#app.set({ question: questionAt(row, sample, action), view: 'why' })
      // The answer is below the matrix, on many screens out of sight.
      document.getElementById('panel')?.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
    }
    return h('td', {
      role: 'gridcell',
      tabindex: '-1',
      onclick: select,
      onkeydown: (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        select()
      },
    })
  }

  /** Arrow keys, Home and End move within a grid. @param {KeyboardEvent} event */
  #move(event) {
    const cell = /** @type {HTMLElement} */ (event.target).closest('td[role=gridcell]')
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -Infinity], End: [0, Infinity] }[event.key]
    if (!cell || !by) return
    const grid = this.#cells.find((rows) => rows.some((row) => row.includes(/** @type {HTMLElement} */ (cell))))
    if (!grid) return
    event.preventDefault()
    const rowIndex = grid.findIndex((row) => row.includes(/** @type {HTMLElement} */ (cell)))
    const columnIndex = grid[rowIndex].indexOf(/** @type {HTMLElement} */ (cell))
    const row = grid[Math.min(Math.max(rowIndex + by[0], 0), grid.length - 1)]
    const next = row[Math.min(Math.max(columnIndex + by[1], 0), row.length - 1)]
    for (const each of grid.flat()) each.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus()
  }
}

/** A name that can break behind its separators. @param {string} name @returns {(Node | string)[]} */
function breakable(name) {
  return name.split(/(?<=[_.-])/).flatMap((part, index) => (index === 0 ? [part] : [document.createElement('wbr'), part]))
}

/** The question of a cell. @param {import('./store.mjs').Row} row @param {import('./store.mjs').Sample} sample @param {string} action @returns {import('./store.mjs').Question} */
function questionAt(row, sample, action) {
  return normalized({ ...row, ...sample, action })
}

/** A question with its members in one order. @param {any} question @returns {import('./store.mjs').Question} */
export function normalized({ subject, role, within, action, resource, attributes, context, properties, now }) {
  return JSON.parse(JSON.stringify({ ...(role === undefined ? { subject: subject ?? null } : { role }), within, action, resource, attributes, context, properties, now }))
}

/** @param {HTMLElement} cell @param {Cell} answer @param {string} change @param {boolean} isSelected */
function fill(cell, answer, change, isSelected) {
  const kind = 'error' in answer ? 'error' : answer.allow ? 'allow' : 'deny'
  const text = { allow: '✓', deny: '–', error: '!' }[kind]
  if (cell.textContent !== text) cell.textContent = text
  if (cell.dataset.answer !== kind) cell.dataset.answer = kind
  if ((cell.dataset.change ?? '') !== change) {
    if (change) cell.dataset.change = change
    else delete cell.dataset.change
  }
  const label = `${'error' in answer ? answer.error : answer.allow ? 'allowed' : 'denied'}${change ? `, ${change} since the document was pinned` : ''}`
  if (cell.getAttribute('aria-label') !== label) cell.setAttribute('aria-label', label)
  const selected = String(isSelected)
  if (cell.getAttribute('aria-selected') !== selected) cell.setAttribute('aria-selected', selected)
}
