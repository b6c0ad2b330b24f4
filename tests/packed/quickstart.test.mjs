// @ts-check
// The quick start in TypeScript, typed into an empty folder with the packed package: a typed policy and a protected route.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { install, put, run, workspace } from './consumer.mjs'

const { project } = install()
const page = readFileSync(join(project, 'node_modules/latchwork/docs/quick-start.md'), 'utf8')

/** The files of the page, by the names in their first lines. */
const files = Object.fromEntries([...page.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name, code]) => [name, code]))
const tsc = (/** @type {string[]} */ ...words) => run(project, process.execPath, join(workspace, 'node_modules/typescript/bin/tsc'), ...words)

/** @type {import('node:child_process').ChildProcess | undefined} */
let server
after(() => server?.kill('SIGTERM'))

test('the quick start compiles, and its route is protected', async () => {
  assert.deepEqual(Object.keys(files), ['policy.ts', 'server.ts'])
  for (const [name, code] of Object.entries(files)) put(project, name, code)
  const [, options] = /npx tsc --init (.*?) && npx tsc\n/.exec(page) ?? assert.fail('the page compiles nothing')
  const roots = ['--typeRoots', join(workspace, 'node_modules/@types')]
  tsc('--strict', ...options.split(' '), ...roots, 'policy.ts', 'server.ts')

  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address())
  probe.close()
  await once(probe, 'close')
  server = spawn(process.execPath, ['server.js'], { cwd: project, env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'ignore', 'inherit'] })
  const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    for (const deadline = Date.now() + 20_000; ; ) {
      try {
        return await fetch(`http://127.0.0.1:${port}${path}`, init)
      } catch (error) {
        if (Date.now() > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
  // The page shows the status of each request.
  const requests = [...page.matchAll(/^curl -i (-X (\w+) )?(-H 'x-user: (\w+)' )?localhost:8080(\S+) # (\d+): (.*)$/gm)]
  assert.equal(requests.length, 3)
  for (const [, , method = 'GET', , user, path, status, why] of requests) {
    const response = await ask(path, { method, headers: user ? { 'x-user': user } : {} })
    const text = await response.text()
    assert.equal(response.status, Number(status), text)
    for (const name of why.match(/`[^`]+`/g) ?? []) assert.ok(text.includes(name), `${text}: ${name}`)
  }
  assert.equal((await ask('/terms', { method: 'PUT', headers: { 'x-user': 'ann' } })).status, 403)
  assert.equal((await ask('/news')).status, 401)
})

test('a name that the policy does not define does not compile', () => {
  for (const [from, to, word] of [["'edit'", "'edti'", 'edti'], ["'read',\n    resource", "'raed',\n    resource", 'raed']]) {
    assert.ok(files['server.ts'].includes(from))
    put(project, 'wrong.ts', files['server.ts'].replace(from, to))
    assert.throws(() => tsc('--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--typeRoots', join(workspace, 'node_modules/@types'), 'wrong.ts'), new RegExp(word))
  }
  put(project, 'wrong-policy.ts', files['policy.ts'].replace("roles: ['reader']", "roles: ['raeder']"))
  assert.throws(() => tsc('--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', 'wrong-policy.ts'), /raeder/)
})
