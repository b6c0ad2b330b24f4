// @ts-check
// A text area that shows problems at their place: the lines numbered, the text underlined, the message behind
// its line. What is behind the text area repeats its text, in the same metrics.

import { element } from './element.mjs'

/** @typedef {import('./places.mjs').PlacedProblem} PlacedProblem */

export class Editor {
  #text
  #gutter
  #marks
  #list

  /** @param {{ text: HTMLTextAreaElement, gutter: HTMLElement, marks: HTMLElement, list: HTMLElement }} parts */
  constructor({ text, gutter, marks, list }) {
    this.#text = text
    this.#gutter = gutter
    this.#marks = marks
    this.#list = list
    text.addEventListener('scroll', () => this.#follow())
  }

  get value() {
    return this.#text.value
  }

  set value(text) {
    this.#text.value = text
    this.#text.scrollTo(0, 0)
  }

  /** @param {readonly PlacedProblem[]} problems */
  show(problems) {
    const inOrder = [...problems].sort((a, b) => a.start - b.start)
    this.#text.setAttribute('aria-invalid', String(problems.length > 0))
    this.#gutter.replaceChildren(...numbers(this.value, inOrder))
    this.#marks.replaceChildren(...underlined(this.value, inOrder))
    this.#list.replaceChildren(...inOrder.map((problem) => this.#item(problem)))
    this.#follow()
  }

  /** A problem as a link to its place. @param {PlacedProblem} problem */
  #item(problem) {
    const button = element('button', '', element('b', '', `Line ${problem.line}`), ` ${problem.message} `, element('code', '', problem.code))
    if (problem.path) button.append(' at ', element('code', '', problem.path))
    button.type = 'button'
    button.addEventListener('click', () => this.#goTo(problem))
    return element('li', '', button)
  }

  /** @param {PlacedProblem} problem */
  #goTo({ start, end, line }) {
    const height = this.#text.scrollHeight / this.value.split('\n').length
    this.#text.focus()
    this.#text.setSelectionRange(start, end)
    this.#text.scrollTo(0, (line - 1) * height - this.#text.clientHeight / 3)
  }

  #follow() {
    this.#gutter.scrollTop = this.#text.scrollTop
    this.#marks.scrollTo(this.#text.scrollLeft, this.#text.scrollTop)
  }
}

/** @param {string} text @param {readonly PlacedProblem[]} problems */
function numbers(text, problems) {
  const wrong = new Set(problems.map(({ line }) => line))
  return text.split('\n').map((_, index) => element('span', wrong.has(index + 1) ? 'wrong' : '', `${index + 1}\n`))
}

/**
 * The lines of the text, with what is wrong in them marked and said.
 * @param {string} text
 * @param {readonly PlacedProblem[]} problems
 */
function underlined(text, problems) {
  /** @type {Node[]} */
  const nodes = []
  let offset = 0
  for (const [index, line] of text.split('\n').entries()) {
    const here = problems.filter((problem) => problem.line === index + 1)
    nodes.push(...underline(line, offset, here))
    if (here.length > 0) nodes.push(element('span', 'note', `  ${here.map(({ message }) => message).join('; ')}`))
    nodes.push(document.createTextNode('\n'))
    offset += line.length + 1
  }
  return nodes
}

/** @param {string} line @param {number} offset of the line in the text @param {readonly PlacedProblem[]} problems */
function underline(line, offset, problems) {
  /** @type {Node[]} */
  const nodes = []
  let done = 0
  for (const { start, end } of problems) {
    const from = Math.max(done, start - offset)
    const to = Math.min(line.length, end - offset)
    if (to <= from) continue
    nodes.push(document.createTextNode(line.slice(done, from)), element('mark', '', line.slice(from, to)))
    done = to
  }
  return [...nodes, document.createTextNode(line.slice(done))]
}
