/** The words and records of Ant Media Server. */
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
    /** The panel's form for a new user: `passwordAgain` beside the password. */
    | 'user.create.form'
    /** The panel's form for an existing user: `newPasswordAgain` beside the new password. */
    | 'user.update.form';
  /** What `validate` returns for each kind. */
  values: AntMediaValues;
  /** What a question says beyond its resource. */
  attributes: never;
  options: never;
  records: { users?: readonly AntMediaUser[] | null };
  answers: never;
  principal: never;
  holder: never;
  reach: never;
  reached: never;
  type: never;
  difference: never;
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
  userType?: Model['level'];
  scope?: string;
  appNameUserType?: { [application: string]: string };
  firstName?: string;
  lastName?: string;
  fullName?: string;
  picture?: string;
}
