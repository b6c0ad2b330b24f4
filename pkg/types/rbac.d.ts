import type * as common from './common.js';
import type { QuestionOptions } from './common.js';

/** The words and records of `rbac`. The words are those of a document. */
export default interface Model<W extends RbacWords = RbacWords> {
  system: 'rbac';
  action: W['action'];
  level: W['level'];
  rule:
    /** The user's own grant. */
    | 'grant'
    /** A role of the user. */
    | 'role'
    /** A group of the user. */
    | 'group'
    /** A grant to every active user. */
    | 'authenticated'
    /** A grant to everyone. */
    | 'everyone'
    /** Denied by `within`; it would be allowed otherwise. */
    | 'within'
    /** Denied by a limit; it would be allowed otherwise. */
    | 'limit'
    /** Denied; no user is signed in. */
    | 'not-signed-in'
    /** Denied; the document has no such user. */
    | 'unknown-user'
    /** Denied; the user is inactive. */
    | 'inactive-user'
    /** Denied; no grant gives the action. */
    | 'no-grant';
  resource: W['resource'];
  kind: never;
  values: {};
  /** Attributes of the resource. A condition names them after `resource.`. */
  attributes: object;
  options: QuestionOptions;
  records: RbacDocument;
  answers: never;
  principal: RbacRecord;
  role: never;
  holder: RbacHolder;
  reach: W['action'];
  reached: RbacReach;
  type: string;
  difference: RbacDifference<W>;
}

/** The names of a document: `RbacWordsOf` derives them from its type. */
export interface RbacWords {
  /** The actions: each level except the first, and the names in `actions`. */
  action: string;
  /** All levels, including the first. */
  level: string;
  /** The names of the roles. */
  role: string;
  /** The names of the groups. */
  group: string;
  /** A resource: its path, or its type and parts. */
  resource: string | object;
  /** What `slice` returns. */
  slice: RbacDocument;
}

// ---------------------------------------------------------------------------------------------------------------------
// Documents

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

/** A limit of the level or of actions, which applies unless its conditions are met. */
export interface RbacLimit<Level extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  /** The highest level that remains. A limit has either `level` or `deny`. */
  readonly level?: Level;
  /** The actions that are denied. */
  readonly deny?: Name | readonly Name[];
  readonly unless?: RbacConditions;
}

/** Conditions that must all be met, or a list of alternatives. */
export type RbacConditions = RbacConditionSet | readonly RbacConditionSet[];

/** Conditions by attribute path. */
export type RbacConditionSet = { readonly [path in RbacAttributePath]?: RbacCondition };

/** The path of an attribute. */
export type RbacAttributePath = `${'subject' | 'resource' | 'context' | 'action'}.${string}`;

/** The comparison of an attribute. */
export type RbacCondition = RbacValue | readonly RbacValue[] | RbacReference | { readonly not: RbacValue | readonly RbacValue[] | RbacReference } | { readonly atLeast?: number | RbacReference; readonly atMost?: number | RbacReference };

/** A value in a condition. */
export type RbacValue = string | number | boolean;

/** A reference to another attribute. */
export interface RbacReference {
  readonly ref: string;
}

// ---------------------------------------------------------------------------------------------------------------------
// The names that a document defines

declare const outline: unique symbol;

/**
 * A document with the names of an outline, which exists only in the type: any document can be cast to it.
 * `npx latchwork types FILE` writes the outline of a document.
 */
export interface RbacTyped<O extends RbacDocument> extends RbacDocument {
  readonly [outline]?: O;
}

/** The outline of a document; without an outline, the document itself. */
type Outline<D> = typeof outline extends keyof D ? NonNullable<D[typeof outline]> : D;

/** The type of a member, if there is one. */
type Member<T, K extends PropertyKey> = K extends keyof T ? NonNullable<T[K]> : never;
/** The names of the members. */
type Names<T> = [T] extends [never] ? never : keyof T & string;
/** The levels of a document, in their order. */
type Levels<D> = [Member<D, 'levels'>] extends [never] ? readonly ['none', 'read', 'write', 'admin'] : Extract<Member<D, 'levels'>, readonly string[]>;
/** The levels except the first. */
type Granted<L> = L extends readonly [string, ...infer Rest extends readonly string[]] ? Rest[number] : L extends readonly string[] ? L[number] : never;
/** Makes the compiler show the members of a type in messages, instead of its name. */
type Shown<T> = [T] extends [infer S extends string] ? S : never;

/** The levels of a document, including the first. */
export type RbacLevel<D> = Shown<Levels<Outline<D>>[number]>;
/** The actions: each level except the first, and the names in `actions`. */
export type RbacAction<D> = Shown<Granted<Levels<Outline<D>>> | Names<Member<Outline<D>, 'actions'>>>;
/** The names of the roles. */
export type RbacRoleName<D> = Names<Member<Outline<D>, 'roles'>>;
/** The names of the groups. */
export type RbacGroupName<D> = Names<Member<Outline<D>, 'groups'>>;

/** The name of a part in a segment of a shape. */
type PartIn<Segment> = Segment extends `{${infer Name}}` ? Name : never;
/** The names of the parts of a shape. */
type Parts<Shape extends string> = string extends Shape ? string : Shape extends `${infer Segment}/${infer Rest}` ? PartIn<Segment> | Parts<Rest> : PartIn<Shape>;
/** A resource of this type by its parts. */
type ByParts<Type extends string, Part extends string> = string extends Part ? { readonly type: Type; readonly [part: string]: string | number } : { readonly [P in 'type' | Part]: P extends 'type' ? Type : string | number };
type ByPartsOfEach<Shapes> = { [Type in Names<Shapes>]: ByParts<Type, Parts<Extract<Shapes[Type & keyof Shapes], string>>> }[Names<Shapes>];

/** A resource: its path, or its type and parts. */
export type RbacResource<D> = [Member<Outline<D>, 'resources'>] extends [never] ? string | { readonly type: string; readonly id: string | number } : string | ByPartsOfEach<Member<Outline<D>, 'resources'>>;

// ---------------------------------------------------------------------------------------------------------------------
// Checks of a literal: the shape of the document, with its defined names instead of `string`. Parts of type `string` are
// not checked, because their text is unknown at compile time.

/** The document defines no such names. */
export interface RbacNoneDefined<What extends string> {
  readonly none: What;
}

/** The defined names, if the type of a text is a literal. */
type Known<Text, Name, What extends string> = string extends Text ? string : [Name] extends [never] ? RbacNoneDefined<What> : Name;

type KnownNames<T, Name> = T extends readonly unknown[] ? { readonly [I in keyof T]: Known<T[I], Name, 'actions'> } : Known<T, Name, 'actions'>;

type CheckedGrant<G, Name> = G extends string
  ? Known<G, Name, 'actions'>
  : G extends readonly unknown[]
    ? { readonly [I in keyof G]: CheckedGrant<G[I], Name> }
    : CheckedGrantObject<G, Name>;
interface CheckedGrantObject<G, Name> extends RbacBounds {
  readonly allow: KnownNames<Member<G, 'allow'>, Name>;
  readonly when?: RbacConditions;
}

type CheckedGrants<G, Name> = { readonly [Pattern in keyof G]: CheckedGrant<G[Pattern], Name> };

type CheckedAssignment<A, Role> = A extends string ? Known<A, Role, 'roles'> : CheckedAssignmentObject<A, Role>;
interface CheckedAssignmentObject<A, Role> extends RbacBounds {
  readonly role: Known<Member<A, 'role'>, Role, 'roles'>;
  readonly scope?: string;
}

type CheckedAssignments<T, Role> = { readonly [I in keyof T]: CheckedAssignment<T[I], Role> };

type CheckedList<T, Name, What extends string> = { readonly [I in keyof T]: Known<T[I], Name, What> };

interface CheckedRole<T, Role, Name> {
  readonly $schema?: string;
  readonly description?: string;
  readonly inherits?: CheckedList<Member<T, 'inherits'>, Role, 'roles'>;
  readonly grants?: CheckedGrants<Member<T, 'grants'>, Name>;
}

interface CheckedHolder<T, Role, Name> {
  readonly $schema?: string;
  readonly description?: string;
  readonly roles?: CheckedAssignments<Member<T, 'roles'>, Role>;
  readonly grants?: CheckedGrants<Member<T, 'grants'>, Name>;
}

interface CheckedUser<T, Role, Name, Group> extends CheckedHolder<T, Role, Name> {
  readonly groups?: CheckedList<Member<T, 'groups'>, Group, 'groups'>;
  readonly attributes?: object;
  readonly active?: boolean;
}

interface CheckedRecord<T, Role, Name, Group> extends CheckedUser<T, Role, Name, Group> {
  readonly id: string;
}

type CheckedLimit<T, Level, Name> = T extends string
  ? Known<T, Level, 'levels'>
  : T extends readonly unknown[]
    ? { readonly [I in keyof T]: CheckedLimit<T[I], Level, Name> }
    : CheckedLimitObject<T, Level, Name>;
interface CheckedLimitObject<T, Level, Name> {
  readonly $schema?: string;
  readonly description?: string;
  readonly level?: Known<Member<T, 'level'>, Level, 'levels'>;
  readonly deny?: KnownNames<Member<T, 'deny'>, Name>;
  readonly unless?: RbacConditions;
}

interface CheckedDocument<D, Role, Name, Group, Level> {
  readonly $schema?: string;
  readonly description?: string;
  readonly levels?: readonly string[];
  readonly actions?: { readonly [Action in keyof Member<D, 'actions'>]: Known<NonNullable<Member<D, 'actions'>[Action]>, Granted<Levels<D>>, 'levels'> | null };
  readonly resources?: { readonly [type: string]: string };
  readonly roles?: { readonly [R in keyof Member<D, 'roles'>]: CheckedRole<Member<D, 'roles'>[R], Role, Name> };
  readonly groups?: { readonly [G in keyof Member<D, 'groups'>]: CheckedHolder<Member<D, 'groups'>[G], Role, Name> };
  readonly everyone?: CheckedHolder<Member<D, 'everyone'>, Role, Name>;
  readonly authenticated?: CheckedHolder<Member<D, 'authenticated'>, Role, Name>;
  readonly users?: { readonly [U in keyof Member<D, 'users'>]: CheckedUser<Member<D, 'users'>[U], Role, Name, Group> };
  readonly limits?: { readonly [Pattern in keyof Member<D, 'limits'>]: CheckedLimit<Member<D, 'limits'>[Pattern], Level, Name> };
}

/** The type of an opened document: `D` is inferred from the argument, and checked against the names in it. */
export type RbacChecked<D> = Inferred<D, typeof outline extends keyof D ? RbacDocument : CheckedDocument<D, RbacRoleName<D>, RbacAction<D>, RbacGroupName<D>, RbacLevel<D>>>;
/** The same for a user's record. */
export type RbacCheckedRecord<T, W extends RbacWords> = Inferred<T, CheckedRecord<T, W['role'], W['action'], W['group']>>;
/** The same for the holders of `within`. */
export type RbacCheckedWithin<T, W extends RbacWords> = Inferred<T, T extends readonly unknown[] ? CheckedHolders<T, W['role'], W['action']> : CheckedHolder<T, W['role'], W['action']>>;
type CheckedHolders<T, Role, Name> = { readonly [I in keyof T]: CheckedHolder<T[I], Role, Name> };
// Always `Expected`. The compiler infers `T` from the other branch, which is never taken, and keeps literal types.
type Inferred<T, Expected> = [T] extends [never] ? T : Expected;

/** The names of a document, derived from its type; `string` if the type is not literal. */
export type RbacWordsOf<D> = 0 extends 1 & D
  ? RbacWordsOf<RbacDocument>
  : {
      action: RbacAction<D>;
      level: RbacLevel<D>;
      role: RbacRoleName<D>;
      group: RbacGroupName<D>;
      resource: RbacResource<D>;
      slice: typeof outline extends keyof D ? Extract<D, RbacDocument> : { readonly [K in keyof RbacDocument as K extends Vocabulary ? K & keyof D : K]: K extends Vocabulary ? D[K & keyof D] : RbacDocument[K] };
    };
/** The members whose names a slice keeps. */
type Vocabulary = 'levels' | 'actions' | 'resources';

// ---------------------------------------------------------------------------------------------------------------------
// Questions

/** Decides questions about a document. */
export interface RbacAuthorizer<W extends RbacWords = RbacWords> extends common.Authorizer<Model<W>> {
  /**
   * Prepares a subject for many questions: the id of a user in the document, a user's record, or `null` for an anonymous
   * user. Unknown and inactive users have only the permissions of `everyone`.
   * @throws {LatchworkError} `bad_question`, with every problem of a record; `too_many_subjects`.
   */
  subject<const R extends RbacRecord>(who: string | null | RbacCheckedRecord<R, W>): RbacSubject<W>;
  /**
   * Whether the subject is allowed to do this.
   * @throws {LatchworkError} `unknown_action`, `unknown_resource`, `bad_question`, `name_too_long`, `foreign_subject`.
   */
  can<const R extends RbacRecord>(who: common.Subject<Model<W>> | string | null | RbacCheckedRecord<R, W>, action: W['action'], resource: W['resource'], attributes?: object, options?: QuestionOptions): boolean;
  /** The decision with the grants and limits that made it, and the changes that would reverse it. Errors are those of `can`. */
  explain(question: common.Question<Model<W>>): RbacExplanation<W>;
  /**
   * The part of the document that a browser needs for this subject: the subject gets the same decisions and has the same
   * digest. It contains no other user, and no role, group or grant that does not apply to the subject.
   * @param roles the roles that `within` of a later question can name
   */
  slice<const R extends RbacRecord>(who: common.Subject<Model<W>> | string | null | RbacCheckedRecord<R, W>, roles?: readonly W['role'][]): W['slice'];
}

/** A subject of a document, prepared for many questions. */
export interface RbacSubject<W extends RbacWords = RbacWords> extends common.Subject<Model<W>> {
  readonly authorizer: RbacAuthorizer<W>;
  /** When a time bound next changes an answer for this subject, in seconds since 1970; `undefined` for never. */
  readonly changesAt: number | undefined;
  /** The decision with the grants and limits that made it, and the changes that would reverse it. Errors are those of `can`. */
  explain(action: W['action'], resource: W['resource'], attributes?: object, options?: QuestionOptions): RbacExplanation<W>;
  /** All allowed actions on a resource. */
  actions(resource: W['resource'], attributes?: object, options?: QuestionOptions): W['action'][];
  /** Where the subject is allowed to do this: patterns with their conditions and bounds, and the limits that apply to them. */
  reach(action: W['action']): RbacReach;
  /**
   * The same subject, restricted by a holder, or by each in a list: for API tokens, agents and support sessions. A question
   * is allowed if the subject is allowed, and if each holder's roles and grants alone allow it.
   * @throws {LatchworkError} `bad_question`, with every problem of a holder.
   */
  within<const H extends RbacHolder | readonly RbacHolder[]>(holders: RbacCheckedWithin<H, W>): RbacSubject<W>;
}

// ---------------------------------------------------------------------------------------------------------------------
// Explanations

/** A decision with the grants and limits that made it, and the changes that would reverse it. */
export interface RbacExplanation<W extends RbacWords = RbacWords> extends common.Explanation<Model<W>> {
  /** If allowed: the grants that give the action. */
  grants: RbacGrantFound<W['role'], W['action'], W['group']>[];
  /** If denied: the limits that deny it. */
  limits: RbacLimitFound<W['level'], W['action']>[];
  /** If denied: the indexes of the holders in `within` that do not allow it. */
  within: number[];
  /** If denied: grants that almost give the action. */
  nearMisses: RbacNearMiss<W['role']>[];
  /** If denied: the smallest single changes of the document or the question that would allow it. */
  remedies: RbacRemedy<W['role'], W['group']>[];
}

/** A difference of two documents: questions with different answers, or names that only one of them has. */
export type RbacDifference<W extends RbacWords = RbacWords> =
  | RbacAnswersDiffer<W>
  /** Questions about this action are errors in the other document, or in this one. */
  | { change: 'action_removed' | 'action_added'; action: string }
  /** The shapes of this document and of the other one; `null` without `resources`. Answers are compared for resources of both. */
  | { change: 'resources_changed'; from: Record<string, string> | null; to: Record<string, string> | null };

/** Questions that two documents answer differently. */
export interface RbacAnswersDiffer<W extends RbacWords = RbacWords> {
  /** The subjects whose answers differ: anonymous callers, active users without roles and groups, a user with only this role or group, or the user of this id. */
  who: RbacWho<W>;
  /** Further subjects with the same difference. */
  also?: RbacWho<W>[];
  /** The actions of the questions. */
  actions: string[];
  /** Whether the other document allows it (`gained`) or this one (`lost`). */
  change: 'gained' | 'lost';
  /** The resources. */
  pattern: string;
  /** Excluded resources; with `when`, only under that condition. */
  except?: (string | { pattern: string; when: RbacExpression })[];
  /** The condition; without it the difference is unconditional. */
  when?: RbacExpression;
  /** A question whose answer differs. */
  example: { subject: string | null | object; action: string; resource: string; attributes?: object; context?: object; properties?: object; now?: number };
}

/** The subjects that `diff` compares. */
export type RbacWho<W extends RbacWords = RbacWords> = 'everyone' | 'authenticated' | { role: W['role'] } | { group: W['group'] } | { user: string };

/** A condition of a difference: as in a filter, and `time`. `in` names the document whose shapes define an attribute. */
export type RbacExpression =
  | { all: RbacExpression[] }
  | { any: RbacExpression[] }
  | { not: RbacExpression }
  | { time: { from?: number; until?: number } }
  | (Extract<common.FilterExpression, { attribute: string }> & { in?: 'from' | 'to' });

/**
* Where a subject is allowed to do something. A path is allowed if one of `grants` and one of each `within` match it with
* their conditions, and if none of `limits` applies to it.
*/
export interface RbacReach {
  /** Patterns, with `{subject}` filled in. */
  grants: RbacReached[];
  /** Patterns on which a limit denies the action, unless its conditions are met. */
  limits: { pattern: string; unless?: object[] }[];
  /** The same as `grants`, for each `within`. */
  within: RbacReached[][];
}

/** A pattern on which a grant gives an action. */
export interface RbacReached {
  pattern: string;
  /** Alternatives of conditions; without it the grant is unconditional. */
  when?: object[];
  /** In seconds since 1970. */
  from?: number;
  until?: number;
}

/** A grant that gives an action, and how the subject gets it. */
export interface RbacGrantFound<Role extends string = string, Name extends string = string, Group extends string = string> {
  /** JSON pointer to the grant in the document. */
  pointer: string;
  /** The holder of the grant. */
  holder: 'user' | 'group' | 'authenticated' | 'everyone';
  /** The group, if a group has it. */
  group?: Group;
  /** The assigned role, if the grant is in a role. */
  role?: Role;
  /** The path from the assigned role to the role with the grant, if that is another. */
  inherited?: Role[];
  /** The scope of the role. */
  scope?: string;
  /** The pattern, including the scope. */
  pattern: string;
  from?: number;
  until?: number;
  /** The granted levels and actions. */
  allow: Name[];
}

/** A limit that applies. */
export interface RbacLimitFound<Level extends string = string, Name extends string = string> {
  /** JSON pointer to the limit in the document. */
  pointer: string;
  pattern: string;
  /** The highest level that it leaves. */
  level?: Level;
  /** The actions that it denies. */
  deny?: Name[];
}

/** A grant that almost gives an action. */
export interface RbacNearMiss<Role extends string = string> {
  /** What is missing: a higher level, a condition, a time that has not begun or has passed, or another scope. */
  kind: 'level' | 'condition' | 'not-yet' | 'expired' | 'scope';
  /** JSON pointer to the grant, or to the condition in it. */
  pointer: string;
  role?: Role;
  pattern?: string;
  /** The path of the attribute, for a condition. */
  attribute?: string;
  /** The level, value or scope that was found. */
  found?: unknown;
  /** The level, value, time or scope that is needed. */
  needed?: unknown;
}

/** A change that would allow a denied question. */
export interface RbacRemedy<Role extends string = string, Group extends string = string> {
  /** The kind of change. */
  kind: 'within' | 'limit' | 'activate' | 'sign-in' | 'level' | 'attribute' | 'wait' | 'role' | 'group' | 'grant';
  /** One sentence to show to a user. */
  text: string;
  /** Whether the document or the question changes. */
  target: 'document' | 'question';
  /** JSON pointer to the changed part. */
  pointer: string;
  /** The change as a JSON Patch (RFC 6902); it is missing if the caller must sign in. */
  patch?: { op: 'add' | 'remove' | 'replace'; path: string; value?: unknown }[];
  role?: Role;
  group?: Group;
}
