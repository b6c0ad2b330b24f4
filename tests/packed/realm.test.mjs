// @ts-check
// The packed package in a context of its own, with wasm modules that another realm compiled, as Next.js runs it on its
// edge runtime.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { install, put, run } from './consumer.mjs'

const { project } = install()

/** Links a program in a context of its own; `.wasm?module` is compiled outside of it. */
put(project, 'realm.mjs', `
import { readFileSync } from 'node:fs'
import vm from 'node:vm'

const shared = { atob, btoa, console, crypto, fetch, Headers, ReadableStream, Request, Response, setTimeout, clearTimeout, AbortController, AbortSignal, TextDecoder, TextEncoder, URL, queueMicrotask, structuredClone, performance }
const context = vm.createContext({ ...shared })
const known = new Map()

function moduleAt(url) {
  if (!known.has(url)) {
    const path = new URL(url.split('?')[0])
    if (url.endsWith('.wasm?module')) {
      const wasm = new WebAssembly.Module(readFileSync(path))
      known.set(url, new vm.SyntheticModule(['default'], function () { this.setExport('default', wasm) }, { context }))
    } else {
      known.set(url, new vm.SourceTextModule(readFileSync(path, 'utf8'), { context, identifier: url, importModuleDynamically: async (specifier) => {
        const module = moduleAt(new URL(placeOf(specifier), url).href)
        if (module.status === 'unlinked') await module.link(link)
        await module.evaluate()
        return module
      } }))
    }
  }
  return known.get(url)
}

const root = new URL('node_modules/latchwork/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
/** What a specifier stands for on Vercel's edge runtime: \`#…\` is in package.json. */
function placeOf(specifier) {
  if (!specifier.startsWith('#')) return specifier
  const exact = manifest.imports[specifier]
  const path = exact ? exact['edge-light'] : manifest.imports['#wasm/*']['edge-light'].replace('*', specifier.slice('#wasm/'.length))
  return new URL(path, root).href
}
const link = (specifier, { identifier }) => moduleAt(new URL(placeOf(specifier), identifier).href)
const program = new vm.SourceTextModule(process.argv[2], { context, identifier: new URL('program.mjs', root).href })
await program.link(link)
await program.evaluate()
`)

/** @param {string} program */
const inContext = (program) => run(project, 'node', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'realm.mjs', program)

test('a front end works with a module of another realm', () => {
  assert.equal(inContext(`
    import { open } from './entries/latchwork.mjs'
    const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech' }] })
    console.log(authorizer.can('ann', 'crate.list', 'crates'), authorizer.can('ann', 'user.create', 'users'))`), 'true false\n')
  assert.equal(inContext(`
    import { open } from './models/meuse.mjs'
    console.log(open({ users: [{ name: 'ann', role: 'tech' }] }).can('ann', 'crate.list', 'crates'))`), 'true\n')
})

test('a directory works with a module of another realm, and so do passwords', () => {
  assert.equal(inContext(`
    import { createDirectory } from './entries/directory.mjs'
    import { memoryStore } from './stores/memory.mjs'
    const directory = createDirectory({ system: 'arangodb', store: memoryStore(), log: ({ failure }) => failure && console.log(failure) })
    await directory.seed({ users: { root: { passwd: 'tiger', grants: { '*': { level: 'rw' } } } } })
    const ask = async (authorization) => (await directory.fetch(new Request('http://directory/_api/user', { headers: { authorization } }))).status
    console.log(await ask('Basic ' + btoa('root:tiger')), await ask('Basic ' + btoa('root:lion')), (await directory.authorizer()).can('root', 'write', 'shop/orders'))`), '200 401 true\n')
})

test('a compiled module of another realm is accepted by `init`', () => {
  assert.equal(inContext(`
    import wasm from './wasm/latchwork.wasm?module'
    import { init, open } from './entries/web.mjs'
    await init(wasm)
    console.log(open('meuse', { users: [{ name: 'ann', role: 'tech' }] }).can('ann', 'crate.list', 'crates'))`), 'true\n')
})
