// @ts-check
// Yields to the event loop.

// Captured at import, so that a test's fake timers do not stop those who wait.
const { setImmediate, setTimeout } = globalThis

/** Resolves in a later turn of the event loop, after what the current one has still to do. @returns {Promise<void>} */
export function nextTask() {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve)
  })
}
