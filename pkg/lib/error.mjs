// @ts-check
// What a caller gets instead of an answer.

/** An error of this package. `code` is stable; `problems` lists all that is wrong with a document. */
export class LatchworkError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ problems?: readonly unknown[], cause?: unknown }} [details]
   */
  constructor(code, message, details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'LatchworkError'
    this.code = code
    if (details.problems?.length) this.problems = details.problems
  }
}
