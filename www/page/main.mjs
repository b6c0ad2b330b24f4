// @ts-check
// The page: a document, who may do what by it, and views of that.

import { App } from './app.mjs'
import { documentStatus } from './document.mjs'
import { button, h } from './element.mjs'
import { Editor } from './editor/index.mjs'
import { FIRST, showGallery, stateOfStory, storyOf } from './gallery.mjs'
import { Matrix } from './matrix.mjs'
import { keepPage } from './offline.mjs'
import { documentTools } from './own.mjs'
import { firstState, isEmbedded, keepState } from './persistence.mjs'
import { showSamples } from './samples.mjs'
import { EMPTY } from './store.mjs'
import { showTabs } from './tabs.mjs'
import { themeButton } from './theme.mjs'

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

start()

async function start() {
  const app = new App((await firstState()) ?? { ...EMPTY, ...stateOfStory(FIRST) })
  const share = isEmbedded
    ? h('a', { href: './', target: '_blank', class: 'open-in', onclick: (event) => (event.currentTarget.href = `./${location.hash}`) }, 'Open in the playground')
    : button('Share', () => openShare(app), { class: 'primary', id: 'share' })
  part('actions').append(share, themeButton())
  const about = () => {
    const story = storyOf(app.state.story)
    const guide = story?.guide === undefined ? [] : [' ', h('a', { href: story.guide, target: '_blank' }, 'Guide')]
    part('about').replaceChildren(story?.text ?? 'A document of your own. It stays in this browser: nothing is uploaded.', ...guide)
  }
  about()
  app.subscribe(about)
  showGallery(part('gallery'), app)
  try {
    await app.start()
  } catch (error) {
    part('matrix-status').textContent = `The module cannot be loaded: ${/** @type {Error} */ (error).message}`
    return
  }
  const matrix = new Matrix(part('matrix-cells'), part('matrix-status'), app)
  matrix.update()
  document.documentElement.dataset.ready = ''
  const editor = new Editor(part('editor'), app)
  documentStatus(part('document-status'), editor, app)
  documentTools(part('document-tools'), app)
  showSamples(part('samples'), app)
  showTabs(part('tabs'), part('panel'), app)
  keepState(app)
  if (!isEmbedded) keepPage(part('offline'))
}

/** Opens the view with the link, and shows it. @param {App} app */
function openShare(app) {
  app.set({ view: 'share' })
  part('tabs').scrollIntoView({ block: 'start' })
  part('tab-share').focus({ preventScroll: true })
}
