// @ts-check
// The bundles for Node and for `require`, which the other tests import, are made of the files as they are.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bundlesOf } from '../../../xtask/bundles.mjs'

for (const format of /** @type {const} */ (['node', 'cjs'])) {
  test(`pkg/${format}/ is what its sources are bundled to`, async () => {
    const files = await bundlesOf(format)
    assert.ok(files.size > 20)
    for (const [path, text] of files) {
      assert.ok(readFileSync(new URL(`../../../pkg/${path}`, import.meta.url), 'utf8') === text, `pkg/${path} is older than its sources: run \`npm run bundle\``)
    }
  })
}
