// @ts-check
// What a caller gets instead of an answer.

/** Whether something that was thrown is an error of this package. What throws when it is looked at is not. @param {unknown} error @returns {error is LatchworkError} */
export function isTyped(error) {
  try {
    return error instanceof LatchworkError
  } catch {
    return false
  }
}

/** An error of this package. `code` is stable; `problems` lists all that is wrong with a document. */
export class LatchworkError extends Error {
  // Fields, not assignments: a setter or a frozen member on a prototype must not get between.
  name = 'LatchworkError'
  /** @type {string} */
  code

  /**
   * @param {string} code
   * @param {string} message
   * @param {readonly unknown[]} [problems]
   * @param {unknown} [cause]
   */
  constructor(code, message, problems, cause) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (!problems?.length) return
    // Without a prototype, because a `get` on Object.prototype would be taken for a part of it.
    const descriptor = Object.assign(Object.create(null), { value: problems, enumerable: true })
    Object.defineProperty(this, 'problems', descriptor)
  }

  /** What JSON has of an error: its message is no enumerable member. */
  toJSON() {
    const { name, code, message } = this
    const problems = Object.hasOwn(this, 'problems') ? /** @type {any} */ (this).problems : undefined
    return problems === undefined ? { name, code, message } : { name, code, message, problems }
  }
}
