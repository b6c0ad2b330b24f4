// @ts-check
// The tabs of the views, and the panel below them.

import { element, h } from './element.mjs'
import { VIEWS } from './views/index.mjs'

/** @param {HTMLElement} list @param {HTMLElement} panel @param {import('./app.mjs').App} app */
export function showTabs(list, panel, app) {
  /** @type {Map<string, Promise<import('./views/index.mjs').View>>} */
  const made = new Map()
  let open = ''
  /** @type {import('./views/index.mjs').View | undefined} */
  let view
  const tabs = VIEWS.map(({ name, title }) => h('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel', onclick: () => app.set({ view: name }) }, title))
  list.replaceChildren(...tabs)
  list.addEventListener('keydown', moveBetweenTabs)
  app.subscribe(update)
  update()

  /** @param {KeyboardEvent} event */
  function moveBetweenTabs(event) {
    const at = tabs.indexOf(/** @type {any} */ (document.activeElement))
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const tab = tabs[(to + tabs.length) % tabs.length]
    tab.focus()
    tab.click()
  }

  async function update() {
    const { state } = app
    const { name } = VIEWS.find((each) => each.name === state.view) ?? VIEWS[0]
    if (name === open) return view?.update(state)
    open = name
    view = undefined
    for (const [index, tab] of tabs.entries()) {
      const isOpen = VIEWS[index].name === name
      tab.setAttribute('aria-selected', String(isOpen))
      tab.tabIndex = isOpen ? 0 : -1
      // On a narrow screen, the tabs are wider than their place.
      if (isOpen) list.scrollTo({ left: tab.offsetLeft - (list.clientWidth - tab.clientWidth) / 2 })
    }
    panel.setAttribute('aria-labelledby', `tab-${name}`)
    panel.dataset.view = name
    panel.setAttribute('aria-busy', 'true')
    try {
      const opened = await viewOf(name)
      if (open !== name) return
      view = opened
      panel.replaceChildren(view.element)
      panel.removeAttribute('aria-busy')
      view.update(app.state)
    } catch (error) {
      made.delete(name)
      if (open !== name) return
      panel.removeAttribute('aria-busy')
      panel.replaceChildren(element('p', 'failure', `This view cannot be loaded: ${/** @type {Error} */ (error).message}`))
    }
  }

  /** @param {string} name */
  function viewOf(name) {
    const found = made.get(name) ?? /** @type {typeof VIEWS[number]} */ (VIEWS.find((each) => each.name === name)).load().then(({ create }) => create(app))
    made.set(name, found)
    return found
  }
}
