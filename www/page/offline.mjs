// @ts-check
// Lets the browser keep the page for visits without a network.

import './trusted.mjs'

/** Starts the service worker, and says in an element that the page is kept. @param {HTMLElement} place */
export async function keepPage(place) {
  const { serviceWorker } = navigator
  // Absent in an insecure context, and in some private windows.
  if (serviceWorker === undefined) return
  try {
    await serviceWorker.register(new URL('service-worker.js', document.baseURI))
  } catch {
    // The development server has no service worker, and a browser may refuse to store files. The page works without.
    return
  }
  await serviceWorker.ready
  place.textContent = 'This browser keeps the page, so that it also works without a network.'
}
