// @ts-check
// Asks the worker that is served beside the page.

/** The code of the page's own error for a worker that gives no answer. */
export const UNREACHABLE = 'unreachable'

/** @typedef {Partial<ReturnType<typeof import('../decide-and-explain.mjs').decideAndExplain>> & { error?: { code: string, message: string, problems?: import('./places.mjs').Problem[] } }} Answer */

/**
 * @param {unknown} asked system, records and question
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function askWorker(asked, signal) {
  try {
    const response = await fetch('./worker/decide', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      signal,
    })
    return await response.json()
  } catch (error) {
    if (signal.aborted) throw error
    return { error: { code: UNREACHABLE, message: 'the worker cannot be reached' } }
  }
}
