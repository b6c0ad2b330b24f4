//! Passwords in the forms that panels send: in plain text, or as an MD5 digest.

use md5::{Digest as _, Md5};

use super::stored::User;
use crate::directory::prelude::{AttemptCounter, Interrupt, Transaction, Verified};
use crate::document::value::Value;

/// The members of a form, and of a profile, that are names of the user.
const NAMES: [&str; 4] = ["email", "firstName", "lastName", "fullName"];

/// Hashes a new password, for the user of this form or profile.
///
/// When panels create a user, they send the MD5 of the password. Strict guards reject the digest of a commonly used
/// password, and of a name or address of the user. A digest does not show that the password is short, or that it
/// contains such a word. A client that hashes passwords has to check that itself.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn hash_new_password(tx: &mut Transaction<'_>, user: &Value, sent: &str) -> Result<String, Interrupt> {
    let names = NAMES.map(|name| user.get(name).and_then(Value::text).unwrap_or(""));
    match parse_md5(sent) {
        Some(digest) => tx.new_hash_of_digest(sent, &names, |word| digest == <[u8; 16]>::from(Md5::digest(word))),
        None => tx.new_hash(sent, &names),
    }
}

/// Verifies a password, and returns the secret that the stored hash belongs to: the password itself, or its MD5, which
/// panels send when they create a user. A missing password is always wrong.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn verify_password(
    tx: &mut Transaction<'_>,
    attempt: &dyn AttemptCounter,
    user: Option<&User>,
    password: Option<&str>,
) -> Result<Option<(Verified, String)>, Interrupt> {
    let hash = user.and_then(|user| user.hash.as_deref()).filter(|_| password.is_some());
    let password = password.unwrap_or("");
    let digest = md5_hex(password);
    let secrets = [password, &digest];
    let right = tx.attempt_passwords(attempt, &secrets, hash, false)?;
    Ok(right.and_then(|(place, verified)| Some((verified, (*secrets.get(place)?).to_owned()))))
}

fn md5_hex(password: &str) -> String {
    let mut digits = String::new();
    for byte in Md5::digest(password) {
        digits.push_str(&format!("{byte:02x}"));
    }
    digits
}

/// Parses an MD5 digest in lower-case hex digits, the form that panels send.
fn parse_md5(text: &str) -> Option<[u8; 16]> {
    let is_md5 = text.len() == 32 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    is_md5.then(|| u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_md5_digest_in_lower_case_hex_is_parsed() {
        for password in ["", "secret", "żółć"] {
            assert_eq!(parse_md5(&md5_hex(password)), Some(Md5::digest(password).into()), "{password}");
        }
        for other in ["", "secret", "D41D8CD98F00B204E9800998ECF8427E", "+41d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(parse_md5(other), None, "{other}");
        }
    }
}
