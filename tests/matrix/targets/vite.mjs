// @ts-check
// Vite 7: a built page, one under development, one with a strict policy, and the program in a web worker.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageOf, page, shows, visit } from '../page.mjs'
import { put } from '../install.mjs'
import { esm, fileOf } from '../program.mjs'
import { built } from '../vite.mjs'

const covers = (/** @type {import('../program.mjs').Subpath} */ { kind }) => kind !== 'directory' && kind !== 'other'

// Passwords are hashed in a worker of the page's own.
const POLICY = { 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src data:" }

/** The server under development does not find this file: passwords are hashed in the page's own thread. */
const WORKER_FILE = /\/worker\.mjs\?/

const WORKER = `new Promise((resolve, reject) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }) => (data === 'ok' ? resolve() : reject(new Error(data)))
  worker.onerror = ({ message }) => reject(new Error(message))
})`

/** @type {import('../run.mjs').Target[]} */
export default [
  {
    group: 'bundlers',
    name: 'Vite 7, built, Chromium',
    covers,
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => built(folder, page(folder, `vite/${fileOf(subpath)}`, esm(subpath))))
    },
  },
  {
    group: 'bundlers',
    name: 'Vite 7, development, Chromium',
    covers,
    async run({ folder, subpaths, attempt }) {
      const { createServer } = await packageOf(folder, 'vite')
      for (const subpath of subpaths) {
        await attempt(subpath, async () => {
          const root = page(folder, `vite-development/${fileOf(subpath)}`, esm(subpath))
          // The entry that fetches needs a line, which its error and the README name.
          const optimizeDeps = subpath.kind === 'web' ? { exclude: ['latchwork'] } : {}
          const server = await createServer({ configFile: false, root, cacheDir: join(root, '.cache'), logLevel: 'silent', optimizeDeps, server: { host: '127.0.0.1', port: 0, fs: { allow: [folder, createRequire(join(root, 'x.js')).resolve('latchwork/package.json')] } } })
          await server.listen()
          try {
            await visit(folder, server.resolvedUrls.local[0], WORKER_FILE)
          } finally {
            await server.close()
          }
        })
      }
    },
  },
  {
    group: 'bundlers',
    name: 'strict content security policy, Chromium',
    covers,
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) await attempt(subpath, () => built(folder, page(folder, `policy/${fileOf(subpath)}`, esm(subpath)), POLICY))
    },
  },
  {
    group: 'bundlers',
    name: 'web worker, Chromium',
    covers,
    async run({ folder, subpaths, attempt }) {
      for (const subpath of subpaths) {
        await attempt(subpath, () => {
          const root = page(folder, `worker/${fileOf(subpath)}`, esm(subpath), undefined, shows(WORKER))
          put(root, 'worker.js', "import { check } from './check.js'\ncheck().then(() => postMessage('ok'), (error) => postMessage(String(error?.stack ?? error)))\n")
          return built(folder, root)
        })
      }
    },
  },
]
