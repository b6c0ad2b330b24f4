// @ts-check
// Concurrent writers that increment a counter by compare-and-swap. It runs in any runtime.

export const COUNTER = 'counter'

/** The longest pause after a refusal, in milliseconds. */
const PAUSE_MAX = 64

/**
 * Counts up with many writers at once; how many tries were refused.
 * @param {import('latchwork/stores/memory').Store} store @param {number} writers @param {number} times
 */
export async function countUp(store, writers, times) {
  const refused = await Promise.all(Array.from({ length: writers }, () => increment(store, times)))
  return refused.reduce((sum, refused) => sum + refused, 0)
}

/** @param {import('latchwork/stores/memory').Store} store @param {number} times */
async function increment(store, times) {
  let refused = 0
  for (let done = 0, pause = 1; done < times; ) {
    const [entry] = await store.read([COUNTER])
    if (await store.commit([{ key: COUNTER, expect: entry?.version ?? null, value: String(Number(entry?.value ?? 0) + 1) }])) {
      done += 1
      pause = 1
    } else {
      refused += 1
      pause = Math.min(pause * 2, PAUSE_MAX)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pause))
    }
  }
  return refused
}
