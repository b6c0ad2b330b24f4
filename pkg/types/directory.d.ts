import type { AnsweredRecords, Authorizer, Records, SystemName } from './index.js';
import type { DirectorySystem } from '../models/systems.js';
import type { Cost } from './password.js';
import type { Store } from '../stores/store.js';

export type { DirectorySystem };
export { LatchworkError } from './index.js';
export type { Change, Entry, Store } from '../stores/store.js';

/** What a directory is made of. */
export interface DirectoryParts<S extends DirectorySystem = DirectorySystem> {
  system: S;
  /** Where everything is kept: one of `latchwork/stores/*`, or your own. */
  store: Store;
  /**
   * `strict`: whatever the product's own rules let pass, a request is refused if it would leave nobody who can sign
   * in and manage users (409), or if somebody would come to have more by their own hand, would give more than they
   * have, would change who may more than they, or their own rights, active flag or account (403). The refusal has
   * the form of the product's errors, and its code in the header `latchwork-guard`: `last_admin`, `no_admin`,
   * `self_escalation`, `exceeds_your_rights`, `target_outranks_you`, `own_account`. A new password ends all sessions and tokens of its user,
   * and an access key is told once, to whoever makes it: the store keeps its digest, also of one that was in it
   * before, once its user is next changed. A request sets no password that is short, commonly used or
   * known of its user (400, `weak_password`), and gives no new user, role or group a name as `root` or
   * `everyone`, or one with invisible characters or mixed scripts (400, `reserved_name`). Rights that a request changes
   * by way of a database, a group or the owners of a crate count as well; see docs/guides/strict-guards.md. Left out, the product's own
   * rules hold alone.
   */
  guards?: 'strict';
  /** Sizes and times that are not those of `DirectoryLimits`. */
  limits?: Partial<DirectoryLimits>;
  /**
   * The base URL at which clients reach this directory, as `https://id.example.org` or with a path behind it: resources
   * are told with it (`meta.location` of SCIM), and an `Origin` with its host is not another site. Left out, it is the
   * origin of each request, which behind a proxy is not what clients see. Links in mails never have the host of a
   * request.
   */
  publicUrl?: string;
  /**
   * Origins of other sites whose pages may call this directory, each exactly as a browser sends it:
   * `https://admin.example.org`, without a path, a default port or `*`. They pass the check for cross-site requests,
   * and preflights and responses have the CORS headers for them: `ETag`, `Location`, `Content-Location`, `Retry-After`
   * and `latchwork-guard` can be read. Session cookies are `SameSite=Strict`, so that pages of another site send a
   * bearer token, an access key or Basic credentials; pages of the same site may send cookies (`credentials:
   * 'include'`).
   *
   * Left out, no page of another origin can read a response. Either way a request that may change something is a 403
   * (`cross_site` in the header `latchwork-guard`) if its `Origin` is not listed and its `Sec-Fetch-Site` is neither
   * `same-origin` nor `none`, or, without that header, its `Origin` has not the host and port of `Host` or `publicUrl`.
   * Clients that are no browser send neither header.
   */
  allowedOrigins?: readonly string[];
  /**
   * Authentication of the host: turns a request, by a bearer token of its identity provider or a header of its proxy,
   * into the name of a user of this directory. That is the name (ArangoDB, Meuse, WSO2 with the domain if it is not the
   * primary one), the id (Tyk) or the address (Ant Media).
   *
   * `undefined` leaves the request to the product's own credentials; a name takes their place. `null`, an exception, a
   * name of no active user, and anything else refuse the request: 401, and `log` has the reason as `unauthorized`. The
   * hook sees no body, and is called after the check for cross-site requests. It stands for no current password, no
   * session that a request wants to end, no paths that a token is restricted to, and no secret of the operator (the
   * bootstrap secret, Tyk's `admin_secret`, ArangoDB's server token). Strict guards hold as for a user who signed in.
   *
   * Verify what you read: who can reach this directory around your proxy can send its headers too.
   */
  identify?: (request: IdentifyRequest) => string | null | undefined | Promise<string | null | undefined>;
  /**
   * Signs sessions: at least 32 bytes, the same wherever the store is the same. Left out, the store keeps one that
   * is made at random when it is first needed.
   */
  secret?: string | Uint8Array;
  /**
   * Sends a mail, after the change that it tells of is committed and after `fetch` answered: how long an answer takes
   * must not tell whose address is known. Pass a context with `waitUntil` to `fetch` where the host stops with the
   * answer. A mail that fails, or takes longer than 10 seconds, changes no answer, and is logged. Without it the mails
   * are told to `log`, for you to pass on.
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
   * Failures in a row are counted for each pair of a user's name and a client, wherever a password is verified. (To sign
   * in to Ant Media, and to Tyk with `login_failure_username_limit`, the product's own limit holds.) After the 10th the
   * next attempt is checked a second later, and twice as long after each further one, at most 15 minutes. An attempt
   * before that is answered like a wrong password, and prolongs nothing. Each attempt is counted before it is checked, in
   * a commit of its own, so of many concurrent attempts no more are checked. A right password, a new one, or a day
   * without a failure ends it; sessions, tokens, and passwords that were right within the last minute go on.
   *
   * Left out, or where it fails or gives anything else, all clients are one, so that a stranger who goes on failing under
   * a name keeps everybody out of it who signs in by password, the owner too. The wait is at most 30 seconds then.
   */
  client?: (request: Request) => string;
  /**
   * Hears of every request that was answered, and once more of a list that broke off or a mail that failed later. It
   * is called before `fetch` answers, but for a request that may send mails: then after it.
   * Names in it are of persons. Nothing of it is a secret but `mails`, which it has only without `sendMail`.
   */
  log?: (event: LogEvent) => void;
  /** What a password's hash costs. Hashes of another cost are made anew when their owner next signs in. */
  cost?: Partial<Cost>;
  /** Milliseconds since 1970; `Date.now` by default. Anything else fails the request with 500: `wrong_type` or `invalid_value` in the log. */
  now?: () => number;
  /** Fills bytes at random and returns them; `crypto.getRandomValues` by default. Another length, and zeroes only, fail as with `now`. */
  random?: (bytes: Uint8Array) => Uint8Array;
}

/** What `identify` sees of a request. */
export interface IdentifyRequest {
  /** A copy. */
  headers: Headers;
  url: string;
}

/** Sizes in bytes, from 1 to 104,857,600; times in milliseconds, from 1 to 600,000. */
export interface DirectoryLimits {
  /**
   * The largest body of an ordinary request, decoded: 65,536. It is read before the caller is authenticated, so keep it
   * small. More is 413 (`too_large`).
   */
  body: number;
  /**
   * The largest list or document: 1,048,576. WSO2's SCIM groups and roles with their users, ArangoDB's documents. What
   * is larger than `body` is read once the caller is authenticated. More is 413 (`too_large`).
   */
  document: number;
  /** The largest crate that is published to Meuse, and the largest first records: 10,485,760, read as a `document` is. */
  upload: number;
  /** How long a body may take to arrive: 30,000, and what is larger than `body` as long again. Then 408 (`request_timeout`). */
  bodyTime: number;
  /** How long `identify` may take: 10,000. Then 401 (`unauthorized`). */
  identifyTime: number;
  /** How long the store may take for one step: 10,000. Then 503 (`store_unavailable`). */
  stepTime: number;
  /** How long the store may take for all steps of a request: 30,000. Then 503 (`store_unavailable`, `conflict`). */
  storeTime: number;
  /** How long `sendMail` may take for a mail: 10,000. Then the mail has failed, which `log` hears. */
  mailTime: number;
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
  /**
   * What went wrong: with the store, the body, a mail, a hook of the host. Refusals and errors that the product documents
   * are no failures, whatever their status.
   */
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
   * Answers a request of the product's own API. Whatever goes wrong is an answer, and `log` has its cause: a store that
   * fails or is too slow is a 503, anything else a 500, and neither lets anybody in. After a 503 a change was made whole
   * or not at all. It rejects with `wrong_type` if its argument is not a `Request`, and for nothing else.
   *
   * `DirectoryLimits` has the sizes and times. A body may be encoded as gzip or deflate; the limits count what it is
   * decoded. Another encoding, or several, is 415 (`unsupported_encoding`), and one that is cut short 400. `upstream`
   * gets a body as it was sent; the limits are not for what goes there.
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
  /**
   * An authorizer over the present records. It does not follow later changes. Inactive users are denied; of a user who
   * does not exist, see `subject`: in `wso2` it has what everyone has.
   */
  authorizer(): Promise<Authorizer<S>>;
  /**
   * Fills an empty store. Passwords in the records are hashed; nothing is invented.
   *
   * @throws {LatchworkError} `not_empty` when the store has users; `invalid_records` with every problem at once;
   * `record_too_large` when the store does not take them in one commit; `store_unavailable`, `conflict`.
   */
  seed(records: Records<S> | AnsweredRecords<S>): Promise<void>;
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
 * part or an option that does not exist, and for an origin, a public URL or a limit that is not valid.
 */
export function createDirectory<S extends DirectorySystem>(parts: DirectoryParts<S>): Directory<S>;
