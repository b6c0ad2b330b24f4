// @ts-check
// The packed package in a page made by bundlers in their default configuration, and by Vite 7 under development.

import assert from 'node:assert/strict'
import { copyFileSync, createReadStream, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { createServer as createVite7 } from 'vite-7'
import { launch } from '../browser/chromium.mjs'
import { install, put } from './consumer.mjs'

const { project } = install()

/** @type {import('playwright-core').Browser} */
let browser

before(async () => {
  browser = await launch()
})

after(() => browser?.close())

const QUESTION = "open('meuse', { users: [{ name: 'ann', role: 'tech' }] }).can('ann', 'crate.list', 'crates')"

/** Programs, each of which shows a text. @type {{ [name: string]: string }} */
const PROGRAMS = {
  inlined: `import { open } from 'latchwork'\nshow(${QUESTION})`,
  fetched: `import { init, open } from 'latchwork/web'\ninit().then(() => show(${QUESTION}), ({ code, message }) => show(code + ': ' + message))`,
  addressed: `import { init, open } from 'latchwork/web'\ninit('/module.wasm').then(() => show(${QUESTION}))`,
  hashed: "import { hash, verify } from 'latchwork/password'\nhash('correct horse').then(async (stored) => show([await verify('correct horse', stored), await verify('x', stored)].join()))",
}

/** Writes a page with a program; its folder. @param {string} folder @param {string} name */
function page(folder, name) {
  put(project, `${folder}/${name}/index.html`, '<!doctype html><title>page</title><link rel="icon" href="data:,"><body><script type="module" src="./main.js"></script>')
  put(project, `${folder}/${name}/main.js`, `function show(text) { document.body.textContent = 'shown ' + text }\n${PROGRAMS[name]}`)
  return join(project, folder, name)
}

/** What a page shows. @param {string} address */
async function visit(address) {
  const page = await browser.newPage()
  try {
    await page.goto(address)
    await page.waitForFunction("document.body.textContent.startsWith('shown ')", undefined, { timeout: 20_000 })
    return (await page.textContent('body'))?.slice('shown '.length)
  } finally {
    await page.close()
  }
}

/** Serves a folder, as a plain web server does, while a step runs. @param {string} root @param {(address: string) => Promise<void>} step */
async function served(root, step) {
  const types = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' }
  const server = createServer((request, response) => {
    const path = join(root, normalize(new URL(request.url ?? '/', 'http://page').pathname.replace(/\/$/, '/index.html')))
    if (!existsSync(path)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[/** @type {'html'} */ (path.split('.').at(-1))] })
    return createReadStream(path).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  try {
    await step(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const root = pathToFileURL(join(project, 'node_modules/latchwork/'))
const { exports, imports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** Finds what a page imports, as the usual plugin does: by the condition `default`. */
const resolver = {
  name: 'resolve',
  resolveId(/** @type {string} */ id) {
    const key = id.replace(/^latchwork/, '.')
    const target = exports[key] ?? imports[id] ?? (id.startsWith('#wasm/') ? imports['#wasm/*'] : null)
    const path = target?.default?.default ?? target?.default
    return path === undefined ? null : fileURLToPath(new URL(path.replace('*', id.slice('#wasm/'.length)), root))
  },
}

/** Bundles `main.js` of a folder in its place. @type {{ [name: string]: (root: string) => Promise<unknown> }} */
const BUNDLERS = {
  esbuild: (root) => esbuild({ entryPoints: [join(root, 'main.js')], outfile: join(root, 'main.js'), allowOverwrite: true, bundle: true, format: 'esm', target: 'es2022', logLevel: 'error' }),
  async Rollup(root) {
    const bundle = await rollup({ input: join(root, 'main.js'), plugins: [resolver], onwarn: () => {} })
    await bundle.write({ dir: root, format: 'es' })
    await bundle.close()
  },
}

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`${name} bundles the inlined entry, passwords, and the entry that fetches with an address`, { timeout: 120_000 }, async () => {
    for (const [program, expected] of [['inlined', 'true'], ['addressed', 'true'], ['hashed', 'true,false']]) {
      const root = page(name, program)
      await bundle(root)
      copyFileSync(join(project, 'node_modules/latchwork/wasm/latchwork.wasm'), join(root, 'module.wasm'))
      await served(root, async (address) => assert.equal(await visit(address), expected, program))
    }
  })

  test(`with ${name} the error of latchwork/web says what to do if the file of the module is missing`, { timeout: 120_000 }, async () => {
    const root = page(name, 'fetched')
    await bundle(root)
    await served(root, async (address) => assert.match((await visit(address)) ?? '', /^not_initialized: .*pass its address to `init`/))
  })
}

/** @param {string} name @param {object} [options] */
async function developed(name, options) {
  const root = page(`vite-7${options ? '-configured' : ''}`, name)
  const server = await createVite7({ configFile: false, root, logLevel: 'error', server: { host: '127.0.0.1', port: 0 }, ...options })
  await server.listen()
  try {
    return await visit(/** @type {any} */ (server.resolvedUrls).local[0])
  } finally {
    await server.close()
  }
}

test('the development server of Vite 7 serves the inlined entry and passwords without configuration', { timeout: 120_000 }, async () => {
  assert.equal(await developed('inlined'), 'true')
  assert.equal(await developed('hashed'), 'true,false')
})

test('under the development server of Vite 7 the error of `latchwork/web` names the line to add, and the line works', { timeout: 120_000 }, async () => {
  assert.match((await developed('fetched')) ?? '', /optimizeDeps: \{ exclude: \['latchwork'\] \}/)
  assert.equal(await developed('fetched', { optimizeDeps: { exclude: ['latchwork'] } }), 'true')
})
