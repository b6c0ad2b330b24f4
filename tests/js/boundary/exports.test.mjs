// @ts-check
// The types of what the built module exports, read from its bytes.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const EXTERNREF = 0x6f
const FUNCTION_TYPE = 0x60
const SECTIONS = { types: 1, imports: 2, functions: 3, exports: 7 }

/** Reads a wasm module as far as its functions' types go. */
class Reader {
  at = 8
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes
  }

  byte() {
    return this.bytes[this.at++]
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }

  text() {
    const length = this.number()
    return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += length)))
  }

  /** @template T @param {() => T} read @returns {T[]} */
  list(read) {
    return Array.from({ length: this.number() }, read)
  }

  valueType() {
    const type = this.byte()
    // A typed reference has its heap type: one byte, or the number of a type.
    if (type === 0x63 || type === 0x64) return this.number()
    return type
  }

  limits() {
    const flags = this.number()
    this.number()
    if (flags & 1) this.number()
  }

  functionType() {
    assert.equal(this.byte(), FUNCTION_TYPE, 'a type that is no function')
    return { takes: this.list(() => this.valueType()), returns: this.list(() => this.valueType()) }
  }

  /** The number of the type of an imported function, else undefined. */
  import() {
    this.text()
    this.text()
    switch (this.byte()) {
      case 0:
        return this.number()
      case 1:
        this.valueType()
        return void this.limits()
      case 2:
        return void this.limits()
      case 3:
        this.valueType()
        return void this.byte()
      default:
        throw new Error('an import of an unknown kind')
    }
  }

  export() {
    return { name: this.text(), kind: this.byte(), index: this.number() }
  }
}

/**
 * The functions that a module exports, each with the type that it returns.
 * @param {Uint8Array} bytes
 */
function exportedFunctions(bytes) {
  const reader = new Reader(bytes)
  /** @type {{ takes: number[], returns: number[] }[]} */
  let types = []
  /** @type {number[]} */
  let functions = []
  /** @type {{ name: string, kind: number, index: number }[]} */
  let exports = []
  while (reader.at < bytes.length) {
    const section = reader.byte()
    const end = reader.number() + reader.at
    if (section === SECTIONS.types) types = reader.list(() => reader.functionType())
    if (section === SECTIONS.imports) functions = reader.list(() => reader.import()).filter((type) => type !== undefined)
    if (section === SECTIONS.functions) functions = [...functions, ...reader.list(() => reader.number())]
    if (section === SECTIONS.exports) exports = reader.list(() => reader.export())
    reader.at = end
  }
  return exports.filter(({ kind }) => kind === 0).map(({ name, index }) => ({ name, ...types[functions[index]] }))
}

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
