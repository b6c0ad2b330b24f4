import type { AnsweredRecords, Authorizer, Records, SystemName } from './index.js';
import type { DirectorySystem } from '../models/systems.js';
import type { Cost } from './password.js';
import type { Store } from '../stores/store.js';

export type { DirectorySystem };
export { LatchworkError } from './index.js';
export type { Change, Entry, Store } from '../stores/store.js';

/** The options of `createDirectory`. */
export interface DirectoryParts<S extends DirectorySystem = DirectorySystem> {
  system: S;
  /** The store of all records: one of `latchwork/stores/*`, or your own. */
  store: Store;
  /**
   * `strict` adds guards to the product's own rules. Without it only the product's rules apply. A refusal has the form of
   * the product's errors, and its code in the header `latchwork-guard`. See docs/guides/strict-guards.md.
   *
   * | refused request | status | code |
   * | --- | --- | --- |
   * | leaves no user who can sign in and manage users | 409 | `last_admin`, `no_admin` |
   * | escalates the caller's own privileges | 403 | `self_escalation` |
   * | grants privileges that the caller lacks | 403 | `exceeds_your_rights` |
   * | changes a user who has privileges that the caller lacks | 403 | `target_outranks_you` |
   * | changes the caller's own rights, active flag or account | 403 | `own_account` |
   * | sets a password that is short, common or contains data of its user | 400 | `weak_password` |
   * | creates a user, role or group with a name like `root` or `everyone`, with invisible characters or mixed scripts | 400 | `reserved_name` |
   *
   * Indirect changes of rights, by a database, a group or the owners of a crate, count as well. A new password ends all
   * sessions and tokens of its user. An access key is shown only in the response that creates it: the store keeps a
   * digest. An access key that was stored before is replaced by its digest when its user is next changed.
   */
  guards?: 'strict';
  /** Sizes and times that differ from the defaults of `DirectoryLimits`. */
  limits?: Partial<DirectoryLimits>;
  /**
   * The base URL of this directory for its clients, as `https://id.example.org`, optionally with a path. URLs of resources
   * begin with it (`meta.location` of SCIM), and an `Origin` with its host is same-site. The default is the origin of each
   * request, which is wrong behind a proxy. Links in mails never use the host of a request.
   */
  publicUrl?: string;
  /**
   * Origins of other sites whose pages can call this directory, each exactly as a browser sends it:
   * `https://admin.example.org`, without a path, a default port or `*`. Their requests pass the check for cross-site
   * requests, and preflights and responses have CORS headers for them: pages can read `ETag`, `Location`,
   * `Content-Location`, `Retry-After` and `latchwork-guard`. Session cookies are `SameSite=Strict`: pages of another site
   * must send a bearer token, an access key or Basic credentials, and pages of the same site can send cookies
   * (`credentials: 'include'`).
   *
   * By default no page of another origin can read a response. A request that can change something is refused with 403
   * (`cross_site` in the header `latchwork-guard`) if its `Origin` is not listed and it comes from another site. It comes
   * from another site if its `Sec-Fetch-Site` is neither `same-origin` nor `none`. Without that header, the host and port
   * of its `Origin` must equal those of `Host` or `publicUrl`. Clients other than browsers send neither header.
   */
  allowedOrigins?: readonly string[];
  /**
   * Authentication by the host: returns the user of a request, by a bearer token of your identity provider or a header of
   * your proxy. The result is the user's name (ArangoDB, Meuse; WSO2 with the domain if it is not the primary one), id
   * (Tyk) or email address (Ant Media).
   *
   * With a name, the product's credentials in the request are ignored. With `undefined`, they are used. Anything else
   * refuses the request with 401: `null`, an exception, and wherever a request needs a user a name without an active one.
   * `log` gets the reason as `unauthorized`. The hook gets no body, and is called after the check for cross-site requests. Strict guards apply as
   * for a user who signed in.
   *
   * A name does not replace a current password that a request needs, a session that a request ends, the paths that a token
   * is restricted to, or an operator's secret (the bootstrap secret, Tyk's `admin_secret`, ArangoDB's server token).
   *
   * Verify the headers that you use: a client that can bypass your proxy can forge them.
   */
  identify?: (request: IdentifyRequest) => string | null | undefined | Promise<string | null | undefined>;
  /**
   * The secret that signs sessions, of at least 32 bytes; the same for all directories with the same store. By default a
   * random secret is generated at the first use and kept in the store.
   */
  secret?: string | Uint8Array;
  /**
   * Sends a mail. It is called after the change is committed and after `fetch` responded, so that the response time does
   * not show which addresses exist. If the host stops after the response, pass a context with `waitUntil` to `fetch`. A
   * mail that fails, or takes longer than 10 seconds, is logged, and does not change the response. Without `sendMail`,
   * `log` gets the mails, so that you can send them.
   */
  sendMail?: (mail: Mail) => void | Promise<void>;
  /**
   * Handles an allowed request that the directory does not implement, so that the directory can run in front of the real
   * product. Without it the response is 404. The body of the returned response must not be read before: read a `clone()`.
   */
  upstream?: (request: Request, decision: UpstreamDecision) => Response | Promise<Response>;
  /**
   * Returns the client's address for the throttling of failed sign-ins: at most 256 characters, for example
   * `request.headers.get('cf-connecting-ip')` on Cloudflare. IPv6 addresses count by their first 64 bits. Use only an
   * address that the host sets: a client could send a new address in its own header with every attempt.
   *
   * Consecutive failures are counted for each pair of user name and client, on every route that verifies a password.
   * (Sign-ins to Ant Media, and to Tyk with `login_failure_username_limit`, use the product's own limit.) After the 10th
   * failure the next attempt is verified only a second later. The wait doubles with each further failure, up to 15
   * minutes. An attempt during the wait gets the response of a wrong password, and does not extend the wait. Each attempt
   * is counted in its own commit before it is verified, so concurrent attempts cannot exceed the limit. A correct
   * password, a new password, or a day without a failure ends the throttling. Sessions, tokens, and passwords that were
   * correct within the last minute are not throttled.
   *
   * Without it, or if it fails or returns anything else, all clients count as one. Then an attacker who keeps failing under
   * a user name also delays the password sign-ins of its owner. In this case the wait is at most 30 seconds.
   */
  client?: (request: Request) => string;
  /**
   * Called for every request, and again if a list breaks off or a mail fails later. It is called before `fetch` responds,
   * except for requests that can send mails: then after it. Events contain names of users, and no secrets except `mails`,
   * which they have only without `sendMail`.
   */
  log?: (event: LogEvent) => void;
  /** The cost of password hashes. A hash of another cost is replaced at its user's next sign-in. */
  cost?: Partial<Cost>;
  /** Returns milliseconds since 1970; the default is `Date.now`. Any other result fails the request with 500: `wrong_type` or `invalid_value` in the log. */
  now?: () => number;
  /** Fills bytes at random and returns them; the default is `crypto.getRandomValues`. Another length, and only zeros, fail as with `now`. */
  random?: (bytes: Uint8Array) => Uint8Array;
}

/** The part of a request that `identify` gets. */
export interface IdentifyRequest {
  /** A copy. */
  headers: Headers;
  url: string;
}

/** Sizes in bytes, from 1 to 104,857,600; times in milliseconds, from 1 to 600,000. */
export interface DirectoryLimits {
  /**
   * The largest body of an ordinary request, decoded: 65,536. It is read before the caller is authenticated, so keep it
   * small. A larger one is refused with 413 (`too_large`).
   */
  body: number;
  /**
   * The largest list or document: 1,048,576. These are WSO2's SCIM groups and roles with their users, and ArangoDB's
   * documents. A body above `body` is read after the caller is authenticated. A larger one is refused with 413
   * (`too_large`).
   */
  document: number;
  /** The largest crate that is published to Meuse, and the largest import of first records: 10,485,760. Read after authentication, like a `document`. */
  upload: number;
  /** How long a body may take to arrive: 30,000. A body above `body` gets this time again, after authentication. Then 408 (`request_timeout`). */
  bodyTime: number;
  /** How long `identify` may take: 10,000. Then 401 (`unauthorized`). */
  identifyTime: number;
  /** How long the store may take for one step: 10,000. Then 503 (`store_unavailable`). */
  stepTime: number;
  /** How long the store may take for all steps of a request: 30,000. Then 503 (`store_unavailable`, `conflict`). */
  storeTime: number;
  /** How long `sendMail` may take for a mail: 10,000. Then the mail counts as failed, and is logged. */
  mailTime: number;
}

/** A mail that the directory asks its host to send. */
export interface Mail {
  to: string;
  /** The purpose, for example `password_reset`. */
  kind: string;
  subject: string;
  text: string;
  /**
   * The target of the link, if you write your own text: a path with the secret in its query, as
   * `/password/reset?token=…`. Append it to the origin of your page from your configuration. Never use the host of a
   * request: an attacker can forge the header `Host`, and would receive the secret.
   */
  link: string;
  /** The secret in `text` and `link`. */
  token: string;
  /** When the secret expires, in seconds since 1970. */
  expires_at: number;
}

/** A decision that was made for a request. */
export interface NotedDecision {
  action: string;
  resource: string;
  allow: boolean;
  /** The id of the rule that decided; `explain` describes it. */
  rule: string;
}

/** The decision that allows a request to `upstream`, and the user who sent it. */
export interface UpstreamDecision extends NotedDecision {
  actor: string | null;
}

export interface LogEvent {
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  /** The authenticated user; `null` for an anonymous request. */
  actor: string | null;
  /** Every decision of the request, including denials. */
  decisions: NotedDecision[];
  milliseconds: number;
  /**
   * Mails to send, if there is no `sendMail`. Send them to their recipients only: the secret in a mail gives access to the
   * account.
   */
  mails?: Mail[];
  /**
   * The error of a failed request: of the store, the body, a mail or a hook of the host. Refusals and the documented errors
   * of the product are not failures.
   */
  failure?: unknown;
}

/** The context of a request, if the host has one: on Cloudflare, the `ctx` of a worker. */
export interface FetchContext {
  /** Keeps the host running until the work is done: mails that are being sent. */
  waitUntil?(work: Promise<unknown>): void;
}

/** A directory. A store belongs to one system: a directory of another system refuses everything (`wrong_system`). */
export interface Directory<S extends DirectorySystem = DirectorySystem> {
  /**
   * Handles a request of the product's API. A failure is a response too, and `log` gets its cause: 503 if the store fails
   * or is too slow, otherwise 500. A failed request never grants access. After a 503 a change was stored completely or not
   * at all. The promise rejects only if the argument is not a `Request`, with `wrong_type`.
   *
   * `DirectoryLimits` has the limits of sizes and times. A body may be encoded as gzip or deflate; the limits apply to the
   * decoded size. Another encoding, or several, is 415 (`unsupported_encoding`), and a truncated body 400. `upstream` gets
   * the body as it was sent, without these limits.
   *
   * A response that describes one resource has an `ETag`. Send it as `If-Match` with a change at the same path and query:
   * the change applies only if the resource is unchanged. Otherwise the response is 412 with the current tag (RFC 9110,
   * section 13). Paths without an `ETag` match no tag. Conditions of requests to `upstream` are passed on.
   *
   * It does not use `this`. If the host stops after the response, as Cloudflare does, pass a context that keeps it running
   * until mails are sent: `fetch: (request, env, ctx) => directory.fetch(request, ctx)`.
   */
  readonly fetch: (request: Request, context?: FetchContext) => Promise<Response>;
  /**
   * A consistent snapshot of the current records, in the form that `open` accepts, without passwords, tokens and sessions.
   *
   * @throws {LatchworkError} `store_unavailable`; `conflict` if the store changes during each read.
   */
  records(): Promise<Records<S>>;
  /**
   * An authorizer for the current records; later changes do not affect it. Inactive users are denied. For users who do not
   * exist see `Authorizer.subject`: in `wso2` they have the permissions of everyone.
   */
  authorizer(): Promise<Authorizer<S>>;
  /**
   * Imports records into an empty store. Passwords in the records are hashed. No users, passwords or keys are generated.
   *
   * @throws {LatchworkError} `not_empty` if the store has users; `invalid_records` with all problems; `record_too_large` if
   * they exceed one commit of the store; `store_unavailable`, `conflict`.
   */
  seed(records: Records<S> | AnsweredRecords<S>): Promise<void>;
  /**
   * Creates a one-time secret for the request that imports the first records: `POST /_latchwork/bootstrap` with
   * `Authorization: Bootstrap SECRET` and the records as JSON. A new secret invalidates the previous one. `null` if the
   * store has users.
   */
  bootstrap(): Promise<string | null>;
}

/**
 * Creates a directory, which handles the documented requests of a product with a store.
 *
 * @throws {LatchworkError} `unknown_system`, `wrong_type`, `weak_secret`, `invalid_cost`, and `invalid_value` for an unknown
 * option, and for an invalid origin, public URL or limit.
 */
export function createDirectory<S extends DirectorySystem>(parts: DirectoryParts<S>): Directory<S>;
