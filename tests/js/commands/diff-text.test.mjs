// @ts-check
// The differences of two documents as text and as Markdown, and conditions as text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionText } from '../../../pkg/cli/condition-text.mjs'
import { diffMarkdown } from '../../../pkg/cli/diff-markdown.mjs'
import { diffText, summaryText } from '../../../pkg/cli/diff-text.mjs'
import { painter } from '../../../pkg/cli/output.mjs'
import { oneLine } from '../../../pkg/cli/text.mjs'

const plain = painter({}, {})

/** @type {import('../../../pkg/cli/diff-text.mjs').Entry[]} */
const ENTRIES = [
  { who: { role: 'editor' }, also: ['authenticated', { user: 'ann' }], actions: ['read', 'edit'], change: 'gained', pattern: 'docs/*', except: ['docs/a', { pattern: 'docs/b', when: { attribute: 'resource.x', equals: [1] } }], when: { attribute: 'resource.owner', equals: { ref: 'subject.id' } }, example: { subject: 'ann', action: 'read', resource: 'docs/1' } },
  { who: 'everyone', actions: ['read'], change: 'lost', pattern: 'news', example: { subject: null, action: 'read', resource: 'news' } },
  { change: 'action_added', action: 'publish' },
  { change: 'resources_changed', from: null, to: { doc: 'docs/{id}' } },
]

test('each difference is a line with its condition and an example', () => {
  assert.equal(diffText(ENTRIES, plain), [
    'gained: role `editor`, authenticated, user `ann`: `read`, `edit` on `docs/*` except `docs/a`, `docs/b` if `resource.x is 1`',
    '  if resource.owner is subject.id',
    '  example: {"subject":"ann","action":"read","resource":"docs/1"}',
    'lost: everyone: `read` on `news`',
    '  example: {"subject":null,"action":"read","resource":"news"}',
    'action added: `publish`',
    'resources changed: from no types to `{"doc":"docs/{id}"}`',
    '4 changes: 1 gained, 1 lost, 1 action added, 1 change of the types of resources',
  ].join('\n'))
  assert.equal(diffText([], plain), 'no answer changes')
})

test('Markdown has a table of the differences', () => {
  assert.equal(diffMarkdown(ENTRIES, 'policy.json'), [
    '### Access changes in `policy.json`',
    '',
    '4 changes: 1 gained, 1 lost, 1 action added, 1 change of the types of resources',
    '',
    '- action added: `publish`',
    '- resources changed: from no types to `{"doc":"docs/{id}"}`',
    '',
    '| change | who | actions | resources | example |',
    '| --- | --- | --- | --- | --- |',
    '| **gained** | role `editor`, authenticated, user `ann` | `read`, `edit` | `docs/*` except `docs/a`, `docs/b` if `resource.x is 1` if `resource.owner is subject.id` | `{"subject":"ann","action":"read","resource":"docs/1"}` |',
    '| **lost** | everyone | `read` | `news` | `{"subject":null,"action":"read","resource":"news"}` |',
  ].join('\n'))
  assert.equal(diffMarkdown([], 'policy.json'), '### Access changes in `policy.json`\n\nNo answer changes.')
})

test('names cannot become markup, columns or lines', () => {
  const name = 'a|b`c``d\n| @all <img src=x>'
  const [row] = diffMarkdown([{ who: { role: name }, actions: [name], change: 'gained', pattern: name, when: { attribute: 'resource.x', equals: [name] }, except: [{ pattern: name, when: { attribute: name, equals: [1] } }], example: { resource: name } }], name).split('\n').slice(-1)
  // A cell ends at a bar without a backslash, also in code.
  assert.equal(row.split(/(?<!\\)\|/).length, 7)
  // Code ends at a run of as many backticks as it begins with. Outside of it there is no part of a name.
  assert.doesNotMatch(row.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, ''), /@|<|`/)
  assert.equal(oneLine('a\n\u001b[31m\u2028b'), 'a\\n\\u001b[31m\\u2028b')
})

for (const [condition, expected] of /** @type {[any, string][]} */ ([
  [true, 'always'],
  [{ attribute: 'resource.a', equals: ['x'] }, 'resource.a is "x"'],
  [{ attribute: 'resource.a', equals: ['x', 2] }, 'resource.a is one of "x", 2'],
  [{ attribute: 'resource.a', equals: { ref: 'subject.b' } }, 'resource.a is subject.b'],
  [{ attribute: 'resource.a', differs: [true] }, 'resource.a has a value, and is not true'],
  [{ attribute: 'resource.a', between: { atLeast: 1, atMost: { ref: 'subject.b' } } }, 'resource.a is at least 1 and is at most subject.b'],
  [{ attribute: 'resource.a', single: { atMost: 2 } }, 'resource.a is at most 2'],
  [{ time: { from: 0, until: 60 } }, 'from 1970-01-01T00:00:00Z until 1970-01-01T00:01:00Z'],
  [{ time: { until: Number.MAX_SAFE_INTEGER } }, 'until 9007199254740991 s'],
  [{ attribute: 'resource.a', equals: ['x'], in: 'from' }, 'resource.a is "x" (with the types of the document `from`)'],
  [{ any: [{ all: [{ attribute: 'resource.a', equals: [1] }, { attribute: 'resource.b', equals: [2] }] }, { not: { attribute: 'resource.c', equals: [3] } }] }, '(resource.a is 1 and resource.b is 2) or not (resource.c is 3)'],
])) {
  test(`a condition is printed as: ${expected}`, () => assert.equal(conditionText(condition), expected))
}

test('text is coloured on a terminal only, and not with NO_COLOR', () => {
  assert.equal(painter({ isTTY: true }, {})('red', 'x'), '\x1b[31mx\x1b[0m')
  for (const [stream, environment] of /** @type {[{ isTTY?: boolean }, NodeJS.ProcessEnv][]} */ ([[{}, {}], [{ isTTY: false }, {}], [{ isTTY: true }, { NO_COLOR: '1' }], [{ isTTY: true }, { TERM: 'dumb' }]])) assert.equal(painter(stream, environment)('red', 'x'), 'x')
})

test('the summary counts in singular and plural', () => {
  const removed = (/** @type {string} */ action) => ({ change: 'action_removed', action })
  assert.equal(summaryText([removed('a'), removed('b')]), '2 changes: 2 actions removed')
  assert.equal(summaryText([removed('a')]), '1 change: 1 action removed')
})
