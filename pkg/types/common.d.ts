/// <reference lib="esnext.disposable" />
// `Symbol.dispose` may be newer than the `lib` of the project.


// Types of every model: authorizers, subjects, decisions and errors.

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
   * @throws {LatchworkError} `unsupported`.
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
   * @throws {LatchworkError} `unsupported`.
   */
  toJSON(): never;
}

/** The users who are allowed to do something. */
export interface Holders {
  /** The ids of the allowed users in the records, sorted. */
  users: string[];
  /** Whether every active user is allowed, also one who is not in the records. False in models without such users. */
  authenticated: boolean;
  /** Whether an anonymous user is allowed. */
  everyone: boolean;
}

/** A finding of `lint`. */
export interface Finding {
  /** A stable code. */
  code: string;
  /** A JSON pointer into the records. */
  path: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** A part of the records that can decide. */
export interface RecordsPart {
  /** A JSON pointer into the records. */
  path: string;
  /** `grant`, `limit`, `role` or `assignment`. */
  kind: string;
}

/** A small change of records. */
export interface Mutant {
  /** A JSON pointer to the changed part. */
  path: string;
  /** A description of the change. */
  change: string;
  /** The change as a JSON Patch (RFC 6902). */
  patch: ({ op: 'remove'; path: string } | { op: 'add' | 'replace'; path: string; value: unknown })[];
}

/** The rows of one type of resources on which a subject is allowed to do something. */
export interface Filter {
  /** The type of the resources. */
  type: string;
  /** The segments of their paths: literals, and names of parts. */
  shape: (string | { part: string })[];
  /** The condition of the rows. `false` means no rows, so that no query is needed. */
  where: FilterExpression;
}

/** A value of a condition. */
export type Scalar = string | number | boolean;

/** A condition on a row: see `filter` in `docs/models/rbac.md`. */
export type FilterExpression =
  | boolean
  | { all: FilterExpression[] }
  | { any: FilterExpression[] }
  | { not: FilterExpression }
  /** A member of the attribute equals one of the values. */
  | { attribute: string; equals: Scalar[] | { ref: string } }
  /** The attribute and the other side have values of one type, none of which are equal. */
  | { attribute: string; differs: Scalar[] | { ref: string } }
  /** All members of the attribute are numbers within the bounds. */
  | { attribute: string; between: { atLeast?: number | { ref: string }; atMost?: number | { ref: string } } }
  /** The attribute is one number within the bounds, and not a list. */
  | { attribute: string; single: { atLeast?: number; atMost?: number } };

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
  /** Returns the current time in seconds since 1970, for questions without `now`; the default is `Date.now() / 1000`. */
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

/** A problem of a value. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the invalid part; the empty string is the whole value. */
  path: string;
  /** The stable code of the problem. */
  code: ProblemCode;
  /** One line to show to a user. */
  message: string;
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
  readonly method: string;
  readonly url: string;
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

/** The error of every call that cannot return a result. A denial is a result, not an error. */
export class LatchworkError extends Error {
  readonly name: 'LatchworkError';
  /** The stable code of the error. */
  readonly code: LatchworkCode;
  /** All problems, if a document is invalid. */
  readonly problems?: readonly Problem[];
  /** The form for `JSON.stringify`. */
  toJSON(): { name: 'LatchworkError'; code: LatchworkCode; message: string; problems?: readonly Problem[] };
}

/** The codes of errors. */
export type LatchworkCode =
  /** There is no system of this name. */
  | 'unknown_system'
  /** The system has no such action (in WSO2 `invalid_action`, the product's own name for it). */
  | 'unknown_action'
  | 'invalid_action'
  /** The document defines no such resource: it matches no shape in `resources`, or a part is missing or not valid. */
  | 'unknown_resource'
  /** The question is not valid; `problems` has pointers into it. */
  | 'bad_question'
  /** The system has no such kind of value. */
  | 'unknown_kind'
  /** The records are not valid; see `problems`. */
  | 'invalid_records'
  /** The policy tests are not valid; see `problems`. */
  | 'invalid_tests'
  /**
   * Attributes or a request are not a JSON value, or reading them threw; see `problems` and `cause`. Also a question or
   * options with an unknown member.
   */
  | 'invalid_value'
  /** A value of a question has more than 65,536 characters as JSON, or a string or list exceeds the limits of a store. */
  | 'too_large'
  /** The text is not valid JSON. */
  | 'malformed_json'
  /** `classify`: the question depends on the body. Use `classifyRequest`, which reads it. */
  | 'body_needed'
  /** An argument has another type than documented. */
  | 'wrong_type'
  /** A string has a lone surrogate. */
  | 'malformed_string'
  /** A string has more than 4,096 bytes of UTF-8. */
  | 'name_too_long'
  /** More than 1,048,576 subjects at a time: dispose those that are no longer needed. */
  | 'too_many_subjects'
  /** The system does not have this feature, or the object cannot be copied. */
  | 'unsupported'
  /** `latchwork/filter`: the filter uses an attribute or a part for which the mapping has no column. */
  | 'unmapped_attribute'
  /** `latchwork/filter`: the type of a column does not compare like the rules, or the database cannot address it. */
  | 'unsupported_column'
  /** The subject was prepared by another authorizer. */
  | 'foreign_subject'
  /** A number from before the instance was replaced. */
  | 'stale_handle'
  /** The authorizer or subject was disposed, or the store closed. */
  | 'disposed'
  /** The exact answer would be larger than its documented limit. */
  | 'incomplete'
  /** A number outside of its range. */
  | 'out_of_range'
  /** One key twice in one commit. */
  | 'duplicate_key'
  /** The store cannot be reached, is busy for too long or returns invalid data; see `cause`. */
  | 'store_unavailable'
  /** Too many concurrent changes of the same records, or the store changed during each read: try again. */
  | 'conflict'
  /** A record, or the number of records in one change, exceeds the limits of the store. */
  | 'record_too_large'
  /** `latchwork/directory`, in its log: a page of another site sent the request. */
  | 'cross_site'
  /** `latchwork/directory`, in its log: the host's `identify` did not authenticate the request. */
  | 'unauthorized'
  /** `latchwork/directory`, in its log: the body has an unsupported content encoding. */
  | 'unsupported_encoding'
  /** `latchwork/directory`, in its log: the body did not arrive in time, or ended early. */
  | 'request_timeout'
  | 'bad_request'
  /** The file or the database has a format that this version does not know. */
  | 'unknown_format'
  /** A package that a store needs is not installed; the message names it. */
  | 'missing_dependency'
  /** `latchwork/directory`: the secret has less than 32 bytes. */
  | 'weak_secret'
  /** `latchwork/directory`: the store belongs to another system. */
  | 'wrong_system'
  /** `latchwork/directory`: the store already has users. */
  | 'not_empty'
  /** `latchwork/directory` with strict guards: the records have no user who can sign in and manage users. */
  | 'no_admin'
  /** `latchwork/web`, or `/web` of a model, was used before `await init()`. */
  | 'not_initialized'
  /** `latchwork/password`: the password has more than 1,024 bytes of UTF-8. */
  | 'password_too_long'
  /** `latchwork/password`: the cost is out of bounds. */
  | 'invalid_cost'
  /** `latchwork/password`: the stored string is not a hash of a known form. */
  | 'unknown_hash'
  /** `latchwork/password`: the stored hash exceeds the cost limits. */
  | 'costly_hash'
  /** `latchwork/password`: there is not enough memory for the hash. */
  | 'out_of_memory'
  /** The hasher is overloaded. A directory responds with 503, and the error's `retryAfter` in seconds as `Retry-After`. */
  | 'overloaded'
  /** The instance failed and was replaced; the call was refused. */
  | 'internal';

/** The codes of problems. */
export type ProblemCode =
  | 'wrong_type'
  | 'unknown_field'
  | 'required'
  | 'duplicate'
  | 'too_short'
  | 'too_long'
  | 'out_of_range'
  | 'bad_format'
  | 'unknown_value'
  | 'unknown_level'
  | 'unknown_role'
  | 'unknown_user'
  | 'unknown_domain'
  | 'unknown_action'
  | 'mismatch'
  | 'reserved'
  | 'no_grant'
  | 'bad_grant'
  | 'weak_password'
  | 'unsupported_regex'
  | 'bad_pattern'
  /** Reading the object threw. */
  | 'unreadable'
  | 'missing_field'
  | 'bad_name'
  | 'unknown_name'
  | 'unknown_group'
  | 'inheritance_cycle'
  | 'bad_scope'
  | 'bad_condition'
  | 'bad_time'
  | 'bad_resource'
  | 'ambiguous_resource';

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
