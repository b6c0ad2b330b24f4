// @ts-check
// The program in a service worker that answers a request of its page.

import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HTML, packageOf, served, shows, visit } from '../page.mjs'
import { put } from '../install.mjs'
import { esm, fileOf } from '../program.mjs'

const PAGE = `(async () => {
  await navigator.serviceWorker.register('/worker.js')
  await navigator.serviceWorker.ready
  if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
  const text = await (await fetch('/ask')).text()
  if (text !== 'ok') throw new Error(text)
})()`

const WORKER = `import { check } from './check.js'
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (!event.request.url.endsWith('/ask')) return
  event.respondWith(check('/module.wasm').then(() => new Response('ok'), (error) => new Response(String(error?.stack ?? error))))
})
`

/** @type {import('../run.mjs').Target} */
export default {
  group: 'bundlers',
  name: 'service worker, Chromium',
  covers: ({ kind }) => kind !== 'directory' && kind !== 'other',
  async run({ folder, subpaths, attempt }) {
    const { build } = await packageOf(folder, 'esbuild')
    for (const subpath of subpaths) {
      await attempt(subpath, async () => {
        const root = join(folder, 'service-worker', fileOf(subpath))
        put(root, 'index.html', HTML)
        put(root, 'main.js', shows(PAGE))
        put(root, 'check.js', esm(subpath))
        const entry = put(root, 'source.js', WORKER)
        await build({ entryPoints: [entry], outfile: join(root, 'worker.js'), bundle: true, format: 'iife', target: 'es2022', logLevel: 'silent' })
        if (subpath.wasm) copyFileSync(createRequire(entry).resolve(subpath.wasm), join(root, 'module.wasm'))
        await served(root, (origin) => visit(folder, origin))
      })
    }
  },
}
