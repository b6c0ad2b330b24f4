/** The vocabulary and records of ArangoDB. */
export default interface Model {
  system: 'arangodb';
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
    /** Like `level`, but not reduced by read-only mode. */
    | 'configured';
  level:
    /** No access. */
    | 'none'
    /** Access to a database; read a collection. */
    | 'ro'
    /** Administrate a database or the server; read and write a collection. */
    | 'rw';
  rule: string;
  resource: string;
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
  /** The values that `validate` returns, by kind. */
  values: ArangoValues;
  /** The attributes of a question's resource. */
  attributes: never;
  options: never;
  records: {
    users?: { readonly [name: string]: ArangoUser };
    /** The collections of each database; for directories only. */
    databases?: { readonly [name: string]: readonly string[] };
    /** Whether `rw` counts as `ro`; the default is `default`. */
    mode?: 'default' | 'readonly';
  };
  /** Users as the server lists them, each with its grants in the form of the server's response; or the response of `GET /_api/user`. */
  answers:
    | {
        users?: { readonly [name: string]: ArangoAnsweredUser } | readonly ArangoListedUser[] | ArangoAnswer<readonly ArangoListedUser[]>;
        databases?: { readonly [name: string]: readonly string[] };
        mode?: 'default' | 'readonly';
      }
    | readonly ArangoListedUser[]
    | ArangoAnswer<readonly ArangoListedUser[]>;
  principal: never;
  role: never;
  holder: never;
  reach: never;
  reached: never;
  type: never;
  difference: never;
}

/** A user of ArangoDB. */
export interface ArangoUser {
  /** The default is true. */
  active?: boolean;
  /** By database; `*` is every database. A missing level was never set. */
  grants?: { readonly [database: string]: ArangoGrant };
  /** For directories only. */
  passwd?: string;
  /** Instead of the password: `$argon2id$…`, or `$salted-sha256$SALT$HASH` of an older server. */
  hash?: string;
  extra?: { readonly [member: string]: unknown };
  config?: { readonly [member: string]: unknown } | null;
}

/** A user of ArangoDB with grants in the form of the server's response. */
export interface ArangoAnsweredUser extends Omit<ArangoUser, 'grants'> {
  /** The response of `GET /_api/user/{user}/database?full=true`, or its `result`. */
  grants?: ArangoGrants | ArangoAnswer<ArangoGrants>;
}

/** A user of ArangoDB as the server lists it: `GET /_api/user`. */
export interface ArangoListedUser extends ArangoAnsweredUser {
  /** The name. */
  user: string;
}

/** The grants of a user of ArangoDB, by database. */
export interface ArangoGrants {
  readonly [database: string]: ArangoGrant | ArangoConfiguredGrant;
}

/** The grants in one database. */
export interface ArangoGrant {
  /** The level of the database. */
  level?: Model['level'];
  /** By collection; `*` is every collection of the database. */
  collections?: { readonly [collection: string]: Model['level'] };
}

/** The same in the form of the server's response: `GET /_api/user/{user}/database?full=true`. */
export interface ArangoConfiguredGrant {
  /** The level of the database; `undefined` if it was never set. */
  permission: Model['level'] | 'undefined';
  /** By collection; `*` is every collection of the database. */
  collections?: { readonly [collection: string]: Model['level'] | 'undefined' };
}

/** A response of ArangoDB. */
export interface ArangoAnswer<T> {
  readonly error: false;
  readonly code?: number;
  readonly result: T;
}

/** The values that `validate` returns, by kind, for ArangoDB. */
export interface ArangoValues {
  'user.create': { user: string; passwd: string; active: boolean; extra: { [member: string]: unknown } };
  'user.replace': { passwd: string; active: boolean; extra: { [member: string]: unknown } };
  /** Only the changed members; `extra` is merged into the stored one, and `null` empties it. */
  'user.update': { passwd?: string; active?: boolean; extra?: { [member: string]: unknown } | null };
  'password.check': { passwd: string };
  'grant.set': { grant: Model['level'] };
  /** Without a value the key is removed. */
  'config.set': { value?: unknown };
  'session.create': { username: string; password: string };
}
