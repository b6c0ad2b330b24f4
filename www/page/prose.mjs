// @ts-check
// Sentences of the package on the page: names in backticks become code, pointers become buttons.

import { button, element } from './element.mjs'
import { extentsOf } from './places.mjs'

/** A sentence, with what stands in backticks as code. @param {string} text @returns {(Node | string)[]} */
export function prose(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : element('code', '', part)))
}

/** A button that shows the place of a JSON pointer in the editor. @param {import('./app.mjs').App} app @param {string} pointer */
export function placeButton(app, pointer) {
  const [place] = extentsOf(app.state.text, [pointer])
  return button(place ? `Line ${place.line}` : 'Document', () => app.point([pointer], true), { class: 'link place', title: pointer || 'the whole document' })
}
