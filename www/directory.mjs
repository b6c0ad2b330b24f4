// @ts-check
// A directory over example records that repeats its responses: its clock and its random bytes follow from what it was
// opened with. The page and the server open one each, so that their responses can be compared byte by byte.

import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'

/** The passwords are examples, and a hash of full cost would take most of the time. */
const COST = { memory: 64, passes: 1, parallelism: 1 }

/**
 * @typedef {object} Opening
 * @property {string} system
 * @property {unknown} records
 * @property {string} id hexadecimal; the random bytes follow from it
 * @property {string} publicUrl the address in its responses
 */

/**
 * @typedef {object} SentRequest
 * @property {string} method
 * @property {string} path with the query
 * @property {[name: string, value: string][]} headers
 * @property {string} [body]
 * @property {number} [seconds] moves the clock before the request
 */

/** @typedef {{ status: number, headers: [name: string, value: string][], body: string, mails: unknown[] }} ReceivedResponse */

/** @param {Opening} opening */
export async function openDirectory({ system, records, id, publicUrl }) {
  // The records of examples count their times from here.
  let now = 0
  /** @type {unknown[]} */
  let mails = []
  const directory = createDirectory({
    system: /** @type {any} */ (system),
    store: memoryStore(),
    cost: COST,
    publicUrl,
    now: () => now,
    random: repeatedBytes(id),
    sendMail: (mail) => void mails.push(mail),
  })
  await directory.seed(/** @type {any} */ (records))

  /** @param {SentRequest} request @returns {Promise<ReceivedResponse>} */
  async function send({ seconds = 0, ...request }) {
    now += seconds * 1000
    mails = []
    /** @type {Promise<unknown>[]} */
    const afterwards = []
    const response = await directory.fetch(toRequest(publicUrl, request), { waitUntil: (work) => void afterwards.push(work) })
    const body = await response.text()
    await Promise.all(afterwards)
    return { status: response.status, headers: [...response.headers], body, mails }
  }

  return { fetch: directory.fetch, records: directory.records, send }
}

/**
 * A request with the members that a directory reads. The class `Request` of browsers drops some headers, `Cookie` among
 * them.
 * @param {string} publicUrl @param {SentRequest} request @returns {Request}
 */
function toRequest(publicUrl, { method, path, headers, body }) {
  const url = new URL(new URL(publicUrl).origin + path.replace(/[\0-\x20\\#]/g, encodeURIComponent)).href
  const content = body === undefined ? null : new Response(body).body
  return /** @type {any} */ ({ url, method, headers: new Headers(headers), body: content, bodyUsed: false })
}

/**
 * Random bytes that are the same for the same seed, by the generator sfc32. They protect nothing: the records are
 * examples.
 * @param {string} seed
 */
function repeatedBytes(seed) {
  const state = new Uint32Array(4)
  for (const [index, letter] of [...seed].entries()) state[index % 4] = Math.imul(state[index % 4] ^ letter.charCodeAt(0), 0x01000193) + index
  function next() {
    const sum = state[0] + state[1] + state[3]
    state[3] += 1
    state[0] = state[1] ^ (state[1] >>> 9)
    state[1] = state[2] + (state[2] << 3)
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum
    return sum
  }
  for (let round = 0; round < 16; round += 1) next()
  return (/** @type {Uint8Array} */ bytes) => {
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = next() & 0xff
    return bytes
  }
}
