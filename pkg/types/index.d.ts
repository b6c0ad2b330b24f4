import type * as common from './common.js';
import type { ApiRequest, Checked, FetchRequest, OpenOptions, StandardSchema } from './common.js';
import type { RoutedSystem, Systems } from '../models/systems.js';

export { LatchworkError } from './common.js';
export type { Checked, Problem, ProblemCode, StandardSchema, FetchRequest, ApiRequest, LatchworkCode, OpenOptions, QuestionOptions } from './common.js';
export type * from '../models/systems.js';

/** The systems of this package. */
export type SystemName = keyof Systems;

/** The actions of a system, e.g. `'read' | 'write'`. An unknown action is a `LatchworkError`. */
export type Action<S extends SystemName> = Systems[S]['action'];
/** The levels that a system's rules compare, lowest first. */
export type Level<S extends SystemName> = Systems[S]['level'];
/** The bodies and forms of a system that `validate` checks. */
export type Kind<S extends SystemName> = Systems[S]['kind'];
/** The records of a system: users with their roles and permissions, in the form of its documents. */
export type Records<S extends SystemName> = Systems[S]['records'];
/** Records in the form of responses of the product's API, which `open` and `seed` accept too. */
export type AnsweredRecords<S extends SystemName> = Systems[S]['answers'];
/** The attributes of a question's resource. */
export type Attributes<S extends SystemName> = Systems[S]['attributes'];
/** The value that `validate` returns for a kind, as the system would store it. */
export type ValueOf<S extends SystemName, K extends Kind<S>> = common.ValueOf<Systems[S], K>;

/**
 * Opens records of a system, or their JSON text: parses, validates and indexes them once.
 *
 * A front end should open only the signed-in user's record, and the roles or groups that it names: see `slice`. Records may
 * contain passwords, tokens and sessions, which do not affect decisions.
 *
 * The time is linear in the size of the records, which have at most 536,870,912 characters as JSON. An authorizer keeps the
 * JSON text of its records until `dispose`.
 *
 * @throws {LatchworkError} `invalid_records`, with every problem at once in `problems`; `unknown_system`.
 */
export function open<S extends SystemName>(system: S, records: Records<S> | AnsweredRecords<S> | string, options?: OpenOptions): Authorizer<S>;

/** Decides questions about one set of records. */
export type Authorizer<S extends SystemName = SystemName> = common.Authorizer<Systems[S]>;
/** A subject, prepared for many questions. */
export type Subject<S extends SystemName = SystemName> = common.Subject<Systems[S]>;
/** A question, in AuthZEN's words. */
export type Question<S extends SystemName = SystemName> = common.Question<Systems[S]>;
/** A decision, and the rule that made it. */
export type Decision<S extends SystemName = SystemName> = common.Decision<Systems[S]>;
/** A decision with an explanation. */
export type Explanation<S extends SystemName = SystemName> = common.Explanation<Systems[S]>;
/** The question of a request, without its subject. */
export type ClassifiedRequest<S extends SystemName = SystemName> = common.ClassifiedRequest<Systems[S]>;

/**
 * Checks a body or a form of at most 65,536 characters as JSON. The check is the same in the browser and on the server. For
 * an invalid value it returns the problems, and does not throw.
 * @throws {LatchworkError} `unknown_system`, `unknown_kind`.
 */
export function validate<S extends SystemName, K extends Kind<S>>(system: S, kind: K, value: unknown): Checked<ValueOf<S, K>>;

/** `validate` as a Standard Schema (standardschema.dev), for form libraries and request validators. */
export function schema<S extends SystemName, K extends Kind<S>>(system: S, kind: K): StandardSchema<ValueOf<S, K>>;

/** The vocabulary of a system, for example for a form: actions, levels (lowest first) and the ids of all rules. */
export function vocabulary<S extends SystemName>(system: S): { actions: Action<S>[]; levels: Level<S>[]; rules: string[] };

/**
 * Converts a request of the product's API to its question; `null` if no route matches: deny such a request.
 *
 * It does not read the body of a `Request`. If the question depends on the body, use `classifyRequest`.
 * @throws {LatchworkError} `unsupported` if the system has no routes, `body_needed`, `invalid_value`, `too_large`.
 */
export function classify<S extends RoutedSystem>(system: S, request: ApiRequest | FetchRequest): ClassifiedRequest<S> | null;

/**
 * Like `classify`, and reads the JSON body of a `Request`, of at most 65,536 characters. It reads a copy, so that the caller
 * can read the body too.
 * @throws {LatchworkError} as `classify`, and `malformed_json` if the body is not valid JSON.
 */
export function classifyRequest<S extends RoutedSystem>(system: S, request: ApiRequest | FetchRequest): Promise<ClassifiedRequest<S> | null>;
