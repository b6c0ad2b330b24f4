// @ts-check
// The gallery: named stories, each opened by one click.

import { STORIES } from 'virtual:stories'

/**
 * @typedef {object} Story
 * @property {string} id
 * @property {string} title
 * @property {string} text what it shows, in a sentence
 * @property {string} [guide] the address of its guide
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

/** Lets the stories of the gallery be opened; they are in the page from the start. @param {HTMLElement} place @param {import('./app.mjs').App} app */
export function showGallery(place, app) {
  const stories = /** @type {HTMLButtonElement[]} */ ([...place.querySelectorAll('[data-story]')])
  for (const made of stories) {
    const story = storyOf(made.dataset.story ?? '')
    if (story) made.addEventListener('click', () => app.set(stateOfStory(story)))
  }

  const show = () => {
    for (const made of stories) {
      if (made.dataset.story === app.state.story) made.setAttribute('aria-current', 'true')
      else made.removeAttribute('aria-current')
    }
  }
  app.subscribe(show)
  show()
}
