// @ts-check
// The secret that signs sessions: the host's, or one that the store keeps for all who share it.

import { LatchworkError } from '../core/error.mjs'
import { fromBase64, toBase64 } from './base64.mjs'

const KEY = 'directory/secret'

/** The length of a secret that is made here, and the least of one that a host gives, in bytes. */
export const SECRET_LENGTH = 32

/**
 * What gives the secret; it asks the store once.
 * @param {Uint8Array | undefined} given
 * @param {(length: number) => Uint8Array} random
 * @returns {(store: import('./store.mjs').GuardedStore) => Promise<Uint8Array>}
 */
export function secretFor(given, random) {
  let secret = given
  return async (store) => (secret ??= await shared(store, random))
}

/** @param {import('./store.mjs').GuardedStore} store @param {(length: number) => Uint8Array} random */
async function shared(store, random) {
  let [entry] = await store.read([KEY])
  if (!entry) {
    const mine = toBase64(random(SECRET_LENGTH))
    // Whoever is second takes what the first one made.
    await store.commit([{ key: KEY, expect: null, value: JSON.stringify(mine) }])
    ;[entry] = await store.read([KEY])
  }
  if (!entry) throw new LatchworkError('store_unavailable', 'the store forgot what it took')
  return read(entry.value)
}

/** @param {string} text */
function read(text) {
  try {
    const secret = fromBase64(JSON.parse(text))
    if (secret.length === SECRET_LENGTH) return secret
  } catch {
    // The error would repeat a part of the text.
  }
  throw new LatchworkError('internal', `the store's secret can not be read: delete the entry \`${KEY}\`, which ends all sessions`)
}
