import type { QuestionOptions, Subject } from './common.js';

export { LatchworkError } from './common.js';
export type { LatchworkCode, Problem, QuestionOptions } from './common.js';

/** Tests of a policy, as data: the same form that `npx latchwork test` reads. */
export interface PolicyTests {
  readonly $schema?: string;
  /** The model; `rbac` if it is absent. */
  readonly system?: string;
  /** The document that is tested, or its path: relative to the file of the tests, or to the working directory. */
  readonly policy?: object | string;
  readonly cases: readonly PolicyCase[];
  readonly version?: unknown;
  readonly title?: unknown;
  readonly form?: unknown;
  readonly note?: unknown;
}

/** One test: a question with its answer, a form check, or a document that has to be refused. */
export interface PolicyCase {
  /** The name of the test; no other has it. */
  readonly id: string;
  /** A document of its own, in place of `policy`. */
  readonly given?: object;
  /** The same, as JSON text. */
  readonly given_text?: string;
  readonly ask?: PolicyQuestion;
  /** A request of the product's own API, which has to be the question of `ask`. */
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

/** A question. Without `user`, `subject` and `role`, the subject is anonymous. Without `now`, it has no time. */
export interface PolicyQuestion {
  readonly user?: string | null;
  /** A user with their record; it is used in place of `user`. */
  readonly subject?: object;
  /** A role that is asked about, in a model that has such questions. */
  readonly role?: string;
  readonly action?: string;
  readonly resource?: string | object;
  readonly attributes?: object;
  /** The fields of an edit, in a model whose attributes are those. */
  readonly fields?: readonly string[];
  readonly context?: object;
  readonly action_properties?: object;
  readonly within?: object | readonly object[];
  /** In whole seconds since 1970. */
  readonly now?: number;
  /** The question as a request of the product's own API, in place of `action` and `resource`. */
  readonly http?: object;
}

/** What is compared with the decision; at least one member. `error` is the code of a wrong question. */
export interface PolicyExpectation {
  readonly allow?: boolean;
  readonly level?: string;
  readonly needs?: string;
  readonly rule?: string;
  readonly error?: string;
}

/** The functions of a test runner that declare a group of tests and a test. */
export interface TestRunner {
  describe: (name: string, body: () => void) => unknown;
  test: (name: string, body: () => void) => unknown;
}

/**
 * Declares a test for each case, in Vitest, Jest or `node:test`. A test that fails shows the question, what was expected and
 * found, and why.
 * @param tests a file (its URL, or its path from the working directory), or its content
 * @param runner the functions of the test runner, if they are not global; `node:test` needs none
 * @throws {LatchworkError} `invalid_tests` and `invalid_records`, with every problem; `invalid_value` if no test runner is found.
 */
export function policyTests(tests: string | URL | PolicyTests, runner?: TestRunner): void;

/** What is asked about a subject; `attributes` are the resource's. */
export type PolicyQuestionArguments = [action: string, resource: string | object, attributes?: object, options?: QuestionOptions];

/** `expect.extend(matchers)` of Vitest or Jest adds these. */
export interface PolicyMatchers<R = unknown> {
  /** `expect(authorizer.subject('ann')).toBeAllowed('edit', 'docs/1')`; the message of a failure is the explanation. */
  toBeAllowed(...question: PolicyQuestionArguments): R;
}

/** Matchers for `expect.extend` of Vitest and Jest: `PolicyMatchers` are their types. */
export const matchers: {
  toBeAllowed(subject: unknown, ...question: PolicyQuestionArguments): { pass: boolean; message: () => string };
};

/**
 * Throws if the subject may not do this; the message is the explanation.
 * @throws {Error} with the code `ERR_ASSERTION`; a `LatchworkError` if the question is wrong.
 */
export function assertAllowed(subject: Subject<any>, ...question: PolicyQuestionArguments): void;

/**
 * Throws if the subject may do this; the message is the explanation.
 * @throws {Error} with the code `ERR_ASSERTION`; a `LatchworkError` if the question is wrong.
 */
export function assertDenied(subject: Subject<any>, ...question: PolicyQuestionArguments): void;
