// @ts-check
// Waits for a promise with a timeout.

/**
 * Runs a step and waits for its result at most this long. The result of a late step is ignored.
 * @template T
 * @param {number} milliseconds
 * @param {() => T | Promise<T>} step
 * @param {() => Error} late makes the error of a timeout
 * @returns {Promise<T>}
 */
export async function withTimeout(milliseconds, step, late) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(milliseconds, 0))
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([step(), timeout]))
  } finally {
    clearTimeout(timer)
  }
}
