/** The vocabulary and records of Meuse. */
export default interface Model {
  system: 'meuse';
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
  rule: string;
  resource: string;
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
  /** The values that `validate` returns, by kind. */
  values: MeuseValues;
  /** The attributes of a question's resource. */
  attributes: {
    /** The names of the fields that a `user.update` changes. */
    fields?: readonly string[];
    /** The user named by a `token.list` whose resource is `self`. */
    user?: string;
  };
  options: never;
  records: {
    users?: readonly MeuseUser[];
    tokens?: readonly MeuseToken[];
    crates?: readonly MeuseCrate[];
    categories?: readonly { name: string; description?: string; id?: string }[];
  };
  answers: never;
  principal: never;
  role: never;
  holder: never;
  reach: never;
  reached: never;
  type: never;
  difference: never;
}

/** A user of Meuse. */
export interface MeuseUser {
  /** The identity, compared exactly. */
  name: string;
  role: Model['level'];
  /** The default is true. */
  active?: boolean;
  description?: string;
  id?: string;
  cargo_id?: number;
  /** For directories only. */
  password?: string;
  /** For directories only, instead of the password: its argon2id in PHC form, or a bcrypt of Meuse itself. */
  hash?: string;
}

/** A token of Meuse. It does not affect decisions; for directories only. */
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
  /** The names of users. Names that are not in the records have no effect. */
  owners?: readonly string[];
  versions?: readonly (string | { version: string; yanked?: boolean; id?: string; description?: string })[];
  /** The names of categories in the records. */
  categories?: readonly string[];
  id?: string;
}

/** The values that `validate` returns, by kind, for Meuse. */
export interface MeuseValues {
  'user.create': { name: string; password: string; description: string; active: boolean; role: Model['level'] };
  'user.update': { password?: string; description?: string; active?: boolean; role?: Model['level'] };
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
  /** `per_page` is a whole number as a string. */
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
