// @ts-check
// Former names of options and members: each is refused, and the error has the current name.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatchworkError, open } from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'

const authorizer = /** @type {any} */ (open('wso2', {}))
const subject = authorizer.subject(null)

/** @type {[string, () => unknown, string, string][]} */
const renamed = [
  ['id', () => subject.id('login', '/permission'), 'unsupported', 'prepare(action, resource, attributes)'],
  ['listing', () => subject.listing(), 'unsupported', 'reach(action)'],
  ['role', () => authorizer.role('admin'), 'unsupported', 'subject({ role: name })'],
  ['options', () => createDirectory(/** @type {any} */ ({ system: 'meuse', store: memoryStore(), options: { guards: 'strict' } })), 'invalid_value', '`guards`'],
]

for (const [name, act, code, now] of renamed) {
  test(`the old name ${name} is refused, and the error has the new one`, () => {
    assert.throws(act, (error) => error instanceof LatchworkError && error.code === code && error.message.includes(now))
  })
}
