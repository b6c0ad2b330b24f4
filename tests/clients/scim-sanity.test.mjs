// @ts-check
// The probe of scim-sanity, as it is, on the users and groups of WSO2.

import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { file, serve } from '../js/support/serve-process.mjs'
import { run } from './run.mjs'

/** The probe names users and groups by up to 64 characters. */
const PRIMARY = { domain: 'PRIMARY', username_regex: '^[^\\s*?%]{3,64}$', password_regex: '^\\S{5,64}$', role_regex: '^\\S{3,64}$' }
const RECORDS = { stores: [PRIMARY], users: [{ name: 'admin', password: 'of-admin', roles: ['admin'] }] }

/** Checks that fail, each with its reason; one that passes has to leave this list. @type {{ [name: string]: string }} */
const FAILING = {
  'PATCH /Groups/{id} add member': 'the probe adds a user that does not exist, which the product refuses',
}

const probe = join(dirname(process.env.CLIENTS_PYTHON ?? ''), 'scim-sanity')

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
before(async () => {
  server = await serve('--system', 'wso2', '--seed', file(RECORDS))
})
after(() => server?.stop())

/** @param {string} password @returns {Promise<{ name: string, status: string }[]>} */
async function check(password) {
  const { output } = await run(probe, ['probe', `${server.address}/scim2`, '--username', 'admin', '--password', password, '--i-accept-side-effects', '--json-output'])
  return JSON.parse(output).results
}

test('every check of a supported feature passes, except the listed ones', { timeout: 90_000 }, async (context) => {
  const results = await check(RECORDS.users[0].password)
  const namesWithStatus = (/** @type {string} */ wanted) => results.filter(({ status }) => status === wanted).map(({ name }) => name)
  assert.deepEqual(namesWithStatus('fail'), Object.keys(FAILING))
  assert.deepEqual([...new Set(results.map(({ status }) => status))].sort(), ['fail', 'pass', 'skip'])
  // What is skipped is of a draft that the service does not announce.
  for (const name of namesWithStatus('skip')) assert.match(name, /^Agent/)
  assert.equal(namesWithStatus('pass').length, 27)
  context.diagnostic(`${namesWithStatus('pass').length} checks pass`)
})

test('with a wrong password the checks fail', { timeout: 90_000 }, async () => {
  const results = await check('wrong-password')
  assert.ok(results.filter(({ status }) => status === 'fail').length > 5)
})
