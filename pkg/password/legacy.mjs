// @ts-check
// Hashes of other programs: verified in a module of their own, which nobody loads who has none.

import { LatchworkError } from '../lib/error.mjs'
import { refusing } from './hasher.mjs'
import { checkPassword, verify as verifyCurrent } from './index.mjs'
import { instances } from './instance.mjs'
import { isLegacy } from './stored.mjs'

const STORED_MAX = 256

const encoder = new TextEncoder()

/** @type {ReturnType<typeof instances> | undefined} */
let call

/** Says where the module comes from. @param {() => WebAssembly.Module | Promise<WebAssembly.Module>} load */
export function provide(load) {
  call ??= instances('legacy', load)
}

/**
 * Whether the password is the one that was hashed, by argon2id or by one of the older forms.
 * @param {string} password
 * @param {string | null | undefined} stored
 * @param {Partial<import('./stored.mjs').Cost>} [options]
 */
export async function verify(password, stored, options) {
  if (typeof stored !== 'string' || !isLegacy(stored)) return verifyCurrent(password, stored, options)
  checkPassword(password)
  const bytes = encoder.encode(stored)
  if (bytes.length > STORED_MAX) throw new LatchworkError('unknown_hash', 'the stored hash has no form that is known here')
  return refusing(() =>
    /** @type {NonNullable<typeof call>} */ (call)(
      password,
      bytes,
      (doors, length) => doors.legacy_verify(length, bytes.length),
      (answer) => answer === 1,
    ),
  )
}
