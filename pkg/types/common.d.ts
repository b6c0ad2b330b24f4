/// <reference lib="esnext.disposable" />
// `Symbol.dispose` may be younger than the project that reads this.


// What holds for every model: authorizers, subjects, answers and errors.

/** What a model says of itself. */
export interface Model {
  system: string;
  /** What can be asked. An unknown action is a `LatchworkError`. */
  action: string;
  /** The levels that its rules compare, lowest first. */
  level: string;
  /** The ids of its rules. */
  rule: string;
  /** What a question is about. */
  resource: string | object;
  /** The bodies and forms that `validate` checks. */
  kind: string;
  /** What `validate` returns for each kind. */
  values: object;
  /** What a question says of its resource. */
  attributes: unknown;
  /** What else a question says: see `QuestionOptions`. `never` in a model that decides by none of it. */
  options: QuestionOptions;
  /** Users and what they hold, as the product's documents write them. */
  records: unknown;
  /** Records in the form of answers of the product's own API. */
  answers: unknown;
  /** As what a question can be asked, beside a user. */
  principal: unknown;
  /** What a question can stay within; `never` in a model without such questions. */
  holder: unknown;
  /** The actions that `reach` takes. */
  reach: string;
  /** What `reach` returns. */
  reached: unknown;
  /** The types of resources that `filter` takes. */
  type: string;
  /** What `diff` lists. */
  difference: unknown;
}

/** What `validate` returns for a kind: the value as the system would store it. */
export type ValueOf<M extends Model, K extends M['kind']> = K extends keyof M['values'] ? M['values'][K] : never;

/** Questions to one set of records. */
export interface Authorizer<M extends Model = Model> {
  /** The system whose rules decide. */
  readonly system: M['system'];
  /** `sha256-…` over the system and all that decides, never over a secret: equal in every runtime. */
  readonly digest: string;
  /** Whether `dispose` was called. */
  readonly disposed: boolean;

  /**
   * Prepares a subject for many questions; `null` is somebody who did not sign in. Unknown and inactive
   * subjects exist. Inactive ones are denied, in every system that has them. Unknown ones are denied too, except in
   * `wso2`: as in the product, an unknown user has what rules give to `Internal/everyone`, or to this name.
   *
   * At most 1,048,576 subjects are held at once, by all authorizers together. Garbage collection gives back those that
   * are no longer reachable, but never within one turn of the event loop: call `dispose` (or declare them with `using`)
   * where a loop prepares many, and on runtimes without `FinalizationRegistry`.
   *
   * `{ role: name }` prepares a role as if it asked itself, in a model with questions about roles (`wso2`).
   *
   * @throws {LatchworkError} `too_many_subjects`; `unsupported` for a role in the other models.
   */
  subject(who: string | null | M['principal']): Subject<M>;

  /**
   * Whether the subject may. A name (`null`: nobody is signed in) is looked up for this question alone, and needs no
   * `subject`; prepare one if it asks more than once.
   * @throws {LatchworkError} `unknown_action`, `name_too_long`, `foreign_subject`.
   */
  can(subject: Subject<M> | string | null | M['principal'], action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): boolean;
  /** Whether the subject may, and by which rule. Errors are those of `can`. */
  decide(question: Question<M>): Decision<M>;
  /** The decision in words, with the passage of the product's document that it comes from. Errors are those of `can`. */
  explain(question: Question<M>): Explanation<M>;
  /**
   * 1 or 0 for each question, at most 1,048,576. The fast way for many is `Subject.canMany` on prepared numbers.
   * @throws {LatchworkError} `too_large`, and those of `can`.
   */
  canMany(questions: Iterable<Question<M>>): Uint8Array;

  /**
   * Records in which a subject gets the same decisions and has the same digest, to send from a server to a page. They hold
   * nothing of other users.
   * In the models of products it is for servers: `open` of `latchwork/<model>/server`. `reach` then lists the paths that the
   * slice names.
   * @param roles the roles that a `within` of a later question may name
   * @throws {LatchworkError} `bad_question`; `unsupported` for a product in other modules, for roles of a product, and for an
   * anonymous user of `meuse` where an account is inactive.
   */
  slice(who: Subject<M> | string | null | M['principal'], roles?: readonly string[]): M['records'];

  /**
   * Who may do this. For servers: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} the errors of `can`; `unsupported` in other modules, and where the model cannot say.
   */
  holders(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Holders;
  /**
   * The questions that the other records answer in another way than these do, with an example for each. For servers and
   * tools: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} `incomplete` where the exact list would be too large; `unsupported` in other modules, and where
   * the model cannot say.
   */
  diff(other: Authorizer<any>): M['difference'][];
  /**
   * What in the records never counts or is probably a mistake. `now` is for time bounds that have passed; the host's clock
   * if it is absent. For servers and tools: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} `unsupported` in other modules, and where the model cannot say.
   */
  lint(options?: { now?: number | Date }): Finding[];
  /**
   * What in the records can decide. `explain` names what decided by the same pointers: what it never names is not
   * tested. For tools: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} `unsupported` in other modules, and where the model cannot say.
   */
  parts(): RecordsPart[];
  /**
   * Small changes of the records, of which each changes an answer: tests that pass with one of them do not notice it. For
   * tools: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} `unsupported` in other modules, and where the model cannot say.
   */
  mutants(): Mutant[];

  /** The words of these records, for a form that offers them: actions, levels (lowest first) and the ids of all rules. */
  vocabulary(): { actions: M['action'][]; levels: M['level'][]; rules: string[] };
  /** The same check as the free `validate`, within the limits that the records configure. */
  validate<K extends M['kind'] & keyof M['values']>(kind: K, value: unknown): Checked<M['values'][K]>;

  /** Releases the records. Later calls, of its subjects too, throw `disposed`. */
  dispose(): void;
  /** `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /**
   * An authorizer can not be copied, by `structuredClone`, `postMessage` or `JSON.stringify`: send its records, and
   * `open` them where questions are asked.
   * @throws {LatchworkError} `unsupported`.
   */
  toJSON(): never;
}

/** What one subject holds, prepared for many questions. */
export interface Subject<M extends Model = Model> {
  /** The authorizer that prepared it. */
  readonly authorizer: Authorizer<M>;
  /** `sha256-…` over what this subject holds: the one to compare when a front end has only its own record. */
  readonly digest: string;
  /** The first second since 1970 at which an answer may change by the time alone; undefined if none will. */
  readonly changesAt: number | undefined;

  /**
   * Whether the subject may.
   * @param resource at most 4,096 bytes of UTF-8
   * @throws {LatchworkError} `unknown_action` (`invalid_action` in WSO2), `name_too_long`, `disposed`.
   */
  can(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): boolean;
  /** Whether the subject may, and by which rule. Errors are those of `can`. */
  decide(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Decision<M>;
  /** The decision in words, with the passage of the product's document that it comes from. Errors are those of `can`. */
  explain(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): Explanation<M>;

  /** All actions that are allowed on a resource, in the order of the vocabulary. Errors are those of `can`. */
  actions(resource: M['resource'], attributes?: M['attributes'], options?: M['options']): M['action'][];

  /**
   * The same subject within a holder of roles and grants, or within each of a list: never more than the user, and never
   * more than the holder gives by itself. For API tokens, agents and support sessions.
   * @throws {LatchworkError} `bad_question`; `unsupported` in the models of products.
   */
  within(holders: M['holder'] | readonly M['holder'][]): Subject<M>;

  /**
   * Prepares a question of this subject, with the arguments of `can`: the number is good for this subject only. The
   * attributes are copied at this moment. Errors are those of `can`.
   */
  prepare(action: M['action'], resource: M['resource'], attributes?: M['attributes'], options?: M['options']): number;
  /**
   * Answers a prepared question. A number of another subject is denied.
   * @throws {LatchworkError} `stale_handle` for a number from before the instance was replaced.
   */
  canId(question: number): boolean;
  /**
   * 1 or 0 for each prepared question, at most 1,048,576.
   * @throws {LatchworkError} `too_large`, `stale_handle`.
   */
  canMany(questions: Uint32Array | readonly number[]): Uint8Array;

  /**
   * The resources on which the subject may do this, where the product lists them: the allowed paths of `ui.execute` in
   * WSO2.
   * @throws {LatchworkError} `unsupported` in the other models, and for other actions.
   */
  reach(action: M['reach']): M['reached'];

  /**
   * Which resources of a type the subject may do this to, as an expression over their parts and attributes:
   * `latchwork/filter/*` makes a query of it. A row is kept if and only if `can` says yes for it. For servers: `open` of
   * `latchwork/<model>/server`.
   * @throws {LatchworkError} `unknown_action`, `unknown_resource` for a type that the document does not have; `unsupported`
   * in other modules, and where the model cannot say.
   */
  filter(action: M['action'], type: M['type'], options?: M['options']): Filter;
  /**
   * Those of these names, in their order, for which the subject may do this to the resource that has the name as its last
   * segment: the fields of a record. `resource` is the path without that segment, or the type and the other parts. For
   * servers: `open` of `latchwork/<model>/server`.
   * @throws {LatchworkError} the errors of `can` about any of these resources; `unknown_resource` also for a name with `/` or
   * an empty one; `unsupported` in other modules; `too_large` for more than 64 KiB of names as JSON.
   */
  fields<const N extends string>(action: M['action'], resource: string | { readonly type: M['type']; readonly [part: string]: string | number }, names: Iterable<N>, attributes?: M['attributes'], options?: M['options']): N[];

  /** Releases the subject; garbage collection does, later, when it is no longer reachable. */
  dispose(): void;
  /** `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /**
   * A subject can not be copied, by `structuredClone`, `postMessage` or `JSON.stringify`: send its id, and the records
   * to `open` where it is asked.
   * @throws {LatchworkError} `unsupported`.
   */
  toJSON(): never;
}

/** Who may do something. */
export interface Holders {
  /** The ids of those users of the records who may, sorted. */
  users: string[];
  /** Whether every active user may, of the records or not. False in models whose users are only those of the records. */
  authenticated: boolean;
  /** Whether an anonymous user may. */
  everyone: boolean;
}

/** What `lint` found. */
export interface Finding {
  /** A stable code. */
  code: string;
  /** A JSON pointer into the records. */
  path: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** What can decide. */
export interface RecordsPart {
  /** A JSON pointer into the records. */
  path: string;
  /** What it is: `grant`, `limit`, `role` or `assignment`. */
  kind: string;
}

/** A small change of records. */
export interface Mutant {
  /** A JSON pointer to what is changed. */
  path: string;
  /** The change in words. */
  change: string;
  /** The change as a JSON Patch (RFC 6902). */
  patch: ({ op: 'remove'; path: string } | { op: 'add' | 'replace'; path: string; value: unknown })[];
}

/** The rows of one type of resources on which a subject may do something. */
export interface Filter {
  /** The type of the resources. */
  type: string;
  /** The segments of their paths: literals, and names of parts. */
  shape: (string | { part: string })[];
  /** Which rows are kept. `false`: none, so that no query is needed. */
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
  /** A prepared subject, or what `subject` takes: an id, `null` for an anonymous user. */
  subject: Subject<M> | string | null | M['principal'];
  /** What the subject wants to do. */
  action: M['action'];
  /** With what: the forms are those of the system. */
  resource: M['resource'];
  /** What is known of the resource. */
  attributes?: M['attributes'];
  /** Holders that the subject stays within: see `Subject.within`. */
  within?: M['holder'] | readonly M['holder'][];
  context?: M['options']['context'];
  properties?: M['options']['properties'];
  now?: M['options']['now'];
}

/** What a question says beyond its action and its resource, in a model whose rules ask for it. */
export interface QuestionOptions {
  /** What is known of the circumstances: the address of a request, whether a second factor was used. */
  context?: object;
  /** What is known of the action: the fields that an edit changes. */
  properties?: object;
  /** When the question is asked, in whole seconds since 1970 or as a `Date`; the current time if absent. */
  now?: number | Date;
}

/** How records are opened. */
export interface OpenOptions {
  /** The current time in seconds since 1970, for questions without `now`: `Date.now() / 1000` if absent. */
  now?: () => number;
}

/** An answer, and what decided. */
export interface Decision<M extends Model = Model> {
  /** Whether the subject may. */
  allow: boolean;
  /** The id of the rule that decided: short, stable, public. */
  rule: M['rule'];
  /** The level that the subject was found to have, where the rule compares levels. */
  level?: M['level'];
  /** The least level that the action needs, where the rule compares levels. */
  needs?: M['level'];
}

/** A decision in words. */
export interface Explanation<M extends Model = Model> extends Decision<M> {
  /** One sentence for a person. */
  text: string;
  /** Where the rule comes from: the title of a document of the product, and the heading in it. */
  citation: { document: string; heading: string };
}

/** One thing that is wrong with a value, and where. */
export interface Problem {
  /** JSON pointer (RFC 6901); the empty string is the whole value. */
  path: string;
  /** What kind of problem it is. */
  code: ProblemCode;
  /** One line for a person. */
  message: string;
}

/** The value as the system would store it, or all that is wrong with it. */
export type Checked<V = unknown> = { value: V; problems?: undefined } | { value?: undefined; problems: Problem[] };

/** The question that a request asks, except by whom. */
export interface ClassifiedRequest<M extends Model = Model> {
  /** What the request wants to do. */
  action: M['action'];
  /** With what. */
  resource: string;
  /** What the question says beyond its resource. */
  attributes?: M['attributes'];
}

/** What `classify` reads of a `Request` of the Fetch API, so that these types need no `lib` of a browser. */
export interface FetchRequest {
  readonly method: string;
  readonly url: string;
  clone(): { text(): Promise<string> };
}

/** A request of a product's own API. */
export interface ApiRequest {
  /** In any case of its letters. */
  method: string;
  /** Still percent-encoded. A query behind it is read too. */
  path: string;
  /** Decoded names and values: `URLSearchParams` fits. */
  query?: Iterable<readonly [string, string]> | { readonly [name: string]: string };
  /** The JSON body. */
  body?: unknown;
}

/** What a caller gets instead of an answer. A "no" is an answer, not an error. */
export class LatchworkError extends Error {
  readonly name: 'LatchworkError';
  /** What went wrong; stable. */
  readonly code: LatchworkCode;
  /** All problems, where a document is what is wrong. */
  readonly problems?: readonly Problem[];
  /** What `JSON.stringify` writes. */
  toJSON(): { name: 'LatchworkError'; code: LatchworkCode; message: string; problems?: readonly Problem[] };
}

/** The codes of errors. */
export type LatchworkCode =
  /** The system has no such name. */
  | 'unknown_system'
  /** The system has no such action (in WSO2 `invalid_action`, the product's own name for it). */
  | 'unknown_action'
  | 'invalid_action'
  /** The document has no resource of this form: no shape of its `resources` fits, or a part is missing or wrong. */
  | 'unknown_resource'
  /** A question that cannot be read, with pointers into it in `problems`. */
  | 'bad_question'
  /** The system has no such kind of value. */
  | 'unknown_kind'
  /** The records break the rules of the system; see `problems`. */
  | 'invalid_records'
  /** Policy tests whose form is wrong; `problems` has every one. */
  | 'invalid_tests'
  /**
   * Attributes or a request that are no JSON value, or that can not be read; see `problems` and `cause`. Also a question
   * or options with a member that does not exist.
   */
  | 'invalid_value'
  /** A value of a question over 65,536 characters as JSON, a text or a list over the limits of a store. */
  | 'too_large'
  /** JSON text that is none. */
  | 'malformed_json'
  /** `classify`: the question depends on the body, which `classifyRequest` reads. */
  | 'body_needed'
  /** An argument of another type than documented. */
  | 'wrong_type'
  /** A string with a lone surrogate. */
  | 'malformed_string'
  /** A string over 4,096 bytes of UTF-8. */
  | 'name_too_long'
  /** More than 1,048,576 subjects at once: dispose those that are no longer asked. */
  | 'too_many_subjects'
  /** The system has no such feature, or an object can not be copied. */
  | 'unsupported'
  /** `latchwork/filter`: the filter reads an attribute or a part that the mapping has no column for. */
  | 'unmapped_attribute'
  /** `latchwork/filter`: a column of a type that does not compare as the rules do, or that the database cannot address. */
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
  /** The store can not be reached, is busy for too long or answers nonsense; see `cause`. */
  | 'store_unavailable'
  /** Too many changes met the same records, or the store changed whenever it was read: try again. */
  | 'conflict'
  /** The store does not take a record of this size, or as many at once. */
  | 'record_too_large'
  /** `latchwork/directory`, in its log: a page of another site sent the request. */
  | 'cross_site'
  /** `latchwork/directory`, in its log: the host's `identify` did not authenticate the request. */
  | 'unauthorized'
  /** `latchwork/directory`, in its log: a body in an encoding that is not decoded. */
  | 'unsupported_encoding'
  /** `latchwork/directory`, in its log: a body that did not come in time, or broke off. */
  | 'request_timeout'
  | 'bad_request'
  /** The file or the database is of a format that this version does not know. */
  | 'unknown_format'
  /** A package that a store needs is not installed; the message says which. */
  | 'missing_dependency'
  /** `latchwork/directory`: a secret of less than 32 bytes. */
  | 'weak_secret'
  /** `latchwork/directory`: the store holds the users of another system. */
  | 'wrong_system'
  /** `latchwork/directory`: the store to be seeded has users already. */
  | 'not_empty'
  /** `latchwork/directory` under strict guards: the records have nobody who can sign in and manage users. */
  | 'no_admin'
  /** `latchwork/web`, or `/web` of a model, was used before `await init()`. */
  | 'not_initialized'
  /** `latchwork/password`: a password over 1,024 bytes of UTF-8. */
  | 'password_too_long'
  /** `latchwork/password`: a cost out of bounds. */
  | 'invalid_cost'
  /** `latchwork/password`: a stored string that is no hash of a known form. */
  | 'unknown_hash'
  /** `latchwork/password`: a stored hash that costs more than is allowed. */
  | 'costly_hash'
  /** `latchwork/password`: the memory for a hash is not there. */
  | 'out_of_memory'
  /** The hasher has too much to do. A directory answers 503, with the error's `retryAfter` in seconds as `Retry-After`. */
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

/** The part of the Standard Schema interface that this package fills. */
export interface StandardSchema<V = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'latchwork';
    /** Only for types: never set. */
    readonly types?: { readonly input: unknown; readonly output: V } | undefined;
    readonly validate: (
      value: unknown,
    ) => { readonly value: V; readonly issues?: undefined } | { readonly issues: readonly { message: string; path: string[] }[] };
  };
}
