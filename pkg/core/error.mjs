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

/** The error of a method that has another name now. @param {string} old @param {string} now */
export function renamed(old, now) {
  return new LatchworkError('unsupported', `\`${old}\` is now \`${now}\``)
}

/** The mark of errors, of every copy of this package: one program may have two, for `import` and for `require`. */
const BRAND = Symbol.for('latchwork.error')

/** An error of this package. `code` is stable; `problems` lists all that is wrong with a document. */
export class LatchworkError extends Error {
  // Fields, not assignments: a setter or a frozen member on a prototype must not get between.
  name = 'LatchworkError'
  /** @type {string} */
  code

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    if (this !== LatchworkError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && BRAND in value
  }

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
    Object.defineProperty(this, 'problems', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: problems, enumerable: true }))
  }

  get [BRAND]() {
    return true
  }

  /** What JSON has of an error: its message is no enumerable member. */
  toJSON() {
    const { name, code, message } = this
    return { name, code, message, ...(Object.hasOwn(this, 'problems') && { problems: /** @type {any} */ (this).problems }) }
  }
}
