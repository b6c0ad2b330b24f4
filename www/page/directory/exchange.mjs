// @ts-check
// A request and its responses, as elements and as texts.

import { element, h } from '../element.mjs'

/** @typedef {import('../../directory.mjs').ReceivedResponse} ReceivedResponse */

/** Headers that each response of a directory has, whatever the product. */
const USUAL = ['cache-control', 'x-content-type-options']

/** @type {Record<number, string>} */
const REASONS = {
  ...{ 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 304: 'Not Modified' },
  ...{ 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict' },
  ...{ 412: 'Precondition Failed', 413: 'Content Too Large', 415: 'Unsupported Media Type', 429: 'Too Many Requests' },
  ...{ 500: 'Internal Server Error', 501: 'Not Implemented', 503: 'Service Unavailable' },
}

/**
 * Status, headers and body, as children of an element of the class `response`.
 * @param {ReceivedResponse} response
 * @param {string} [from] where it is from, for the names of its texts
 */
export function responseElements({ status, headers, body, mails }, from = '') {
  const listed = headers.filter(([name]) => !USUAL.includes(name))
  return [
    h('p', { class: 'status', 'data-status': status < 400 ? 'success' : 'failure' }, element('b', '', String(status)), ` ${REASONS[status] ?? ''}`),
    listed.length > 0 ? h('dl', { class: 'headers' }, ...listed.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)])) : '',
    body === '' ? element('p', 'quiet', 'No body') : codeBlock(`Body${from}`, pretty(body)),
    ...mails.map((mail, index) => element('figure', 'mail', element('figcaption', '', 'Mail that the directory sent'), codeBlock(`Mail${mails.length > 1 ? ` ${index + 1}` : ''}${from}`, JSON.stringify(mail, null, 2)))),
  ]
}

/** A text that a keyboard can scroll. @param {string} label @param {string} text */
export function codeBlock(label, text) {
  return h('pre', { class: 'code', tabindex: 0, role: 'region', 'aria-label': label }, text)
}

/** A JSON text, indented; another text as it is. @param {string} text */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** What differs between two responses: nothing is normalized. @param {ReceivedResponse} one @param {ReceivedResponse} other */
export function differingParts(one, other) {
  return /** @type {const} */ (['status', 'headers', 'body', 'mails']).filter((part) => JSON.stringify(one[part]) !== JSON.stringify(other[part]))
}

/**
 * A request as a command for a POSIX shell.
 * @param {string} address @param {import('../../directory.mjs').SentRequest} request
 */
export function curlOf(address, { method, path, headers, body }) {
  const words = ['curl', '-i', ...(method === 'GET' ? [] : ['-X', quoted(method)])]
  for (const [name, value] of headers) words.push('-H', quoted(`${name}: ${value}`))
  if (body !== undefined) words.push('--data-raw', quoted(body))
  return [...words, quoted(address + path)].join(' ')
}

/** @param {string} text */
function quoted(text) {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
