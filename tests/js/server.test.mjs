// The module for servers: what it answers as every other module does, and what pages are told that lack it.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import { open as openPage } from 'latchwork/rbac'
import { open } from 'latchwork/rbac/server'
import * as all from 'latchwork/server'

const policy = { actions: { publish: null }, roles: { editor: { grants: { 'docs/*': ['write', 'publish'] } } }, users: { ann: { roles: ['editor'] } } }

test('the module for servers decides as the module for pages does', () => {
  const [page, server] = [openPage(policy), open(policy)]
  assert.equal(server.digest, page.digest)
  for (const action of /** @type {const} */ (['read', 'admin', 'publish'])) {
    assert.deepEqual(server.subject('ann').decide(action, 'docs/1'), page.subject('ann').decide(action, 'docs/1'))
  }
  assert.equal(server.subject('ann').within({ roles: ['editor'] }).can('publish', 'docs/1'), true)
})

test('the module for servers can be required', () => {
  const required = createRequire(import.meta.url)('latchwork/rbac/server')
  assert.equal(required.open(policy).subject('ann').can('publish', 'docs/1'), true)
})

test('a page that asks a question for servers is told what to import', () => {
  const page = openPage(policy)
  const questions = {
    holders: () => page.holders('read', 'docs/1'),
    diff: () => page.diff(page),
    lint: () => page.lint(),
    parts: () => page.parts(),
    mutants: () => page.mutants(),
    filter: () => page.subject('ann').filter('read', 'docs'),
  }
  for (const [name, ask] of Object.entries(questions)) {
    assert.throws(ask, { code: 'unsupported', message: `\`${name}\` is for servers and tools: \`import { open } from 'latchwork/rbac/server'\`` })
  }
})

test('records of two models are not compared', () => {
  const [one, other] = [all.open('rbac', policy), all.open('meuse', { users: [], crates: [] })]
  assert.throws(() => one.diff(other), { code: 'unsupported', message: 'the records of rbac cannot be compared with those of meuse' })
  assert.throws(() => one.diff(/** @type {any} */ ({})), { code: 'wrong_type' })
  assert.throws(() => one.diff(/** @type {any} */ (openPage(policy))), { code: 'wrong_type' })
})
