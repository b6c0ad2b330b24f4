import type * as common from './common.js';
import type { QuestionOptions } from './common.js';
import type { RbacDifference, RbacExplanation, RbacReach } from './rbac-answers.js';
import type { RbacDocument, RbacHolder, RbacRecord } from './rbac-document.js';
import type { RbacCheckedRecord, RbacCheckedWithin, RbacTypeName, RbacWords } from './rbac-names.js';

export type * from './rbac-answers.js';
export type * from './rbac-document.js';
export type * from './rbac-names.js';

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
  type: RbacTypeName<W['resource']>;
  difference: RbacDifference<W>;
}

/** A question whose user's record and holders name only roles, groups and actions of the document. */
export interface RbacQuestion<W extends RbacWords, R, H> extends Omit<common.Question<Model<W>>, 'subject' | 'within'> {
  /** A prepared subject, an id, `null` for an anonymous user, or a user's record. */
  subject: common.Subject<Model<W>> | string | null | RbacCheckedRecord<R, W>;
  /** Holders that restrict the subject: see `Subject.within`. */
  within?: RbacCheckedWithin<H, W>;
}

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
  /** Whether the subject is allowed to do this, and the rule that decided. Errors are those of `can`. */
  decide<const R extends RbacRecord, const H extends RbacHolder | readonly RbacHolder[]>(question: RbacQuestion<W, R, H>): common.Decision<Model<W>>;
  /** The decision with the grants and limits that made it, and the changes that would reverse it. Errors are those of `can`. */
  explain<const R extends RbacRecord, const H extends RbacHolder | readonly RbacHolder[]>(question: RbacQuestion<W, R, H>): RbacExplanation<W>;
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
