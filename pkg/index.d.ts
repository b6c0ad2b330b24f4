/// <reference lib="esnext.disposable" />
// `Symbol.dispose` may be younger than the project that reads this.

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
export type ValueOf<S extends SystemName, K extends Kind<S>> = K extends keyof Systems[S]['values'] ? Systems[S]['values'][K] : never;

/**
 * Opens a system on its records: parses, validates and indexes them once.
 *
 * A front end opens only what it may know: the signed-in user's own record, and the roles or groups that it
 * names. Passwords, tokens and sessions may stand in records; they decide nothing.
 *
 * The time is linear in the size of the records; at most 536,870,912 characters as JSON. An authorizer keeps the JSON
 * text of its records until `dispose`.
 *
 * @throws {LatchworkError} `invalid_records`, with every problem at once in `problems`; `unknown_system`.
 */
export function open<S extends SystemName>(system: S, records: Records<S> | AnsweredRecords<S>): Authorizer<S>;

/** Questions to one set of records. */
export interface Authorizer<S extends SystemName = SystemName> {
  /** The system whose rules decide. */
  readonly system: S;
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
   * @throws {LatchworkError} `too_many_subjects`.
   */
  subject(id: string | null): Subject<S>;
  /**
   * Prepares a role as if it asked itself. Only WSO2 has questions about roles.
   * @throws {LatchworkError} `unsupported` in the other systems; `too_many_subjects`.
   */
  role(name: S extends 'wso2' ? string : never): Subject<S>;

  /**
   * Whether the subject may. A name (`null`: nobody is signed in) is looked up for this question alone, and needs no
   * `subject`; prepare one if it asks more than once.
   * @throws {LatchworkError} `unknown_action`, `name_too_long`, `foreign_subject`.
   */
  can(subject: Subject<S> | string | null, action: Action<S>, resource: string, attributes?: Attributes<S>): boolean;
  /** Whether the subject may, and by which rule. Errors are those of `can`. */
  decide(question: Question<S>): Decision<S>;
  /** The decision in words, with the passage of the product's document that it comes from. Errors are those of `can`. */
  explain(question: Question<S>): Explanation<S>;
  /**
   * 1 or 0 for each question, at most 1,048,576. The fast way for many is `Subject.canMany` on prepared numbers.
   * @throws {LatchworkError} `too_large`, and those of `can`.
   */
  canMany(questions: Iterable<Question<S>>): Uint8Array;

  /** The same check as the free `validate`, within the limits that the records configure. */
  validate<K extends Kind<S>>(kind: K, value: unknown): Checked<ValueOf<S, K>>;

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
export interface Subject<S extends SystemName = SystemName> {
  /** The authorizer that prepared it. */
  readonly authorizer: Authorizer<S>;
  /** `sha256-…` over what this subject holds: the one to compare when a front end has only its own record. */
  readonly digest: string;

  /**
   * Whether the subject may.
   * @param resource at most 4,096 bytes of UTF-8
   * @throws {LatchworkError} `unknown_action` (`invalid_action` in WSO2), `name_too_long`, `disposed`.
   */
  can(action: Action<S>, resource: string, attributes?: Attributes<S>): boolean;
  /** Whether the subject may, and by which rule. Errors are those of `can`. */
  decide(action: Action<S>, resource: string, attributes?: Attributes<S>): Decision<S>;
  /** The decision in words, with the passage of the product's document that it comes from. Errors are those of `can`. */
  explain(action: Action<S>, resource: string, attributes?: Attributes<S>): Explanation<S>;

  /** Prepares a question of this subject; the number is good for this subject only. Errors are those of `can`. */
  id(action: Action<S>, resource: string): number;
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

  /** What the product itself would list: WSO2's allowed UI resources. Empty in the other systems. */
  listing(): string[];

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

/** A question, in AuthZEN's words. */
export interface Question<S extends SystemName = SystemName> {
  /** A prepared subject, an id, or `null` where nobody is signed in. */
  subject: Subject<S> | string | null;
  /** What the subject wants to do. */
  action: Action<S>;
  /** With what: the forms are those of the system. */
  resource: string;
  /** What the question says beyond its resource. */
  attributes?: Attributes<S>;
}

/** An answer, and what decided. */
export interface Decision<S extends SystemName = SystemName> {
  /** Whether the subject may. */
  allow: boolean;
  /** The id of the rule that decided: short, stable, public. */
  rule: string;
  /** The level that the subject was found to have, where the rule compares levels. */
  level?: Level<S>;
  /** The least level that the action needs, where the rule compares levels. */
  needs?: Level<S>;
}

/** A decision in words. */
export interface Explanation<S extends SystemName = SystemName> extends Decision<S> {
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

/** The systems with a map from requests of the product's own API to questions. */
export type RoutedSystem = 'antmedia' | 'meuse' | 'tyk';

/** The question that a request asks, except by whom. */
export interface ClassifiedRequest<S extends SystemName = SystemName> {
  /** What the request wants to do. */
  action: Action<S>;
  /** With what. */
  resource: string;
  /** What the question says beyond its resource. */
  attributes?: Attributes<S>;
}

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
  /** The system has no such kind of value. */
  | 'unknown_kind'
  /** The records break the rules of the system; see `problems`. */
  | 'invalid_records'
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
  /** The subject was prepared by another authorizer. */
  | 'foreign_subject'
  /** A number from before the instance was replaced. */
  | 'stale_handle'
  /** The authorizer or subject was disposed, or the store closed. */
  | 'disposed'
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
  /** `latchwork/web` was used before `await init()`. */
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
  | 'unreadable';

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

/** The words and records of each system. */
export interface Systems {
  antmedia: {
    action:
      /** `GET`, `HEAD` and `OPTIONS`. */
      | 'read'
      /** `POST` of something new. */
      | 'create'
      /** `PUT`, and `POST` of settings. */
      | 'update'
      /** `DELETE`. */
      | 'delete';
    level:
      /** Reads. */
      | 'READ_ONLY'
      /** Also writes broadcasts and VoDs. */
      | 'USER'
      /** Also writes everything else. */
      | 'ADMIN';
    kind:
      /** Body of `POST /rest/v2/users`. */
      | 'user.create'
      /** Body of `PUT /rest/v2/users`. */
      | 'user.update'
      /** Body of `POST /rest/v2/users/initial`. */
      | 'user.initial'
      /** Body of `POST /rest/v2/users/password`. */
      | 'password.change'
      /** Body of `POST /rest/v2/users/authenticate`. */
      | 'session.create'
      /** The panel's form for a new user: `passwordAgain` beside the password. */
      | 'user.create.form'
      /** The panel's form for an existing user: `newPasswordAgain` beside the new password. */
      | 'user.update.form';
    /** What `validate` returns for each kind. */
    values: AntMediaValues;
    /** What a question says beyond its resource. */
    attributes: never;
    records: { users?: readonly AntMediaUser[] | null };
    answers: never;
  };
  arangodb: {
    action:
      /** Use a database and list its collections. Resource: `db`. */
      | 'use'
      /** See a collection, its properties and indexes, and read its documents. Resource: `db/coll`. */
      | 'read'
      /** Insert, update and remove documents, truncate the collection. Resource: `db/coll`. */
      | 'write'
      /** Create a collection in a database. Resource: `db`. */
      | 'create-collection'
      /** Drop or rename a collection, change its properties and indexes. Resource: `db/coll`. */
      | 'manage-collection'
      /** Create and drop databases, manage users and their grants, shut the server down. Resource: `/`. */
      | 'administrate'
      /** See a user, its grants and its settings. Resource: `/user/name`. */
      | 'read-user'
      /** Change a user's password, active flag, extra data and settings. Resource: `/user/name`. */
      | 'update-user'
      /** Delete a user. Resource: `/user/name`. */
      | 'delete-user'
      /** Check whether a password is the user's. Resource: `/user/name`. */
      | 'check-password'
      /** The level that the server reports; see `level` of the decision. */
      | 'level'
      /** The level that a request can use. */
      | 'usable'
      /** As `level`, not capped by read-only mode. */
      | 'configured';
    level:
      /** No access. */
      | 'none'
      /** Access to a database; read a collection. */
      | 'ro'
      /** Administrate a database or the server; read and write a collection. */
      | 'rw';
    kind:
      /** Body of `POST /_api/user`. */
      | 'user.create'
      /** Body of `PUT /_api/user/{user}`. */
      | 'user.replace'
      /** Body of `PATCH /_api/user/{user}`. */
      | 'user.update'
      /** Body of `POST /_api/user/{user}`. */
      | 'password.check'
      /** Body of `PUT /_api/user/{user}/database/{db}` and of the same with `/{collection}`. */
      | 'grant.set'
      /** Body of `PUT /_api/user/{user}/config/{key}`. */
      | 'config.set'
      /** Body of `POST /_open/auth`. */
      | 'session.create';
    /** What `validate` returns for each kind. */
    values: ArangoValues;
    /** What a question says beyond its resource. */
    attributes: never;
    records: {
      users?: { readonly [name: string]: ArangoUser };
      /** The collections of each database; only for a directory. */
      databases?: { readonly [name: string]: readonly string[] };
      /** Whether `rw` counts as `ro`: `default` when absent. */
      mode?: 'default' | 'readonly';
    };
    /** Users as the server lists them, each with its grants as the server answers them; or `GET /_api/user` itself. */
    answers:
      | {
          users?: { readonly [name: string]: ArangoAnsweredUser } | readonly ArangoListedUser[] | ArangoAnswer<readonly ArangoListedUser[]>;
          databases?: { readonly [name: string]: readonly string[] };
          mode?: 'default' | 'readonly';
        }
      | readonly ArangoListedUser[]
      | ArangoAnswer<readonly ArangoListedUser[]>;
  };
  meuse: {
    action:
      /** Create a user. Resource: `users`. */
      | 'user.create'
      /** List all users. Resource: `users`. */
      | 'user.list'
      /** Change a user's description, password, role or active flag. Resource: `user:NAME`; attributes: `fields`. */
      | 'user.update'
      /** Delete a user. Resource: `user:NAME`. */
      | 'user.delete'
      /** Create a token, with the user's password. Resource: `tokens:NAME`. */
      | 'token.create'
      /** List a user's tokens. Resource: `tokens:NAME`, or `tokens:self` without a name. */
      | 'token.list'
      /** Delete a user's token. Resource: `tokens:NAME`. */
      | 'token.delete'
      /** Create a category. Resource: `categories`. */
      | 'category.create'
      /** List all categories. Resource: `categories`. */
      | 'category.list'
      /** Change a category. Resource: `category:NAME`. */
      | 'category.update'
      /** List all crates with their versions. Resource: `crates`. */
      | 'crate.list'
      /** Show a crate with its versions and categories. Resource: `crate:NAME`. */
      | 'crate.get'
      /** Check that database, metadata and crate files agree. Resource: `crates`. */
      | 'crate.check'
      /** Read the registry's statistics. Resource: `statistics`. */
      | 'statistics.read'
      /** Publish a version of a crate. Resource: `crate:NAME@VERSION`. */
      | 'crate.publish'
      /** Yank a version. Resource: `crate:NAME@VERSION`. */
      | 'crate.yank'
      /** Undo a yank. Resource: `crate:NAME@VERSION`. */
      | 'crate.unyank'
      /** Make users owners of a crate. Resource: `crate:NAME`. */
      | 'owner.add'
      /** Remove owners of a crate. Resource: `crate:NAME`. */
      | 'owner.remove'
      /** List the owners of a crate. Resource: `crate:NAME`. */
      | 'owner.list'
      /** Search crates. Resource: `crates`. */
      | 'crate.search'
      /** Download a version. Resource: `crate:NAME@VERSION`. */
      | 'crate.download'
      /** Download a version from the mirror of another registry. Resource: `crate:NAME@VERSION`. */
      | 'mirror.download'
      /** Fill the mirror's cache with a version. Resource: `crate:NAME@VERSION`. */
      | 'mirror.cache';
    level:
      /** Reads, and changes only its own account. */
      | 'read-only'
      /** Publishes, and manages the crates that it owns. */
      | 'tech'
      /** Manages everything. */
      | 'admin';
    kind:
      /** Body of `POST /api/v1/meuse/user`. */
      | 'user.create'
      /** Body of `POST /api/v1/meuse/user/NAME`. */
      | 'user.update'
      /** Body of `POST /api/v1/meuse/token`. */
      | 'token.create'
      /** Query of `GET /api/v1/meuse/token`. */
      | 'token.list'
      /** Body of `DELETE /api/v1/meuse/token`. */
      | 'token.delete'
      /** Body of `POST /api/v1/meuse/category`. */
      | 'category.create'
      /** Body of `POST /api/v1/meuse/category/NAME`. */
      | 'category.update'
      /** Body of `PUT /api/v1/crates/NAME/owners`. */
      | 'owner.add'
      /** Body of `DELETE /api/v1/crates/NAME/owners`. */
      | 'owner.remove'
      /** Metadata in the body of `PUT /api/v1/crates/new`. */
      | 'crate.publish'
      /** Query of `GET /api/v1/meuse/crate`. */
      | 'crate.list'
      /** Query of `GET /api/v1/crates`. */
      | 'crate.search';
    /** What `validate` returns for each kind. */
    values: MeuseValues;
    /** What a question says beyond its resource. */
    attributes: {
      /** The names of the fields that a `user.update` changes. */
      fields?: readonly string[];
      /** The user whom a `token.list` names, where that is `self`. */
      user?: string;
    };
    records: {
      users?: readonly MeuseUser[];
      tokens?: readonly MeuseToken[];
      crates?: readonly MeuseCrate[];
      categories?: readonly { name: string; description?: string; id?: string }[];
    };
    answers: never;
  };
  tyk: {
    action:
      /** See a section or an API. Resource: `section:NAME` or `api:ID`. */
      | 'read'
      /** Create or change in a section, or change an API. Resource: `section:NAME` or `api:ID`. */
      | 'write'
      /** Delete; needs what `write` needs. Resource: `section:NAME` or `api:ID`. */
      | 'delete'
      /** A request that reads. Resource: `path:/api/…`. */
      | 'GET'
      /** A request that reads. Resource: `path:/api/…`. */
      | 'HEAD'
      /** A request that writes. Resource: `path:/api/…`. */
      | 'POST'
      /** A request that writes. Resource: `path:/api/…`. */
      | 'PUT'
      /** A request that writes. Resource: `path:/api/…`. */
      | 'PATCH'
      /** A request that deletes. Resource: `path:/api/…`. */
      | 'DELETE'
      /** Counts as a write: only `GET` and `HEAD` read. Resource: `path:/api/…`. */
      | 'OPTIONS'
      /** Counts as a write. Resource: `path:/api/…`. */
      | 'TRACE'
      /** Counts as a write. Resource: `path:/api/…`. */
      | 'CONNECT'
      /** See a user's access key. Resource: `user:ID`. */
      | 'view-key'
      /** Make a user an admin, or create one. Resource: `user:ID`. */
      | 'make-admin'
      /** Try to sign in as a user, by a password or by a mailed link. Resource: `user:ID`. */
      | 'attempt';
    level:
      /** No access. */
      | 'deny'
      /** Read. */
      | 'read'
      /** Read, change and delete. */
      | 'write'
      /** The same as `write`. */
      | 'admin';
    kind:
      /** Body of `POST /api/users`. */
      | 'user.create'
      /** Body of `PUT /api/users/{id}`. */
      | 'user.update'
      /** Body of `POST /api/users/search`. */
      | 'user.search'
      /** Body of `POST /api/usergroups`. */
      | 'group.create'
      /** Body of `PUT /api/usergroups/{id}`. */
      | 'group.update'
      /** Body of `POST /api/users/{id}/actions/reset` by the user, with the current password. */
      | 'password.change'
      /** Body of `POST /api/users/{id}/actions/reset` by an admin. */
      | 'password.set'
      /** Body of `POST /api/password/forgot`. */
      | 'password.forgot'
      /** Body of `POST /api/password/reset`. */
      | 'password.reset'
      /** Body of `POST /api/login`. */
      | 'session.create'
      /** Body of `POST /admin/users`. */
      | 'admin.user.create'
      /** Body of `PUT /admin/users/{id}`. */
      | 'admin.user.update';
    /** What `validate` returns for each kind. */
    values: TykValues;
    /** What a question says beyond its resource. */
    attributes: never;
    records: {
      users?: readonly TykUser[];
      groups?: readonly TykGroup[];
      apis?: readonly TykApi[];
      /** Takes the place of the built-in table from paths to sections, even when it is empty. */
      permissions?: readonly { permission: string; rx: string }[];
      additional_permissions?: readonly string[] | { [name: string]: string };
      config?: TykConfig;
      reset_tokens?: readonly { token: string; user: string; issued_at: number }[];
    };
    /** An answer of a list, such as `GET /api/users`, or one in the place of each list. `pages` decides nothing. */
    answers: Omit<Systems['tyk']['records'], 'users' | 'groups' | 'apis'> & {
      users?: readonly TykUser[] | { readonly users: readonly TykUser[]; readonly pages?: number };
      groups?: readonly TykGroup[] | { readonly groups: readonly TykGroup[]; readonly pages?: number };
      apis?: readonly TykApi[] | { readonly apis: readonly TykApi[]; readonly pages?: number };
      pages?: number;
    };
  };
  wso2: {
    action:
      /** Read a resource of the registry; also named `read`. */
      | 'get'
      /** Add or change a resource of the registry; also named `write`. */
      | 'add'
      /** Delete a resource of the registry. */
      | 'delete'
      /** Edit a resource. */
      | 'edit'
      /** Sign in to the console. */
      | 'login'
      /** Manage the configuration. */
      | 'manage-configuration'
      /** Manage life cycle configurations. */
      | 'manage-lc-configuration'
      /** Manage security. */
      | 'manage-security'
      /** Upload services. */
      | 'upload-services'
      /** Manage services. */
      | 'manage-services'
      /** Manage mediation. */
      | 'manage-mediation'
      /** Monitor the system. */
      | 'monitor-system'
      /** Authorize others. */
      | 'authorize'
      /** Delegate an identity. */
      | 'delegate-identity'
      /** Invoke a service. */
      | 'invoke-service'
      /** Use a permission of the console: the action of all `/permission/…` paths. */
      | 'ui.execute'
      /** Subscribe to a topic or an API. */
      | 'subscribe'
      /** Publish to a topic. */
      | 'publish'
      /** Browse a queue. */
      | 'browse'
      /** Consume from a queue. */
      | 'consume'
      /** Change the permissions of a topic or queue. */
      | 'changePermission'
      /** Send a message to a queue. */
      | 'SendMessage'
      /** Receive a message from a queue. */
      | 'ReceiveMessage'
      /** Delete a message of a queue. */
      | 'DeleteMessage'
      /** Change the visibility of a message. */
      | 'ChangeMessageVisibility'
      /** Read the attributes of a queue. */
      | 'GetQueueAttributes';
    level: never;
    kind:
      /** Body of `addUser`. */
      | 'user.create'
      /** Body of `listUsers`. */
      | 'user.list'
      /** Body of `deleteUser`. */
      | 'user.delete'
      /** Body of `updateRolesOfUser` and `addRemoveRolesOfUser`. */
      | 'user.roles.update'
      /** Body of `changePassword`: the password of another user. */
      | 'password.set'
      /** Body of `changePasswordByUser`: one's own password, without being signed in. */
      | 'password.change'
      /** Body of `me/change-password`: one's own password. */
      | 'password.change.own'
      /** Body of `addRole`. */
      | 'role.create'
      /** Body of `addInternalRole`. */
      | 'role.create.internal'
      /** Body of `setRoleUIPermission`. */
      | 'role.permissions.set'
      /** Body of `updateRoleName`. */
      | 'role.rename'
      /** Body of `deleteRole`. */
      | 'role.delete'
      /** Body of `updateUsersOfRole`. */
      | 'role.users.update';
    /** What `validate` returns for each kind. */
    values: Wso2Values;
    /** What a question says beyond its resource. */
    attributes: never;
    records: {
      realm?: Wso2Realm;
      stores?: readonly Wso2Store[];
      /** `DOMAIN/local`, or the name alone in the store `PRIMARY`. */
      roles?: readonly string[];
      users?: readonly Wso2User[];
      /** In their order: of rules for the same role or user, resource and action the last one counts. */
      rules?: readonly Wso2Rule[];
    };
    answers: never;
  };
}

/** Ant Media's `User`. `null` is as good as absent. */
export interface AntMediaUser {
  /** The identity, compared exactly. */
  email: string;
  /** With `userType` the pair form of rights. */
  scope?: string | null;
  userType?: 'ADMIN' | 'USER' | 'READ_ONLY' | 'READ-ONLY' | null;
  /** The map form of rights: from application to type. */
  appNameUserType?: { readonly [application: string]: string } | null;
  firstName?: string | null;
  lastName?: string | null;
  fullName?: string | null;
  picture?: string | null;
  /** Only for a directory. */
  password?: string | null;
  newPassword?: string | null;
  /** Only for a directory, in place of the password: `$argon2id$…`, or `$unsalted-md5$HASH` with Ant Media's MD5. */
  hash?: string | null;
}

/** A user of ArangoDB. */
export interface ArangoUser {
  /** True when absent. */
  active?: boolean;
  /** By database; `*` is every database. A level that is absent was never set. */
  grants?: { readonly [database: string]: ArangoGrant };
  /** Only for a directory. */
  passwd?: string;
  /** In place of the password: `$argon2id$…`, or `$salted-sha256$SALT$HASH` of an older server. */
  hash?: string;
  extra?: { readonly [member: string]: unknown };
  config?: { readonly [member: string]: unknown } | null;
}

/** A user of ArangoDB with grants as the server answers them. */
export interface ArangoAnsweredUser extends Omit<ArangoUser, 'grants'> {
  /** The answer of `GET /_api/user/{user}/database?full=true`, or its `result`. */
  grants?: ArangoGrants | ArangoAnswer<ArangoGrants>;
}

/** A user of ArangoDB as the server lists it: `GET /_api/user`. */
export interface ArangoListedUser extends ArangoAnsweredUser {
  /** The name. */
  user: string;
}

/** What a user of ArangoDB is granted, by database. */
export interface ArangoGrants {
  readonly [database: string]: ArangoGrant | ArangoConfiguredGrant;
}

/** What is granted in one database. */
export interface ArangoGrant {
  /** The level of the database. */
  level?: Level<'arangodb'>;
  /** By collection; `*` is every collection of the database. */
  collections?: { readonly [collection: string]: Level<'arangodb'> };
}

/** The same as the server answers it: `GET /_api/user/{user}/database?full=true`. */
export interface ArangoConfiguredGrant {
  /** The level of the database; `undefined` for one that was never set. */
  permission: Level<'arangodb'> | 'undefined';
  /** By collection; `*` is every collection of the database. */
  collections?: { readonly [collection: string]: Level<'arangodb'> | 'undefined' };
}

/** An answer of ArangoDB. */
export interface ArangoAnswer<T> {
  readonly error: false;
  readonly code?: number;
  readonly result: T;
}

/** A user of Meuse. */
export interface MeuseUser {
  /** The identity, compared exactly. */
  name: string;
  role: Level<'meuse'>;
  /** True when absent. */
  active?: boolean;
  description?: string;
  id?: string;
  cargo_id?: number;
  /** Only for a directory. */
  password?: string;
  /** Only for a directory, in place of the password: its argon2id in PHC form, or a bcrypt of Meuse itself. */
  hash?: string;
}

/** A token of Meuse, which decides nothing; only for a directory. */
export interface MeuseToken {
  user: string;
  name: string;
  /** In days. */
  validity?: number;
  id?: string;
  identifier?: string;
  token?: string;
  created_at?: number | string | null;
  expired_at?: number | string | null;
  last_used_at?: number | string | null;
}

/** A crate of Meuse. */
export interface MeuseCrate {
  name: string;
  /** The names of users. One that the records do not list decides nothing. */
  owners?: readonly string[];
  versions?: readonly (string | { version: string; yanked?: boolean; id?: string; description?: string })[];
  /** The names of categories that the records list. */
  categories?: readonly string[];
  id?: string;
}

/** A permission object of Tyk: from section to level, with `IsAdmin` and `ResetPassword`. What is no level grants nothing. */
export interface TykPermissions {
  readonly [section: string]: string;
}

/** A user of the Tyk Dashboard. */
export interface TykUser {
  /** The identity, compared exactly. */
  id: string;
  /** False when absent. */
  active?: boolean;
  org_id?: string;
  /** The group whose permissions stand in for the user's. */
  group_id?: string;
  user_permissions?: TykPermissions | null;
  email_address?: string;
  first_name?: string;
  last_name?: string;
  api_model?: { readonly [member: string]: unknown } | null;
  created_at?: string;
  last_login_date?: string;
  /** Only for a directory. */
  password?: string;
  /** In place of the password: `$argon2id$…`, or the bcrypt of a Tyk Dashboard. */
  hash?: string;
  password_updated?: string;
  password_max_days?: number;
  access_key?: string;
  sessions?: readonly string[] | null;
}

/** A group of users of the Tyk Dashboard. */
export interface TykGroup {
  id: string;
  org_id?: string;
  name?: string;
  description?: string;
  /** False when absent. */
  active?: boolean;
  user_permissions?: TykPermissions | null;
  password_max_days?: number;
}

/** An API of Tyk, as far as it decides; its definition may have more members. */
export interface TykApi {
  id: string;
  org_id?: string;
  /** The ids of users. */
  user_owners?: readonly string[] | null;
  /** The ids of groups. */
  user_group_owners?: readonly string[] | null;
  [member: string]: unknown;
}

/** Settings of the Tyk Dashboard, everything off when absent. */
export interface TykConfig {
  empty_permissions_is_admin?: boolean;
  enable_multi_org_users?: boolean;
  allow_admin_reset_password?: boolean;
  enable_ownership?: boolean;
  forbid_admin_view_access_token?: boolean;
  forbid_admin_reset_access_token?: boolean;
  only_super_admin_creates_admin?: boolean;
  enforce_password_history?: number;
  password_policy?: {
    /** 6 when absent. */
    minLength?: number;
    multiCase?: boolean;
    minNumeric?: number;
    minSpecial?: number;
    disableSequential?: boolean;
    title?: unknown;
    type?: unknown;
  };
  additional_permissions?: readonly string[] | { [name: string]: string };
  /** Only for a directory. */
  user_password_max_days?: number;
  login_failure_username_limit?: number;
  login_failure_expiration?: number;
  admin_secret?: string;
}

/** What holds for all user stores of WSO2. */
export interface Wso2Realm {
  /** `admin` when absent. */
  admin_user?: string;
  /** `admin` when absent. */
  admin_role?: string;
  /** `Internal/everyone` when absent. */
  everyone_role?: string;
  /** `carbon.super` when absent. */
  tenant?: string;
  case_sensitive_authorization_rules?: boolean;
  /** True when absent. */
  skip_authz_check_for_super_admin?: boolean;
  /** True when absent. */
  preserve_case_for_resources?: boolean;
}

/** A user store of WSO2. `PRIMARY` is always there. */
export interface Wso2Store {
  domain: string;
  read_only?: boolean;
  read_groups?: boolean;
  write_groups?: boolean;
  username_regex?: string;
  password_regex?: string;
  role_regex?: string;
  /** True when absent. */
  case_insensitive_username?: boolean;
}

/** A user of WSO2. */
export interface Wso2User {
  /** `DOMAIN/local`, or the name alone in the store `PRIMARY`. */
  name: string;
  roles?: readonly string[];
  id?: string;
  /**
   * Claims by their URIs, attributes of SCIM among them. The user is inactive, and is denied everything, where
   * `urn:ietf:params:scim:schemas:core:2.0:User:active` is false, or where one of these is true: `accountLocked` or
   * `accountDisabled`, behind `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:` or behind
   * `http://wso2.org/claims/identity/`. They take a boolean, or the text `true` or `false` in any case.
   */
  claims?: { readonly [claim: string]: unknown };
  /** Only for a directory. */
  password?: string;
  /** Only for a directory, in place of the password: `$argon2id$…`, or WSO2's own as `$sha256-salted$SALT$HASH`. */
  hash?: string;
}

/** A rule of WSO2's permission tree, for a role or for a user. */
export type Wso2Rule = ({ role: string; user?: undefined } | { user: string; role?: undefined }) & {
  /** A permission path. The rule covers it and all below. */
  resource: string;
  action: Action<'wso2'> | 'read' | 'write';
  effect: 'allow' | 'deny';
};

/** What `validate` returns for each kind of Ant Media Server. */
export interface AntMediaValues {
  'user.create': AntMediaRights & { email: string; password: string };
  'user.update': AntMediaRights & { email: string; newPassword?: string };
  'user.initial': AntMediaRights & { email: string; password: string };
  'password.change': { password: string; newPassword: string };
  'session.create': { email: string; password: string };
  'user.create.form': AntMediaRights & { email: string; password: string };
  'user.update.form': AntMediaRights & { email: string; newPassword?: string };
}

/** Rights and names of an Ant Media user, as they are stored. */
export interface AntMediaRights {
  userType?: Level<'antmedia'>;
  scope?: string;
  appNameUserType?: { [application: string]: string };
  firstName?: string;
  lastName?: string;
  fullName?: string;
  picture?: string;
}

/** What `validate` returns for each kind of ArangoDB. */
export interface ArangoValues {
  'user.create': { user: string; passwd: string; active: boolean; extra: { [member: string]: unknown } };
  'user.replace': { passwd: string; active: boolean; extra: { [member: string]: unknown } };
  /** Only what changes; `extra` is merged into the stored one, and `null` empties it. */
  'user.update': { passwd?: string; active?: boolean; extra?: { [member: string]: unknown } | null };
  'password.check': { passwd: string };
  'grant.set': { grant: Level<'arangodb'> };
  /** Without a value the key is removed. */
  'config.set': { value?: unknown };
  'session.create': { username: string; password: string };
}

/** What `validate` returns for each kind of Meuse. */
export interface MeuseValues {
  'user.create': { name: string; password: string; description: string; active: boolean; role: Level<'meuse'> };
  'user.update': { password?: string; description?: string; active?: boolean; role?: Level<'meuse'> };
  /** `validity` in days. */
  'token.create': { name: string; user: string; password: string; validity: number };
  'token.list': { user?: string };
  'token.delete': { name: string; user: string };
  'category.create': { name: string; description: string };
  'category.update': { name?: string; description?: string };
  'owner.add': { users: string[] };
  'owner.remove': { users: string[] };
  'crate.publish': MeuseCrateMetadata;
  'crate.list': { category?: string };
  /** `per_page` is a whole number, as text. */
  'crate.search': { q: string; per_page?: string };
}

/** The metadata that Cargo sends with a crate. */
export interface MeuseCrateMetadata {
  name: string;
  vers: string;
  deps?: {
    name: string;
    version_req: string;
    features?: string[];
    optional?: boolean;
    default_features?: boolean;
    target?: string | null;
    kind?: string;
    registry?: string | null;
    explicit_name_in_toml?: string | null;
  }[];
  features?: { [feature: string]: string[] };
  authors?: string[];
  description?: string | null;
  documentation?: string | null;
  homepage?: string | null;
  readme?: string | null;
  readme_file?: string | null;
  keywords?: string[];
  categories?: string[];
  license?: string | null;
  license_file?: string | null;
  repository?: string | null;
  links?: string | null;
}

/** What `validate` returns for each kind of the Tyk Dashboard. */
export interface TykValues {
  'user.create': TykStoredUser & { user_permissions: { [section: string]: string } };
  /** Only what changes. */
  'user.update': Partial<Omit<TykStoredUser, 'password'>>;
  'user.search': { filters: { query: string } };
  'group.create': { name: string; description: string; user_permissions: { [section: string]: string }; active: boolean; password_max_days: number };
  /** Only what changes. */
  'group.update': { name?: string; description?: string; user_permissions?: { [section: string]: string }; active?: boolean; password_max_days?: number };
  'password.change': { current_password: string; new_password: string };
  'password.set': { new_password: string };
  'password.forgot': { email_address: string };
  'password.reset': { token: string; new_password: string };
  'session.create': { email_address: string; password: string };
  'admin.user.create': TykStoredUser & { user_permissions: { [section: string]: string }; org_id: string };
  /** Only what changes. */
  'admin.user.update': Partial<TykStoredUser> & { org_id?: string };
}

/** A user of the Tyk Dashboard as a body sets it. */
export interface TykStoredUser {
  first_name: string;
  last_name: string;
  email_address: string;
  password?: string;
  user_permissions?: { [section: string]: string };
  active: boolean;
  group_id: string;
  /** 0: a password does not expire. */
  password_max_days: number;
  api_model: { [member: string]: unknown };
}

/** What `validate` returns for each kind of WSO2 API Manager; names have their domain, except in the store `PRIMARY`. */
export interface Wso2Values {
  'user.create': { userName: string; password: string; roles: string[]; claims?: { [claim: string]: unknown } };
  /** `filter` is `*` and `limit` 100 where the body has none. */
  'user.list': { filter: string; limit: number };
  'user.delete': { userName: string };
  'user.roles.update': { userName: string; newRoles: string[]; deletedRoles: string[] };
  'password.set': { userName: string; newPassword: string };
  'password.change': { userName: string; oldPassword: string; newPassword: string };
  'password.change.own': { currentPassword: string; newPassword: string };
  'role.create': { roleName: string; userList: string[]; permissions: { resource: string; action: Action<'wso2'> }[] };
  'role.create.internal': { roleName: string; userList: string[]; permissions: { resource: string; action: Action<'wso2'> }[] };
  'role.permissions.set': { roleName: string; rawResources: string[] };
  'role.rename': { roleName: string; newRoleName: string };
  'role.delete': { roleName: string };
  'role.users.update': { roleName: string; newUsers: string[]; deletedUsers: string[] };
}
