// @ts-check
// Encodes strings for SQLite without NUL, at which some bindings end a string. Order and prefixes are preserved.

/** U+0000 becomes 01 01, U+0001 becomes 01 02. All other characters are unchanged, and greater. @param {string} text */
export const toColumn = (text) => text.replace(/[\0\u0001]/g, (letter) => (letter === '\0' ? '\u0001\u0001' : '\u0001\u0002'))

/** @param {string} text */
export const fromColumn = (text) => text.replace(/\u0001(.)/gs, (_pair, second) => (second === '\u0001' ? '\0' : '\u0001'))
