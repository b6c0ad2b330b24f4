// @ts-check
// The checks of scim2-tester, as scim2-cli runs them, on the users and groups of WSO2.

import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { file, serve } from '../js/serve/process.mjs'
import { run } from './run.mjs'

/** It sends names and passwords of 36 characters, more than a store takes that says nothing of its limits. */
const PRIMARY = { domain: 'PRIMARY', username_regex: '^[^\\s*?%]{3,64}$', password_regex: '^\\S{5,64}$', role_regex: '^\\S{3,64}$' }
const RECORDS = { stores: [PRIMARY], users: [{ name: 'admin', password: 'of-admin', roles: ['admin'] }] }
/** As many as it has for the attributes that the service publishes. */
const CHECKS = 103

const scim = join(dirname(process.env.CLIENTS_PYTHON ?? ''), 'scim2')

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
before(async () => {
  server = await serve('--system', 'wso2', '--seed', file(RECORDS))
})
after(() => server?.stop())

/** Runs all checks, signed in with this password; the state of each. @param {string} password */
async function check(password) {
  const env = { SCIM_CLI_HEADERS: `Authorization: Basic ${Buffer.from(`admin:${password}`).toString('base64')}`, NO_COLOR: '1' }
  const { code, said } = await run(scim, ['--url', `${server.address}/scim2`, 'test'], { env })
  return { code, said, states: [...said.matchAll(/^([A-Z]+) \w+$/gm)].map(([, state]) => state) }
}

test('every check succeeds', { timeout: 90_000 }, async (context) => {
  const { code, said, states } = await check(RECORDS.users[0].password)
  assert.deepEqual(states.filter((state) => state !== 'SUCCESS'), [], said)
  assert.equal(code, 0, said)
  assert.equal(states.length, CHECKS, said)
  context.diagnostic(`${states.length} checks, each SUCCESS`)
})

test('the checks are of what a signed-in admin gets: by a wrong password they fail', { timeout: 90_000 }, async () => {
  const { code, said, states } = await check('of-nobody')
  assert.equal(code, 1, said)
  assert.ok(states.some((state) => state !== 'SUCCESS'), said)
})
