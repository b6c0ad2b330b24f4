import type * as common from './common.js';
import type { ApiRequest, Checked, FetchRequest, OpenOptions, StandardSchema } from './common.js';
import type { RoutedSystem, Systems } from '../models/systems.js';

export { LatchworkError } from './common.js';
export type { Checked, Problem, ProblemCode, StandardSchema, FetchRequest, ApiRequest, LatchworkCode, OpenOptions, QuestionOptions } from './common.js';
export type * from '../models/systems.js';

/** The systems whose rules this package speaks. */
export type SystemName = keyof Systems;

/** What can be asked in a system, e.g. `'read' | 'write'`. An unknown action is a `LatchworkError`. */
export type Action<S extends SystemName> = Systems[S]['action'];
/** The levels that a system's rules compare, lowest first. */
export type Level<S extends SystemName> = Systems[S]['level'];
/** The bodies and forms of a system that `validate` checks. */
export type Kind<S extends SystemName> = Systems[S]['kind'];
/** The records of a system: users and what they hold, as its document writes them. */
export type Records<S extends SystemName> = Systems[S]['records'];
/** Records in the form of answers of the product's own API, which `open` and `seed` take too. */
export type AnsweredRecords<S extends SystemName> = Systems[S]['answers'];
/** What a question says beyond its resource. */
export type Attributes<S extends SystemName> = Systems[S]['attributes'];
/** What `validate` returns for a kind: the value as the system would store it. */
export type ValueOf<S extends SystemName, K extends Kind<S>> = common.ValueOf<Systems[S], K>;

/**
 * Opens a system on its records, or on their JSON text: parses, validates and indexes them once.
 *
 * A front end opens only what it may know: the signed-in user's own record, and the roles or groups that it
 * names. Passwords, tokens and sessions may stand in records; they decide nothing.
 *
 * The time is linear in the size of the records; at most 536,870,912 characters as JSON. An authorizer keeps the JSON
 * text of its records until `dispose`.
 *
 * @throws {LatchworkError} `invalid_records`, with every problem at once in `problems`; `unknown_system`.
 */
export function open<S extends SystemName>(system: S, records: Records<S> | AnsweredRecords<S> | string, options?: OpenOptions): Authorizer<S>;

/** Questions to one set of records. */
export type Authorizer<S extends SystemName = SystemName> = common.Authorizer<Systems[S]>;
/** What one subject holds, prepared for many questions. */
export type Subject<S extends SystemName = SystemName> = common.Subject<Systems[S]>;
/** A question, in AuthZEN's words. */
export type Question<S extends SystemName = SystemName> = common.Question<Systems[S]>;
/** An answer, and what decided. */
export type Decision<S extends SystemName = SystemName> = common.Decision<Systems[S]>;
/** A decision in words. */
export type Explanation<S extends SystemName = SystemName> = common.Explanation<Systems[S]>;
/** The question that a request asks, except by whom. */
export type ClassifiedRequest<S extends SystemName = SystemName> = common.ClassifiedRequest<Systems[S]>;

/**
 * Checks a body or a form of at most 65,536 characters as JSON: the same check in the browser and in the worker, with
 * nothing configured. A value that breaks rules is no error: its problems are returned.
 * @throws {LatchworkError} `unknown_system`, `unknown_kind`.
 */
export function validate<S extends SystemName, K extends Kind<S>>(system: S, kind: K, value: unknown): Checked<ValueOf<S, K>>;

/** `validate` as a Standard Schema (standardschema.dev), for form libraries and request validators. */
export function schema<S extends SystemName, K extends Kind<S>>(system: S, kind: K): StandardSchema<ValueOf<S, K>>;

/** The words of a system, for a form that offers them: actions, levels (lowest first) and the ids of all rules. */
export function vocabulary<S extends SystemName>(system: S): { actions: Action<S>[]; levels: Level<S>[]; rules: string[] };

/**
 * The question that a request of the product's own API asks; `null` when no route of it has the request: deny.
 *
 * The body of a `Request` is not read: where the question depends on it, `classifyRequest` reads it.
 * @throws {LatchworkError} `unsupported` where the system has no routes, `body_needed`, `invalid_value`, `too_large`.
 */
export function classify<S extends RoutedSystem>(system: S, request: ApiRequest | FetchRequest): ClassifiedRequest<S> | null;

/**
 * As `classify`, and reads the JSON body of a `Request`, at most 65,536 characters, from a copy: the caller can read
 * it too.
 * @throws {LatchworkError} as `classify`, and `malformed_json` where the body is no JSON document.
 */
export function classifyRequest<S extends RoutedSystem>(system: S, request: ApiRequest | FetchRequest): Promise<ClassifiedRequest<S> | null>;
