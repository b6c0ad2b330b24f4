// @ts-check
// Compiler messages for common mistakes in a document of `latchwork/rbac`: one short message, at the wrong word.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const folder = mkdtempSync(fileURLToPath(new URL('../../../node_modules/.latchwork-messages-', import.meta.url)))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A checked program of this text. @param {string} text @param {ts.CompilerOptions} [options] */
function programOf(text, options) {
  const path = join(folder, 'program.ts')
  writeFileSync(path, `import { open } from 'latchwork/rbac'\n${text}\n`)
  return ts.createProgram([path], { noEmit: true, strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, types: [], ...options })
}

/** Each mistake with the text at which the message is, the word in the message, and the word that it proposes. @type {[string, string, string, string, string?][]} */
const MISTAKES = [
  ['an unknown action', "open({ actions: { publish: null } }).can('ann', 'publsh', 'docs/1')", "'publsh'", 'publsh'],
  ['an unknown role of a user', "open({ roles: { viewer: {}, editor: {} }, users: { ann: { roles: ['veiwer'] } } })", "'veiwer'", 'veiwer', 'viewer'],
  ['an unknown name in a grant', "open({ roles: { viewer: { grants: { 'docs/*': 'wirte' } } } })", "'docs/*'", 'wirte', 'write'],
  ['an unknown name in a list of a grant', "open({ roles: { viewer: { grants: { 'docs/*': ['read', 'wirte'] } } } })", "'wirte'", 'wirte', 'write'],
  ['an unknown role that is inherited', "open({ roles: { viewer: {}, editor: { inherits: ['veiwer'] } } })", "'veiwer'", 'veiwer', 'viewer'],
  ['an unknown role of a record', "open({ roles: { viewer: {}, editor: {} } }).subject({ id: 'ann', roles: ['veiwer'] })", "'veiwer'", 'veiwer', 'viewer'],
  ['an unknown group', "open({ groups: { press: {}, sales: {} }, users: { ann: { groups: ['pres'] } } })", "'pres'", 'pres', 'press'],
  ['an unknown role of a question', "open({ roles: { viewer: {}, editor: {} } }).decide({ subject: { id: 'ann', roles: ['veiwer'] }, action: 'read', resource: 'a' })", "'veiwer'", 'veiwer', 'viewer'],
  ['an unknown role within', "open({ roles: { viewer: {}, editor: {} } }).decide({ subject: 'ann', action: 'read', resource: 'a', within: { roles: ['veiwer'] } })", "'veiwer'", 'veiwer', 'viewer'],
  ['a misspelled member', "open({ roles: { viewer: {} }, users: { ann: { role: ['viewer'] } } })", 'role', 'role', 'roles'],
  ['an unknown type of resource', "open({ resources: { doc: 'docs/{id}', post: 'posts/{id}' } }).can('ann', 'read', { type: 'dok', id: 1 })", 'type', 'dok'],
  ['a wrong part of a resource', "open({ resources: { doc: 'docs/{id}' } }).can('ann', 'read', { type: 'doc', ident: 1 })", 'ident', 'ident'],
]

for (const [mistake, text, place, word, meant] of MISTAKES) {
  test(`${mistake} has one short message, at the wrong word`, () => {
    const [{ file, start = 0, messageText }, ...others] = ts.getPreEmitDiagnostics(programOf(text))
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    assert.equal(others.length, 0)
    assert.ok(message.length < 200 && !message.includes('\n'), message)
    assert.equal(file?.text.slice(start, start + place.length), place)
    assert.match(message, new RegExp(`'"?${word}"?'`))
    if (meant) assert.match(message, new RegExp(`Did you mean (to write )?'"?${meant}"?'`))
  })
}

test('a document of 100 roles is checked with few instantiations', () => {
  const names = Array.from({ length: 100 }, (_, index) => index)
  const document = {
    actions: Object.fromEntries(names.map((index) => [`act${index}`, index % 2 ? 'read' : null])),
    resources: Object.fromEntries(names.map((index) => [`type${index}`, `kind${index}/{org}/{id}`])),
    roles: Object.fromEntries(names.map((index) => [`role${index}`, { inherits: index ? [`role${index - 1}`] : [], grants: { [`kind${index}/*/*`]: ['write', `act${index}`], [`kind${index}/**`]: { allow: 'read', when: { 'resource.owner': { ref: 'subject.id' } } } } }])),
    users: Object.fromEntries(names.map((index) => [`user${index}`, { roles: [`role${index}`, { role: `role${99 - index}`, scope: 'acme' }] }])),
  }
  const program = programOf(`open(${JSON.stringify(document)}).can('user1', 'act5', { type: 'type5', org: 'acme', id: 1 })`)
  assert.deepEqual(ts.getPreEmitDiagnostics(program), [])
  assert.ok(program.getInstantiationCount() < 250_000, String(program.getInstantiationCount()))
})

test('the types of questions, filters and tests need no `dom` lib, and know its classes if it is there', () => {
  const entries = ['', '/web', '/server', '/rbac', '/rbac/web', '/rbac/server', '/meuse/web', '/filter/sql', '/filter/predicate', '/testing', '/password']
  const text = `${entries.map((entry, index) => `import * as entry${index} from 'latchwork${entry}'`).join('\n')}
export { ${entries.map((_, index) => `entry${index}`).join(', ')}, open }
void entry4.init(new Uint8Array(8))
void entry4.init('/rbac.wasm')
`
  const messages = (/** @type {string} */ more, /** @type {string[]} */ lib) => ts.getPreEmitDiagnostics(programOf(text + more, { lib: lib.map((name) => `lib.${name}.d.ts`), skipLibCheck: false })).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  assert.deepEqual(messages('', ['es2022']), [])
  assert.deepEqual(messages("declare const module: WebAssembly.Module\nvoid entry4.init(module)\nvoid entry4.init(new URL('https://a.example'))\nvoid entry4.init(new Response())", ['es2022', 'dom']), [])
})

test('the names of a written outline are checked in each kind of module, whatever the kind of the package', () => {
  for (const kind of ['commonjs', 'module']) {
    const project = join(folder, kind)
    mkdirSync(project)
    const write = (/** @type {string} */ name, /** @type {string} */ text) => (writeFileSync(join(project, name), text), join(project, name))
    write('package.json', JSON.stringify({ type: kind }))
    write('policy.types.d.ts', "import type { RbacTyped } from 'latchwork/rbac'\nexport type Policy = RbacTyped<{ levels: ['none', 'read']; actions: {}; resources: {}; roles: { viewer: {} }; groups: {} }>\n")
    const program = `import { open } from 'latchwork/rbac'\nimport type { Policy } from './policy.types.js'\nconst app = open<Policy>('{}')\napp.can('ann', 'read', 'a')\napp.can('ann', 'raed', 'a')\napp.subject({ id: 'ann', roles: ['veiwer'] })\n`
    for (const extension of ['ts', 'mts', 'cts']) {
      const path = write(`program.${extension}`, program)
      const errors = ts.getPreEmitDiagnostics(ts.createProgram([path], { noEmit: true, strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, types: [] }))
      assert.deepEqual(errors.map(({ file, start = 0 }) => file?.getLineAndCharacterOfPosition(start).line), [4, 5], `${kind}: ${path}: ${errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))}`)
    }
  }
})
