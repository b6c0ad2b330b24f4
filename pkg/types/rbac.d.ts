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
    /** What every active user has. */
    | 'authenticated'
    /** What everyone has. */
    | 'everyone'
    /** Denied by `within`: without it, the answer would be yes. */
    | 'within'
    /** Denied by a limit: without limits, the answer would be yes. */
    | 'limit'
    /** Denied, and no user is signed in. */
    | 'not-signed-in'
    /** Denied, and the document has no such user. */
    | 'unknown-user'
    /** Denied, and the user is inactive. */
    | 'inactive-user'
    /** Denied: no grant gives the action. */
    | 'no-grant';
  resource: W['resource'];
  kind: never;
  values: {};
  /** What is known of the resource. Its names after `resource.` in a condition. */
  attributes: object;
  options: QuestionOptions;
  records: RbacDocument;
  answers: never;
  principal: RbacRecord;
  holder: RbacHolder;
  reach: W['action'];
  reached: RbacReach;
  type: string;
  difference: RbacDifference<W>;
}

/** The words of a document: `RbacWordsOf` takes them from its type. */
export interface RbacWords {
  /** What can be asked, and granted: each level but the first, and the names in `actions`. */
  action: string;
  /** The levels, the first too. */
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

/** A document: who may do what. Every member is optional. */
export interface RbacDocument {
  /** Where an editor finds the JSON Schema: `./node_modules/latchwork/schemas/rbac.json`. */
  readonly $schema?: string;
  readonly description?: string;
  /** From low to high, 2 to 15; the first means nothing. `none`, `read`, `write` and `admin` if absent. */
  readonly levels?: readonly string[];
  /** Further actions, each with the level that it needs; `null` for an action that no level includes. */
  readonly actions?: { readonly [action: string]: string | null };
  /** The shape of each type of resource: literals and `{name}`, separated by `/`. */
  readonly resources?: { readonly [type: string]: string };
  readonly roles?: { readonly [role: string]: RbacRole };
  readonly groups?: { readonly [group: string]: RbacHolder };
  /** What everyone has, signed in or not. */
  readonly everyone?: RbacHolder;
  /** What every active user has. */
  readonly authenticated?: RbacHolder;
  /** Users by their ids. */
  readonly users?: { readonly [id: string]: RbacUser };
  /** By pattern: the highest level that remains, or actions that are denied, whatever is granted. */
  readonly limits?: RbacLimits;
}

/** What a role grants. */
export interface RbacRole<Role extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  /** Roles whose grants this role has too. */
  readonly inherits?: readonly Role[];
  readonly grants?: RbacGrants<Name>;
}

/** What holds roles and grants: a group, `everyone`, `authenticated`, `within`. */
export interface RbacHolder<Role extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  readonly roles?: readonly (Role | RbacAssignment<Role>)[];
  readonly grants?: RbacGrants<Name>;
}

/** A user of a document. */
export interface RbacUser<Role extends string = string, Name extends string = string, Group extends string = string> extends RbacHolder<Role, Name> {
  readonly groups?: readonly Group[];
  /** Their names after `subject.` in a condition. */
  readonly attributes?: object;
  /** True if absent. */
  readonly active?: boolean;
}

/** A user with their record, in place of the document's entry. Roles and groups that the document does not define give nothing. */
export interface RbacRecord<Role extends string = string, Name extends string = string, Group extends string = string> extends RbacUser<Role, Name, Group> {
  readonly id: string;
}

/** A role with a scope, which is put in front of its patterns, and with bounds. */
export interface RbacAssignment<Role extends string = string> extends RbacBounds {
  readonly role: Role;
  readonly scope?: string;
}

/** When something counts: `from <= now < until`, in whole seconds since 1970. */
export interface RbacBounds {
  readonly $schema?: string;
  readonly description?: string;
  readonly from?: number;
  readonly until?: number;
}

/** What is granted, by pattern. A name is that of a level or of an action. */
export type RbacGrants<Name extends string = string> = { readonly [pattern: string]: Name | RbacGrant<Name> | readonly (Name | RbacGrant<Name>)[] };

/** A grant that counts while its conditions and bounds hold. */
export interface RbacGrant<Name extends string = string> extends RbacBounds {
  readonly allow: Name | readonly Name[];
  readonly when?: RbacConditions;
}

/** Limits by pattern. */
export type RbacLimits<Level extends string = string, Name extends string = string> = { readonly [pattern: string]: Level | RbacLimit<Level, Name> | readonly (Level | RbacLimit<Level, Name>)[] };

/** A limit that counts unless its conditions hold: of the level, or of actions. */
export interface RbacLimit<Level extends string = string, Name extends string = string> {
  readonly $schema?: string;
  readonly description?: string;
  /** The highest level that remains. Either this or `deny`. */
  readonly level?: Level;
  /** The actions that are denied. */
  readonly deny?: Name | readonly Name[];
  readonly unless?: RbacConditions;
}

/** Conditions that must all hold, or a list of such objects, one of which must hold. */
export type RbacConditions = RbacConditionSet | readonly RbacConditionSet[];

/** Conditions by attribute path. */
export type RbacConditionSet = { readonly [path in RbacAttributePath]?: RbacCondition };

/** The path of an attribute. */
export type RbacAttributePath = `${'subject' | 'resource' | 'context' | 'action'}.${string}`;

/** What is compared with an attribute. */
export type RbacCondition = RbacValue | readonly RbacValue[] | RbacReference | { readonly not: RbacValue | readonly RbacValue[] | RbacReference } | { readonly atLeast?: number | RbacReference; readonly atMost?: number | RbacReference };

/** A value that a condition compares. */
export type RbacValue = string | number | boolean;

/** Another attribute. */
export interface RbacReference {
  readonly ref: string;
}

// ---------------------------------------------------------------------------------------------------------------------
// The names that a document defines

declare const outline: unique symbol;

/**
 * A document whose names are those of an outline, which the type alone has: a value of any document's type fits.
 * `npx latchwork types FILE` writes the outline of a document in a file.
 */
export interface RbacTyped<O extends RbacDocument> extends RbacDocument {
  readonly [outline]?: O;
}

/** The outline of a document: the document itself, if it has no other. */
type Outline<D> = typeof outline extends keyof D ? NonNullable<D[typeof outline]> : D;

/** The member of this name, if the type has one. */
type Member<T, K extends PropertyKey> = K extends keyof T ? NonNullable<T[K]> : never;
/** The names of the members. */
type Names<T> = [T] extends [never] ? never : keyof T & string;
/** The levels of a document, in their order. */
type Levels<D> = [Member<D, 'levels'>] extends [never] ? readonly ['none', 'read', 'write', 'admin'] : Extract<Member<D, 'levels'>, readonly string[]>;
/** The levels but the first. */
type Granted<L> = L extends readonly [string, ...infer Rest extends readonly string[]] ? Rest[number] : L extends readonly string[] ? L[number] : never;
/** A type as it is shown in messages: its members, not its name. */
type Shown<T> = [T] extends [infer S extends string] ? S : never;

/** The levels of a document, the first too. */
export type RbacLevel<D> = Shown<Levels<Outline<D>>[number]>;
/** What can be asked: each level but the first, and the names in `actions`. */
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
// Checks of a literal: the same shape as the document, with the names that exist in place of `string`. A part whose type
// is `string` is not checked: its text is not known yet.

/** The document defines no such names. */
export interface RbacNoneDefined<What extends string> {
  readonly none: What;
}

/** The names that exist, where the type of a text says more than `string`. */
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

/** The type of a document that is opened: `D` is inferred from what is given, and checked against the names in it. */
export type RbacChecked<D> = Inferred<D, typeof outline extends keyof D ? RbacDocument : CheckedDocument<D, RbacRoleName<D>, RbacAction<D>, RbacGroupName<D>, RbacLevel<D>>>;
/** The same for a user's record. */
export type RbacCheckedRecord<T, W extends RbacWords> = Inferred<T, CheckedRecord<T, W['role'], W['action'], W['group']>>;
/** The same for the holders of `within`. */
export type RbacCheckedWithin<T, W extends RbacWords> = Inferred<T, T extends readonly unknown[] ? CheckedHolders<T, W['role'], W['action']> : CheckedHolder<T, W['role'], W['action']>>;
type CheckedHolders<T, Role, Name> = { readonly [I in keyof T]: CheckedHolder<T[I], Role, Name> };
// It is `Expected`. The other branch is never taken: from it the compiler infers `T`, and keeps literals as they are.
type Inferred<T, Expected> = [T] extends [never] ? T : Expected;

/** The words of a document, from its type: strings, if that says no more. */
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

/** Questions to a document. */
export interface RbacAuthorizer<W extends RbacWords = RbacWords> extends common.Authorizer<Model<W>> {
  /**
   * Prepares a subject for many questions: a user of the document by id, a user with their record, or `null` for an
   * anonymous user. Unknown and inactive users have what everyone has.
   * @throws {LatchworkError} `bad_question`, with every problem of a record; `too_many_subjects`.
   */
  subject<const R extends RbacRecord>(who: string | null | RbacCheckedRecord<R, W>): RbacSubject<W>;
  /**
   * Whether the subject may.
   * @throws {LatchworkError} `unknown_action`, `unknown_resource`, `bad_question`, `name_too_long`, `foreign_subject`.
   */
  can<const R extends RbacRecord>(who: common.Subject<Model<W>> | string | null | RbacCheckedRecord<R, W>, action: W['action'], resource: W['resource'], attributes?: object, options?: QuestionOptions): boolean;
  /** The decision with the grants and limits that made it, and what would change it. Errors are those of `can`. */
  explain(question: common.Question<Model<W>>): RbacExplanation<W>;
  /**
   * A document in which this subject gets the same decisions and has the same digest, to send from a server to a browser.
   * It holds no other user, and no role, group or grant that the subject cannot reach.
   * @param roles the roles that a `within` of a later question may name
   */
  slice<const R extends RbacRecord>(who: common.Subject<Model<W>> | string | null | RbacCheckedRecord<R, W>, roles?: readonly W['role'][]): W['slice'];
}

/** What one subject of a document has, prepared for many questions. */
export interface RbacSubject<W extends RbacWords = RbacWords> extends common.Subject<Model<W>> {
  readonly authorizer: RbacAuthorizer<W>;
  /** When an answer for this subject next changes by a bound, in seconds since 1970; `undefined` for never. */
  readonly changesAt: number | undefined;
  /** The decision with the grants and limits that made it, and what would change it. Errors are those of `can`. */
  explain(action: W['action'], resource: W['resource'], attributes?: object, options?: QuestionOptions): RbacExplanation<W>;
  /** All actions that are allowed on a resource. */
  actions(resource: W['resource'], attributes?: object, options?: QuestionOptions): W['action'][];
  /** Where the subject may do this: patterns with their conditions and bounds, and the limits that are cut out of them. */
  reach(action: W['action']): RbacReach;
  /**
   * The same subject within a holder, or within each of a list: for API tokens, agents and support sessions. A question
   * is allowed if the subject may, and if each holder may by its own roles and grants alone.
   * @throws {LatchworkError} `bad_question`, with every problem of a holder.
   */
  within<const H extends RbacHolder | readonly RbacHolder[]>(holders: RbacCheckedWithin<H, W>): RbacSubject<W>;
}

// ---------------------------------------------------------------------------------------------------------------------
// Explanations

/** A decision, what made it, and what would change it. */
export interface RbacExplanation<W extends RbacWords = RbacWords> extends common.Explanation<Model<W>> {
  /** For a yes: the grants that give the action. */
  grants: RbacGrantFound<W['role'], W['action'], W['group']>[];
  /** For a no: the limits in the way. */
  limits: RbacLimitFound<W['level'], W['action']>[];
  /** For a no: the places of the `within` in the way, from 0. */
  within: number[];
  /** For a no: grants that almost give the action. */
  nearMisses: RbacNearMiss<W['role']>[];
  /** For a no: the smallest single changes of the document or the question that would make it a yes. */
  remedies: RbacRemedy<W['role'], W['group']>[];
}

/** A difference of two documents: questions with another answer, or names that only one of them has. */
export type RbacDifference<W extends RbacWords = RbacWords> =
  | RbacAnswersDiffer<W>
  /** Questions about this action are errors in the other document, or in this one. */
  | { change: 'action_removed' | 'action_added'; action: string }
  /** The shapes of this document and of the other one; `null` without `resources`. Answers are compared where both have a resource. */
  | { change: 'resources_changed'; from: Record<string, string> | null; to: Record<string, string> | null };

/** Questions that two documents answer differently. */
export interface RbacAnswersDiffer<W extends RbacWords = RbacWords> {
  /** Whose answers differ: anonymous callers; active users without roles and groups; a user with this role or group alone; the user of this id. */
  who: RbacWho<W>;
  /** For whom the same holds. */
  also?: RbacWho<W>[];
  /** What is asked. */
  actions: string[];
  /** Whether the other document allows it (`gained`) or this one (`lost`). */
  change: 'gained' | 'lost';
  /** The resources. */
  pattern: string;
  /** Resources that are not meant; with `when`, only where that holds. */
  except?: (string | { pattern: string; when: RbacExpression })[];
  /** Under which conditions; always if it is absent. */
  when?: RbacExpression;
  /** A question whose answer differs. */
  example: { subject: string | null | object; action: string; resource: string; attributes?: object; context?: object; properties?: object; now?: number };
}

/** Whose answers `diff` compares. */
export type RbacWho<W extends RbacWords = RbacWords> = 'everyone' | 'authenticated' | { role: W['role'] } | { group: W['group'] } | { user: string };

/** A condition of a difference: as in a filter, and `time`. `in` says with the shapes of which document an attribute is read. */
export type RbacExpression =
  | { all: RbacExpression[] }
  | { any: RbacExpression[] }
  | { not: RbacExpression }
  | { time: { from?: number; until?: number } }
  | (Extract<common.FilterExpression, { attribute: string }> & { in?: 'from' | 'to' });

/** Where a subject may do something. It may on a path if one of `grants`, and one of each `within`, matches and holds, and none of `limits` matches and counts. */
export interface RbacReach {
  /** Patterns, with `{subject}` filled in. */
  grants: RbacReached[];
  /** Patterns on which a limit takes the action away, unless its conditions hold. */
  limits: { pattern: string; unless?: object[] }[];
  /** The same as `grants`, for each `within`. */
  within: RbacReached[][];
}

/** A pattern on which a grant gives an action. */
export interface RbacReached {
  pattern: string;
  /** Objects of conditions, one of which must hold, if there are any. */
  when?: object[];
  /** In seconds since 1970. */
  from?: number;
  until?: number;
}

/** A grant that gives an action, and how the subject has it. */
export interface RbacGrantFound<Role extends string = string, Name extends string = string, Group extends string = string> {
  /** JSON pointer to the grant in the document. */
  pointer: string;
  /** Who has it. */
  holder: 'user' | 'group' | 'authenticated' | 'everyone';
  /** The group, if a group has it. */
  group?: Group;
  /** The role that is assigned, if it comes by a role. */
  role?: Role;
  /** From the assigned role to the one with the grant, if that is another. */
  inherited?: Role[];
  /** The scope of the role. */
  scope?: string;
  /** The pattern with the scope. */
  pattern: string;
  from?: number;
  until?: number;
  /** What it grants. */
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
  /** What is missing: a higher level, a condition, a time that has not come or is over, or another scope. */
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

/** A change that would make a no a yes. */
export interface RbacRemedy<Role extends string = string, Group extends string = string> {
  /** What to change. */
  kind: 'within' | 'limit' | 'activate' | 'sign-in' | 'level' | 'attribute' | 'wait' | 'role' | 'group' | 'grant';
  /** One sentence for a person. */
  text: string;
  /** Whether the document changes or the question. */
  target: 'document' | 'question';
  /** JSON pointer to what changes. */
  pointer: string;
  /** The change as a JSON Patch (RFC 6902); a caller who is to sign in has none. */
  patch?: { op: 'add' | 'remove' | 'replace'; path: string; value?: unknown }[];
  role?: Role;
  group?: Group;
}
