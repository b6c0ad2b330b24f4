// What the functions for servers and tools return: holders, findings of `lint`, parts and mutants of records, filters.

/** The users who are allowed to do something. */
export interface Holders {
  /** The ids of the allowed users in the records, sorted. */
  users: string[];
  /** Whether every active user is allowed, also one who is not in the records. False in models without such users. */
  authenticated: boolean;
  /** Whether an anonymous user is allowed. */
  everyone: boolean;
}

/** A finding of `lint`. */
export interface Finding {
  /** A stable code. */
  code: string;
  /** A JSON pointer into the records. */
  path: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** A part of the records that can decide. */
export interface RecordsPart {
  /** A JSON pointer into the records. */
  path: string;
  /** `grant`, `limit`, `role` or `assignment`. */
  kind: string;
}

/** A small change of records. */
export interface Mutant {
  /** A JSON pointer to the changed part. */
  path: string;
  /** A description of the change. */
  change: string;
  /** The change as a JSON Patch (RFC 6902). */
  patch: ({ op: 'remove'; path: string } | { op: 'add' | 'replace'; path: string; value: unknown })[];
}

/** The rows of one type of resources on which a subject is allowed to do something. */
export interface Filter {
  /** The type of the resources. */
  type: string;
  /** The segments of their paths: literals, and names of parts. */
  shape: (string | { part: string })[];
  /** The condition of the rows. `false` means no rows, so that no query is needed. */
  where: FilterExpression;
}

/** A value of a condition. */
export type Scalar = string | number | boolean;

/** A condition on a row: see `filter` in `docs/models/rbac.md`. */
export type FilterExpression =
  | boolean
  | { all: FilterExpression[] }
  | { any: FilterExpression[] }
  | { not: FilterExpression }
  /** A member of the attribute equals one of the values. */
  | { attribute: string; equals: Scalar[] | { ref: string } }
  /** The attribute and the other side have values of one type, none of which are equal. */
  | { attribute: string; differs: Scalar[] | { ref: string } }
  /** All members of the attribute are numbers within the bounds. */
  | { attribute: string; between: { atLeast?: number | { ref: string }; atMost?: number | { ref: string } } }
  /** The attribute is one number within the bounds, and not a list. */
  | { attribute: string; single: { atLeast?: number; atMost?: number } };
