// @ts-check
// The secret that signs sessions: set by the host, or kept in the store for all directories that share it.

import { LatchworkError } from '../core/error.mjs'
import { fromBase64, toBase64 } from './base64.mjs'

const KEY = 'directory/secret'

/** The length of a generated secret, and the minimum for a secret of the host, in bytes. */
export const SECRET_LENGTH = 32

/**
 * Returns a function that gets the secret; it reads the store once.
 * @param {Uint8Array | undefined} given
 * @param {(length: number) => Uint8Array} random
 * @returns {(store: import('./store.mjs').GuardedStore) => Promise<Uint8Array>}
 */
export function secretFor(given, random) {
  let secret = given
  return async (store) => (secret ??= await readSharedSecret(store, random))
}

/** @param {import('./store.mjs').GuardedStore} store @param {(length: number) => Uint8Array} random */
async function readSharedSecret(store, random) {
  let [entry] = await store.read([KEY])
  if (!entry) {
    const mine = toBase64(random(SECRET_LENGTH))
    // If another directory was faster, its secret is used.
    await store.commit([{ key: KEY, expect: null, value: JSON.stringify(mine) }])
    ;[entry] = await store.read([KEY])
  }
  if (!entry) throw new LatchworkError('store_unavailable', 'the store did not keep an entry that it accepted')
  return parseSecret(entry.value)
}

/** @param {string} text */
function parseSecret(text) {
  try {
    const secret = fromBase64(JSON.parse(text))
    if (secret.length === SECRET_LENGTH) return secret
  } catch {
    // The error would repeat a part of the text.
  }
  throw new LatchworkError('internal', `the secret in the store is not valid: delete the entry \`${KEY}\`, which ends all sessions`)
}
