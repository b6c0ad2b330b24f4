// @ts-check
// The tarball as a stranger gets it: what is in it, and that it works in Node.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { install, put, putEdgeHooks, run, workspace } from './consumer.mjs'

const { project, files } = install()
const installed = join(project, 'node_modules/latchwork')
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
const paths = files.map(({ path }) => path).sort()

/** The models, by the files of their explanations. */
const models = paths.flatMap((path) => /^wasm\/(\w+)\.rules\.mjs$/.exec(path)?.[1] ?? []).filter((name) => name !== 'latchwork')

/** The subpaths of the package, and the file of each by a condition. @param {string} condition */
function subpaths(condition) {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const path = target[condition]?.default ?? target.default?.default
    if (path === undefined) return []
    return (subpath.includes('*') ? models : ['']).map((model) => ({ subpath: subpath.replace('*', model).replace('.', 'latchwork'), path: posix.normalize(path.replace('*', model)) }))
  })
}

test('the tarball has exactly the listed files', () => {
  const written = ['core', 'entries', 'password', 'directory', 'stores', 'filter', 'testing', 'cli', 'types'].flatMap((folder) => run(workspace, 'git', 'ls-files', `pkg/${folder}`).trim().split('\n').map((path) => path.slice('pkg/'.length)).filter((path) => !path.endsWith('.template')))
  const forRequire = [...written, ...models.flatMap((model) => [`models/${model}.d.ts`, `models/${model}.web.d.ts`, `models/${model}.server.d.ts`]), 'models/systems.d.ts'].filter((path) => path.endsWith('.d.ts')).map((path) => path.replace(/ts$/, 'cts'))
  const examples = run(workspace, 'git', 'ls-files', 'docs', 'examples').trim().split('\n')
  const modules = [...models, 'latchwork', 'server', 'password', 'legacy', 'directory']
  assert.ok(models.length >= 5)
  assert.deepEqual(paths.filter((path) => !/^(cjs|node)\//.test(path)), [
    'ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'cli.mjs', 'package.json', ...examples, ...written, ...forRequire,
    ...models.flatMap((model) => ['', '.web', '.server'].flatMap((kind) => [`models/${model}${kind}.d.ts`, `models/${model}${kind}.mjs`, `${model}${kind.replace('.', '/')}/package.json`])), 'models/systems.d.ts', 'wasm/systems.mjs',
    ...models.map((model) => `schemas/${model}.json`),
    ...['web', 'server', 'testing', 'password', 'password-legacy', 'directory'].map((folder) => `${folder}/package.json`),
    ...modules.flatMap((name) => ['wasm', 'inline.mjs', 'inline.cjs', 'edge.mjs', 'workerd.mjs'].map((kind) => `wasm/${name}.${kind}`)),
    ...[...models, 'latchwork'].map((name) => `wasm/${name}.rules.mjs`), 'wasm/core.js', 'wasm/directory.js',
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

test('every file that the manifest names or a file imports is in the tarball', () => {
  /** @type {(target: any) => string[]} */
  const targets = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(targets))
  const named = [manifest.exports, manifest.imports, manifest.main, manifest.types, manifest.sideEffects].flatMap(targets)
  assert.ok(named.length > 30)
  for (const path of named) {
    const pattern = new RegExp(`^${posix.normalize(path).split('*').map((part) => part.replaceAll('.', '\\.')).join('[^/]+')}$`)
    assert.ok(paths.some((file) => pattern.test(file)), path)
  }
  // An example is a project of its own.
  for (const path of paths.filter((path) => /\.m?js$/.test(path) && !path.endsWith('inline.mjs') && !path.startsWith('examples/'))) {
    const text = readFileSync(join(installed, path), 'utf8')
    for (const [, source] of text.matchAll(/^(?:import|export)\b[^'"`;]*from ['"]([^'"]+)['"]/gm)) {
      // The command runs in Node; nothing else does only there.
      if (/^cli[./]/.test(path) && source.startsWith('node:')) continue
      if (source.startsWith('#')) continue
      assert.match(source, /^\.\.?\//, `${path} imports a package`)
      assert.ok(paths.includes(posix.join(dirname(path), source.split('?')[0])), `${path} imports ${source}`)
    }
    assert.doesNotMatch(text, /sourceMappingURL/, path)
    assert.ok(!text.includes(workspace), path)
  }
})

test('every file that an import leads to is named among the side effects, so that no bundler drops it', () => {
  const patterns = manifest.sideEffects.map((/** @type {string} */ path) => new RegExp(`^${posix.normalize(path).replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`))
  for (const { path } of ['default', 'require', 'node', 'workerd'].flatMap(subpaths)) {
    // Stores do nothing until they are asked, and compilers are functions.
    if (!/(stores|filter)\//.test(path)) assert.ok(patterns.some((/** @type {RegExp} */ pattern) => pattern.test(path)), path)
  }
})

test('no import loads the command, and the installed command runs', () => {
  for (const path of paths.filter((path) => /\.m?js$/.test(path) && !/^(cli[./]|examples\/)/.test(path))) assert.doesNotMatch(readFileSync(join(installed, path), 'utf8'), /['"]\S*\bcli[./]|^(?:import|export)\b.*['"]node:|await import\(['"]node:/m, path)
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

test('the package works at once after require, without a warning', () => {
  put(project, 'require.cjs', `const { open } = require('latchwork')\n${PROGRAM}`)
  assert.equal(run(project, 'node', '--throw-deprecation', '--trace-warnings', 'require.cjs'), ANSWER)
})

test('every subpath is imported and required, with the same names, and errors of either kind are known to both', () => {
  const names = subpaths('default').map(({ subpath }) => subpath)
  assert.ok(names.length > 15 && names.includes('latchwork/meuse/web'))
  put(project, 'subpaths.mjs', `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
for (const subpath of ${JSON.stringify(names)}) {
  const [imported, required] = [await import(subpath), require(subpath)]
  if (Object.keys(imported).sort().join() !== Object.keys(required).sort().join()) throw new Error(subpath)
  if (imported.LatchworkError) {
    if (imported.LatchworkError === required.LatchworkError) throw new Error(subpath + ' is required as a module')
    const [one, other] = [new imported.LatchworkError('x', 'y'), new required.LatchworkError('x', 'y')]
    if (!(one instanceof required.LatchworkError && other instanceof imported.LatchworkError && !(new Error() instanceof imported.LatchworkError))) throw new Error(subpath)
  }
  if (!${JSON.stringify(models.map((model) => `latchwork/${model}`))}.includes(subpath)) continue
  for (const { open } of [imported, required]) {
    const authorizer = open({})
    if (authorizer.can(null, authorizer.vocabulary().actions[0], '') !== false) throw new Error(subpath)
  }
}
console.log('all')`)
  assert.equal(run(project, 'node', 'subpaths.mjs'), 'all\n')
})

test('an import in Node finds few files, and all subpaths share what they have in common', () => {
  const statically = (/** @type {string} */ path, reached = new Set()) => {
    reached.add(path)
    if (path.startsWith('wasm/')) return reached
    for (const [, source] of readFileSync(join(installed, path), 'utf8').matchAll(/^(?:import|export)\b[^'"`;]*['"](\.[^'"]+)['"]/gm)) statically(posix.join(dirname(path), source), reached)
    return reached
  }
  for (const model of models) assert.ok(statically(`node/${model}.mjs`).size <= 4, model)
  put(project, 'shared.mjs', `
const errors = new Set()
for (const subpath of ${JSON.stringify(subpaths('node').map(({ subpath }) => subpath))}) errors.add((await import(subpath)).LatchworkError)
errors.delete(undefined)
console.log(errors.size)`)
  assert.equal(run(project, 'node', 'shared.mjs'), '1\n')
})

test('a test runner for CommonJS loads it without a TextEncoder, and so does a resolver that ignores `exports`', () => {
  put(project, 'commonjs.mjs', `
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import vm from 'node:vm'
const context = vm.createContext({ atob, console })
const cache = new Map()
function load(path) {
  if (!cache.has(path)) {
    const module = { exports: {} }
    cache.set(path, module)
    const run = vm.runInContext('(function (module, exports, require, __filename) {' + readFileSync(path, 'utf8') + '\\n})', context)
    run(module, module.exports, (name) => load(resolve(dirname(path), name)), path)
  }
  return cache.get(path).exports
}
/** As resolvers did before \`exports\`: the folder's package.json has a \`main\`. */
const main = (folder) => resolve(folder, JSON.parse(readFileSync(folder + '/package.json', 'utf8')).main)
const name = 'ann \u{e9}\u{20ac}\u{1f600}'
for (const folder of ['latchwork', 'latchwork/meuse']) {
  const { open } = load(main('node_modules/' + folder))
  const records = { users: [{ name, role: 'tech' }], crates: [{ name: 'a', owners: [name] }] }
  const authorizer = folder === 'latchwork' ? open('meuse', records) : open(records)
  console.log(authorizer.can(name, 'crate.yank', 'crate:a@1.0.0'), authorizer.can(name + 'x', 'crate.yank', 'crate:a@1.0.0'))
}
for (const folder of ['password', 'directory']) load(main('node_modules/latchwork/' + folder))`)
  assert.equal(run(project, 'node', 'commonjs.mjs'), 'true false\ntrue false\n')
})

test('the stores are imported without their engines, and the first call names the package to install', () => {
  put(project, 'stores.mjs', `
import { LatchworkError } from 'latchwork'
import { memoryStore } from 'latchwork/stores/memory'
import { libsqlStore } from 'latchwork/stores/libsql'
import { durableObjectStore, LatchworkStore } from 'latchwork/stores/durable-object'
const results = [await memoryStore().commit([{ key: 'a', expect: null, value: '' }]), typeof durableObjectStore, typeof LatchworkStore]
for (const store of [libsqlStore({ file: 'x.db' }), libsqlStore({ url: 'https://example.org' })]) {
  await store.read(['a']).catch((error) => results.push(error instanceof LatchworkError, error.code, error.message.includes('npm install @libsql/client')))
}
console.log(results.join(' '))`)
  assert.equal(run(project, 'node', 'stores.mjs'), 'true function function true missing_dependency true true missing_dependency true\n')
})

test('a front end that imports the package loads no store', () => {
  const reached = new Set()
  const visit = (/** @type {string} */ path) => {
    if (reached.has(path) || !path.endsWith('.mjs')) return
    reached.add(path)
    const text = readFileSync(join(installed, path), 'utf8')
    for (const [, source] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) visit(posix.join(dirname(path), source))
  }
  for (const { path } of subpaths('default').filter(({ subpath }) => !/stores|directory|password/.test(subpath))) visit(path)
  assert.ok(reached.has('core/authorizer.mjs') && reached.has('models/meuse.web.mjs'))
  assert.deepEqual([...reached].filter((path) => path.startsWith('stores/')), [])
})

test('the package reads no file and uses no network', () => {
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
  test(`the loader for pages accepts ${what}`, () => {
    put(project, 'web.mjs', `${FROM_WEB}
      try { open('meuse', {}) } catch (error) { if (error.code !== 'not_initialized') throw error }
      await Promise.all([init(${source}), init('nonsense://'), init(5)])
      ${PROGRAM}`)
    assert.equal(run(project, 'node', 'web.mjs'), ANSWER)
  })
}

test('a module that cannot be loaded is a LatchworkError, and loading can be repeated', () => {
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
  putEdgeHooks(project)
  put(project, 'edge.mjs', `
    import { register } from 'node:module'
    register('./hooks.mjs', import.meta.url)
    const { open } = await import('latchwork')
    const { open: openOne } = await import('latchwork/meuse')
    if (openOne({}).can(null, 'crate.list', 'crates')) throw new Error('allowed')
    ${PROGRAM}`)
  for (const condition of ['workerd', 'edge-light']) assert.equal(run(project, 'node', '--conditions', condition, 'edge.mjs', condition), ANSWER)
  for (const path of paths.filter((path) => /\.m?js$/.test(path))) run(installed, 'node', '--check', path)
})

const CONSUMER = `
import { LatchworkError, open, type Decision, type Subject } from 'latchwork'
import { open as openOne, type Action } from 'latchwork/meuse'

export function ask(name: string): Decision<'meuse'> {
  const authorizer = open('meuse', { users: [{ name, role: 'tech' }] })
  const subject: Subject<'meuse'> = authorizer.subject(name)
  // @ts-expect-error: an action of another system
  subject.can('ui.execute', 'crates')
  return subject.decide('crate.list', 'crates')
}

const action: Action = 'crate.list'
export const one: boolean = openOne({ users: [{ name: 'ann', role: 'tech' }] }).can('ann', action, 'crates')
// @ts-expect-error: an action of another model
openOne({}).can(null, 'ui.execute', 'crates')

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
  ['a module that requires it', { module: 'node16' }, 'consumer.cts'],
  ['a resolver that ignores `exports`', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '5.0' }, 'consumer.ts'],
])) {
  test(`a TypeScript project compiles, checking the package's own types, with ${what}`, () => {
    put(project, `types/${file}`, CONSUMER)
    const strict = { noEmit: true, strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: 'es2022', types: [] }
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022'], ...options }, files: [file] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
    if (file.endsWith('.cts') || 'ignoreDeprecations' in options) return
    put(project, `types/stores-${file}`, STORES)
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022'], ...options }, files: [`stores-${file}`] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
    put(project, `types/web-${file}`, `import { init, open } from 'latchwork/web'\nexport const ready = init().then(() => open('tyk', {}))\n`)
    put(project, 'types/tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, lib: ['es2022', 'dom'], ...options }, files: [`web-${file}`] }))
    run(project, 'node', join(workspace, 'node_modules/typescript/bin/tsc'), '--project', 'types')
  })
}
