//! The text of an access token: its format, and its verification.

use super::user::{Token, User};
use crate::directory::prelude::Transaction;

/// The prefix of every token.
const VERSION: &str = "v1.";
/// The number of random bytes in a token.
pub const RANDOM: usize = 32;

/// The name of the user in a text that has the form of a token.
pub fn user_name_in_token(token: &str) -> Option<String> {
    let bytes = decode_hex(token.strip_prefix(VERSION)?)?;
    let name = bytes.get(..bytes.len().checked_sub(RANDOM)?)?;
    String::from_utf8(name.to_vec()).ok().filter(|name| !name.is_empty())
}

/// The token of this user that a request sent in place of the password, if it has not expired.
pub fn find_presented_token<'u>(tx: &Transaction<'_>, user: &'u User, password: &str) -> Option<&'u Token> {
    if !password.starts_with(VERSION) {
        return None;
    }
    let is_it = |token: &&Token| tx.verify_secret(password, &token.digest).is_some();
    user.tokens.iter().find(is_it).filter(|token| token.is_active(tx.seconds()))
}

/// Formats a token of this user.
pub fn format_token(name: &str, random: &[u8]) -> String {
    let mut text = VERSION.to_owned();
    for byte in name.bytes().chain(random.iter().copied()) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(pair.first()?)? << 4) | digit(pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_user() {
        for name in ["bob", "a/b", "Zoë", "v1."] {
            assert_eq!(user_name_in_token(&format_token(name, &[7; RANDOM])).as_deref(), Some(name));
        }
        for text in
            ["", "v1.", "v1.0", "v1.zz", "v2.626f62", &format_token("", &[7; RANDOM]), &format_token("b", &[7; 8])]
        {
            assert_eq!(user_name_in_token(text), None, "{text}");
        }
        let mut bytes = vec![0xff];
        bytes.extend([7; RANDOM]);
        assert_eq!(user_name_in_token(&format_token("", &bytes)), None);
    }
}
