//! Password resets by a mailed link. A reset link expires after 1000 seconds and works once, and only the newest one
//! is valid.
//!
//! Source: Tyk Dashboard, "Change Your Password", resetting a password by e-mail.

use std::collections::BTreeSet;

use super::super::passwords::{are_about_strength, PASSWORD_MAX};
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::body;
use super::passwords;
use super::random::{random_access_key, random_hex};
use super::reset_link::{self, link_key, link_to_value, read_link_digest};
use super::responses::{success_response, BAD_FORGOT, BAD_LINK, MALFORMED_PASSWORD, WEAK_PASSWORD};
use super::settings::{self, settings_key};
use super::stand_in::{stand_in_mark, store_stand_in};
use super::stored::{self, integer, reset_key, user_key};
use super::user_writes;
use crate::directory::prelude::Mail;
use crate::directory::prelude::{digest, time, Call, Interrupt, Key, Response, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;

/// How long a link is valid, in seconds.
const LIFE: i64 = 1_000;
/// The path of the page for the new password. Its host name is not known here, and is not taken from the request,
/// because the sender controls it.
const PAGE: &str = "/password/reset";

/// `POST /api/password/forgot`: mails a link to a known, active user. The response is the same for every address. If
/// several organisations have users with the address, each of these users gets a link.
///
/// The response and the reads and writes do not reveal whether the address is known: a stand-in gets the link of an
/// unknown address, and no mail is sent.
///
/// # Errors
///
/// [`Interrupt`].
pub fn forgot_password(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| BAD_FORGOT)?;
    let address = body.get("email_address").and_then(Value::text).filter(|address| address.len() <= NAME_MAX);
    let accounts = Account::find_by_address(tx, address.ok_or(BAD_FORGOT)?, &body, |user| user.active)?;
    let mut keys = vec![stand_in_mark()];
    keys.extend(accounts.iter().flat_map(|account| [account.key_of_kind("link"), account.entry_key()]));
    tx.read_all(&keys)?;
    let mut replaced = BTreeSet::new();
    for account in &accounts {
        replaced.insert(replaced_link_key(tx, account)?);
    }
    tx.read_all(&replaced.into_iter().collect::<Vec<_>>())?;
    let is_only_account = accounts.len() == 1;
    for account in &accounts {
        send_link(tx, account, is_only_account)?;
    }
    Ok(success_response("Reset link sent", Value::Null))
}

/// The key of the link that a new link of this account replaces. Without such a link the key of an entry that never
/// exists is read, so that the work is the same.
fn replaced_link_key(tx: &mut Transaction<'_>, account: &Account) -> Result<Key, Interrupt> {
    Ok(reset_key(&read_link_digest(tx, &account.key_of_kind("link"))?.unwrap_or_default()))
}

/// Creates a link for an account, and mails it if the account has a user.
fn send_link(tx: &mut Transaction<'_>, account: &Account, is_only_account: bool) -> Result<(), Interrupt> {
    let (records, subject) = account.anonymous_subject(tx)?;
    let authorized = tx
        .decide::<Tyk>(&records, &subject, Action::Attempt, &account.resource(), &Value::Null)
        .map_err(|_| BAD_LINK)?;
    let user = account.read_user(tx)?;
    store_stand_in(tx, &authorized)?;
    let token = random_hex(tx, 64)?;
    let newest = digest(token.as_bytes());
    let replaced = replaced_link_key(tx, account)?;
    stored::delete_if_present(tx, &authorized, &replaced)?;
    tx.put(&authorized, &account.key_of_kind("link"), link_to_value(&newest, tx.seconds()))?;
    let id = user.as_ref().map_or("", |user| user.id.as_str());
    tx.create(&authorized, &reset_key(&newest), id.into())?;
    // A mail without a recipient is not sent. It is created so that the work is the same.
    let known = user.as_ref().filter(|user| user.active);
    // A user who gets several mails must be able to tell them apart.
    let org = known.map(|user| user.org.as_str()).filter(|_| !is_only_account);
    let mail = reset_mail(known.map_or("", |user| &user.email), org, token, tx.seconds());
    tx.mail(&authorized, mail);
    Ok(())
}

fn reset_mail(to: &str, org: Option<&str>, token: String, issued: i64) -> Mail {
    let of_org = org.map_or(String::new(), |org| format!(" in the organisation `{org}`"));
    let text = format!(
        "A password reset was requested for this address{of_org}. To set a new password, send this token with it to \
         POST /api/password/reset within {LIFE} seconds:\n\n{token}\n\nIf you did not request it, ignore this mail: \
         the password does not change."
    );
    Mail {
        to: to.to_owned(),
        kind: "password_reset",
        subject: "Set a new password".to_owned(),
        text,
        // Hexadecimal digits need no escape in a query.
        link: format!("{PAGE}?token={token}"),
        token,
        expires_at: issued.saturating_add(LIFE),
    }
}

/// `POST /api/password/reset`: sets a new password with a link. All sessions and the access key are revoked, because
/// an attacker with the old password may have them too.
///
/// # Errors
///
/// [`Interrupt`].
pub fn reset_password(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = body::parse_body(call)?.map_err(|_| MALFORMED_PASSWORD)?;
    let token = body.get("token").and_then(Value::text).filter(|token| token.len() <= PASSWORD_MAX);
    let reset = token.map(|token| reset_key(&digest(token.as_bytes())));
    let mut keys = vec![settings_key()];
    keys.extend(reset.clone());
    tx.read_all(&keys)?;
    let settings = settings::read_settings(tx)?;
    let records = tx.parse_records::<Tyk>(&Value::object([("config", settings.config.clone())]))?;
    let body = tx.validate::<Tyk>(&records, Kind::PasswordReset, &body).map_err(|problems| {
        if are_about_strength(&problems) {
            WEAK_PASSWORD
        } else {
            MALFORMED_PASSWORD
        }
    })?;
    let (Some(token), Some(reset)) = (token, reset) else { return Err(BAD_LINK.into()) };
    let password = body.get("new_password").and_then(Value::text).unwrap_or("");

    let Some(id) = tx.read_entry(&reset)?.and_then(Value::text) else { return Err(BAD_LINK.into()) };
    let failures = Key::new("failures", &[id]);
    tx.read_all(&[user_key(id), link_key(id), failures.clone()])?;
    let link = tx.read_entry(&link_key(id))?;
    let member = |name| link.and_then(|link| link.get(name));
    let newest = member("digest").and_then(Value::text).unwrap_or("");
    let verified = tx.verify_secret(token, newest).ok_or(BAD_LINK)?;
    let is_valid = member("issued_at").and_then(integer).is_some_and(|issued| {
        let is_ahead = time::is_ahead(issued.saturating_mul(1_000), tx.now);
        !is_ahead && tx.seconds().saturating_sub(issued) < LIFE
    });
    let user = stored::read_user(tx, id)?.filter(|user| is_valid && user.active).ok_or(BAD_LINK)?;

    tx.actor(&user.id, &user_key(&user.id));
    let authorized = verified.authorized();
    let mut after = user.clone();
    passwords::set_password(tx, call, &records, &mut after, password)?;
    after.access_key = random_access_key(tx)?;
    reset_link::delete_link(tx, &authorized, id)?;
    stored::delete_if_present(tx, &authorized, &failures)?;
    user_writes::replace_user(tx, &authorized, &user, &after, settings.email_scope())?;
    Ok(success_response("User password updated", Value::Null))
}
