// @ts-check
// Bodies with a content encoding: the directory decodes them, and `upstream` gets them as sent.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { admin, assertRefused, creations, seeded, systems, headersOf } from '../support/directory/products.mjs'

/** @param {any} directory @param {string} path @param {any} as @param {string | null} encoding @param {any} body @param {any} [headers] */
async function post(directory, path, as, encoding, body, headers) {
  const all = { ...headersOf(as), 'content-type': 'application/json', ...(encoding !== null && { 'content-encoding': encoding }), ...headers }
  const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, /** @type {RequestInit} */ ({ method: 'POST', headers: all, body, duplex: 'half' })))
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) }
}

/** Runs a step; how many bytes were decoded meanwhile. @param {() => Promise<void>} step */
async function countingDecoded(step) {
  let decoded = 0
  const original = globalThis.DecompressionStream
  class Counting {
    /** @param {CompressionFormat} format */
    constructor(format) {
      const { readable, writable } = new original(format)
      this.writable = writable
      const count = new TransformStream({ transform: (part, controller) => ((decoded += part.length), controller.enqueue(part)) }, { highWaterMark: 1 }, { highWaterMark: 0 })
      this.readable = readable.pipeThrough(count)
    }
  }
  globalThis.DecompressionStream = /** @type {any} */ (Counting)
  try {
    await step()
  } finally {
    globalThis.DecompressionStream = original
  }
  return decoded
}

for (const system of systems) {
  const { path, status } = creations[system]
  const json = Buffer.from(JSON.stringify(creations[system].body))

  test(`${system}: a body that is encoded as gzip or deflate is decoded`, async () => {
    for (const [encoding, bytes] of /** @type {[string | null, Uint8Array][]} */ ([['gzip', gzipSync(json)], ['x-gzip', gzipSync(json)], ['GZIP', gzipSync(json)], [' deflate ', deflateSync(json)], ['identity', json], ['', json], [null, json]])) {
      const { directory, as } = await seeded(system)
      assert.equal((await post(directory, path, as.root, encoding, bytes)).status, status, String(encoding))
    }
  })

  test(`${system}: an unknown encoding, or several, is 415, and a truncated body 400`, async () => {
    const { directory, store, as } = await seeded(system)
    const { state } = store
    for (const [encoding, bytes] of /** @type {[string, Uint8Array][]} */ ([['br', brotliCompressSync(json)], ['gzip, gzip', gzipSync(gzipSync(json))], ['deflate, gzip', gzipSync(deflateSync(json))], ['zstd', json], ['gzip,', gzipSync(json)], ['__proto__', json], ['constructor', json]])) {
      const answer = await post(directory, path, as.root, encoding, bytes)
      assert.deepEqual([answer.status, answer.headers.get('accept-encoding')], [415, 'gzip, deflate'], encoding)
      assertRefused(system, answer, encoding)
    }
    const zipped = gzipSync(json)
    const damaged = Buffer.from(zipped)
    damaged[zipped.length - 6] ^= 0xff
    for (const [encoding, bytes] of /** @type {[string, Uint8Array][]} */ ([['gzip', zipped.subarray(0, -1)], ['gzip', zipped.subarray(0, 12)], ['gzip', damaged], ['gzip', json], ['deflate', deflateSync(json).subarray(0, -2)], ['deflate', deflateRawSync(json)], ['deflate', zipped]])) {
      const answer = await post(directory, path, as.root, encoding, bytes)
      assert.equal(answer.status, 400, `${encoding} ${bytes.length}`)
      assertRefused(system, answer, encoding)
    }
    assert.equal(store.state, state)
  })

  test(`${system}: the limit applies to the decoded size, and decoding stops at the limit`, async () => {
    const { directory, store, as } = await seeded(system)
    const { state } = store
    for (const [encode, encoding] of /** @type {[(bytes: Uint8Array) => Uint8Array, string][]} */ ([[gzipSync, 'gzip'], [deflateSync, 'deflate']])) {
      const padded = (/** @type {number} */ size) => encode(Buffer.concat([json, Buffer.alloc(size - json.length, 0x20)]))
      assert.equal((await post(directory, path, as.root, encoding, padded(65_537))).status, 413)
      const copy = await seeded(system)
      assert.equal((await post(copy.directory, path, copy.as.root, encoding, padded(65_536))).status, status)
      const bomb = padded(64 << 20)
      const decoded = await countingDecoded(async () => assert.equal((await post(directory, path, as.root, encoding, bomb)).status, 413))
      assert.ok(decoded > 0 && decoded < 1 << 20, `${decoded} bytes were decoded`)
      // Parts without an end that decode to nothing.
      const empty = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(0)) }, { highWaterMark: 0 })
      assert.equal((await post(directory, path, as.root, encoding, empty)).status, 413)
    }
    assert.equal(store.state, state)
  })
}

test('`upstream` gets a body of any size as it was sent', async () => {
  const json = Buffer.from(JSON.stringify({ text: Array.from({ length: 40_000 }, (_, index) => index * 7919 % 10_007) }))
  /** @type {any[]} */
  const passed = []
  const upstream = async (/** @type {Request} */ request) => {
    passed.push(request.headers.get('content-encoding'), Buffer.from(await request.arrayBuffer()))
    return new Response('passed on')
  }
  const { directory } = await seeded('arangodb', { upstream })
  for (const [encoding, bytes] of /** @type {[string | null, Buffer][]} */ ([[null, json.subarray(0, 60_000)], [null, json], ['gzip', gzipSync(json.subarray(0, 60_000))], ['gzip', gzipSync(json)], ['deflate', deflateSync(json)]])) {
    for (const size of [bytes.length, 1_000]) {
      let start = 0
      const body = new ReadableStream({
        pull(controller) {
          if (start >= bytes.length) return controller.close()
          controller.enqueue(bytes.subarray(start, (start += size)))
        },
      }, { highWaterMark: 0 })
      const response = await directory.fetch(new Request('http://127.0.0.1/_api/import?collection=items', /** @type {RequestInit} */ ({ method: 'POST', duplex: 'half', body, headers: { authorization: admin.arangodb, ...(encoding && { 'content-encoding': encoding }) } })))
      assert.equal(await response.text(), 'passed on')
      assert.deepEqual(passed.splice(0), [encoding, bytes])
    }
  }
})
