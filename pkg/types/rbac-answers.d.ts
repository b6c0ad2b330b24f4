// What questions about a document of `rbac` return: explanations, differences and reach.

import type * as common from './common.js';
import type Model from './rbac.js';
import type { RbacWords } from './rbac-names.js';

/** A decision with the grants and limits that made it, and the changes that would reverse it. */
export interface RbacExplanation<W extends RbacWords = RbacWords> extends common.Explanation<Model<W>> {
  /** If allowed: the grants that give the action. */
  grants: RbacGrantFound<W['role'], W['action'], W['group']>[];
  /** If denied: the limits that deny it. */
  limits: RbacLimitFound<W['level'], W['action']>[];
  /** If denied: the indexes of the holders in `within` that do not allow it. */
  within: number[];
  /** If denied: grants that almost give the action, with an entry for each thing that they lack. At most 20 entries. */
  nearMisses: RbacNearMiss<W['role']>[];
  /** If denied: the smallest single changes of the document or the question that would allow it. At most 5 roles, 5 groups, and 5 changes of near misses or of exceptions from limits. */
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
  /** JSON pointer to the grant; if the bounds of a role's assignment do not hold, to the assignment. It leads into the question if it begins with `/subject`. */
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
