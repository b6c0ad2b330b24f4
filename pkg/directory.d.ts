import type { Authorizer, Records, SystemName } from './index.js';
import type { Cost } from './password.js';
import type { Store } from './stores/store.js';

export { LatchworkError } from './index.js';
export type { Change, Entry, Store } from './stores/store.js';

/** The systems whose requests the directory answers. */
export type DirectorySystem = 'antmedia' | 'arangodb' | 'meuse' | 'tyk' | 'wso2';

/** What a directory is made of. */
export interface DirectoryParts<S extends DirectorySystem = DirectorySystem> {
  system: S;
  /** Where everything is kept: one of `latchwork/stores/*`, or your own. */
  store: Store;
  /** Rules beside the product's own. */
  options?: DirectoryOptions;
  /**
   * Signs sessions: at least 32 bytes, the same wherever the store is the same. Left out, the store keeps one that
   * is made at random when it is first needed.
   */
  secret?: string | Uint8Array;
  /**
   * Sends a mail, after the change that it tells of is committed. It is called before `fetch` answers, and not
   * waited for: how long an answer takes must not tell whose address is known. One that fails, or takes longer than
   * 10 seconds, changes no answer, and is logged. Without it the mails are told to `log`, for you to pass on.
   */
  sendMail?: (mail: Mail) => void | Promise<void>;
  /**
   * Answers a request that the rules allow and that the directory does not answer itself, so that it can stand
   * before the real product as its guard. Without it such a request is answered 404.
   */
  upstream?: (request: Request, decision: UpstreamDecision) => Response | Promise<Response>;
  /**
   * Says who sent a request, so that whoever guesses passwords is slowed and nobody else: an address of at most 256
   * characters, as `request.headers.get('cf-connecting-ip')` on Cloudflare. One of IPv6 counts by its first 64 bits.
   * It has to come from the host: what a client writes into a header lets it be somebody new with every try.
   *
   * Failures in a row are counted for each pair of a user's name and a client (ArangoDB, Meuse, WSO2; Tyk under strict
   * guards, as long as its own limit is off; Ant Media has a rule of its own). After the 10th the next try is looked
   * at a second later, and twice as long after each further one, at most 15 minutes. A try before that is answered like
   * a wrong password, and prolongs nothing. A right password, a new one, or a day without a failure ends it; sessions,
   * tokens, and passwords that were right within the last minute go on.
   *
   * Left out, or where it fails or gives anything else, all clients are one, so that a stranger who goes on failing under
   * a name keeps everybody out of it who signs in by password, the owner too. The wait is at most 30 seconds then.
   */
  client?: (request: Request) => string;
  /**
   * Hears of every request that was answered, and once more of a list that broke off or a mail that failed later.
   * Names in it are of persons. Nothing of it is a secret but `mails`, which it has only without `sendMail`.
   */
  log?: (event: LogEvent) => void;
  /** What a password's hash costs. Hashes of another cost are made anew when their owner next signs in. */
  cost?: Partial<Cost>;
  /** Milliseconds since 1970; `Date.now` by default. */
  now?: () => number;
  /** Fills bytes at random; `crypto.getRandomValues` by default. */
  random?: (bytes: Uint8Array) => Uint8Array;
}

export interface DirectoryOptions {
  /**
   * `strict`: whatever the product's own rules let pass, a request is refused if it would leave nobody who can sign
   * in and manage users (409), or if somebody would come to have more by their own hand, would give more than they
   * have, would change who may more than they, or their own rights, active flag or account (403). The refusal has
   * the form of the product's errors, and its code in the header `latchwork-guard`: `last_admin`, `no_admin`,
   * `self_raise`, `beyond_you`, `above_you`, `own_rights`. A new password ends all sessions and tokens of its user,
   * and an access key is told once, to whoever makes it: the store keeps its digest, also of one that was in it
   * before, once its user is next changed. A request sets no password that is short, commonly used or
   * known of its user (400, `weak_password`), and gives nobody new a name as `root` or `everyone` (400,
   * `reserved_name`). Left out, the product's own rules hold alone.
   */
  guards?: 'strict';
}

export interface Mail {
  to: string;
  /** What it is for, as `password_reset`. */
  kind: string;
  subject: string;
  text: string;
  /**
   * Where it leads, for words of your own: a path with the secret in its query, as `/password/reset?token=…`. Put it
   * behind the origin of your own page, which you know: what a request says of its host, as in the header `Host`,
   * anybody can make up, and the link would then carry the secret to them.
   */
  link: string;
  /** The secret that text and link carry. */
  token: string;
  /** When the secret ends, in seconds since 1970. */
  expires_at: number;
}

/** A decision that was made for a request. */
export interface NotedDecision {
  action: string;
  resource: string;
  allow: boolean;
  /** The id of the rule that decided; `explain` has its words. */
  rule: string;
}

/** The decision that lets a request through to `upstream`, and whose request it is. */
export interface UpstreamDecision extends NotedDecision {
  actor: string | null;
}

export interface LogEvent {
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  /** Who was found to make the request. */
  actor: string | null;
  /** Every decision on the way, refusals too. */
  decisions: NotedDecision[];
  milliseconds: number;
  /**
   * Mails that nobody sends, because there is no `sendMail`: pass them on to whom they are for, and to nobody else.
   * Each carries a secret, and with it the account.
   */
  mails?: Mail[];
  /** What went wrong: with the store, the body, a mail, a hook of the host. */
  failure?: unknown;
}

/** What a host gives with a request, if it has it: on Cloudflare, the `ctx` of a worker. */
export interface FetchContext {
  /** Keeps the host from stopping before what was begun has ended: mails that are under way. */
  waitUntil?(work: Promise<unknown>): void;
}

/** What `createDirectory` gives. A store is of one system: over another's, everything is refused (`wrong_system`). */
export interface Directory<S extends DirectorySystem = DirectorySystem> {
  /**
   * Answers a request of the product's own API. It never rejects: a store that fails, or that takes longer than 10
   * seconds for a step or 30 for a request, is a 503, anything else that goes wrong a 500, and neither lets anybody
   * in. After a 503 a change was made whole or not at all. A body has at most 64 KiB (413 otherwise), and 30
   * seconds to come (408).
   *
   * What tells one thing has an `ETag`. A change at the path and query under which it was read is carried out under
   * `If-Match` only while the thing has that tag: otherwise 412, with the present one (RFC 9110, section 13). A path
   * that has no tag fits no tag. What goes to `upstream` goes there with its conditions.
   *
   * It needs no `this`. Where a host stops with the answer, as Cloudflare does, it has to be given what keeps it up
   * until mails are out: `fetch: (request, env, ctx) => directory.fetch(request, ctx)`.
   */
  readonly fetch: (request: Request, context?: FetchContext) => Promise<Response>;
  /**
   * The present records, as they were at one moment, in the shape that `open` takes, without passwords, tokens and
   * sessions.
   *
   * @throws {LatchworkError} `store_unavailable`; `conflict` when the store changes whenever it is read.
   */
  records(): Promise<Records<S>>;
  /** An authorizer over the present records. It does not follow later changes. */
  authorizer(): Promise<Authorizer<S>>;
  /**
   * Fills an empty store. Passwords in the records are hashed; nothing is invented.
   *
   * @throws {LatchworkError} `not_empty` when the store has users; `invalid_records` with every problem at once;
   * `record_too_large` when the store does not take them in one commit; `store_unavailable`, `conflict`.
   */
  seed(records: Records<S>): Promise<void>;
  /**
   * A secret with which the first records can be sent, once: `POST /_latchwork/bootstrap` with
   * `Authorization: Bootstrap SECRET` and the records as JSON. A newer one voids an older one. `null` if the store
   * has users.
   */
  bootstrap(): Promise<string | null>;
}

/**
 * The documented requests of a product, over a store.
 *
 * @throws {LatchworkError} `unknown_system`, `wrong_type`, `weak_secret`, `invalid_cost`, and `invalid_value` for a
 * part or an option that there is none of.
 */
export function createDirectory<S extends DirectorySystem>(parts: DirectoryParts<S>): Directory<S>;
