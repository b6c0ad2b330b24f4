// @ts-check
// Converts the request of a case to a `Request`.

const ORIGIN = 'http://127.0.0.1'

/**
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path
 * @property {any} [query]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array} [body]
 */

/**
 * The constructor of `Request` keeps some requests from being made that a server can get. Each is sent all the
 * same:
 * - a method that it refuses or rewrites (TRACE, `get`), and a GET or HEAD with a body: the request is made as
 *   a POST with its own method;
 * - what would end or bend the path (`#`, `\`, blanks): percent-encoded, as no part of a path means anything else;
 * - a header's text beyond Latin-1: as the bytes of its UTF-8, one character each, as a server reads them.
 *
 * Dot segments are resolved, as every client and every server that speaks `fetch` does before a handler runs.
 * @param {Call} call
 */
export function requestOf({ method, path, query, headers = {}, body }) {
  const url = new URL(ORIGIN + path.replace(/[\0-\x20\\#]/g, encodeURIComponent))
  // Not by `searchParams`, which would spell the path's own part of the query anew.
  url.search = [url.search, String(new URLSearchParams(pairsOf(query)))].filter(Boolean).join('&')
  const carrier = body === undefined ? 'GET' : 'POST'
  const request = new Request(url, {
    method: carrier,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, asBytes(value)])),
    ...(body !== undefined && { body: /** @type {BodyInit} */ (body) }),
  })
  if (method !== carrier) Object.defineProperty(request, 'method', { value: method })
  return request
}

/** A query as an object of values or lists of values, as pairs, or as text. @param {any} query @returns {[string, string][]} */
function pairsOf(query) {
  if (query === undefined || query === null) return []
  if (typeof query === 'string' || Array.isArray(query)) return [...new URLSearchParams(query)]
  return Object.entries(query).flatMap(([name, value]) => [value].flat().map((item) => /** @type {[string, string]} */ ([name, String(item)])))
}

/** @param {string} text */
function asBytes(text) {
  return String.fromCharCode(...new TextEncoder().encode(text))
}

/**
 * Cargo's body of a publication: the metadata and the crate, each with its length before it. A case shows the
 * metadata alone; the content of the crate is not read.
 * @param {string} metadata
 */
export function publication(metadata) {
  const parts = [metadata, 'crate'].map((text) => new TextEncoder().encode(text))
  return new Uint8Array(parts.flatMap((part) => [...littleEndian(part.length), ...part]))
}

/** @param {number} length */
function littleEndian(length) {
  return [0, 8, 16, 24].map((shift) => (length >>> shift) & 0xff)
}
