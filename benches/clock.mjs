// @ts-check
// Time of the processor, in interleaved rounds: what else runs on the machine counts little, and hits all alike.

/** Microseconds that this process has computed. */
export function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * A candidate: `pass` asks so many questions and returns how many were allowed. With `given`, each pass gets values of its own.
 * @typedef {{ pass: (given: any) => number, questions: number, given?: () => unknown, expect?: number }} Candidate
 */

/** A round of one candidate takes about so many microseconds. */
const ROUND = 6_000

/**
 * Nanoseconds of one question, for each candidate: the median of the rounds.
 * @template {string} K @param {Record<K, Candidate>} candidates @param {number} [rounds]
 * @returns {Record<K, number>}
 */
export function measure(candidates, rounds = 15) {
  const entries = /** @type {[K, Candidate][]} */ (Object.entries(candidates))
  const all = entries.map(([name, { pass, questions, given, expect }]) => {
    const once = (/** @type {number} */ passes) => {
      let took = 0
      for (let done = 0; done < passes; done += 1) {
        const values = given?.()
        const start = cpu()
        const allowed = pass(values)
        took += cpu() - start
        if (expect !== undefined && allowed !== expect) throw new Error(`${name}: allowed ${allowed} of ${questions} questions instead of ${expect}`)
      }
      return took
    }
    // Twice: the first time compiles.
    once(2)
    const passes = Math.max(1, Math.min(500, Math.round(ROUND / Math.max(1, once(1)))))
    return { name, questions, passes, once, times: /** @type {number[]} */ ([]) }
  })
  for (let round = -2; round < rounds; round += 1) {
    for (const { once, passes, questions, times } of all) {
      const took = (once(passes) * 1_000) / (passes * questions)
      // The first rounds warm up.
      if (round >= 0) times.push(took)
    }
  }
  return /** @type {any} */ (Object.fromEntries(all.map(({ name, times }) => [name, median(times)])))
}

/** Whole numbers below `limit` in an order that a processor cannot guess, the same in each run. @param {number} length @param {number} limit @param {number} [seed] */
export function places(length, limit, seed = 0x9e3779b9) {
  const list = new Uint32Array(length)
  let state = seed >>> 0
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    list[index] = (state >>> 0) % limit
  }
  return list
}
