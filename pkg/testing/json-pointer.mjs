// @ts-check
// Names in JSON pointers (RFC 6901).

/** A name, escaped for a JSON pointer. @param {string} name */
export const escaped = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1')
