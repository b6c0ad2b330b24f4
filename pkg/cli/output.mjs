// @ts-check
// Prints the output of a command: text, with color on a terminal, or JSON.

/** Codes of colors (SGR). */
const CODES = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36, dim: 2 }

/** @typedef {keyof typeof CODES} Color */

/**
 * A function that colors text if the stream is a terminal, and NO_COLOR (no-color.org) is not set.
 * @param {{ isTTY?: boolean }} [stream]
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {(color: Color, text: string) => string}
 */
export function painter(stream = process.stdout, environment = process.env) {
  const colors = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  return (color, text) => (colors ? `\x1b[${CODES[color]}m${text}\x1b[0m` : text)
}

/** Prints a value as JSON. @param {unknown} value */
export function printJson(value) {
  console.log(JSON.stringify(value, null, 2))
}

/** `file:line:column`, which editors and terminals can open. @param {{ file?: string, line?: number, column?: number }} place */
export function placeText({ file, line, column }) {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

/** Shows the progress of long work, if the standard error is a terminal. */
export class Progress {
  #last = 0
  #isVisible = false

  /** @param {string} what @param {number} done @param {number} all */
  showProgress(what, done, all) {
    const now = Date.now()
    if (!process.stderr.isTTY || now - this.#last < 100) return
    this.#last = now
    this.#isVisible = true
    process.stderr.write(`\r\x1b[K${what} ${done} of ${all}`)
  }

  end() {
    if (this.#isVisible) process.stderr.write('\r\x1b[K')
    this.#isVisible = false
  }
}
