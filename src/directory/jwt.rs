//! JSON Web Tokens signed by HMAC-SHA256 (RFC 7519; RFC 7518, section 3.2).

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::time::SKEW;
use crate::document::value::Value;

/// Signs claims.
pub(crate) fn sign(claims: &Value, secret: &[u8]) -> Option<String> {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let signed = format!("{}.{}", encode(r#"{"alg":"HS256","typ":"JWT"}"#), encode(&claims.to_string()));
    let tag = keyed(secret)?.chain_update(signed.as_bytes()).finalize().into_bytes();
    Some(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&tag)))
}

/// Returns the claims of a token that was signed with this secret, is valid already (`nbf`) and has not expired
/// (`exp`). Both times are in seconds since 1970. Returns `None` for any other token, whatever algorithm the token
/// itself names. A token that was issued (`iat`) further in the future than clocks may differ was issued before the
/// clock was set back, and is invalid.
pub(crate) fn verify(token: &str, secret: &[u8], seconds: i64) -> Option<Value> {
    let (signed, tag) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let tag = Base64UrlUnpadded::decode_vec(tag).ok()?;
    keyed(secret)?.chain_update(signed.as_bytes()).verify_slice(&tag).ok()?;
    let read = |part: &str| {
        let text = String::from_utf8(Base64UrlUnpadded::decode_vec(part).ok()?).ok()?;
        Value::parse(&text).ok()
    };
    if read(header)?.get("alg").and_then(Value::text) != Some("HS256") {
        return None;
    }
    let claims = read(claims)?;
    // A time that is not a number is never satisfied. A fraction of a second shortens the validity.
    let has_begun = claims.get("nbf").is_none_or(|claim| date(claim, f64::ceil).is_some_and(|start| start <= seconds));
    let has_ended = claims.get("exp").is_some_and(|claim| date(claim, f64::floor).is_none_or(|end| end <= seconds));
    let latest = seconds.saturating_add(SKEW / 1_000);
    let was_issued = claims.get("iat").is_none_or(|claim| date(claim, f64::floor).is_some_and(|start| start <= latest));
    (has_begun && !has_ended && was_issued && matches!(claims, Value::Object(_))).then_some(claims)
}

/// A numeric date in whole seconds. Returns `None` if it is not a number or too large.
fn date(claim: &Value, round: fn(f64) -> f64) -> Option<i64> {
    let Value::Number(digits) = claim else { return None };
    let number: f64 = digits.parse().ok()?;
    format!("{:.0}", round(number)).parse().ok()
}

fn keyed(secret: &[u8]) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(secret).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_verified() {
        // RFC 7515, appendix A.1; it expired in 2011.
        let secret = Base64UrlUnpadded::decode_vec(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        )
        .unwrap();
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(verify(token, &secret, 1_300_819_379).unwrap().get("iss").and_then(Value::text), Some("joe"));
        assert_eq!(verify(token, &secret, 1_300_819_380), None);
        assert_eq!(verify(token, b"another", 0), None);
    }

    #[test]
    fn a_token_is_valid_from_nbf_until_exp() {
        let at = |claims: &str, seconds| {
            verify(&sign(&Value::parse(claims).unwrap(), b"secret").unwrap(), b"secret", seconds).is_some()
        };
        for (claims, valid, invalid) in [
            (r#"{"nbf":100}"#, 100..200, 0..100),
            (r#"{"nbf":99.5}"#, 100..200, 0..100),
            (r#"{"nbf":1e2}"#, 100..200, 0..100),
            (r#"{"exp":100.9}"#, 0..100, 100..200),
            (r#"{"exp":1E+2}"#, 0..100, 100..200),
            (r#"{"nbf":-1,"exp":150}"#, 0..150, 150..200),
            (r#"{"nbf":100,"exp":100}"#, 0..0, 0..200),
            (r#"{"nbf":"0"}"#, 0..0, 0..200),
            (r#"{"nbf":null}"#, 0..0, 0..200),
            (r#"{"nbf":1e30}"#, 0..0, 0..200),
            (r#"{"exp":"300"}"#, 0..0, 0..200),
            (r#"{"exp":null}"#, 0..0, 0..200),
            (r#"{"iat":160}"#, 100..200, 0..100),
            (r#"{"iat":"now"}"#, 0..0, 0..200),
        ] {
            assert!(valid.clone().all(|seconds| at(claims, seconds)), "{claims}");
            assert!(!invalid.clone().any(|seconds| at(claims, seconds)), "{claims}");
        }
    }

    #[test]
    fn only_a_token_signed_with_the_secret_is_verified() {
        let claims = Value::parse(r#"{"iss":"x","exp":100}"#).unwrap();
        let token = sign(&claims, b"secret").unwrap();
        assert_eq!(verify(&token, b"secret", 99), Some(claims));
        let (head, rest) = token.split_once('.').unwrap();
        let (body, tag) = rest.split_once('.').unwrap();
        let none = Base64UrlUnpadded::encode_string(br#"{"alg":"none"}"#);
        for forged in [
            format!("{none}.{body}.{tag}"),
            format!("{none}.{body}."),
            format!("{head}.{body}"),
            format!("{head}.{body}.{tag}x"),
            format!("{head}.{body}.{tag}."),
            String::new(),
            ".".into(),
            "..".into(),
        ] {
            assert_eq!(verify(&forged, b"secret", 0), None, "{forged}");
        }
        // A token does not choose its own algorithm, even if the signature matches.
        let signed = format!("{none}.{body}");
        let tag = keyed(b"secret").unwrap().chain_update(signed.as_bytes()).finalize().into_bytes();
        assert_eq!(verify(&format!("{signed}.{}", Base64UrlUnpadded::encode_string(&tag)), b"secret", 0), None);
    }
}
