//! Links that set a new password, sent by mail. A reset link expires after 1000 seconds and works once, and only the
//! newest one is valid.
//!
//! Source: Tyk Dashboard, "Change Your Password", resetting a password by e-mail.

use std::collections::BTreeSet;

use super::super::passwords::{are_about_strength, PASSWORD_MAX};
use super::super::{Action, Kind, Tyk};
use super::account::Account;
use super::changes;
use super::link::{self, digest_of, link_key, link_value};
use super::passwords;
use super::random::{draw, draw_key};
use super::responses::{success, BAD_FORGOT, BAD_LINK, MALFORMED_PASSWORD, WEAK_PASSWORD};
use super::settings::{self, settings_key};
use super::stored::{self, reset_key, stand_in_mark, user_key, whole};
use crate::directory::prelude::Mail;
use crate::directory::prelude::{digest, time, Call, Interrupt, Key, Response, Transaction};
use crate::document::limits::NAME_MAX;
use crate::document::value::Value;

/// How long a link is good, in seconds.
const LIFE: i64 = 1_000;
/// The path of the page that asks for the new password. Of which host it is only the host itself may say: whatever
/// a request says of it, whoever sent it made up.
const PAGE: &str = "/password/reset";

/// `POST /api/password/forgot`: mails a link to a known, active user, and says the same to everybody. An address
/// that several organisations have gets a link for each of its users.
///
/// Whether the address is known makes no difference to the answer, nor to what is read and written for it: a
/// stand-in gets the link of an address that nobody has, and no mail goes out.
///
/// # Errors
///
/// [`Interrupt`].
pub fn forgot(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| BAD_FORGOT)?;
    let address = body.get("email_address").and_then(Value::text).filter(|address| address.len() <= NAME_MAX);
    let accounts = Account::find(tx, address.ok_or(BAD_FORGOT)?, &body, |user| user.active)?;
    let mut keys = vec![stand_in_mark()];
    keys.extend(accounts.iter().flat_map(|account| [account.key("link"), account.entry_key()]));
    tx.read_all(&keys)?;
    let mut voided = BTreeSet::new();
    for account in &accounts {
        voided.insert(voided_by(tx, account)?);
    }
    tx.read_all(&voided.into_iter().collect::<Vec<_>>())?;
    let is_alone = accounts.len() == 1;
    for account in &accounts {
        send(tx, account, is_alone)?;
    }
    Ok(success("Reset link sent", Value::Null))
}

/// The link that a new one of this account puts an end to. Where there was none, the entry of none is read, for
/// the same work.
fn voided_by(tx: &mut Transaction<'_>, account: &Account) -> Result<Key, Interrupt> {
    Ok(reset_key(&digest_of(tx, &account.key("link"))?.unwrap_or_default()))
}

/// Makes a link for an account, and mails it if there is somebody to mail it to.
fn send(tx: &mut Transaction<'_>, account: &Account, is_alone: bool) -> Result<(), Interrupt> {
    let (records, nobody) = account.asker(tx)?;
    let authorized = tx
        .decide::<Tyk>(&records, &nobody, Action::Attempt, &account.resource(), &Value::Null)
        .map_err(|_| BAD_LINK)?;
    let user = account.user(tx)?;
    stored::keep_stand_in(tx, &authorized)?;
    let token = draw(tx, 64)?;
    let newest = digest(token.as_bytes());
    let voided = voided_by(tx, account)?;
    stored::clear(tx, &authorized, &voided)?;
    tx.put(&authorized, &account.key("link"), link_value(&newest, tx.seconds()))?;
    let id = user.as_ref().map_or("", |user| user.id.as_str());
    tx.create(&authorized, &reset_key(&newest), id.into())?;
    // A mail to nobody is not sent. It is there so that the work is the same.
    let known = user.as_ref().filter(|user| user.active);
    // Whoever gets several has to know which is which.
    let org = known.map(|user| user.org.as_str()).filter(|_| !is_alone);
    let mail = mail(known.map_or("", |user| &user.email), org, token, tx.seconds());
    tx.mail(&authorized, mail);
    Ok(())
}

fn mail(to: &str, org: Option<&str>, token: String, issued: i64) -> Mail {
    let of_org = org.map_or(String::new(), |org| format!(" in the organisation `{org}`"));
    let text = format!(
        "Somebody, probably you, asked to set a new password for this address{of_org}. Within {LIFE} seconds, send \
         this token with the new password to POST /api/password/reset:\n\n{token}\n\nIf it was not you, there is \
         nothing to do: the password stays as it is."
    );
    Mail {
        to: to.to_owned(),
        kind: "password_reset",
        subject: "Set a new password".to_owned(),
        text,
        // Hexadecimal digits stand in a query as they are.
        link: format!("{PAGE}?token={token}"),
        token,
        expires_at: issued.saturating_add(LIFE),
    }
}

/// `POST /api/password/reset`: sets a password by such a link. Sessions and the access key end with it: who
/// had the old password may have had them too.
///
/// # Errors
///
/// [`Interrupt`].
pub fn reset(tx: &mut Transaction<'_>, call: &Call<'_>) -> Result<Response, Interrupt> {
    let body = call.json().map_err(|_| MALFORMED_PASSWORD)?;
    let token = body.get("token").and_then(Value::text).filter(|token| token.len() <= PASSWORD_MAX);
    let reset = token.map(|token| reset_key(&digest(token.as_bytes())));
    let mut keys = vec![settings_key()];
    keys.extend(reset.clone());
    tx.read_all(&keys)?;
    let settings = settings::settings(tx)?;
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

    let Some(id) = tx.read(&reset)?.and_then(Value::text) else { return Err(BAD_LINK.into()) };
    let failures = Key::new("failures", &[id]);
    tx.read_all(&[user_key(id), link_key(id), failures.clone()])?;
    let link = tx.read(&link_key(id))?;
    let member = |name| link.and_then(|link| link.get(name));
    let newest = member("digest").and_then(Value::text).unwrap_or("");
    let verified = tx.verify_secret(token, newest).ok_or(BAD_LINK)?;
    let is_good = member("issued_at").and_then(whole).is_some_and(|issued| {
        let is_ahead = time::is_ahead(issued.saturating_mul(1_000), tx.now);
        !is_ahead && tx.seconds().saturating_sub(issued) < LIFE
    });
    let user = stored::user(tx, id)?.filter(|user| is_good && user.active).ok_or(BAD_LINK)?;

    tx.actor(&user.id, &user_key(&user.id));
    let authorized = verified.authorized();
    let mut after = user.clone();
    passwords::set(tx, call, &records, &mut after, password)?;
    after.access_key = draw_key(tx)?;
    link::void(tx, &authorized, id)?;
    stored::clear(tx, &authorized, &failures)?;
    changes::replace(tx, &authorized, &user, &after, settings.emails())?;
    Ok(success("User password updated", Value::Null))
}
