// @ts-check
// The editor of the document: a text area at once, and CodeMirror in its place when that is there.

import { h } from '../element.mjs'
import { extentsOf } from '../places.mjs'

/** How long typing rests before the document is opened, in milliseconds. */
const REST = 60

/**
 * What both editors do.
 * @typedef {object} Editing
 * @property {(text: string) => void} setText
 * @property {() => string} text
 * @property {(problems: readonly import('../places.mjs').PlacedProblem[]) => void} showProblems
 * @property {(places: readonly { start: number, end: number }[], scroll: boolean) => void} highlight
 * @property {(place: { start: number, end: number }) => void} select
 */

export class Editor {
  #app
  /** @type {Editing} */
  #editing
  #timer = 0
  /** The pointers that are highlighted. @type {readonly string[]} */
  #pointed = []

  /** @param {HTMLElement} place @param {import('../app.mjs').App} app */
  constructor(place, app) {
    this.#app = app
    const area = h('textarea', { spellcheck: 'false', autocapitalize: 'off', wrap: 'off', 'aria-label': 'Document', oninput: () => this.#typed() })
    area.value = app.state.text
    place.replaceChildren(area)
    this.#editing = editingOf(area)
    app.subscribe((state) => {
      if (this.#timer === 0 && state.text !== this.#editing.text()) this.#editing.setText(state.text)
      this.#show()
    })
    app.onPoint((pointers, scroll) => this.#point(pointers, scroll))
    this.#show()
    this.#upgrade(place, area)
  }

  /** Shows CodeMirror in place of the text area. @param {HTMLElement} place @param {HTMLTextAreaElement} area */
  async #upgrade(place, area) {
    try {
      const { createEditing } = await import('./codemirror.mjs')
      const hadFocus = document.activeElement === area
      this.#editing = createEditing(place, area.value, () => this.#typed(), () => this.#app.state.model, hadFocus)
      this.#show()
      this.#point(this.#pointed, true)
    } catch {
      // The text area does the same, without colors.
    }
  }

  /** Marks the places of JSON pointers. @param {readonly string[]} pointers @param {boolean} scroll to the first one */
  #point(pointers, scroll) {
    this.#pointed = pointers
    const places = this.#app.value === undefined ? [] : extentsOf(this.#app.state.text, pointers)
    this.#editing.highlight(places, scroll && places.length > 0)
  }

  /** @param {{ start: number, end: number }} place */
  select(place) {
    this.#editing.select(place)
  }

  #typed() {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => {
      this.#timer = 0
      this.#app.set({ text: this.#editing.text() })
    }, REST)
  }

  #show() {
    this.#editing.showProblems(this.#app.problems)
  }
}

/** @param {HTMLTextAreaElement} area @returns {Editing} */
function editingOf(area) {
  return {
    setText: (text) => void (area.value = text),
    text: () => area.value,
    showProblems: (problems) => area.setAttribute('aria-invalid', String(problems.length > 0)),
    highlight: () => {},
    select: ({ start, end }) => {
      area.focus()
      area.setSelectionRange(start, end)
    },
  }
}
