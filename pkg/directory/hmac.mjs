// @ts-check
// HMAC-SHA-256 under a random key that is never shown. WebCrypto computes it in another thread, which takes longer than the
// HMAC; Node, Bun and Deno can compute it in this one.

import { encoder } from '../core/utf8.mjs'

/** The length of the key, in bytes. */
const KEY_LENGTH = 32

/** Without a prototype, so that a polluted prototype cannot add options. */
const ALGORITHM = Object.freeze(Object.assign(Object.create(null), { name: 'HMAC', hash: 'SHA-256' }))

/** @typedef {(text: string) => string | Promise<string>} Hmac the HMAC as a string of bytes */

/** @returns {Hmac} */
export function createHmac() {
  return nodeHmac() ?? webHmac()
}

/** `undefined` in a runtime without `node:crypto`. @returns {Hmac | undefined} */
function nodeHmac() {
  // Not an import: a bundler for another runtime would fail.
  const node = globalThis.process?.getBuiltinModule?.('node:crypto')
  if (node === undefined) return undefined
  const key = node.createSecretKey(node.randomBytes(KEY_LENGTH))
  return (text) => node.createHmac('sha256', key).update(text, 'utf8').digest('binary')
}

/** @returns {Hmac} */
function webHmac() {
  /** @type {Promise<CryptoKey> | undefined} */
  let key
  return async (text) => {
    // Workers generate no keys before the first request.
    key ??= crypto.subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(KEY_LENGTH)), ALGORITHM, false, ['sign'])
    const tag = await crypto.subtle.sign('HMAC', await key, encoder.encode(text))
    return String.fromCharCode(...new Uint8Array(tag))
  }
}
