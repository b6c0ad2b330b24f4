//! Times as text.

use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

/// How far the clocks of several machines may differ, in milliseconds. An entry with a time further in the future was
/// stored before the clock was set back.
pub(crate) const SKEW: i64 = 60_000;

/// Whether a stored time in milliseconds is further in the future than clocks may differ, so the clock was set back
/// since. Then a throttle or block that starts at that time is over, and a credential of that time is invalid.
pub(crate) fn is_ahead(stored: i64, now: i64) -> bool {
    stored.saturating_sub(now) > SKEW
}

/// Formats milliseconds since 1970 as `1970-01-01T00:00:00Z` (RFC 3339), in whole seconds. The year has four digits: a
/// time beyond them is written as the last or first time that fits.
pub(crate) fn format(milliseconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(milliseconds.div_euclid(1_000));
    let text = time.ok().and_then(|time| time.format(&Rfc3339).ok());
    text.unwrap_or_else(|| if milliseconds < 0 { "0000-01-01T00:00:00Z" } else { "9999-12-31T23:59:59Z" }.to_owned())
}

/// Parses such a text, or a date alone as its first moment, to milliseconds since 1970. Returns `None` for any other
/// text.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339);
    let time = time.or_else(|_| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339)).ok()?;
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_ahead_beyond_the_skew_of_clocks() {
        for (stored, now, ahead) in [
            (0, 0, false),
            (60_000, 0, false),
            (60_001, 0, true),
            (0, 60_001, false),
            (i64::MAX, i64::MIN, true),
            (i64::MIN, i64::MAX, false),
        ] {
            assert_eq!(is_ahead(stored, now), ahead, "{stored} {now}");
        }
    }

    #[test]
    fn a_formatted_time_is_parsed_to_the_same_time() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1_000, "1969-12-31T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(format(milliseconds), text);
            assert_eq!(parse(text), Some(milliseconds));
        }
        assert_eq!(format(1_999), "1970-01-01T00:00:01Z");
        assert_eq!(format(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(format(i64::MIN), "0000-01-01T00:00:00Z");
    }

    #[test]
    fn other_time_formats_are_parsed_or_rejected() {
        assert_eq!(parse("1970-01-01T02:00:00.25+02:00"), Some(250));
        assert_eq!(parse("2030-01-01"), Some(1_893_456_000_000));
        for text in ["", "1970", "1970-01-01T00:00", "1970-02-30", "1970-01-01T00:00:00", "now", "0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
