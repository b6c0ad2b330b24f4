// @ts-check
// The tarball as a stranger gets it: what is in it, and that it works in Node.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { install, put, run, workspace } from './consumer.mjs'

/** Bytes of the module and its glue, by brotli: what we want, and what may not be passed. */
const WEIGHT_TARGET = 40_000
const WEIGHT_MAX = 80_000

const { project, files } = install()
const installed = join(project, 'node_modules/latchwork')
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
const paths = files.map(({ path }) => path).sort()

test('the tarball has exactly what is needed', () => {
  const lib = ['lib', 'password', 'directory', 'stores', 'cli'].flatMap((folder) => readdirSync(join(workspace, 'pkg', folder)).map((name) => `${folder}/${name}`))
  const examples = run(workspace, 'git', 'ls-files', 'examples').trim().split('\n')
  assert.deepEqual(paths, [
    'ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'README.md', ...examples, 'cli.mjs', 'directory-edge-light.mjs', 'directory-workerd.mjs', 'directory.d.ts', 'directory.mjs', 'edge-light.mjs', 'index.d.ts', 'latchwork.mjs', ...lib, 'package.json',
    'password-edge-light.mjs', 'password-legacy-edge-light.mjs', 'password-legacy-workerd.mjs', 'password-legacy.d.ts', 'password-legacy.mjs', 'password-workerd.mjs', 'password.d.ts', 'password.mjs',
    'wasm/directory.inline.mjs', 'wasm/directory.js', 'wasm/directory_bg.wasm', 'wasm/inline.mjs', 'wasm/latchwork.js', 'wasm/latchwork_bg.wasm', 'wasm/legacy.inline.mjs', 'wasm/legacy_bg.wasm', 'wasm/password.inline.mjs', 'wasm/password_bg.wasm', 'wasm/words.mjs', 'web.d.ts', 'web.mjs', 'workerd.mjs',
  ].sort())
})

test('the package needs no other package, and runs nothing when it is installed', () => {
  for (const name of ['dependencies', 'optionalDependencies', 'scripts', 'bundleDependencies']) assert.equal(manifest[name], undefined, name)
  for (const name of Object.keys(manifest.peerDependencies)) assert.equal(manifest.peerDependenciesMeta[name].optional, true, name)
  assert.deepEqual(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')), ['latchwork'])
})

test('every relative link of a packed document leads to a packed file', () => {
  const documents = paths.filter((path) => path.endsWith('.md'))
  assert.ok(documents.includes('README.md') && documents.includes('CHANGELOG.md'))
  for (const path of documents) {
    for (const [, target] of readFileSync(join(installed, path), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (!/^https:/.test(target)) assert.ok(paths.includes(posix.join(dirname(path), target)), `${path} links to ${target}`)
    }
  }
})

test('the release script puts the repository that it is given into the manifest, and asks for it', () => {
  const address = 'https://example.org/owner/latchwork'
  const tarball = run(workspace, 'bash', 'scripts/release', address, project).trim()
  const packed = JSON.parse(run(project, 'tar', '-xOf', tarball, 'package/package.json'))
  assert.deepEqual(packed, { ...manifest, repository: { type: 'git', url: `git+${address}.git`, directory: 'pkg' }, homepage: `${address}#readme`, bugs: `${address}/issues` })
  for (const name of ['repository', 'homepage', 'bugs']) assert.equal(manifest[name], undefined, name)
  for (const words of [[], ['latchwork'], ['http://example.org/x']]) assert.throws(() => run(workspace, 'bash', 'scripts/release', ...words), /usage: scripts\/release REPOSITORY/)
})

test('all that the manifest names is in the tarball, and all that a file imports', () => {
  /** @type {(target: any) => string[]} */
  const targets = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(targets))
  const named = [manifest.exports, manifest.types, manifest.sideEffects].flatMap(targets)
  assert.ok(named.length > 8)
  for (const path of named) assert.ok(paths.includes(posix.normalize(path)), path)
  // An example is a project of its own.
  for (const path of paths.filter((path) => /\.m?js$/.test(path) && !path.endsWith('inline.mjs') && !path.startsWith('examples/'))) {
    const text = readFileSync(join(installed, path), 'utf8')
    for (const [, source] of text.matchAll(/^(?:import|export)\b[^'"`;]*from ['"]([^'"]+)['"]/gm)) {
      // The command runs in Node; nothing else does only there.
      if (/^cli[./]/.test(path) && source.startsWith('node:')) continue
      assert.match(source, /^\.\.?\//, `${path} imports a package`)
      assert.ok(paths.includes(posix.join(dirname(path), source.split('?')[0])), `${path} imports ${source}`)
    }
    assert.doesNotMatch(text, /sourceMappingURL/, path)
    assert.ok(!text.includes(workspace), path)
  }
})

test('every loader is named among the side effects, so that no bundler drops it', () => {
  const loaders = paths.filter((path) => path.endsWith('.mjs') && (!path.includes('/') || path === 'password/worker.mjs'))
  assert.deepEqual(manifest.sideEffects.map((/** @type {string} */ path) => posix.normalize(path)).sort(), loaders)
})

test('nothing that a program imports brings the command along, and the command runs where it is installed', () => {
  for (const path of paths.filter((path) => /\.m?js$/.test(path) && !/^cli[./]/.test(path))) assert.doesNotMatch(readFileSync(join(installed, path), 'utf8'), /['"]\S*\bcli[./]|^(?:import|export)\b.*['"]node:|await import\(['"]node:/m, path)
  assert.deepEqual(manifest.bin, { latchwork: 'cli.mjs' })
  assert.equal(run(project, 'npx', '--offline', 'latchwork', '--version'), `${manifest.version}\n`)
})

/** A stranger's first lines, printed as one word. */
const PROGRAM = `
const authorizer = open('meuse', { users: [{ name: 'ann', role: 'tech' }], crates: [{ name: 'a', owners: ['ann'] }] })
console.log(authorizer.can('ann', 'crate.yank', 'crate:a@1.0.0'), authorizer.can('ann', 'user.create', 'users'), authorizer.explain({ subject: 'ann', action: 'crate.list', resource: 'crates' }).rule)
`
const ANSWER = 'true false every-role\n'

test('the package works at once after import', () => {
  put(project, 'import.mjs', `import { open } from 'latchwork'\n${PROGRAM}`)
  assert.equal(run(project, 'node', 'import.mjs'), ANSWER)
})

test('the package works at once after require', () => {
  put(project, 'require.cjs', `const { open } = require('latchwork')\n${PROGRAM}`)
  assert.equal(run(project, 'node', '--disable-warning=ExperimentalWarning', 'require.cjs'), ANSWER)
})

test('the stores are imported without the packages behind them, and say what to install once one is asked', () => {
  put(project, 'stores.mjs', `
import { LatchworkError } from 'latchwork'
import { memoryStore } from 'latchwork/stores/memory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { durableObjectStore, LatchworkStore } from 'latchwork/stores/durable-object'
const said = [await memoryStore().commit([{ key: 'a', expect: null, value: '' }]), typeof durableObjectStore, typeof LatchworkStore]
for (const store of [libsqlStore({ file: 'x.db' }), libsqlStore({ url: 'https://example.org' })]) {
  await store.read(['a']).catch((error) => said.push(error instanceof LatchworkError, error.code, error.message.includes('npm install @libsql/client')))
}
console.log(said.join(' '))`)
  assert.equal(run(project, 'node', 'stores.mjs'), 'true function function true missing_dependency true true missing_dependency true\n')
})

test('a front end that imports the package gets no store with it', () => {
  const reached = new Set()
  const visit = (/** @type {string} */ path) => {
    if (reached.has(path) || !path.endsWith('.mjs')) return
    reached.add(path)
    const text = readFileSync(join(installed, path), 'utf8')
    for (const [, source] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) visit(posix.join(dirname(path), source))
  }
  for (const loader of ['latchwork.mjs', 'web.mjs', 'workerd.mjs', 'edge-light.mjs']) visit(loader)
  assert.ok(reached.has('lib/authorizer.mjs'))
  assert.deepEqual([...reached].filter((path) => path.startsWith('stores/')), [])
})

test('the package reads no file of its own and asks no network', () => {
  put(project, 'closed.mjs', `
import module from 'node:module'
import { syncBuiltinESMExports } from 'node:module'
import fs from 'node:fs'
const { open } = await import('latchwork')
for (const name of Object.keys(fs)) if (typeof fs[name] === 'function' && /^(read|open|create|stat)/.test(name)) fs[name] = () => { throw new Error(name) }
syncBuiltinESMExports()
globalThis.fetch = () => { throw new Error('fetch') }
${PROGRAM}`)
  assert.equal(run(project, 'node', 'closed.mjs'), ANSWER)
})

const FROM_WEB = `
import { readFileSync } from 'node:fs'
import { open, init, LatchworkError } from 'latchwork/web'
const bytes = readFileSync(new URL(import.meta.resolve('latchwork/latchwork.wasm')))
`

for (const [what, source] of [
  ['a compiled module', 'new WebAssembly.Module(bytes)'],
  ['the bytes', 'bytes'],
  ['an ArrayBuffer', 'new Uint8Array(bytes).buffer'],
  ['a response', `new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } })`],
  ['an address', '`data:application/wasm;base64,${bytes.toString("base64")}`'],
]) {
  test(`the loader for pages takes ${what}`, () => {
    put(project, 'web.mjs', `${FROM_WEB}
      try { open('meuse', {}) } catch (error) { if (error.code !== 'not_initialized') throw error }
      await Promise.all([init(${source}), init('nonsense://'), init(5)])
      ${PROGRAM}`)
    assert.equal(run(project, 'node', 'web.mjs'), ANSWER)
  })
}

test('a module that can not be loaded is an error of the package, and may be tried again', () => {
  put(project, 'again.mjs', `${FROM_WEB}
    for (const source of [new Response('no', { status: 404 }), new Response('<html>'), new Uint8Array(5), 'nonsense://', new URL('file:///nowhere')]) {
      await init(source).then(() => process.exit(1), (error) => {
        if (!(error instanceof LatchworkError) || error.code !== 'not_initialized' || !error.cause) throw error
      })
      try { open('meuse', {}) } catch (error) { if (error.code !== 'not_initialized') throw error }
    }
    await init(bytes)
    ${PROGRAM}`)
  assert.equal(run(project, 'node', 'again.mjs'), ANSWER)
})

test('the loaders for edge runtimes work where a .wasm file is imported as a module', () => {
  put(project, 'hooks.mjs', `
    export async function load(url, context, next) {
      if (!/\\.wasm(\\?module)?$/.test(url)) return next(url, context)
      const source = \`import { readFileSync } from 'node:fs'; export default new WebAssembly.Module(readFileSync(new URL(\${JSON.stringify(url.split('?')[0])})))\`
      return { format: 'module', shortCircuit: true, source }
    }`)
  put(project, 'edge.mjs', `
    import { register } from 'node:module'
    register('./hooks.mjs', import.meta.url)
    const { open } = await import('latchwork')
    if (!import.meta.resolve('latchwork').endsWith(\`\${process.argv[2]}.mjs\`)) throw new Error(import.meta.resolve('latchwork'))
    ${PROGRAM}`)
  for (const condition of ['workerd', 'edge-light']) assert.equal(run(project, 'node', '--conditions', condition, 'edge.mjs', condition), ANSWER)
  for (const path of paths.filter((path) => /\.m?js$/.test(path))) run(installed, 'node', '--check', path)
})

const CONSUMER = `
import { LatchworkError, open, type Decision, type Subject } from 'latchwork'

export function ask(name: string): Decision<'meuse'> {
  const authorizer = open('meuse', { users: [{ name, role: 'tech' }] })
  const subject: Subject<'meuse'> = authorizer.subject(name)
  // @ts-expect-error: an action of another system
  subject.can('ui.execute', 'crates')
  return subject.decide('crate.list', 'crates')
}

export const code = (error: unknown) => (error instanceof LatchworkError ? error.code : undefined)
`

const STORES = `
import { memoryStore, type Store } from 'latchwork/stores/memory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { durableObjectStore, LatchworkStore, type ObjectNamespace } from 'latchwork/stores/durable-object'

export { LatchworkStore }
export const stores = (namespace: ObjectNamespace): Store[] => [
  memoryStore(), libsqlStore({ file: 'x.db' }), libsqlStore({ url: 'libsql://example.org', authToken: 'x', timeout: 5 }), durableObjectStore(namespace, { name: 'x' }),
]
// @ts-expect-error: a file and a server
libsqlStore({ file: 'x.db', url: 'libsql://example.org' })
`

for (const [what, options, file] of /** @type {[string, { [name: string]: unknown }, string][]} */ ([
  ['Node\'s resolution', { module: 'node16', moduleResolution: 'node16' }, 'consumer.mts'],
  ['a bundler\'s resolution', { module: 'esnext', moduleResolution: 'bundler' }, 'consumer.ts'],
  ['a module that requires it', { module: 'nodenext' }, 'consumer.cts'],
])) {
  test(`a TypeScript project compiles, checking the package's own types, with ${what}`, () => {
    put(project, `types/${file}`, CONSUMER)
    const strict = { noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: 'es2022', types: [] }
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022'], ...options }, files: [file] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
    if (file.endsWith('.cts')) return
    put(project, `types/stores-${file}`, STORES)
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022'], ...options }, files: [`stores-${file}`] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
    put(project, `types/web-${file}`, `import { init, open } from 'latchwork/web'\nexport const ready = init().then(() => open('tyk', {}))\n`)
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022', 'dom'], ...options }, files: [`web-${file}`] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
  })
}

test('what the package weighs', (t) => {
  const weigh = (/** @type {string[]} */ names) => {
    const parts = names.map((name) => readFileSync(join(installed, name)))
    const sum = (/** @type {(bytes: Buffer) => number} */ size) => parts.reduce((all, part) => all + size(part), 0)
    return { raw: sum((part) => part.length), gzip: sum((part) => gzipSync(part, { level: 9 }).length), brotli: sum((part) => brotliCompressSync(part).length) }
  }
  const lib = paths.filter((path) => path.startsWith('lib/'))
  const core = ['wasm/latchwork_bg.wasm', 'wasm/latchwork.js']
  const rows = {
    'wasm': core.slice(0, 1), 'glue': core.slice(1), 'wasm + glue': core, 'lib': lib, 'words': ['wasm/words.mjs'],
    'latchwork/web, all of it': [...core, ...lib, 'wasm/words.mjs', 'web.mjs'], 'latchwork, all of it': ['wasm/inline.mjs', 'wasm/latchwork.js', ...lib, 'wasm/words.mjs', 'latchwork.mjs'],
  }
  const width = 12
  t.diagnostic(['bytes'.padEnd(28), ...['raw', 'gzip', 'brotli'].map((name) => name.padStart(width))].join(''))
  for (const [name, parts] of Object.entries(rows)) {
    t.diagnostic([name.padEnd(28), ...Object.values(weigh(parts)).map((bytes) => bytes.toLocaleString('en').padStart(width))].join(''))
  }
  const { brotli } = weigh(core)
  t.diagnostic(`target for wasm + glue: ${WEIGHT_TARGET.toLocaleString('en')} by brotli, ${(brotli / WEIGHT_TARGET).toFixed(2)} times that today`)
  assert.ok(brotli < WEIGHT_MAX, `wasm and glue weigh ${brotli} bytes by brotli`)
})
