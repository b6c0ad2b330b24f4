// @ts-check
// An error that the caller of the command can correct.

/**
 * A problem in a file, with the place that it was found at.
 * @typedef {{ path: string, code: string, message: string, file?: string, line?: number, column?: number }} Problem
 */

/** A mistake in what was typed or in a file: with a stable code, and a message that says what to type instead. */
export class Mistake extends Error {
  /** 1 if the content of a file is wrong, not what was typed. */
  exitCode = 2

  /**
   * @param {string} code
   * @param {string} message
   * @param {readonly Problem[]} [problems] all that is wrong with a document
   */
  constructor(code, message, problems = []) {
    super(message)
    this.code = code
    this.problems = problems
  }
}

/** A mistake in the content of a file. @param {string} code @param {string} message @param {readonly Problem[]} [problems] */
export function contentMistake(code, message, problems) {
  const mistake = new Mistake(code, message, problems)
  mistake.exitCode = 1
  return mistake
}
