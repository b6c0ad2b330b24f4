/** The vocabulary and records of the Tyk Dashboard. */
export default interface Model {
  system: 'tyk';
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
    /** Attempt to sign in as a user, by a password or a mailed link. Resource: `user:ID`. */
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
  rule: string;
  resource: string;
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
  /** The values that `validate` returns, by kind. */
  values: TykValues;
  /** The attributes of a question's resource. */
  attributes: never;
  options: never;
  records: {
    users?: readonly TykUser[];
    groups?: readonly TykGroup[];
    apis?: readonly TykApi[];
    /** Replaces the built-in table from paths to sections, even if it is empty. */
    permissions?: readonly { permission: string; rx: string }[];
    additional_permissions?: readonly string[] | { [name: string]: string };
    config?: TykConfig;
    reset_tokens?: readonly { token: string; user: string; issued_at: number }[];
  };
  /** A response of a list, such as `GET /api/users`, or one instead of each list. `pages` has no effect. */
  answers: Omit<Model['records'], 'users' | 'groups' | 'apis'> & {
    users?: readonly TykUser[] | { readonly users: readonly TykUser[]; readonly pages?: number };
    groups?: readonly TykGroup[] | { readonly groups: readonly TykGroup[]; readonly pages?: number };
    apis?: readonly TykApi[] | { readonly apis: readonly TykApi[]; readonly pages?: number };
    pages?: number;
  };
  principal: never;
  role: never;
  holder: never;
  reach: never;
  reached: never;
  type: never;
  difference: never;
}

/** A permission object of Tyk: from section to level, with `IsAdmin` and `ResetPassword`. A value that is not a level grants nothing. */
export interface TykPermissions {
  readonly [section: string]: string;
}

/** A user of the Tyk Dashboard. */
export interface TykUser {
  /** The identity, compared exactly. */
  id: string;
  /** The default is false. */
  active?: boolean;
  org_id?: string;
  /** The group whose permissions replace the user's. */
  group_id?: string;
  user_permissions?: TykPermissions | null;
  email_address?: string;
  first_name?: string;
  last_name?: string;
  api_model?: { readonly [member: string]: unknown } | null;
  created_at?: string;
  last_login_date?: string;
  /** For directories only. */
  password?: string;
  /** Instead of the password: `$argon2id$…`, or the bcrypt of a Tyk Dashboard. */
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
  /** The default is false. */
  active?: boolean;
  user_permissions?: TykPermissions | null;
  password_max_days?: number;
}

/** The members of a Tyk API that affect decisions; its definition may have more. */
export interface TykApi {
  id: string;
  org_id?: string;
  /** The ids of users. */
  user_owners?: readonly string[] | null;
  /** The ids of groups. */
  user_group_owners?: readonly string[] | null;
  [member: string]: unknown;
}

/** Settings of the Tyk Dashboard; everything is off by default. */
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
    /** The default is 6. */
    minLength?: number;
    multiCase?: boolean;
    minNumeric?: number;
    minSpecial?: number;
    disableSequential?: boolean;
    title?: unknown;
    type?: unknown;
  };
  additional_permissions?: readonly string[] | { [name: string]: string };
  /** For directories only. */
  user_password_max_days?: number;
  login_failure_username_limit?: number;
  login_failure_expiration?: number;
  admin_secret?: string;
}

/** The values that `validate` returns, by kind, for the Tyk Dashboard. */
export interface TykValues {
  'user.create': TykStoredUser & { user_permissions: { [section: string]: string } };
  /** Only the changed members. */
  'user.update': Partial<Omit<TykStoredUser, 'password'>>;
  'user.search': { filters: { query: string } };
  'group.create': { name: string; description: string; user_permissions: { [section: string]: string }; active: boolean; password_max_days: number };
  /** Only the changed members. */
  'group.update': { name?: string; description?: string; user_permissions?: { [section: string]: string }; active?: boolean; password_max_days?: number };
  'password.change': { current_password: string; new_password: string };
  'password.set': { new_password: string };
  'password.forgot': { email_address: string };
  'password.reset': { token: string; new_password: string };
  'session.create': { email_address: string; password: string };
  'admin.user.create': TykStoredUser & { user_permissions: { [section: string]: string }; org_id: string };
  /** Only the changed members. */
  'admin.user.update': Partial<TykStoredUser> & { org_id?: string };
}

/** A user of the Tyk Dashboard as set by a request body. */
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
