// @ts-check
// Passwords out of the packed package: in Node, and in a page, off its main thread, under a strict policy.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { build, createServer, preview } from 'vite'
import { launch } from '../browser/chromium.mjs'
import { install, put, putEdgeHooks, run } from './consumer.mjs'

const { project } = install()

const PROGRAM = `
const stored = await hash('correct horse')
const answers = [await verify('correct horse', stored), await verify('x', stored), await verify('x', null), needsRehash(stored)].join(' ')
`
const ANSWER = 'true false false false'

test('passwords work after import', () => {
  put(project, 'import.mjs', `import { hash, needsRehash, verify } from 'latchwork/password'\n${PROGRAM}\nconsole.log(answers)`)
  assert.equal(run(project, 'node', 'import.mjs'), `${ANSWER}\n`)
})

test('passwords work after require', () => {
  put(project, 'require.cjs', `const { hash, needsRehash, verify } = require('latchwork/password')\n;(async () => { ${PROGRAM}\nconsole.log(answers) })()`)
  assert.equal(run(project, 'node', 'require.cjs'), `${ANSWER}\n`)
})

test('the loaders for edge runtimes work where a .wasm file is imported as a module', () => {
  putEdgeHooks(project)
  put(project, 'edge.mjs', `
    import { register } from 'node:module'
    register('./hooks.mjs', import.meta.url)
    const { hash, needsRehash } = await import('latchwork/password')
    const { verify } = await import('latchwork/password-legacy')
    if (!import.meta.resolve('latchwork/password').endsWith('password.edge.mjs')) throw new Error(import.meta.resolve('latchwork/password'))
    ${PROGRAM}
    console.log(answers, await verify('a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'))`)
  for (const condition of ['workerd', 'edge-light']) assert.equal(run(project, 'node', '--conditions', condition, 'edge.mjs', condition), `${ANSWER} true\n`)
})

test('the types compile in an empty project', () => {
  put(project, 'types/password.mts', `
    import { hash, needsRehash, setHasher, verify, LatchworkError, type Cost, type Hasher } from 'latchwork/password'
    export const ours: Hasher = { hash: (password, { memory }) => password.length + String(memory), verify: async () => false }
    export async function signIn(password: string, user?: { hash: string }): Promise<boolean> {
      const cost: Cost = { passes: 3 }
      setHasher(null)
      const fits: boolean = await verify(password, user?.hash, cost)
      if (user && fits && needsRehash(user.hash)) user.hash = await hash(password, cost)
      // @ts-expect-error: a promise is no answer
      const mistaken: boolean = verify(password, null)
      return fits && mistaken
    }
    export const code = (error: unknown) => (error instanceof LatchworkError && error.code === 'costly_hash')`)
  put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, target: 'es2022', lib: ['es2022'], types: [], module: 'node16' }, files: ['password.mts'] }))
  run(project, 'node', new URL('../../node_modules/typescript/bin/tsc', import.meta.url).pathname, '--project', 'types')
})

test('the module has at most 12 KiB with brotli', () => {
  const weight = brotliCompressSync(readFileSync(join(project, 'node_modules/latchwork/wasm/password.wasm'))).length
  assert.ok(weight <= 12 * 1024, `${weight} bytes by brotli`)
})

/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  browser = await launch()
})

after(() => browser?.close())

/** No inline script, no `blob:`, no `data:`, nothing from elsewhere; only that wasm may be compiled. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:"

/** A page that hashes, and shows the results and how responsive it was meanwhile. @param {string} name */
function page(name) {
  put(project, `${name}/index.html`, '<!doctype html><title>page</title><link rel="icon" href="data:,"><body><script type="module" src="./main.js"></script>')
  put(project, `${name}/main.js`, `
    import { hash, needsRehash, verify } from 'latchwork/password'
    let turns = 0
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => { turns += 1; longest = Math.max(longest, performance.now() - last); last = performance.now() }, 1)
    ${PROGRAM}
    const many = await Promise.all(Array.from({ length: 10 }, () => verify('correct horse', stored)))
    clearInterval(timer)
    const refused = await verify('x', '$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$').catch(({ code }) => code)
    document.body.textContent = JSON.stringify({ answers, many, refused, turns, longest })`)
  return join(project, name)
}

/** @param {string} address */
async function visit(address) {
  const page = await browser.newPage()
  /** @type {string[]} */
  const complaints = []
  let workers = 0
  let ended = 0
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  page.on('worker', (worker) => {
    workers += 1
    worker.on('close', () => (ended += 1))
  })
  try {
    await page.goto(address)
    await page.getByText('answers').waitFor({ timeout: 20_000 }).catch((error) => complaints.push(String(error)))
    assert.deepEqual(complaints, [])
    return { results: JSON.parse((await page.textContent('body')) ?? ''), workers, ended, left: page.workers().length }
  } finally {
    await page.close()
  }
}

/** @param {Awaited<ReturnType<typeof visit>>} visited @param {import('node:test').TestContext} t */
function assertOffThread({ results, workers, ended, left }, t) {
  assert.equal(results.answers, ANSWER)
  assert.deepEqual(results.many, Array(10).fill(true))
  assert.equal(results.refused, 'unknown_hash')
  assert.ok(workers > 0, 'a worker hashes')
  assert.deepEqual([ended, left], [workers, 0], 'no worker stays')
  t.diagnostic(`${workers} workers; the page had ${results.turns} turns meanwhile, the longest wait ${results.longest.toFixed(0)} ms`)
}

test('a bundled page hashes in a worker of its own file, under a strict policy, and ends it', async (t) => {
  const root = page('built')
  await build({ configFile: false, root, logLevel: 'error', build: { target: 'es2022' } })
  const server = await preview({ configFile: false, root, logLevel: 'error', preview: { host: '127.0.0.1', port: 0, headers: { 'content-security-policy': POLICY } } })
  try {
    assertOffThread(await visit(/** @type {any} */ (server.resolvedUrls).local[0]), t)
    const scripts = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
    assert.ok(scripts.some((name) => name.includes('worker')), scripts.join(' '))
  } finally {
    await server.close()
  }
})

test('a page under the development server hashes in a worker', async (t) => {
  const root = page('development')
  const server = await createServer({ configFile: false, root, logLevel: 'error', server: { host: '127.0.0.1', port: 0 } })
  await server.listen()
  try {
    assertOffThread(await visit(/** @type {any} */ (server.resolvedUrls).local[0]), t)
  } finally {
    await server.close()
  }
})
