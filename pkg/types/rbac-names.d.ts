// The names that a document of `rbac` defines, and the checks of a literal against them.

import type { RbacAttributePath, RbacBounds, RbacCondition, RbacConditionSet, RbacDocument, RbacHolder, RbacNot, RbacRange, RbacReference } from './rbac-document.js';

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

// A symbol would be another one in the declarations for `require` than in those for `import`.
type OutlineMember = '~outline';

/**
 * A document with the names of an outline, which exists only in the type: any document can be cast to it.
 * `npx latchwork types FILE` writes the outline of a document.
 */
export interface RbacTyped<O extends RbacDocument> extends RbacDocument {
  readonly '~outline'?: O;
}

/** The outline of a document; without an outline, the document itself. */
type Outline<D> = OutlineMember extends keyof D ? NonNullable<D[OutlineMember & keyof D]> : D;

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

/** The types of a form of resources; any string if they are not known. */
export type RbacTypeName<Resource> = [Resource extends { readonly type: infer Type extends string } ? Type : never] extends [infer Type extends string] ? ([Type] extends [never] ? string : Type) : string;

/** A resource: its path, or its type and parts. */
export type RbacResource<D> = [Member<Outline<D>, 'resources'>] extends [never] ? string | { readonly type: string; readonly id: string | number } : string | ByPartsOfEach<Member<Outline<D>, 'resources'>>;

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
  readonly when?: CheckedConditions<Member<G, 'when'>>;
}

type CheckedConditions<C> = C extends readonly [] ? readonly [RbacConditionSet] : C extends readonly unknown[] ? { readonly [I in keyof C]: CheckedConditionSet<C[I]> } : CheckedConditionSet<C>;
type CheckedConditionSet<C> = { readonly [Path in keyof C]?: Path extends 'subject.groups' ? Exclude<CheckedCondition<C[Path]>, RbacNot> : Path extends NamelessPath ? never : Path extends RbacAttributePath ? CheckedCondition<C[Path]> : never };
type NamelessPath = `${string}.`;
// Without a condition, an exception would always hold.
type CheckedExceptions<C> = C extends readonly [] ? readonly [RbacConditionSet] : C extends readonly unknown[] ? { readonly [I in keyof C]: CheckedException<C[I]> } : CheckedException<C>;
type CheckedException<C> = keyof C extends never ? RbacNoneDefined<'conditions'> : CheckedConditionSet<C>;
// The text of a reference is a path, if it is a literal.
type CheckedCondition<T> = T extends { readonly ref: infer Ref }
  ? CheckedReference<Ref>
  : T extends { readonly not: { readonly ref: infer Ref } }
    ? Omit<RbacNot, 'not'> & { readonly not: CheckedReference<Ref, 'subject.groups'> }
    : T extends { readonly atLeast: unknown } | { readonly atMost: unknown }
      ? RbacRange & { readonly [Bound in keyof T]: T[Bound] extends { readonly ref: infer Ref } ? CheckedReference<Ref> : number }
      : RbacCondition;
type CheckedReference<Ref, Excluded = never> = RbacReference & { readonly ref: string extends Ref ? string : Ref extends NamelessPath | Excluded ? never : RbacAttributePath };

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
    : [Member<T, 'level'>] extends [never]
      ? CheckedActionLimit<T, Name>
      : CheckedLevelLimit<T, Level>;
interface CheckedLevelLimit<T, Level> {
  readonly $schema?: string;
  readonly description?: string;
  readonly level: Known<Member<T, 'level'>, Level, 'levels'>;
  readonly deny?: undefined;
  readonly unless?: CheckedExceptions<Member<T, 'unless'>>;
}
interface CheckedActionLimit<T, Name> {
  readonly $schema?: string;
  readonly description?: string;
  readonly level?: undefined;
  readonly deny: KnownNames<Member<T, 'deny'>, Name>;
  readonly unless?: CheckedExceptions<Member<T, 'unless'>>;
}

interface CheckedDocument<D, Role, Name, Group, Level> {
  readonly $schema?: string;
  readonly description?: string;
  readonly levels?: Member<D, 'levels'> extends readonly [] | readonly [unknown] ? readonly [string, string, ...string[]] : readonly string[];
  readonly actions?: { readonly [Action in keyof Member<D, 'actions'>]: Action extends LiteralLevel<D> ? never : Known<NonNullable<Member<D, 'actions'>[Action]>, Granted<Levels<D>>, 'levels'> | null };
  readonly resources?: { readonly [type: string]: string };
  readonly roles?: { readonly [R in keyof Member<D, 'roles'>]: CheckedRole<Member<D, 'roles'>[R], Role, Name> };
  readonly groups?: { readonly [G in keyof Member<D, 'groups'>]: CheckedHolder<Member<D, 'groups'>[G], Role, Name> };
  readonly everyone?: CheckedHolder<Member<D, 'everyone'>, Role, Name>;
  readonly authenticated?: CheckedHolder<Member<D, 'authenticated'>, Role, Name>;
  readonly users?: { readonly [U in keyof Member<D, 'users'>]: CheckedUser<Member<D, 'users'>[U], Role, Name, Group> };
  readonly limits?: { readonly [Pattern in keyof Member<D, 'limits'>]: CheckedLimit<Member<D, 'limits'>[Pattern], Level, Name> };
}

/** The levels whose names are known: no further action has one of them. */
type LiteralLevel<D> = string extends Levels<D>[number] ? never : Levels<D>[number];

/** The type of an opened document: `D` is inferred from the argument, and checked against the names in it. */
export type RbacChecked<D> = Inferred<D, OutlineMember extends keyof D ? RbacDocument : CheckedDocument<D, RbacRoleName<D>, RbacAction<D>, RbacGroupName<D>, RbacLevel<D>>>;
/** The same for a user's record. */
export type RbacCheckedRecord<T, W extends RbacWords> = Inferred<T, CheckedRecord<T, W['role'], W['action'], W['group']>>;
/** The same for the holders of `within`. */
export type RbacCheckedWithin<T, W extends RbacWords> = Inferred<T, T extends readonly [] ? readonly [RbacHolder, ...RbacHolder[]] : T extends readonly unknown[] ? CheckedHolders<T, W['role'], W['action']> : CheckedHolder<T, W['role'], W['action']>>;
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
      slice: OutlineMember extends keyof D ? Extract<D, RbacDocument> : { readonly [K in keyof RbacDocument as K extends Vocabulary ? K & keyof D : K]: K extends Vocabulary ? D[K & keyof D] : RbacDocument[K] };
    };
/** The members whose names a slice keeps. */
type Vocabulary = 'levels' | 'actions' | 'resources';
