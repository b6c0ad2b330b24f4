// @ts-check
// One directory in this page and one on the server, opened on the same records and sent the same requests.

import '../trusted.mjs'

/** @typedef {import('../../directory.mjs').ReceivedResponse} ReceivedResponse */
/** @typedef {import('../../directory.mjs').SentRequest} SentRequest */
/** What the server gave: its directory's response, or why there is none. @typedef {{ response: ReceivedResponse, reason?: undefined } | { response?: undefined, reason: string }} FromServer */

export const UNREACHABLE = 'The worker cannot be reached.'

/**
 * Opens both. Only the one in the page has to succeed.
 * @param {string} system
 * @param {unknown} records
 */
export async function openPair(system, records) {
  const id = randomId()
  const address = new URL(`directories/${id}`, document.baseURI).href
  const opening = { system, records, publicUrl: address }
  const opened = fromServer(address, 'PUT', opening)
  const { openDirectory } = await import('../../directory.mjs')
  const page = await openDirectory({ ...opening, id })
  const { reason } = await opened
  return {
    /** Where the product's own API of the server's directory is; `undefined` if it is not open. */
    address: reason === undefined ? address : undefined,

    /** @param {SentRequest} request @returns {Promise<{ page: ReceivedResponse, server: FromServer }>} */
    async send(request) {
      const [inPage, server] = await Promise.all([page.send(request), reason === undefined ? fromServer(address, 'POST', request) : { reason }])
      return { page: inPage, server: /** @type {FromServer} */ (server) }
    },
  }
}

/** @typedef {Awaited<ReturnType<typeof openPair>>} DirectoryPair */

/**
 * @param {string} address @param {string} method @param {unknown} value
 * @returns {Promise<{ response: any, reason?: undefined } | { response?: undefined, reason: string }>}
 */
async function fromServer(address, method, value) {
  try {
    const response = await fetch(address, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
    if (response.status === 204) return { response: undefined, reason: undefined }
    // A static host answers with a page of its own.
    if (response.headers.get('content-type') !== 'application/json') return { reason: UNREACHABLE }
    const body = await response.json()
    if (response.ok) return { response: body }
    return { reason: `The worker refused: ${body.error.message} (${body.error.code}).` }
  } catch {
    return { reason: UNREACHABLE }
  }
}

/** 128 bits: a client that knows it can send requests to the directory. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
