// The documents of `rbac`.

/** A document: who is allowed to do what. Every member is optional. */
export interface RbacDocument {
  /** The JSON Schema for editors: `./node_modules/latchwork/schemas/rbac.json`. */
  readonly $schema?: string;
  readonly description?: string;
  /** 2 to 15 levels, lowest first. The first one grants nothing. The default is `none`, `read`, `write` and `admin`. */
  readonly levels?: readonly string[];
  /** Further actions, each with the level that it needs; `null` for an action that no level includes. */
  readonly actions?: { readonly [action: string]: string | null };
  /** The shape of each type of resource: literals and `{name}`, separated by `/`. */
  readonly resources?: { readonly [type: string]: string };
  readonly roles?: { readonly [role: string]: RbacRole };
  readonly groups?: { readonly [group: string]: RbacHolder };
  /** Roles and grants of everyone, signed in or not. */
  readonly everyone?: RbacHolder;
  /** Roles and grants of every active user. */
  readonly authenticated?: RbacHolder;
  /** Users by id. */
  readonly users?: { readonly [id: string]: RbacUser };
  /** Limits by pattern: the highest level that remains, or denied actions. They override all grants. */
  readonly limits?: RbacLimits;
}

/** What a role grants. */
export interface RbacRole<Role extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  /** Roles whose grants this role inherits. */
  readonly inherits?: readonly Role[];
  readonly grants?: RbacGrants<Name>;
}

/** A holder of roles and grants: a group, `everyone`, `authenticated` or `within`. */
export interface RbacHolder<Role extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  readonly roles?: readonly (Role | RbacAssignment<Role>)[];
  readonly grants?: RbacGrants<Name>;
}

/** A user of a document. */
export interface RbacUser<Role extends string = string, Name extends string = string, Group extends string = string> extends RbacHolder<Role, Name> {
  readonly groups?: readonly Group[];
  /** A condition names them after `subject.`. */
  readonly attributes?: object;
  /** The default is true. */
  readonly active?: boolean;
}

/** A user's record, used instead of the document's entry. Roles and groups that the document does not define grant nothing. */
export interface RbacRecord<Role extends string = string, Name extends string = string, Group extends string = string> extends RbacUser<Role, Name, Group> {
  readonly id: string;
}

/** A role with a scope, which prefixes its patterns, and with time bounds. */
export interface RbacAssignment<Role extends string = string> extends RbacBounds {
  readonly role: Role;
  readonly scope?: string;
}

/** Time bounds: `from <= now < until`, in whole seconds since 1970. */
export interface RbacBounds {
  readonly $schema?: string;
  readonly description?: string;
  readonly from?: number;
  readonly until?: number;
}

/** Grants by pattern. A name is a level or an action. */
export type RbacGrants<Name extends string = string> = { readonly [pattern: string]: Name | RbacGrant<Name> | readonly (Name | RbacGrant<Name>)[] };

/** A grant that applies while its conditions and bounds are met. */
export interface RbacGrant<Name extends string = string> extends RbacBounds {
  readonly allow: Name | readonly Name[];
  readonly when?: RbacConditions;
}

/** Limits by pattern. */
export type RbacLimits<Level extends string = string, Name extends string = string> = { readonly [pattern: string]: Level | RbacLimit<Level, Name> | readonly (Level | RbacLimit<Level, Name>)[] };

/** A limit of the level or of actions, which applies unless its conditions are met. It has either `level` or `deny`. */
export type RbacLimit<Level extends string = string, Name extends string = string> = RbacLevelLimit<Level> | RbacActionLimit<Name>;

/** A limit of the level. */
export interface RbacLevelLimit<Level extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  /** The highest level that remains. */
  readonly level: Level;
  readonly deny?: undefined;
  readonly unless?: RbacConditions;
}

/** A limit of actions. */
export interface RbacActionLimit<Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  readonly level?: undefined;
  /** The actions that are denied. */
  readonly deny: Name | readonly Name[];
  readonly unless?: RbacConditions;
}

/** Conditions that must all be met, or a list of alternatives. */
export type RbacConditions = RbacConditionSet | readonly RbacConditionSet[];

/** Conditions by attribute path. */
export type RbacConditionSet = { readonly [path in RbacAttributePath]?: RbacCondition };

/** The path of an attribute. */
export type RbacAttributePath = `${'subject' | 'resource' | 'context' | 'action'}.${string}`;

/** The comparison of an attribute. */
export type RbacCondition = RbacValue | readonly RbacValue[] | RbacReference | RbacNot | RbacRange;

/** A value in a condition. */
export type RbacValue = string | number | boolean;

/** A reference to another attribute. */
export interface RbacReference {
  /** The path of the attribute. */
  readonly ref: string;
  readonly not?: undefined;
  readonly atLeast?: undefined;
  readonly atMost?: undefined;
}

/** The attribute has none of the values. */
export interface RbacNot {
  readonly not: RbacValue | readonly RbacValue[] | RbacReference;
  readonly ref?: undefined;
  readonly atLeast?: undefined;
  readonly atMost?: undefined;
}

/** The attribute is a number within at least one bound. */
export type RbacRange = { readonly ref?: undefined; readonly not?: undefined } & ({ readonly atLeast: number | RbacReference; readonly atMost?: number | RbacReference } | { readonly atLeast?: number | RbacReference; readonly atMost: number | RbacReference });
