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
   * subjects exist. Inactive ones are denied, in every system that has them. Unknown ones are denied too, except in
   * `wso2`: as in the product, an unknown user has what rules give to `Internal/everyone`, or to this name.
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
  /** Attributes or a request that are no JSON value, or that can not be read; see `problems` and `cause`. */
  | 'invalid_value'
  /** A value of a question over 65,536 characters as JSON, a text or a list over the limits of a store. */
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
    records: { users?: readonly AntMediaUser[] | null };
  };
  arangodb: {
    action:
      | 'use'
      | 'read'
      | 'write'
      | 'create-collection'
      | 'manage-collection'
      | 'administrate'
      | 'read-user'
      | 'update-user'
      | 'delete-user'
      | 'check-password'
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
      users?: { readonly [name: string]: ArangoUser };
      databases?: { readonly [name: string]: readonly string[] };
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
    kind:
      | 'user.create'
      | 'user.update'
      | 'token.create'
      | 'token.list'
      | 'token.delete'
      | 'category.create'
      | 'category.update'
      | 'owner.add'
      | 'owner.remove'
      | 'crate.publish'
      | 'crate.list'
      | 'crate.search';
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
  };
  tyk: {
    action:
      | 'read'
      | 'write'
      | 'delete'
      | 'GET'
      | 'HEAD'
      | 'POST'
      | 'PUT'
      | 'PATCH'
      | 'DELETE'
      | 'OPTIONS'
      | 'TRACE'
      | 'CONNECT'
      | 'view-key'
      | 'make-admin'
      | 'attempt';
    level: 'deny' | 'read' | 'write' | 'admin';
    kind:
      | 'user.create'
      | 'user.update'
      | 'user.search'
      | 'group.create'
      | 'group.update'
      | 'password.change'
      | 'password.set'
      | 'password.forgot'
      | 'password.reset'
      | 'session.create'
      | 'admin.user.create'
      | 'admin.user.update';
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
  };
  wso2: {
    action:
      | 'get'
      | 'add'
      | 'delete'
      | 'edit'
      | 'login'
      | 'manage-configuration'
      | 'manage-lc-configuration'
      | 'manage-security'
      | 'upload-services'
      | 'manage-services'
      | 'manage-mediation'
      | 'monitor-system'
      | 'authorize'
      | 'delegate-identity'
      | 'invoke-service'
      | 'ui.execute'
      | 'subscribe'
      | 'publish'
      | 'browse'
      | 'consume'
      | 'changePermission'
      | 'SendMessage'
      | 'ReceiveMessage'
      | 'DeleteMessage'
      | 'ChangeMessageVisibility'
      | 'GetQueueAttributes';
    level: never;
    kind:
      | 'user.create'
      | 'user.list'
      | 'user.delete'
      | 'user.roles.update'
      | 'password.set'
      | 'password.change'
      | 'password.change.own'
      | 'role.create'
      | 'role.create.internal'
      | 'role.permissions.set'
      | 'role.rename'
      | 'role.delete'
      | 'role.users.update';
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

export interface ArangoGrant {
  level?: Level<'arangodb'>;
  /** By collection; `*` is every collection of the database. */
  collections?: { readonly [collection: string]: Level<'arangodb'> };
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
