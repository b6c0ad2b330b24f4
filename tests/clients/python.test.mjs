// @ts-check
// python-arango and pyArango, as they are: tests of ours, and those of python-arango where they are at hand.

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { file, serve } from '../js/support/serve-process.mjs'
import { run } from './run.mjs'

const OURS = fileURLToPath(new URL('python', import.meta.url))
/** Signs sessions, those that the tests make themselves too. */
const SECRET = 'forty-two characters that no machine drew!'
const ROOT_PASSWORD = 'of root'
const RECORDS = {
  users: { root: { passwd: ROOT_PASSWORD, grants: { _system: { level: 'rw', collections: { '*': 'rw' } }, '*': { level: 'rw', collections: { '*': 'rw' } } } } },
}

const python = process.env.CLIENTS_PYTHON ?? ''
const theirs = process.env.PYTHON_ARANGO_TESTS ?? ''
/** Of their tests, those that a directory of users can answer. */
const THEIRS = ['test_user.py', 'test_permission.py', 'test_auth.py::test_auth_invalid_method', 'test_auth.py::test_auth_basic', 'test_auth.py::test_auth_jwt']

/** @type {Awaited<ReturnType<typeof serve>>} */
let server
const folder = mkdtempSync(join(tmpdir(), 'python-arango-'))
before(async () => {
  process.env.LATCHWORK_SECRET = SECRET
  server = await serve('--system', 'arangodb', '--seed', file(RECORDS))
})
after(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

/** Runs these of the tests in `folder`. @param {string[]} tests */
function pytest(tests) {
  const env = { DIRECTORY_URL: server.address, DIRECTORY_SECRET: SECRET, ROOT_PASSWORD, PYTHONDONTWRITEBYTECODE: '1' }
  return run(python, ['-m', 'pytest', '-q', '--no-header', '-p', 'no:cacheprovider', ...tests], { cwd: folder, env })
}

test('the tests of this repository pass with python-arango', { timeout: 90_000 }, async () => {
  cpSync(OURS, folder, { recursive: true })
  const { code, output } = await pytest(['test_driver.py'])
  assert.equal(code, 0, output)
  assert.match(output, /^10 passed in /m)
})

test('the tests of this repository pass with pyArango', { timeout: 90_000 }, async () => {
  cpSync(OURS, folder, { recursive: true })
  const { code, output } = await pytest(['test_pyarango.py'])
  assert.equal(code, 0, output)
  assert.match(output, /^4 passed in /m)
})

// The packages of python-arango leave its tests out.
const skip = theirs === '' && 'PYTHON_ARANGO_TESTS names no folder: give it `tests` of a checkout of python-arango'
test('the user and permission tests of python-arango pass', { skip, timeout: 90_000 }, async () => {
  for (const file of ['helpers.py', 'test_user.py', 'test_permission.py', 'test_auth.py']) cpSync(join(theirs, file), join(folder, 'tests', file))
  cpSync(join(OURS, 'conftest.py'), join(folder, 'tests', 'conftest.py'))
  const { code, output } = await pytest(THEIRS.map((name) => `tests/${name}`))
  assert.equal(code, 0, output)
  assert.match(output, /^7 passed in /m)
})
