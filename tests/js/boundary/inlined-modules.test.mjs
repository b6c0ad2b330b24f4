// @ts-check
// Modules of WebAssembly as text of JavaScript.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import binaryen from 'binaryen'
import { bytesOf } from '../../../pkg/core/inline.mjs'

const folder = new URL('../../../pkg/wasm/', import.meta.url)
const require = createRequire(import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.wasm'))

for (const file of files) {
  test(`the text of ${file} has its bytes, nothing to escape, and compresses as it does`, async () => {
    const wasm = readFileSync(new URL(file, folder))
    const { default: text } = await import(new URL(file.replace('.wasm', '.inline.mjs'), folder).href)
    assert.deepEqual(Buffer.from(bytesOf(text)), wasm)
    assert.equal(require(`../../../pkg/wasm/${file.replace('.wasm', '.inline.cjs')}`), text)
    assert.match(text, /^[ !#%&()-;=-[\]^_a-~]*$/)
    assert.ok(brotliCompressSync(text).length < brotliCompressSync(wasm).length * 1.1)
  })
}

test('every byte has a text', () => {
  const seen = new Set(files.flatMap((file) => [...readFileSync(new URL(file, folder))]))
  assert.equal(seen.size, 256)
})

/** What decodes the text: a letter is a byte less `SHIFT`, and less `STEP` for each next prefix. */
const DECODER = `
  (module
    (memory (export "memory") 1)
    (func (export "decode") (param $end i32) (result i32)
      (local $from i32) (local $to i32) (local $letter i32)
      (loop $next
        (if (i32.lt_u (local.get $from) (local.get $end))
          (then
            (local.set $letter (i32.load8_u (local.get $from)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (if (i32.gt_u (local.get $letter) (i32.const 122))
              (then
                (local.set $letter (i32.add (i32.load8_u (local.get $from)) (i32.mul (i32.sub (local.get $letter) (i32.const 122)) (i32.const 59))))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))))
            (i32.store8 (local.get $to) (i32.add (local.get $letter) (i32.const 210)))
            (local.set $to (i32.add (local.get $to) (i32.const 1)))
            (br $next))))
      (local.get $to)))
`

test('the package decodes this text', async () => {
  const module = binaryen.parseText(DECODER)
  module.setFeatures(binaryen.Features.MVP)
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  module.optimize()
  const { readFile } = await import('node:fs/promises')
  const source = await readFile(new URL('../../../pkg/core/inline.mjs', import.meta.url), 'utf8')
  assert.equal(/^const DECODER = '(.*)'$/m.exec(source)?.[1], Buffer.from(module.emitBinary()).toString('base64'))
})
