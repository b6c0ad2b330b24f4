// @ts-check
// What tests that send the same request several times share.

/** The same bytes for each directory: by chance alone, one of two runs tidies an index and the other does not. */
export function sequence() {
  let state = 1
  return (/** @type {Uint8Array} */ bytes) => bytes.map(() => (state = (state * 48_271) % 2_147_483_647) >> 8)
}

/** @param {Request} request @param {Uint8Array} body */
export function copyOf({ url, method, headers }, body) {
  const copy = new Request(url, { method: 'POST', headers, ...(body.length > 0 && { body: /** @type {BodyInit} */ (body) }) })
  Object.defineProperty(copy, 'method', { value: method })
  return copy
}
