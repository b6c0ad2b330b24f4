// @ts-check
// The log of an operator: one line per event, without secrets of failures.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatchworkError } from '../../../pkg/core/error.mjs'
import { logLine, mailLine, failureText } from '../../../pkg/cli/log.mjs'

const EVENT = { method: 'GET', path: '/a\nb', status: 200, actor: 'ann\u2028', milliseconds: 3 }

/** @param {string} rule */
const decision = (rule) => ({ action: 'a', resource: 'r', allow: true, rule })

test('a request is one line, with the rule that decided last', () => {
  const line = logLine({ ...EVENT, decisions: [decision('first'), decision('last')] })
  assert.ok(!line.includes('\n'))
  const { time, ...rest } = JSON.parse(line)
  assert.ok(!Number.isNaN(Date.parse(time)))
  assert.deepEqual(rest, { method: 'GET', path: '/a\nb', status: 200, actor: 'ann\u2028', rule: 'last', ms: 3 })
  assert.equal(JSON.parse(logLine({ ...EVENT, decisions: [] })).rule, null)
})

test('a failure is logged by its code, and a failure of a store with the message of its engine', () => {
  const engine = new Error('the disk is full', { cause: new Error('ENOSPC') })
  assert.equal(failureText(new LatchworkError('store_unavailable', 'the store failed', undefined, engine)), 'store_unavailable: the store failed: the disk is full: ENOSPC')
  assert.match(JSON.parse(logLine({ ...EVENT, decisions: [], failure: engine })).failure, /^Error at .*log\.test\.mjs/)
  assert.match(failureText(new LatchworkError('internal', 'the instance failed', undefined, new RangeError('x'))), /^internal: the instance failed, caused by RangeError at /)
  for (const thrown of [undefined, null, 'tiger', { message: 'tiger' }, Object.assign(new Error('tiger'), { stack: 5 })]) assert.doesNotMatch(failureText(thrown), /tiger/)
})

test('the log does not repeat the message of a parser', () => {
  try {
    JSON.parse('{"hash":tiger')
  } catch (error) {
    assert.match(String(error), /tiger/)
    assert.match(failureText(error), /^SyntaxError at /)
    assert.doesNotMatch(failureText(error), /tiger/)
  }
})

test('a mail is one line, marked as a mail', () => {
  const mail = { to: 'ann@example.org\nBcc: eve@example.org', subject: 's', link: '/password/reset?token=tiger', text: 'a\nb' }
  const line = mailLine({ ...mail, kind: 'password_reset', token: 'tiger', expires_at: 1000 })
  assert.ok(!line.includes('\n'))
  assert.deepEqual(JSON.parse(line), { mail })
})
