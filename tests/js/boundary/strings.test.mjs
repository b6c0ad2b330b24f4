// @ts-check
// Strings cross the boundary in a buffer of the core: short ones in the scratch area, longer ones in a separate buffer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork/rbac'

const { open } = /** @type {any} */ (latchwork)

/** The scratch area has 16,384 bytes; a UTF-16 unit may take three. */
const LENGTHS = [0, 1, 20, 21, 5_300, 5_400, 5_461, 5_462, 12_000, 16_000]

test('strings of every length cross the boundary unchanged', () => {
  const subject = open({ everyone: { grants: { 'posts/*': { allow: 'read', when: { 'resource.title': { ref: 'resource.copy' } } } } } }).subject(null)
  for (const length of LENGTHS) {
    for (const letter of ['a', 'é', 'ก', '😀', '\ufeff', '"']) {
      const text = letter.repeat(length / letter.length)
      assert.equal(subject.can('read', 'posts/1', { title: text, copy: text }), true, `${length} of ${letter}`)
      assert.equal(subject.can('read', 'posts/1', { title: text, copy: `${text}.` }), false, `${length} of ${letter}`)
      const [{ found }] = subject.explain('read', 'posts/1', { title: text, copy: '.' }).nearMisses
      assert.equal(found, text, `${length} of ${letter}`)
    }
  }
})

test('a string longer than all earlier ones does not change a later shorter one', () => {
  const subject = open({ users: { ann: { attributes: { name: 'ann' } } }, authenticated: { grants: { 'posts/*': { allow: 'read', when: { 'resource.owner': { ref: 'subject.name' } } } } } }).subject('ann')
  for (const filling of [0, 40_000, 1, 60_000, 0]) {
    assert.equal(subject.can('read', 'posts/1', { filling: 'ก'.repeat(filling), owner: 'ann' }), true)
    assert.equal(subject.can('read', 'posts/1', { owner: 'ann' }), true)
    assert.equal(subject.can('read', 'posts/1', { owner: 'bob' }), false)
  }
})
