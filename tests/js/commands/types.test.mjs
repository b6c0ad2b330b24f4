// @ts-check
// `latchwork types`: the generated type has the names of the document, and mistakes name what to type instead.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { closeSync, existsSync, linkSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { cli, run } from '../support/serve-process.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-types-'))
after(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'node_modules'))
symlinkSync(fileURLToPath(new URL('../../../pkg/', import.meta.url)), join(folder, 'node_modules/latchwork'))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')

let names = 0

/** A file with this in it; its path. @param {unknown} content text, or what becomes JSON */
function file(content) {
  const path = join(folder, `${(names += 1)}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** The messages of the compiler about a program next to the documents. @param {string} text @param {ts.CompilerOptions} options */
function compiled(text, options) {
  const path = join(folder, 'program.ts')
  writeFileSync(path, text)
  const program = ts.createProgram([path], { noEmit: true, strict: true, target: ts.ScriptTarget.ES2022, resolveJsonModule: true, types: [], ...options })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

const policy = {
  $schema: './node_modules/latchwork/schemas/rbac.json',
  actions: { publish: null, 'edit-title': 'write' },
  resources: { doc: '{org}/docs/{id}' },
  roles: { viewer: { grants: { '**': 'read' } }, "it's": { inherits: ['viewer'] }, ['__proto__']: {} },
  groups: { press: { roles: ['viewer'] } },
  users: { alice: { roles: ['viewer'] } },
}

test('the types of a document are written next to it', async () => {
  const path = file(policy)
  const { code, out, err } = await run('types', path)
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  const written = path.replace('.json', '.types.d.ts')
  assert.equal(out, `wrote ${written}\n`)
  assert.equal(readFileSync(written, 'utf8'), `// Written by \`latchwork types ${names}.json\`. Run it again when the document changes.
import type { RbacTyped } from 'latchwork/rbac';

/** A document with the names that \`${names}.json\` defines: \`open<Policy>(document)\`. */
export type Policy = RbacTyped<{
  levels: ['none', 'read', 'write', 'admin'];
  actions: {
    publish: null;
    'edit-title': 'write';
  };
  resources: {
    doc: '{org}/docs/{id}';
  };
  roles: {
    viewer: {};
    "it's": {};
    __proto__: {};
  };
  groups: {
    press: {};
  };
}>;
`)
  utimesSync(written, 1, 1)
  assert.equal((await run('types', path)).out, `${written} is up to date\n`)
  assert.equal(statSync(written).mtimeMs, 1000)
})

for (const [name, options] of /** @type {[string, ts.CompilerOptions][]} */ ([
  ['Node', { module: ts.ModuleKind.NodeNext }],
  ['a bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
])) {
  test(`the written type has the names of the document, with the resolution of ${name}`, async () => {
    const path = file(policy)
    assert.equal((await run('types', path)).code, 0)
    const head = `import { open } from 'latchwork/rbac'
import document from './${names}.json' with { type: 'json' }
import type { Policy } from './${names}.types.js'
const app = open<Policy>(document)
open<Policy>(JSON.parse('{}'))
`
    const right = "app.subject({ id: 'u', roles: ['viewer', \"it's\", '__proto__'], groups: ['press'] }).can('edit-title', { type: 'doc', org: 'a', id: 1 })\n"
    assert.deepEqual(compiled(head + right, options), [])
    const wrong = ["app.can('u', 'edit', 'a')", "app.subject({ id: 'u', roles: ['veiwer'] })", "app.can('u', 'read', { type: 'post', id: 1 })"]
    const messages = compiled(`${head}${wrong.join('\n')}\n`, options)
    assert.equal(messages.length, wrong.length, messages.join('\n'))
    for (const [index, word] of ['"edit"', '"veiwer"', '"post"'].entries()) assert.ok(messages[index].includes(word), messages[index])
  })
}

test('the type is written to another file, or to the standard output', async () => {
  const path = file({})
  const elsewhere = join(folder, 'elsewhere.d.ts')
  assert.equal((await run('types', path, '--out', elsewhere)).out, `wrote ${elsewhere}\n`)
  const { code, out } = await run('types', '--out=-', path)
  assert.deepEqual({ code, out }, { code: 0, out: readFileSync(elsewhere, 'utf8') })
  assert.match(out, /levels: \['none', 'read', 'write', 'admin'\];\n {2}actions: \{\};\n {2}roles: \{\};\n {2}groups: \{\};\n\}>/)
})

test('the document is not overwritten, by its path, by another path, or through a link', async () => {
  const path = file(policy)
  const before = readFileSync(path, 'utf8')
  const [link, hardLink] = ['link.d.ts', 'hard-link.d.ts'].map((name) => join(folder, name))
  symlinkSync(path, link)
  linkSync(path, hardLink)
  symlinkSync(path, path.replace('.json', '.types.d.ts'))
  for (const words of [['--out', path], ['--out', join(folder, 'node_modules', '..', `${names}.json`)], ['--out', link], ['--out', hardLink], []]) {
    const { code, out, err } = await run('types', path, ...words)
    assert.deepEqual({ code, out }, { code: 2, out: '' }, words.join(' '))
    assert.match(err, /` is the document itself, .*: type another `--out PATH` \(invalid_value\)\n$/)
    assert.equal(readFileSync(path, 'utf8'), before)
  }
})

test('a folder in place of the file of types is a mistake that names the correction', async () => {
  const path = file(policy)
  const written = path.replace('.json', '.types.d.ts')
  mkdirSync(written)
  for (const [words, out] of [[[], written], [['--out', folder], folder], [['--out', `${folder}/`], `${folder}/`]]) {
    const { code, out: printed, err } = await run('types', path, ...words)
    assert.deepEqual({ code, printed, err }, { code: 2, printed: '', err: `latchwork: \`${out}\` cannot be written (EISDIR): type another \`--out PATH\` (unwritable_file)\n` })
  }
})

test('the type is written to pipes and devices without reading them first', { skip: process.platform === 'win32' ? 'Windows has no pipes and devices in folders' : false }, async () => {
  const path = file(policy)
  const { out: text } = await run('types', path, '--out', '-')
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  const [{ stdout }, { code, out }] = await Promise.all([promisify(execFile)('cat', [fifo], { timeout: 10_000 }), run('types', path, '--out', fifo)])
  assert.deepEqual({ stdout, code, out }, { stdout: text, code: 0, out: `wrote ${fifo}\n` })
  const device = await run('types', path, '--out', '/dev/null')
  assert.deepEqual(device, { code: 0, out: 'wrote /dev/null\n', err: '' })
  if (!existsSync('/dev/full')) return
  const full = await run('types', path, '--out', '/dev/full')
  assert.deepEqual(full, { code: 2, out: '', err: 'latchwork: `/dev/full` cannot be written (ENOSPC): type another `--out PATH` (unwritable_file)\n' })
})

test('a path of the standard output gets the type alone, in a pipe and in a file', { skip: !existsSync('/dev/stdout') }, async () => {
  const path = file(policy)
  const { out: text } = await run('types', path, '--out', '-')
  assert.deepEqual(await run('types', path, '--out', '/dev/stdout'), { code: 0, out: text, err: '' })
  const redirected = join(folder, 'redirected.d.ts')
  for (const out of ['/dev/stdout', redirected]) {
    const target = openSync(redirected, 'w')
    execFileSync(process.execPath, [cli, 'types', path, '--out', out], { stdio: ['ignore', target, 'inherit'] })
    closeSync(target)
    assert.equal(readFileSync(redirected, 'utf8'), text, out)
  }
})

test('all problems of a document are printed with their places, and nothing is written', async () => {
  const path = file({ roles: { viewer: { inherits: ['veiwer'] } }, rols: {} })
  const { code, out, err } = await run('types', path)
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(err, /^latchwork: `.+` is not valid \(invalid_records\)\n/)
  assert.match(err, /^ {2}\S+\.json:1:33 \/roles\/viewer\/inherits\/0: .*veiwer.* \(unknown_role\)$/m)
  assert.match(err, /^ {2}\S+\.json:1:45 \/rols: .* \(unknown_field\)$/m)
  assert.throws(() => statSync(path.replace('.json', '.types.d.ts')), { code: 'ENOENT' })
})

for (const [code, exit, words, message] of /** @type {[string, number, string[], RegExp][]} */ ([
  ['malformed_json', 1, ['types', file('{ "roles": }')], /the document `.+` is not JSON \(malformed_json\)\n {2}.+:1:12: expected a value/],
  ['invalid_records', 1, ['types', file('{ "roles": {}, "roles": {} }')], /:1:16 \/roles: `roles` is repeated/],
  ['unreadable_file', 2, ['types', join(folder, 'none.json')], /the file does not exist: type the name of a JSON file with a document/],
  ['unwritable_file', 2, ['types', file({}), '--out', join(folder, 'none/such')], /type another `--out PATH`/],
  ['missing_file', 2, ['types'], /type `latchwork types FILE`/],
  ['unexpected_argument', 2, ['types', 'a.json', 'b.json'], /unexpected argument `b.json`: type `latchwork types FILE`/],
  ['unknown_option', 2, ['types', 'a.json', '--output', 'x'], /`--output`: expected one of --out, --help/],
  ['missing_value', 2, ['types', 'a.json', '--out'], /type `--out PATH` in `latchwork types FILE`/],
  ['duplicate_option', 2, ['types', 'a.json', '--out', 'x', '--out', 'y'], /given twice/],
  ['unknown_command', 2, ['type'], /did you mean `latchwork types`\?/],
])) {
  test(`\`latchwork ${words.map((word) => word.replace(`${folder}/`, '')).join(' ')}\` names the correction`, async () => {
    const { code: got, out, err } = await run(...words)
    assert.deepEqual({ got, out }, { got: exit, out: '' })
    assert.match(err, message)
    assert.ok(err.includes(`(${code})\n`), err)
  })
}

test('the help has an example of using the type', async () => {
  for (const words of [['types', '--help'], ['types', '-h']]) {
    const { code, out } = await run(...words)
    assert.equal(code, 0)
    assert.match(out, /^usage: latchwork types FILE/)
    assert.match(out, /open<Policy>\(policy\)/)
  }
  assert.match((await run('--help')).out, /^ {2}types FILE/m)
})
