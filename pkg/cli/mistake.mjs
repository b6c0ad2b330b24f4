// @ts-check
// An error that the user of the command can correct.

/**
 * A problem in a file, with its position.
 * @typedef {{ path: string, code: string, message: string, file?: string, line?: number, column?: number }} Problem
 */

/** A mistake in the arguments or in a file, with a stable code, and a message that names what to type instead. */
export class Mistake extends Error {
  /** 1 if the content of a file is not valid, 2 if an argument is not. */
  exitCode = 2

  /**
   * @param {string} code
   * @param {string} message
   * @param {readonly Problem[]} [problems] all problems of a document
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
