/// <reference lib="esnext.disposable" />
// `Symbol.dispose` may be newer than the `lib` of the project.

// Types of every model: authorizers, subjects, questions and decisions. The file has over 300 lines because it documents each
// member of an authorizer and of a subject, which refer to each other.

import type { Problem } from './errors.js';
import type { Filter, Finding, Holders, Mutant, RecordsPart } from './tools.js';

export * from './errors.js';
export type * from './tools.js';

/** The types of a model. */
export interface Model {
  system: string;
  /** The actions. An unknown action is a `LatchworkError`. */
  action: string;
  /** The levels that its rules compare, lowest first. */
  level: string;
  /** The ids of its rules. */
  rule: string;
  /** The resource of a question. */
  resource: string | object;
  /** The bodies and forms that `validate` checks. */
  kind: string;
  /** What `validate` returns for each kind. */
  values: object;
  /** The attributes of a question's resource. */
  attributes: unknown;
  /** Further input of a question, see `QuestionOptions`; `never` in a model that does not use it. */
  options: QuestionOptions;
  /** Users with their roles and permissions, in the form of the product's documents. */
  records: unknown;
  /** Records in the form of responses of the product's API. */
  answers: unknown;
  /** Subjects other than the ids of users. */
  principal: unknown;
  /** A role as the subject. Only `subject` and `slice` accept it. */
  role: unknown;
  /** What `within` accepts; `never` in a model without it. */
  holder: unknown;
  /** The actions that `reach` accepts. */
  reach: string;
  /** What `reach` returns. */
  reached: unknown;
  /** The types of resources that `filter` accepts. */
  type: string;
  /** What `diff` lists. */
  difference: unknown;
}

/** The value that `validate` returns for a kind, as the system would store it. */
export type ValueOf<M extends Model, K extends M['kind']> = K extends keyof M['values'] ? M['values'][K] : never;

/** Decides questions about one set of records. */
export interface Authorizer<M extends Model = Model> {
  /** The system whose rules decide. */
  readonly system: M['system'];
  /** `sha256-…` of the system and of everything in the records that affects decisions, without secrets. It is the same in every runtime. */
  readonly digest: string;
  /** Whether `dispose` was called. */
  readonly disposed: boolean;

  /**
   * Prepares a subject for many questions; `null` is an anonymous user. Unknown and inactive users are valid subjects.
   * Inactive users are denied, in every system that has them. Unknown users are denied too, except in `wso2`: as in the
   * product, an unknown user has the permissions of `Internal/everyone`, and those of rules for this name.
   *
   * All authorizers together can have at most 1,048,576 subjects at a time. Garbage collection releases unreachable
   * subjects, but never within one turn of the event loop. So call `dispose` (or declare them with `using`) if a loop
   * prepares many, and on runtimes without `FinalizationRegistry`.
   *
   * `{ role: name }` prepares a role as the subject, in a model with questions about roles (`wso2`).
   *
   * @throws {LatchworkError} `too_many_subjects`; `unsupported` for a role in the other models.
   */
  subject(who: string | null | M['principal'] | M['role']): Subject<M>;

  /**
   * Whether the subject is allowed to do this. An id (`null` for an anonymous user) is looked up for this question only,
   * and takes no slot of a subject. For several questions about one subject, prepare it with `subject`.
   * @throws {LatchworkError} `unknown_action`, `name_too_long`, `foreign_subject`.
   */
  can(subject: Subject<M> | string | null | M['principal'], action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): boolean;
  /** Whether the subject is allowed to do this, and the rule that decided. Errors are those of `can`. */
  decide(question: Question<M>): Decision<M>;
  /** The decision with an explanation, and the section of the product's documentation that defines the rule. Errors are those of `can`. */
  explain(question: Question<M>): Explanation<M>;
  /**
   * 1 or 0 for each question, for at most 1,048,576 questions. `Subject.canMany` with prepared questions is faster.
   * @throws {LatchworkError} `too_large`, and those of `can`.
   */
  canMany(questions: Iterable<Question<M>>): Uint8Array;

  /**
   * The part of the records that a page needs for this subject: the subject gets the same decisions and has the same
   * digest. It contains nothing about other users.
   * In the models of products only `open` of `latchwork/<model>/server` has it, and `reach` of the slice lists the paths
   * that the slice contains.
   * @param roles the roles that `within` of a later question can name
   * @throws {LatchworkError} `bad_question`; `unsupported` for a product in other modules, for roles of a product, and for an
   * anonymous user of `meuse` if an account is inactive.
   */
  slice(who: Subject<M> | string | null | M['principal'] | M['role'], roles?: readonly string[]): M['records'];

  /**
   * The users who are allowed to do this. Only `open` of `latchwork/<model>/server` has it.
   * @throws {LatchworkError} the errors of `can`; `unsupported` in other modules, and in a model that cannot list them.
   */
  holders(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Holders;
  /**
   * The questions that the other records answer differently, with an example for each. Only `open` of
   * `latchwork/<model>/server` has it.
   * @throws {LatchworkError} `incomplete` if the exact list would be too large; `unsupported` in other modules, and in a
   * model that cannot compare records.
   */
  diff(other: Authorizer<any>): M['difference'][];
  /**
   * Parts of the records that never have an effect, or are probably mistakes. `now` is the time for expired bounds; the
   * default is the host's clock. Only `open` of `latchwork/<model>/server` has it.
   * @throws {LatchworkError} `unsupported` in other modules, and in a model without it.
   */
  lint(options?: { now?: number | Date }): Finding[];
  /**
   * The parts of the records that can decide, for test coverage: `explain` names the parts that decided by the same
   * pointers. Only `open` of `latchwork/<model>/server` has it.
   * @throws {LatchworkError} `unsupported` in other modules, and in a model without it.
   */
  parts(): RecordsPart[];
  /**
   * Small changes of the records, each of which changes an answer. Tests that still pass after such a change have a gap.
   * Only `open` of `latchwork/<model>/server` has it.
   * @throws {LatchworkError} `unsupported` in other modules, and in a model without it.
   */
  mutants(): Mutant[];

  /** The vocabulary of these records, for example for a form: actions, levels (lowest first) and the ids of all rules. */
  vocabulary(): { actions: M['action'][]; levels: M['level'][]; rules: string[] };
  /** Like the function `validate`, with the limits that the records configure. */
  validate<K extends M['kind'] & keyof M['values']>(kind: K, value: unknown): Checked<M['values'][K]>;

  /** Releases the records. Later calls of the authorizer and of its subjects throw `disposed`. */
  dispose(): void;
  /** `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /**
   * An authorizer cannot be copied by `structuredClone`, `postMessage` or `JSON.stringify`: send its records, and `open`
   * them at the destination.
   * @throws {LatchworkError} `unsupported`; `structuredClone` and `postMessage` throw a `DataCloneError` (`DOMException`).
   */
  toJSON(): never;
}

/** A subject, prepared for many questions. */
export interface Subject<M extends Model = Model> {
  /** The authorizer that prepared it. */
  readonly authorizer: Authorizer<M>;
  /** `sha256-…` of the permissions of this subject. Compare this one if a front end has only its user's record. */
  readonly digest: string;
  /** When an answer can next change by time alone, in seconds since 1970; undefined if no answer will. */
  readonly changesAt: number | undefined;

  /**
   * Whether the subject is allowed to do this.
   * @param resource at most 4,096 bytes of UTF-8
   * @throws {LatchworkError} `unknown_action` (`invalid_action` in WSO2), `name_too_long`, `disposed`.
   */
  can(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): boolean;
  /** Whether the subject is allowed to do this, and the rule that decided. Errors are those of `can`. */
  decide(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Decision<M>;
  /** The decision with an explanation, and the section of the product's documentation that defines the rule. Errors are those of `can`. */
  explain(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Explanation<M>;

  /** All allowed actions on a resource, in the order of the vocabulary. Errors are those of `can`. */
  actions(resource: M['resource'], attributes?: M['attributes'], options?: M['options']): M['action'][];

  /**
   * The same subject, restricted to the roles and grants of a holder, or of each in a list. It never has more permissions
   * than the user, and never more than the holder grants. For API tokens, agents and support sessions.
   * @throws {LatchworkError} `bad_question`; `unsupported` in the models of products.
   */
  within(holders: M['holder'] | readonly M['holder'][]): Subject<M>;

  /**
   * Prepares a question of this subject, with the arguments of `can`. The number is valid for this subject only. The
   * attributes are copied. Errors are those of `can`.
   */
  prepare(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): number;
  /**
   * Decides a prepared question. A number of another subject is denied.
   * @throws {LatchworkError} `stale_handle` for a number that was prepared before the instance was replaced.
   */
  canId(question: number): boolean;
  /**
   * 1 or 0 for each prepared question, for at most 1,048,576 questions.
   * @throws {LatchworkError} `too_large`, `stale_handle`.
   */
  canMany(questions: Uint32Array | readonly number[]): Uint8Array;

  /**
   * The resources on which the subject is allowed to do this, if the product lists them: the allowed paths of `ui.execute`
   * in WSO2.
   * @throws {LatchworkError} `unsupported` in the other models, and for other actions.
   */
  reach(action: M['reach']): M['reached'];

  /**
   * The resources of a type on which the subject is allowed to do this, as an expression over their parts and attributes.
   * `latchwork/filter/*` compiles it to a query, which selects a row if and only if `can` is true for it. Only `open` of
   * `latchwork/<model>/server` has it.
   * @throws {LatchworkError} `unknown_action`; `unknown_resource` for a type that the document does not define;
   * `unsupported` in other modules, and in a model without it.
   */
  filter(action: M['action'], type: M['type'], options?: M['options']): Filter;
  /**
   * Selects the allowed fields of a record: the names for which the subject is allowed to do this on the resource with the
   * name as its last segment. Their order is kept. `resource` is the path without that segment, or the type and the other
   * parts. Only `open` of `latchwork/<model>/server` has it.
   * @throws {LatchworkError} the errors of `can` for any of these resources; `unknown_resource` also for an empty name or one
   * with `/`; `unsupported` in other modules; `too_large` for more than 64 KiB of names as JSON.
   */
  fields<const N extends string>(action: M['action'], resource: string | { readonly type: M['type']; readonly [part: string]: string | number }, names: Iterable<N>, attributes?: M['attributes'], options?: M['options']): N[];

  /** Releases the subject. Otherwise garbage collection releases it when it is unreachable. */
  dispose(): void;
  /** `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /**
   * A subject cannot be copied by `structuredClone`, `postMessage` or `JSON.stringify`: send its id and the records, and
   * `open` them at the destination.
   * @throws {LatchworkError} `unsupported`; `structuredClone` and `postMessage` throw a `DataCloneError` (`DOMException`).
   */
  toJSON(): never;
}

/** A question, in AuthZEN's words. */
export interface Question<M extends Model = Model> {
  /** A prepared subject, or an argument of `subject`: an id, or `null` for an anonymous user. */
  subject: Subject<M> | string | null | M['principal'];
  /** The action. */
  action: M['action'];
  /** The resource, in a form of the system. */
  resource: M['resource'];
  /** Attributes of the resource. */
  attributes?: M['attributes'];
  /** Holders that restrict the subject: see `Subject.within`. */
  within?: M['holder'] | readonly M['holder'][];
  context?: M['options']['context'];
  properties?: M['options']['properties'];
  now?: M['options']['now'];
}

/** Further input of a question, in a model whose rules use it. */
export interface QuestionOptions {
  /** Attributes of the context: the address of a request, whether a second factor was used. */
  context?: object;
  /** Attributes of the action: the fields that an edit changes. */
  properties?: object;
  /** The time of the question, in whole seconds since 1970 or as a `Date`; the default is the current time. */
  now?: number | Date;
}

/** Options of `open`. */
export interface OpenOptions {
  /** Returns the current time in seconds since 1970, for questions without `now`; the default is `Date.now() / 1000`. A question that needs a time is `invalid_value` if it returns anything else. */
  now?: () => number;
}

/** A decision, and the rule that made it. */
export interface Decision<M extends Model = Model> {
  /** Whether the subject is allowed to do this. */
  allow: boolean;
  /** The id of the rule that decided: short, stable, public. */
  rule: M['rule'];
  /** The level of the subject, if the rule compares levels. */
  level?: M['level'];
  /** The lowest level that the action needs, if the rule compares levels. */
  needs?: M['level'];
}

/** A decision with an explanation. */
export interface Explanation<M extends Model = Model> extends Decision<M> {
  /** One sentence to show to a user. */
  text: string;
  /** The source of the rule: the title of a document of the product, and the heading in it. */
  citation: { document: string; heading: string };
}

/** The value as the system would store it, or all of its problems. */
export type Checked<V = unknown> = { value: V; problems?: undefined } | { value?: undefined; problems: Problem[] };

/** The question of a request, without its subject. */
export interface ClassifiedRequest<M extends Model = Model> {
  /** The action of the request. */
  action: M['action'];
  /** The resource of the request. */
  resource: string;
  /** The attributes of the resource. */
  attributes?: M['attributes'];
}

/** The members of a Fetch API `Request` that `classify` reads, so that these types do not need the `dom` lib. */
export interface FetchRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The absolute URL. */
  readonly url: string;
  /** A copy, so that the body can still be read from the request. */
  clone(): { text(): Promise<string> };
}

/** A request of a product's own API. */
export interface ApiRequest {
  /** In upper or lower case. */
  method: string;
  /** Percent-encoded. It may include the query. */
  path: string;
  /** Decoded names and values, for example `URLSearchParams`. */
  query?: Iterable<readonly [string, string]> | { readonly [name: string]: string };
  /** The JSON body. */
  body?: unknown;
}

/** The part of the Standard Schema interface that this package implements. */
export interface StandardSchema<V = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'latchwork';
    /** For types only; it is never set. */
    readonly types?: { readonly input: unknown; readonly output: V } | undefined;
    readonly validate: (
      value: unknown,
    ) => { readonly value: V; readonly issues?: undefined } | { readonly issues: readonly { message: string; path: string[] }[] };
  };
}
