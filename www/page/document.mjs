// @ts-check
// Below the editor: the problems of the document, each with a link to its place.

import { button, counted, element } from './element.mjs'
import { prose } from './prose.mjs'

/** The most problems that are listed. */
const LISTED = 50

/** @param {HTMLElement} place @param {import('./editor/index.mjs').Editor} editor @param {import('./app.mjs').App} app */
export function documentStatus(place, editor, app) {
  const summary = element('p', 'summary')
  summary.setAttribute('role', 'status')
  const list = element('ol', 'problems')
  list.setAttribute('aria-label', 'Problems of the document')
  place.replaceChildren(summary, list)
  app.subscribe(update)
  update()

  function update() {
    const { problems } = app
    place.dataset.state = problems.length === 0 ? 'valid' : 'wrong'
    summary.textContent = problems.length === 0 ? 'No problems' : counted(problems.length, 'problem')
    list.replaceChildren(...problems.slice(0, LISTED).map(itemOf))
  }

  /** @param {import('./places.mjs').PlacedProblem} problem */
  function itemOf(problem) {
    const link = button('', () => editor.select(problem))
    link.append(element('b', '', `Line ${problem.line}`), ' ', ...prose(problem.message), ' ', element('code', '', problem.code))
    if (problem.path) link.append(' at ', element('code', '', problem.path))
    return element('li', '', link)
  }
}
