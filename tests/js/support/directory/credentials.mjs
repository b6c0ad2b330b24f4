// @ts-check
// Helpers for tests of credentials: an administrator's requests, and the amount of work.

import assert from 'node:assert/strict'
import { after, beforeEach } from 'node:test'
import { hash, setHasher, verify } from 'latchwork/password'
import { COST, isRefusal, send } from './products.mjs'

/**
 * Sends requests of an authorized user; returns the responses.
 * @param {string} system @param {any} directory @param {import('./products.mjs').Credential} as
 */
export function acting(system, directory, as) {
  return async (/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ body = undefined) => {
    const answer = await send(directory, method, path, { as, body })
    assert.ok(!isRefusal(system, answer), answer.text)
    return answer.body
  }
}

/** How many passwords each test of a file has had hashed and verified: one that is remembered is not verified again. */
export function countedWork() {
  const work = { hashed: 0, verified: 0 }
  const counted = {
    hash: async (/** @type {string} */ password) => {
      work.hashed += 1
      return own(() => hash(password, COST))
    },
    verify: async (/** @type {string} */ password, /** @type {string} */ stored) => {
      work.verified += 1
      return own(() => verify(password, stored, COST))
    },
  }

  /** The package's own hasher. @template T @param {() => Promise<T>} act */
  async function own(act) {
    setHasher(null)
    const done = act()
    setHasher(counted)
    return done
  }

  beforeEach(() => {
    Object.assign(work, { hashed: 0, verified: 0 })
    setHasher(counted)
  })
  after(() => setHasher(null))
  return work
}
