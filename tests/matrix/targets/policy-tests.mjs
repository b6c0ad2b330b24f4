// @ts-check
// `latchwork/testing` in Vitest and Jest: cases and matchers that pass, and what those say that fail; and the guide's own
// test in Vitest.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { put, run } from '../install.mjs'

const POLICY = { roles: { editor: { grants: { 'docs/*': 'write' } } }, users: { ann: { roles: ['editor'] } }, limits: { 'docs/archive': 'read' } }
const CASES = [
  { id: 'a case that passes', ask: { user: 'ann', action: 'write', resource: 'docs/1' }, expect: { allow: true } },
  { id: 'a case that fails', ask: { user: 'ann', action: 'write', resource: 'docs/archive' }, expect: { allow: true } },
]

/** What is behind the imports: the same in each runner. */
const BODY = `
policyTests('cases.json'GIVEN)
expect.extend(matchers)
const ann = open(${JSON.stringify(POLICY)}).subject('ann')
test('matchers that pass', () => {
  expect(ann).toBeAllowed('write', 'docs/1')
  expect(ann).not.toBeAllowed('write', 'docs/archive', {}, { now: 5 })
  assertAllowed(ann, 'write', 'docs/1')
  assertDenied(ann, 'write', 'docs/archive')
})
test('a matcher that fails', () => expect(ann).toBeAllowed('write', 'docs/archive'))
test('a negated matcher that fails', () => expect(ann).not.toBeAllowed('write', 'docs/1'))
`

/** The failing tests, each with its message. */
const FAILURES = {
  'a case that fails': /found: +\{"allow":false.*\n *why: +The limit on `docs\/archive`/,
  'a matcher that fails': /expected `write` on `docs\/archive` to be allowed, got denied \(rule: limit\)/,
  'a negated matcher that fails': /expected `write` on `docs\/1` to be denied, got allowed \(rule: role\)/,
}

/** @param {string} name @param {string} imports @param {string} given @param {(folder: string, results: string) => string[]} command @returns {import('../run.mjs').Target} */
const target = (name, imports, given, command) => ({
  group: 'testers',
  name,
  covers: (subpath) => subpath.name === 'testing',
  async run({ folder, subpaths, attempt }) {
    const root = join(folder, name.toLowerCase().replaceAll(/\W+/g, '-'))
    const results = join(root, 'results.json')
    put(root, 'package.json', JSON.stringify({ jest: { testEnvironment: 'node' } }))
    put(root, 'policy.json', JSON.stringify(POLICY))
    put(root, 'cases.json', JSON.stringify({ policy: 'policy.json', cases: CASES }))
    put(root, 'policy.test.js', imports + BODY.replace('GIVEN', given))
    rmSync(results, { force: true })
    const [program, ...words] = command(folder, results)
    const output = await run(root, program, ...words).catch(String)
    for (const subpath of subpaths) {
      await attempt(subpath, () => {
        const { testResults } = JSON.parse(readFileSync(results, 'utf8'))
        const found = testResults[0]?.assertionResults ?? []
        if (found.length !== 5) throw new Error(`${found.length} tests were run\n${output}`)
        for (const { title, status, failureMessages } of found) {
          const expected = FAILURES[/** @type {keyof FAILURES} */ (title)]
          const isRight = expected === undefined ? status === 'passed' : status === 'failed' && expected.test(failureMessages.join('\n'))
          if (!isRight) throw new Error(`${title}: ${status}\n${failureMessages.join('\n')}`)
        }
      })
    }
  },
})

const NAMES = '{ assertAllowed, assertDenied, matchers, policyTests }'
const VITEST = (/** @type {string} */ folder, /** @type {string} */ results) => [join(folder, 'node_modules/.bin/vitest'), 'run', '--reporter', 'json', '--outputFile', results]

/** The guide, with the files that it has the reader write. */
const GUIDE = readFileSync(fileURLToPath(new URL('../../../docs/guides/testing-policies.md', import.meta.url)), 'utf8')

/** @type {import('../run.mjs').Target} */
const guide = {
  group: 'testers',
  name: 'Policy tests in Vitest, the guide',
  covers: (subpath) => subpath.name === 'testing',
  async run({ folder, subpaths, attempt }) {
    const root = join(folder, 'guide')
    for (const [, name, content] of GUIDE.matchAll(/`([\w.]+)`[^`\n]*(?:`\w+`[^`\n]*)*:\n\n```\w+\n(.*?)```/gs)) if (name.includes('.')) put(root, name, content)
    for (const subpath of subpaths) {
      await attempt(subpath, async () => {
        const output = await run(root, join(folder, 'node_modules/.bin/vitest'), 'run', '--reporter', 'json')
        const { numPassedTests, numTotalTests } = JSON.parse(output)
        if (numPassedTests !== 4 || numTotalTests !== 4) throw new Error(output)
      })
    }
  },
}

export default [
  guide,
  target('Policy tests in Vitest', `import { describe, expect, test } from 'vitest'\nimport { open } from 'latchwork/rbac'\nimport ${NAMES} from 'latchwork/testing'\n`, ', { describe, test }', VITEST),
  target('Policy tests in Vitest, globals', `import { open } from 'latchwork/rbac'\nimport ${NAMES} from 'latchwork/testing'\n`, '', (folder, results) => [...VITEST(folder, results), '--globals']),
  target('Policy tests in Jest', `const { open } = require('latchwork/rbac')\nconst ${NAMES} = require('latchwork/testing')\n`, '', (folder, results) => [join(folder, 'node_modules/.bin/jest'), '--json', '--outputFile', results]),
]
