// @ts-check
// The state across reloads: in the fragment of the address, which can be shared, and in this browser's storage.

import { fragmentOf, stateOfFragment } from './link.mjs'
import { modelOf } from './models.mjs'
import { stateFrom } from './store.mjs'

const KEY = 'latchwork-state'
/** How long changes rest before they are written, in milliseconds. */
const REST = 300

/** Whether the page is shown inside of another one: it keeps nothing. */
export const isEmbedded = new URLSearchParams(location.search).has('embed')

/** The state of the address, or that of the last visit; `undefined` if neither has one. */
export async function firstState() {
  return ofKnownModel(await stateOfFragment(location.hash)) ?? (isEmbedded ? undefined : ofKnownModel(storedState()))
}

/** The state, if the page has its model. @param {import('./store.mjs').State | undefined} state */
function ofKnownModel(state) {
  return state && modelOf(state.model) ? state : undefined
}

function storedState() {
  try {
    return stateFrom(JSON.parse(localStorage.getItem(KEY) ?? 'null'))
  } catch {
    return undefined
  }
}

/** Writes each state of the app, and opens the state of an address that is typed. @param {import('./app.mjs').App} app */
export function keepState(app) {
  let timer = 0
  let written = location.hash
  // A state that was only looked at does not replace that of the last visit.
  let isChanged = false
  app.subscribe(() => {
    isChanged = true
    clearTimeout(timer)
    timer = window.setTimeout(write, REST)
  })
  addEventListener('pagehide', store)
  addEventListener('hashchange', async () => {
    if (location.hash === written) return
    const state = ofKnownModel(await stateOfFragment(location.hash))
    if (state) await app.set(state)
  })

  async function write() {
    store()
    written = await fragmentOf(app.state)
    history.replaceState(null, '', written)
  }

  function store() {
    if (isEmbedded || !isChanged) return
    try {
      localStorage.setItem(KEY, JSON.stringify(app.state))
    } catch {
      // The storage is full or off: the address has the state too.
    }
  }
}
