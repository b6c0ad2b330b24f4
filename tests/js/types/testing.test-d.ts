// What the types of `latchwork/testing` promise. Compiled, never run: an expected error that is none is an error.

import { open as openMeuse } from 'latchwork/meuse'
import { open } from 'latchwork/rbac'
import { assertAllowed, assertDenied, matchers, policyTests, type PolicyCase, type PolicyMatchers, type PolicyTests } from 'latchwork/testing'
import { describe, test } from 'node:test'

const policy = { roles: { reader: { grants: { 'docs/*': 'read' } } }, users: { bob: { roles: ['reader'] } } } as const
const cases: PolicyCase[] = [{ id: 'x', ask: { user: 'bob', action: 'read', resource: { type: 'docs', id: 1 } }, expect: { allow: true } }]
const tests: PolicyTests = { policy, cases }
policyTests(tests)
policyTests('policy.test.json', { describe, test })
policyTests(new URL('file:///policy.test.json'))
// @ts-expect-error: half a runner
policyTests(tests, { test })
// @ts-expect-error: an expectation that does not exist
policyTests({ policy, cases: [{ id: 'x', ask: { action: 'read', resource: 'x' }, expect: { allowed: true } }] })
// @ts-expect-error: a case without a name
policyTests({ policy, cases: [{ ask: { action: 'read', resource: 'x' }, expect: { allow: true } }] })

const bob = open(policy).subject('bob')
assertAllowed(bob, 'read', 'docs/1', { owner: 'bob' }, { context: {}, now: new Date() })
assertDenied(openMeuse({}).subject(null), 'crate.list', 'crates')
// @ts-expect-error: an id is not a subject
assertAllowed('bob', 'read', 'docs/1')
const result: { pass: boolean; message: () => string } = matchers.toBeAllowed(bob, 'read', 'docs/1')
void result

declare const assertion: PolicyMatchers<void>
assertion.toBeAllowed('read', 'docs/1')
// @ts-expect-error: a question without a resource
assertion.toBeAllowed('read')
