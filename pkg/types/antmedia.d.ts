/** The vocabulary and records of Ant Media Server. */
export default interface Model {
  system: 'antmedia';
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
  rule: string;
  resource: string;
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
    /** The panel's form for a new user, with `passwordAgain`. */
    | 'user.create.form'
    /** The panel's form for an existing user, with `newPasswordAgain`. */
    | 'user.update.form';
  /** The values that `validate` returns, by kind. */
  values: AntMediaValues;
  /** The attributes of a question's resource. */
  attributes: never;
  options: never;
  records: { users?: readonly AntMediaUser[] | null };
  answers: never;
  principal: never;
  role: never;
  holder: never;
  reach: never;
  reached: never;
  type: never;
  difference: never;
}

/** Ant Media's `User`. A member that is `null` counts as missing. */
export interface AntMediaUser {
  /** The identity, compared exactly. */
  email: string;
  /** Together with `userType`: rights as a pair. */
  scope?: string | null;
  userType?: 'ADMIN' | 'USER' | 'READ_ONLY' | 'READ-ONLY' | null;
  /** Rights as a map from application to type. */
  appNameUserType?: { readonly [application: string]: string } | null;
  firstName?: string | null;
  lastName?: string | null;
  fullName?: string | null;
  picture?: string | null;
  /** For directories only. */
  password?: string | null;
  newPassword?: string | null;
  /** For directories only, instead of the password: `$argon2id$…`, or `$unsalted-md5$HASH` with Ant Media's MD5. */
  hash?: string | null;
}

/** The values that `validate` returns, by kind, for Ant Media Server. */
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
  userType?: Model['level'];
  scope?: string;
  appNameUserType?: { [application: string]: string };
  firstName?: string;
  lastName?: string;
  fullName?: string;
  picture?: string;
}
