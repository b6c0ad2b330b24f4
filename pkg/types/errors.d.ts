// Errors and problems, with their codes.

/** A problem of a value. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the invalid part; the empty string is the whole value. */
  path: string;
  /** The stable code of the problem. */
  code: ProblemCode;
  /** One line to show to a user. */
  message: string;
}

/** The error of every call that cannot return a result. A denial is a result, not an error. */
export class LatchworkError extends Error {
  readonly name: 'LatchworkError';
  /** The stable code of the error. */
  readonly code: LatchworkCode;
  /** All problems, if a document is invalid. */
  readonly problems?: readonly Problem[];
  /** For stores and hashers of your own, whose errors a directory understands. */
  constructor(code: LatchworkCode, message: string, problems?: readonly Problem[], cause?: unknown);
  /** The form for `JSON.stringify`. */
  toJSON(): { name: 'LatchworkError'; code: LatchworkCode; message: string; problems?: readonly Problem[] };
}

/** The codes of errors. */
export type LatchworkCode =
  /** There is no system of this name. */
  | 'unknown_system'
  /** The system has no such action (in WSO2 `invalid_action`, the product's own name for it). */
  | 'unknown_action'
  | 'invalid_action'
  /** The document defines no such resource: it matches no shape in `resources`, or a part is missing or not valid. */
  | 'unknown_resource'
  /** The question is not valid; `problems` has pointers into it. */
  | 'bad_question'
  /** The system has no such kind of value. */
  | 'unknown_kind'
  /** The records are not valid; see `problems`. */
  | 'invalid_records'
  /** The policy tests are not valid; see `problems`. */
  | 'invalid_tests'
  /**
   * Attributes or a request are not a JSON value, or reading them threw; see `problems` and `cause`. Also a question or
   * options with an unknown member.
   */
  | 'invalid_value'
  /** A value of a question has more than 65,536 characters as JSON, or a string or list exceeds the limits of a store. */
  | 'too_large'
  /** The text is not valid JSON. */
  | 'malformed_json'
  /** `classify`: the question depends on the body. Use `classifyRequest`, which reads it. */
  | 'body_needed'
  /** An argument has another type than documented. */
  | 'wrong_type'
  /** A string has a lone surrogate. */
  | 'malformed_string'
  /** A string has more than 4,096 bytes of UTF-8. */
  | 'name_too_long'
  /** More than 1,048,576 subjects at a time: dispose those that are no longer needed. */
  | 'too_many_subjects'
  /** The system does not have this feature, or the object cannot be copied. */
  | 'unsupported'
  /** `latchwork/filter`: the filter uses an attribute or a part for which the mapping has no column. */
  | 'unmapped_attribute'
  /** `latchwork/filter`: the type of a column does not compare like the rules, or the database cannot address it. */
  | 'unsupported_column'
  /** The subject was prepared by another authorizer. */
  | 'foreign_subject'
  /** A number from before the instance was replaced. */
  | 'stale_handle'
  /** The authorizer or subject was disposed, or the store closed. */
  | 'disposed'
  /** The exact answer would be larger than its documented limit. */
  | 'incomplete'
  /** A number outside of its range. */
  | 'out_of_range'
  /** One key twice in one commit. */
  | 'duplicate_key'
  /** The store cannot be reached, is busy for too long or returns invalid data; see `cause`. */
  | 'store_unavailable'
  /** Too many concurrent changes of the same records, or the store changed during each read: try again. */
  | 'conflict'
  /** A record, or the number of records in one change, exceeds the limits of the store. */
  | 'record_too_large'
  /** `latchwork/directory`, in its log: a page of another site sent the request. */
  | 'cross_site'
  /** `latchwork/directory`, in its log: the host's `identify` did not authenticate the request. */
  | 'unauthorized'
  /** `latchwork/directory`, in its log: the body has an unsupported content encoding. */
  | 'unsupported_encoding'
  /** `latchwork/directory`, in its log: the body did not arrive in time, or ended early. */
  | 'request_timeout'
  | 'bad_request'
  /** The file or the database has a format that this version does not know. */
  | 'unknown_format'
  /** A package that a store needs is not installed; the message names it. */
  | 'missing_dependency'
  /** `latchwork/directory`: the secret has less than 32 bytes. */
  | 'weak_secret'
  /** `latchwork/directory`: the store belongs to another system. */
  | 'wrong_system'
  /** `latchwork/directory`: the store already has users. */
  | 'not_empty'
  /** `latchwork/directory` with strict guards: the records have no user who can sign in and manage users. */
  | 'no_admin'
  /** `latchwork/web`, or `/web` of a model, was used before `await init()`. */
  | 'not_initialized'
  /** `latchwork/password`: the password has more than 1,024 bytes of UTF-8. */
  | 'password_too_long'
  /** `latchwork/password`: the cost is out of bounds. */
  | 'invalid_cost'
  /** `latchwork/password`: the stored string is not a hash of a known form. */
  | 'unknown_hash'
  /** `latchwork/password`: the stored hash exceeds the cost limits. */
  | 'costly_hash'
  /** `latchwork/password`: there is not enough memory for the hash. */
  | 'out_of_memory'
  /** The hasher is overloaded. A directory responds with 503, and the error's `retryAfter` in seconds as `Retry-After`. */
  | 'overloaded'
  /** The instance failed and was replaced; the call was refused. */
  | 'internal';

/** The codes of problems. */
export type ProblemCode =
  | 'wrong_type'
  | 'unknown_field'
  | 'required'
  | 'duplicate'
  | 'too_short'
  | 'too_long'
  | 'out_of_range'
  | 'bad_format'
  | 'unknown_value'
  | 'unknown_level'
  | 'unknown_role'
  | 'unknown_user'
  | 'unknown_domain'
  | 'unknown_action'
  | 'mismatch'
  | 'reserved'
  | 'no_grant'
  | 'bad_grant'
  | 'weak_password'
  | 'unsupported_regex'
  | 'bad_pattern'
  /** Reading the object threw. */
  | 'unreadable'
  | 'missing_field'
  | 'bad_name'
  | 'unknown_name'
  | 'unknown_group'
  | 'inheritance_cycle'
  | 'bad_scope'
  | 'bad_condition'
  | 'bad_time'
  | 'bad_resource'
  | 'ambiguous_resource';
