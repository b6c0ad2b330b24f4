// @ts-check
// The types of what the built module exports, read from its bytes.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { EXTERNREF, exportedFunctions } from '../support/wasm-exports.mjs'

const built = new URL('../../../pkg/wasm/', import.meta.url)
const bytes = readFileSync(new URL('latchwork.wasm', built))

test('hazard "Node 20 dies from bare JsValue returns": no export of any module returns an externref', () => {
  const modules = readdirSync(built).filter((name) => name.endsWith('.wasm'))
  assert.ok(modules.length > 2)
  for (const name of modules) {
    const functions = exportedFunctions(readFileSync(new URL(name, built)))
    assert.ok(functions.length > 1, name)
    const guilty = functions.filter(({ returns }) => returns.includes(EXTERNREF)).map(({ name }) => name)
    assert.deepEqual(guilty, [], name)
  }
  assert.ok(exportedFunctions(bytes).some(({ name }) => name === 'can'))
})

test('no module contains a path of the build machine', () => {
  for (const name of readdirSync(built)) {
    const text = readFileSync(new URL(name, built), 'latin1')
    assert.doesNotMatch(text, /\.cargo|registry\/src|crates\.io-|[/\\](?:home|Users|root|work)[/\\]/, name)
  }
})

test('the parser of types detects a returned externref', () => {
  const module = [
    [0, 97, 115, 109, 1, 0, 0, 0],
    [1, 5, 1, 0x60, 0, 1, EXTERNREF],
    [3, 2, 1, 0],
    [7, 5, 1, 1, 102, 0, 0],
    [10, 6, 1, 4, 0, 0xd0, EXTERNREF, 11],
  ].flat()
  assert.ok(WebAssembly.validate(Uint8Array.from(module)))
  assert.deepEqual(exportedFunctions(Uint8Array.from(module)), [{ name: 'f', takes: [], returns: [EXTERNREF] }])
})

test('hazard "A JS callback throws through Rust frames": the module of one model imports nothing, and that of all models only lists of strings', () => {
  const known = ['__wbg_new', '__wbg_push', '__wbg_set', '__wbg___wbindgen_throw', '__wbindgen_generic', '__wbindgen_init_externref_table']
  const names = ['server', ...readdirSync(built).flatMap((name) => /^(\w+)\.rules\.mjs$/.exec(name)?.[1] ?? [])]
  assert.ok(names.length > 2)
  for (const name of names) {
    const module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, built)))
    const imports = WebAssembly.Module.imports(module).map(({ name }) => name.replace(/_[0-9a-f]{16}$/, ''))
    const isBound = ['latchwork', 'server'].includes(name)
    assert.deepEqual(imports.filter((name) => !isBound || !known.includes(name)), [], name)
  }
})
