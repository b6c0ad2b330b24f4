// @ts-check
// Calls that take this thread, one after another, with a turn of the event loop before each: many at once do not hold
// up all else that the thread has to do.

// Taken at import: fake timers of a test must not stop it.
const { setImmediate, setTimeout } = globalThis

/** @type {Promise<unknown>} */
let last = Promise.resolve()

/** @type {import('./instance.mjs').Run} */
export function inTurn(act) {
  const call = last.then(nextTurn).then(act)
  last = call.catch(() => {})
  return call
}

function nextTurn() {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve)
  })
}
