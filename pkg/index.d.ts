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
/** What a question says beyond its resource. */
export type Attributes<S extends SystemName> = Systems[S]['attributes'];

/**
 * Opens a system on its records: parses, validates and indexes them once.
 *
 * A front end opens only what it may know: the signed-in user's own record, and the roles or groups that it
 * names. Passwords, tokens and sessions may stand in records; they decide nothing.
 *
 * @throws {LatchworkError} `invalid_records`, with every problem at once in `problems`; `unknown_system`.
 */
export function open<S extends SystemName>(system: S, records: Records<S>): Authorizer<S>;

/** Questions to one set of records. */
export interface Authorizer<S extends SystemName = SystemName> {
  readonly system: S;
  /** `sha256-…` over the system and all that decides, never over a secret: equal in every runtime. */
  readonly digest: string;

  /**
   * Prepares a subject for many questions; `null` is somebody who did not sign in. Unknown and inactive
   * subjects exist, and are denied.
   */
  subject(id: string | null): Subject<S>;
  /** Prepares a role as if it asked itself. Only WSO2 has questions about roles. */
  role(name: S extends 'wso2' ? string : never): Subject<S>;

  /** Whether the subject may. Prepare a subject if it asks more than once. */
  can(subject: Subject<S> | string | null, action: Action<S>, resource: string, attributes?: Attributes<S>): boolean;
  /** Whether the subject may, and by which rule. */
  decide(question: Question<S>): Decision<S>;
  /** The decision in words, with the passage of the product's document that it comes from. */
  explain(question: Question<S>): Explanation<S>;
  /** 1 or 0 for each question. The fast way for many is `Subject.canMany` on prepared numbers. */
  canMany(questions: Iterable<Question<S>>): Uint8Array;

  /** The same check as the free `validate`, within the limits that the records configure. */
  validate<K extends Kind<S>>(kind: K, value: unknown): Checked;

  /** Gives the records back. Its subjects can ask no more. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** What one subject holds, prepared for many questions. */
export interface Subject<S extends SystemName = SystemName> {
  readonly authorizer: Authorizer<S>;
  /** `sha256-…` over what this subject holds: the one to compare when a front end has only its own record. */
  readonly digest: string;

  can(action: Action<S>, resource: string, attributes?: Attributes<S>): boolean;
  decide(action: Action<S>, resource: string, attributes?: Attributes<S>): Decision<S>;
  explain(action: Action<S>, resource: string, attributes?: Attributes<S>): Explanation<S>;

  /** Prepares a question of this subject; the number is good for this subject only. */
  id(action: Action<S>, resource: string): number;
  /**
   * Answers a prepared question. A number of another subject is denied.
   * @throws {LatchworkError} `stale_handle` for a number from before the instance was replaced.
   */
  canId(question: number): boolean;
  /** 1 or 0 for each prepared question. */
  canMany(questions: Uint32Array | readonly number[]): Uint8Array;

  /** What the product itself would list: WSO2's allowed UI resources. Empty in the other systems. */
  listing(): string[];

  /** Gives the subject back; done by itself, later, when it is no longer reachable. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** A question, in AuthZEN's words. */
export interface Question<S extends SystemName = SystemName> {
  subject: Subject<S> | string | null;
  action: Action<S>;
  resource: string;
  attributes?: Attributes<S>;
}

export interface Decision<S extends SystemName = SystemName> {
  allow: boolean;
  /** The id of the rule that decided: short, stable, public. */
  rule: string;
  /** The level that the subject was found to have, where the rule compares levels. */
  level?: Level<S>;
  /** The least level that the action needs, where the rule compares levels. */
  needs?: Level<S>;
}

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
  code: ProblemCode;
  /** One line for a person. */
  message: string;
}

/** The value as the system would store it, or all that is wrong with it. */
export type Checked = { value: any; problems?: undefined } | { value?: undefined; problems: Problem[] };

/** Checks a body or a form: the same check in the browser and in the worker, with nothing configured. */
export function validate<S extends SystemName>(system: S, kind: Kind<S>, value: unknown): Checked;

/** `validate` as a Standard Schema (standardschema.dev), for form libraries and request validators. */
export function schema<S extends SystemName>(system: S, kind: Kind<S>): StandardSchema;

/** The words of a system, for a form that offers them: actions, levels (lowest first) and the ids of all rules. */
export function vocabulary<S extends SystemName>(system: S): { actions: Action<S>[]; levels: Level<S>[]; rules: string[] };

/** The question that a request of the product's own API asks; `null` when no route of it has the request: deny. */
export function classify<S extends 'antmedia' | 'meuse' | 'tyk'>(
  system: S,
  request: ApiRequest,
): { action: Action<S>; resource: string; attributes?: Attributes<S> } | null;

/** A request of a product's own API. */
export interface ApiRequest {
  /** In capitals. */
  method: string;
  /** Still percent-encoded, without the query. */
  path: string;
  /** Decoded names and values: `URLSearchParams` fits. */
  query?: Iterable<readonly [string, string]> | { readonly [name: string]: string };
  /** The JSON body. */
  body?: unknown;
}

/** What a caller gets instead of an answer. A "no" is an answer, not an error. */
export class LatchworkError extends Error {
  readonly name: 'LatchworkError';
  readonly code: LatchworkCode;
  /** All problems, where a document is what is wrong. */
  readonly problems?: readonly Problem[];
}

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
  /** Attributes or a request that are no JSON value; see `problems`. */
  | 'invalid_value'
  /** A value of a question over 65,536 characters as JSON. */
  | 'too_large'
  /** JSON text that is none. */
  | 'malformed_json'
  /** An argument of another type than documented. */
  | 'wrong_type'
  /** A string with a lone surrogate. */
  | 'malformed_string'
  /** A string over 4,096 bytes of UTF-8. */
  | 'name_too_long'
  /** More than 1,048,576 subjects at once. */
  | 'too_many_subjects'
  /** The system has no such feature. */
  | 'unsupported'
  /** The subject was prepared by another authorizer. */
  | 'foreign_subject'
  /** A number from before the instance was replaced. */
  | 'stale_handle'
  /** The authorizer or subject was disposed. */
  | 'disposed'
  /** `latchwork/web` was used before `await init()`. */
  | 'not_initialized'
  /** The instance failed and was replaced; the call was refused. */
  | 'internal';

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
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'latchwork';
    readonly validate: (
      value: unknown,
    ) => { readonly value: any; readonly issues?: undefined } | { readonly issues: readonly { message: string; path: string[] }[] };
  };
}

/** The words and records of each system. */
export interface Systems {
  antmedia: {
    action: 'read' | 'create' | 'update' | 'delete';
    level: 'READ_ONLY' | 'USER' | 'ADMIN';
    kind:
      | 'user.create'
      | 'user.update'
      | 'user.initial'
      | 'password.change'
      | 'session.create'
      | 'user.create.form'
      | 'user.update.form';
    attributes: never;
    records: { users?: AntMediaUser[] };
  };
  arangodb: {
    action:
      | 'use'
      | 'read'
      | 'write'
      | 'create-collection'
      | 'manage-collection'
      | 'administrate'
      /** Asks for the level that the server reports; see `level` of the decision. */
      | 'level'
      /** Asks for the level that a request can use. */
      | 'usable'
      /** As `level`, not capped by read-only mode. */
      | 'configured';
    level: 'none' | 'ro' | 'rw';
    kind:
      | 'user.create'
      | 'user.replace'
      | 'user.update'
      | 'password.check'
      | 'grant.set'
      | 'config.set'
      | 'session.create';
    attributes: never;
    records: {
      users?: { [name: string]: ArangoUser };
      databases?: { [name: string]: string[] };
      mode?: 'default' | 'readonly';
    };
  };
  meuse: {
    action:
      | 'user.create'
      | 'user.list'
      | 'user.update'
      | 'user.delete'
      | 'token.create'
      | 'token.list'
      | 'token.delete'
      | 'category.create'
      | 'category.list'
      | 'category.update'
      | 'crate.list'
      | 'crate.get'
      | 'crate.check'
      | 'statistics.read'
      | 'crate.publish'
      | 'crate.yank'
      | 'crate.unyank'
      | 'owner.add'
      | 'owner.remove'
      | 'owner.list'
      | 'crate.search'
      | 'crate.download'
      | 'mirror.download'
      | 'mirror.cache';
    level: 'read-only' | 'tech' | 'admin';
    kind: string;
    /** The names of the fields that a `user.update` changes. */
    attributes: { fields: string[] };
    records: {
      users?: MeuseUser[];
      tokens?: { user: string; name: string; [member: string]: unknown }[];
      crates?: { name: string; owners: string[]; versions: string[] }[];
      categories?: { name: string; description: string }[];
    };
  };
  tyk: {
    action: 'read' | 'write' | 'delete' | 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'TRACE' | 'CONNECT';
    level: 'deny' | 'read' | 'write' | 'admin';
    kind: string;
    attributes: never;
    records: { users?: TykUser[]; [member: string]: unknown };
  };
  wso2: {
    action: string;
    level: never;
    kind: string;
    attributes: never;
    records: { [member: string]: unknown };
  };
}
