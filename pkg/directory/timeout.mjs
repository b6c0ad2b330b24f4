// @ts-check
// Waiting, and not for ever.

/**
 * Waits for a step at most so long. What a late step comes to is nobody's concern any more.
 * @template T
 * @param {number} patience in milliseconds
 * @param {() => T | Promise<T>} step
 * @param {() => Error} late
 * @returns {Promise<T>}
 */
export async function within(patience, step, late) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const bell = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(patience, 0))
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([step(), bell]))
  } finally {
    clearTimeout(timer)
  }
}
