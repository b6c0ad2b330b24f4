// @ts-check
// Text in SQLite without NUL, at which some bindings end a text. The order of texts and their prefixes stay.

/** U+0000 becomes 01 01, U+0001 becomes 01 02; all else is itself, and greater. @param {string} text */
export const toColumn = (text) => text.replace(/[\0\u0001]/g, (letter) => (letter === '\0' ? '\u0001\u0001' : '\u0001\u0002'))

/** @param {string} text */
export const fromColumn = (text) => text.replace(/\u0001(.)/gs, (_pair, second) => (second === '\u0001' ? '\0' : '\u0001'))
