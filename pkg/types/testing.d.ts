import type { QuestionOptions, Subject } from './common.js';

export { LatchworkError } from './common.js';
export type { LatchworkCode, Problem, QuestionOptions } from './common.js';

/** Tests of a policy as data, in the form of `npx latchwork test`. */
export interface PolicyTests {
  readonly $schema?: string;
  /** The model; the default is `rbac`. */
  readonly system?: string;
  /** The tested document, or its path relative to the file of the tests or to the working directory. */
  readonly policy?: object | string;
  readonly cases: readonly PolicyCase[];
  readonly version?: unknown;
  readonly title?: unknown;
  readonly form?: unknown;
  readonly note?: unknown;
}

/** One test: a question with its answer, a form check, or a document that must be refused. */
export interface PolicyCase {
  /** The unique name of the test. */
  readonly id: string;
  /** A document for this test, instead of `policy`. */
  readonly given?: object;
  /** The same, as JSON text. */
  readonly given_text?: string;
  readonly ask?: PolicyQuestion;
  /** A request of the product's API, which must be the question of `ask`. */
  readonly http?: object;
  readonly validate?: { readonly kind: string; readonly value: unknown };
  readonly expect: PolicyExpectation | { readonly valid: true } | { readonly problems: readonly { readonly path: string; readonly code?: string }[] };
  /** Notes for a reader. */
  readonly kind?: unknown;
  readonly why?: unknown;
  readonly evidence?: unknown;
  readonly deviation?: unknown;
  readonly source?: unknown;
}

/** A question. Without `user`, `subject` and `role`, the subject is anonymous. Without `now`, the question has no time. */
export interface PolicyQuestion {
  readonly user?: string | null;
  /** A user's record, used instead of `user`. */
  readonly subject?: object;
  /** A role as the subject, in a model with questions about roles. */
  readonly role?: string;
  readonly action?: string;
  readonly resource?: string | object;
  readonly attributes?: object;
  /** The fields that an edit changes, in a model with this attribute. */
  readonly fields?: readonly string[];
  readonly context?: object;
  readonly action_properties?: object;
  readonly within?: object | readonly object[];
  /** In whole seconds since 1970. */
  readonly now?: number;
  /** The question as a request of the product's API, instead of `action` and `resource`. */
  readonly http?: object;
}

/** Expected members of the decision, at least one. `error` is the code of an invalid question. */
export interface PolicyExpectation {
  readonly allow?: boolean;
  readonly level?: string;
  readonly needs?: string;
  readonly rule?: string;
  readonly error?: string;
}

/** The functions of a test runner. */
export interface TestRunner {
  describe: (name: string, body: () => void) => unknown;
  test: (name: string, body: () => void) => unknown;
}

/**
 * Declares a test for each case, in Vitest, Jest or `node:test`. A failed test shows the question, the expected and the
 * actual decision, and the explanation.
 * @param tests a file (its URL, or its path from the working directory), or its content
 * @param runner the functions of the test runner, if they are not global; not needed for `node:test`
 * @throws {LatchworkError} `invalid_tests` and `invalid_records`, with every problem; `invalid_value` if no test runner is found.
 */
export function policyTests(tests: string | RuntimeUrl | PolicyTests, runner?: TestRunner): void;

/** The arguments of a question; `attributes` are the resource's. */
export type PolicyQuestionArguments = [action: string, resource: string | object, attributes?: object, options?: QuestionOptions];

/** The matchers that `expect.extend(matchers)` of Vitest or Jest adds. */
export interface PolicyMatchers<R = unknown> {
  /** `expect(authorizer.subject('ann')).toBeAllowed('edit', 'docs/1')`. The message of a failure has the explanation. */
  toBeAllowed(...question: PolicyQuestionArguments): R;
}

/** Matchers for `expect.extend` of Vitest and Jest; `PolicyMatchers` has their types. */
export const matchers: {
  toBeAllowed(subject: unknown, ...question: PolicyQuestionArguments): { pass: boolean; message: () => string };
};

/**
 * Throws if the subject is not allowed to do this. The message has the explanation.
 * @throws {Error} with the code `ERR_ASSERTION`; a `LatchworkError` if the question is not valid.
 */
export function assertAllowed(subject: Subject<any>, ...question: PolicyQuestionArguments): void;

/**
 * Throws if the subject is allowed to do this. The message has the explanation.
 * @throws {Error} with the code `ERR_ASSERTION`; a `LatchworkError` if the question is not valid.
 */
export function assertDenied(subject: Subject<any>, ...question: PolicyQuestionArguments): void;

/** `URL`, if the project's types have it. */
type RuntimeUrl = typeof globalThis extends { URL: { prototype: infer T } } ? T : { readonly href: string };
