// @ts-check
// `latchwork/testing`: tests of a policy in Vitest, Jest and `node:test`.

import { classify, open, validate } from './server.mjs'
import { testingWith } from '../testing/index.mjs'

export const { policyTests, matchers, assertAllowed, assertDenied } = testingWith({ open, validate, classify })
export { LatchworkError } from '../core/error.mjs'
