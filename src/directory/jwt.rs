//! JSON web tokens of one kind: signed by HMAC-SHA256 (RFC 7519, RFC 7518 section 3.2).

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::value::Value;

/// Signs claims.
pub(crate) fn sign(claims: &Value, secret: &[u8]) -> Option<String> {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let signed = format!("{}.{}", encode(r#"{"alg":"HS256","typ":"JWT"}"#), encode(&claims.to_string()));
    let tag = keyed(secret)?.chain_update(signed.as_bytes()).finalize().into_bytes();
    Some(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&tag)))
}

/// The claims of a token that was signed under this secret and has not expired (`exp`, in seconds); `None` for
/// any other, whatever algorithm it names for itself.
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
    let lasts = match claims.get("exp") {
        None => true,
        // A fraction of a second is dropped; what is no number never lasts.
        Some(Value::Number(digits)) => {
            let whole = digits.split('.').next().unwrap_or("");
            whole.parse::<i64>().is_ok_and(|end| seconds < end)
        }
        Some(_) => false,
    };
    (lasts && matches!(claims, Value::Object(_))).then_some(claims)
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
    fn what_was_signed_comes_back_and_nothing_else_does() {
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
        // An algorithm is not a token's own choice, even where the signature fits.
        let signed = format!("{none}.{body}");
        let tag = keyed(b"secret").unwrap().chain_update(signed.as_bytes()).finalize().into_bytes();
        assert_eq!(verify(&format!("{signed}.{}", Base64UrlUnpadded::encode_string(&tag)), b"secret", 0), None);
    }
}
