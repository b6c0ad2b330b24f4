// @ts-check
// The gallery: named stories, each opened by one click.

import { button, element } from './element.mjs'
import { STORIES } from 'virtual:stories'

/**
 * @typedef {object} Story
 * @property {string} id
 * @property {string} title
 * @property {string} text what it shows, in a sentence
 * @property {string} model
 * @property {string} document JSON text
 * @property {import('./store.mjs').Sample[]} samples
 * @property {import('./store.mjs').Row[]} rows
 * @property {import('./store.mjs').Question} question
 * @property {any[]} tests
 */

/** @param {string} id */
export const storyOf = (id) => STORIES.find((story) => story.id === id)

/** The members of the state that a story sets. @param {Story} story @returns {Partial<import('./store.mjs').State>} */
export function stateOfStory({ id, model, document, samples, rows, question, tests }) {
  return { story: id, model, text: document, pinned: null, samples, rows, question, tests }
}

/** The story that is open for a visitor who comes for the first time. */
export const FIRST = STORIES[0]

/** Fills the gallery. @param {HTMLElement} place @param {import('./app.mjs').App} app */
export function showGallery(place, app) {
  const entries = STORIES.map((story) => ({ story, made: button(story.title, () => app.set(stateOfStory(story)), { class: 'story', title: story.text }) }))
  const group = (/** @type {string} */ name, /** @type {(story: Story) => boolean} */ isIn) =>
    element('div', 'group', element('h2', '', name), element('div', 'stories', ...entries.filter(({ story }) => isIn(story)).map(({ made }) => made)))
  place.replaceChildren(group('Your own roles', ({ model }) => model === 'rbac'), group('Products', ({ model }) => model !== 'rbac'))

  const show = () => {
    for (const { story, made } of entries) {
      if (story.id === app.state.story) made.setAttribute('aria-current', 'true')
      else made.removeAttribute('aria-current')
    }
  }
  app.subscribe(show)
  show()
}
