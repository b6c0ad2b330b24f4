/** The vocabulary and records of WSO2 API Manager. */
export default interface Model {
  system: 'wso2';
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
  rule: string;
  resource: string;
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
    /** Body of `changePasswordByUser`: the caller's own password, without signing in. */
    | 'password.change'
    /** Body of `me/change-password`: the caller's own password. */
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
  /** The values that `validate` returns, by kind. */
  values: Wso2Values;
  /** The attributes of a question's resource. */
  attributes: never;
  options: never;
  records: {
    realm?: Wso2Realm;
    stores?: readonly Wso2Store[];
    /** `DOMAIN/local`, or only the name in the store `PRIMARY`. */
    roles?: readonly string[];
    users?: readonly Wso2User[];
    /** Ordered: of rules for the same role or user, resource and action, the last one applies. */
    rules?: readonly Wso2Rule[];
  };
  answers: never;
  principal: never;
  /** A role as the subject. Prepare it with `subject`: `can` and `decide` of an authorizer do not accept it. */
  role: { readonly role: string };
  /** The actions that `reach` accepts. */
  holder: never;
  reach: 'ui.execute';
  reached: string[];
  type: never;
  difference: never;
}

/** Settings for all user stores of WSO2. */
export interface Wso2Realm {
  /** The default is `admin`. */
  admin_user?: string;
  /** The default is `admin`. */
  admin_role?: string;
  /** The default is `Internal/everyone`. */
  everyone_role?: string;
  /** The default is `carbon.super`. */
  tenant?: string;
  case_sensitive_authorization_rules?: boolean;
  /** The default is true. */
  skip_authz_check_for_super_admin?: boolean;
  /** The default is true. */
  preserve_case_for_resources?: boolean;
}

/** A user store of WSO2. `PRIMARY` always exists. */
export interface Wso2Store {
  domain: string;
  read_only?: boolean;
  read_groups?: boolean;
  write_groups?: boolean;
  username_regex?: string;
  password_regex?: string;
  role_regex?: string;
  /** The default is true. */
  case_insensitive_username?: boolean;
}

/** A user of WSO2. */
export interface Wso2User {
  /** `DOMAIN/local`, or only the name in the store `PRIMARY`. */
  name: string;
  roles?: readonly string[];
  id?: string;
  /**
   * Claims by their URIs, including attributes of SCIM. The user is inactive, and is denied everything, if
   * `urn:ietf:params:scim:schemas:core:2.0:User:active` is false, or if one of these is true: `accountLocked` or
   * `accountDisabled`, behind `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:` or behind
   * `http://wso2.org/claims/identity/`. The value is a boolean, or the text `true` or `false` in upper or lower case.
   */
  claims?: { readonly [claim: string]: unknown };
  /** For directories only. */
  password?: string;
  /** For directories only, instead of the password: `$argon2id$…`, or WSO2's own as `$sha256-salted$SALT$HASH`. */
  hash?: string;
}

/** A rule of WSO2's permission tree, for a role or for a user. */
export type Wso2Rule = ({ role: string; user?: undefined } | { user: string; role?: undefined }) & {
  /** A permission path. The rule covers it and all paths below it. */
  resource: string;
  action: Model['action'] | 'read' | 'write';
  effect: 'allow' | 'deny';
};

/** The values that `validate` returns, by kind, for WSO2 API Manager; names have their domain, except in the store `PRIMARY`. */
export interface Wso2Values {
  'user.create': { userName: string; password: string; roles: string[]; claims?: { [claim: string]: unknown } };
  /** `filter` defaults to `*`, `limit` to 100. */
  'user.list': { filter: string; limit: number };
  'user.delete': { userName: string };
  'user.roles.update': { userName: string; newRoles: string[]; deletedRoles: string[] };
  'password.set': { userName: string; newPassword: string };
  'password.change': { userName: string; oldPassword: string; newPassword: string };
  'password.change.own': { currentPassword: string; newPassword: string };
  'role.create': { roleName: string; userList: string[]; permissions: { resource: string; action: Model['action'] }[] };
  'role.create.internal': { roleName: string; userList: string[]; permissions: { resource: string; action: Model['action'] }[] };
  'role.permissions.set': { roleName: string; rawResources: string[] };
  'role.rename': { roleName: string; newRoleName: string };
  'role.delete': { roleName: string };
  'role.users.update': { roleName: string; newUsers: string[]; deletedUsers: string[] };
}
