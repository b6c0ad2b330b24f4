//! The double that is nearest to a JSON number.
//!
//! The standard library's parser is fast for all doubles and takes ten kilobytes. Here numbers over ten quadrillion do
//! not matter. Tests compare this parser with the library's.

use crate::tables::text;

/// Of further digits it only matters whether one is not zero, because no midpoint between two doubles has more digits.
const DIGITS_MAX: usize = 800;

/// Numbers with more digits before the point are infinite here, because no value is so large.
const WHOLE_DIGITS_MAX: i64 = 17;

/// Numbers with more zeros after the point are zero.
const ZEROS_MAX: i64 = 330;

/// A significand of this many digits, and powers of ten up to this one, are exact as doubles.
const EXACT_DIGITS: usize = 15;
const EXACT_POWER: u64 = 22;

/// The largest number up to which all integers are different doubles: 2^53 - 1.
pub const NUMBER_MAX: f64 = 9_007_199_254_740_991.0;

/// Parses an integer from 0 to 2^53 - 1 in any form that JSON allows: `10`, `10.0` or `1e1`.
pub fn whole_number(text: &str) -> Option<u64> {
    let number = parse_double(text);
    #[expect(clippy::as_conversions, reason = "the number is whole, and both types hold it")]
    let to_integer = || number as u64;
    ((0.0..=NUMBER_MAX).contains(&number) && number.trunc() == number).then(to_integer)
}

/// Parses a JSON number to the nearest double, or to an infinity from 10^17 on.
pub fn parse_double(text: &str) -> f64 {
    let (sign, text) = text::strip_first(text, b'-').map_or((1.0, text), |rest| (-1.0, rest));
    let (significand, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (integer, fraction) = text::split_once(significand, b'.').unwrap_or((significand, ""));
    let mut digits: Vec<u32> = Vec::new();
    let mut scale =
        text::whole_number(exponent).unwrap_or_else(|| parse_exponent(exponent)).saturating_sub(digit_count(fraction));
    for digit in integer.bytes().chain(fraction.bytes()).map(|byte| u32::from(byte.wrapping_sub(b'0'))) {
        if digits.len() < DIGITS_MAX {
            // Leading zeros do not count.
            if digit > 0 || !digits.is_empty() {
                digits.push(digit);
            }
        } else {
            scale = scale.saturating_add(1);
            if let Some(last) = digits.last_mut().filter(|last| digit > 0 && **last == 0) {
                *last = 1;
            }
        }
    }
    let before_point = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(scale);
    let size = match (digits.len(), scale.unsigned_abs()) {
        (0, _) => 0.0,
        _ if before_point > WHOLE_DIGITS_MAX => f64::INFINITY,
        _ if before_point < ZEROS_MAX.saturating_neg() => 0.0,
        (..=EXACT_DIGITS, power @ ..=EXACT_POWER) => {
            let significand = digits.iter().fold(0.0, |sum, digit| sum * 10.0 + f64::from(*digit));
            let power = (0..power).fold(1.0, |power, _| power * 10.0);
            if scale < 0 {
                significand / power
            } else {
                significand * power
            }
        }
        (_, power) => divide_rounded(&digits, power, scale < 0),
    };
    sign * size
}

/// Parses an exponent. One with too many digits becomes a very large or very small one.
fn parse_exponent(exponent: &str) -> i64 {
    if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    }
}

fn digit_count(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// The double nearest to the digits times (or divided by) this power of ten, by long division, bit by bit.
fn divide_rounded(digits: &[u32], power: u64, divides: bool) -> f64 {
    let (mut upper, mut lower) = (Large::default(), Large::default());
    digits.iter().for_each(|digit| upper.times_plus(10, *digit));
    lower.times_plus(1, 1);
    let scaled = if divides { &mut lower } else { &mut upper };
    (0..power).for_each(|_| scaled.times_plus(10, 0));

    // upper / lower * 2^exponent, with lower <= upper < 2 * lower.
    let mut exponent = 0_i32;
    while !upper.is_at_least(&lower) {
        upper.times_plus(2, 0);
        exponent = exponent.saturating_sub(1);
    }
    loop {
        lower.times_plus(2, 0);
        if !upper.is_at_least(&lower) {
            break;
        }
        exponent = exponent.saturating_add(1);
    }
    // The first 64 bits. The first one is set: upper / lower = bits * 2^-63.
    let mut bits = 0_u64;
    for _ in 0..64 {
        upper.times_plus(2, 0);
        let bit = upper.is_at_least(&lower);
        if bit {
            upper.subtract(&lower);
        }
        bits = (bits << 1) | u64::from(bit);
    }
    // A double has 53 bits, or fewer if it is so small that its last bit means 2^-1074.
    let cut = 11_i32.max((-1074_i32).saturating_sub(exponent.saturating_sub(63)));
    let Some(kept) = u32::try_from(cut).ok().and_then(|cut| bits.checked_shr(cut)) else {
        let rounds_up = cut == 64 && (bits > 1 << 63 || !upper.is_zero());
        return if rounds_up { f64::from_bits(1) } else { 0.0 };
    };
    let half = 1_u64 << cut.saturating_sub(1).clamp(0, 63);
    let behind = bits & half.wrapping_mul(2).wrapping_sub(1);
    let odd = kept & 1 == 1;
    let rounds_up = behind > half || behind == half && (odd || !upper.is_zero());
    let kept = kept.saturating_add(u64::from(rounds_up));
    // In two steps, because 2^-1074 is not a normal double. Both are exact.
    let exponent = exponent.saturating_sub(63).saturating_add(cut);
    let first = exponent / 2;
    double_from(kept) * power_of_two(first) * power_of_two(exponent.saturating_sub(first))
}

/// An integer up to 2^53 as a double.
fn double_from(number: u64) -> f64 {
    let half = |bits: u64| f64::from(u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0));
    half(number >> 32) * 4_294_967_296.0 + half(number)
}

/// 2 to a power from -1022 to 1023.
fn power_of_two(power: i32) -> f64 {
    f64::from_bits(u64::try_from(power.saturating_add(1023)).unwrap_or(0) << 52)
}

/// An integer of any size. The lowest part comes first, and the last part is not zero.
#[derive(Default)]
struct Large {
    parts: Vec<u32>,
}

impl Large {
    fn is_zero(&self) -> bool {
        self.parts.is_empty()
    }

    fn times_plus(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for part in &mut self.parts {
            let sum = u64::from(*part).wrapping_mul(u64::from(factor)).wrapping_add(carry);
            *part = low_bits(sum);
            carry = sum >> 32;
        }
        if carry > 0 {
            self.parts.push(low_bits(carry));
        }
    }

    fn is_at_least(&self, other: &Self) -> bool {
        let mut compared = self.parts.len().cmp(&other.parts.len());
        // The first difference from the highest part decides.
        let top = if compared.is_eq() { self.parts.len() } else { 0 };
        for place in (0..top).rev() {
            compared = compared.then(self.parts.get(place).cmp(&other.parts.get(place)));
        }
        compared.is_ge()
    }

    /// Subtracts a number that is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0_u64;
        for (place, part) in self.parts.iter_mut().enumerate() {
            let other = other.parts.get(place).copied().map_or(0, u64::from);
            let taken = other.wrapping_add(borrow);
            borrow = u64::from(u64::from(*part) < taken);
            *part = low_bits(u64::from(*part).wrapping_sub(taken));
        }
        while self.parts.last() == Some(&0) {
            self.parts.pop();
        }
    }
}

fn low_bits(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn library(text: &str) -> f64 {
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        if number.abs() >= 1e17 {
            f64::INFINITY.copysign(number)
        } else {
            number
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_number_is_parsed_to_the_double_of_the_library(
            whole in "(0|[1-9][0-9]{0,19})", fraction in "(\\.[0-9]{1,40})?", exponent in "([eE][+-]?[0-9]{1,3})?", minus in "-?",
        ) {
            let text = [minus, whole, fraction, exponent].concat();
            prop_assert_eq!(parse_double(&text).to_bits(), library(&text).to_bits(), "{}", text);
        }

        #[test]
        fn a_double_is_parsed_from_its_shortest_and_its_exact_digits(bits in 0..1e17_f64.to_bits()) {
            let number = f64::from_bits(bits);
            for text in [format!("{number:?}"), format!("{number:.1100}"), format!("{number:e}")] {
                prop_assert_eq!(parse_double(&text).to_bits(), bits, "{}", text);
            }
        }

        #[test]
        fn a_midpoint_of_two_doubles_is_rounded_to_even(number in (1_u64 << 52)..(1 << 53), more in "(|0|1|0{900}1)") {
            // From 2^52 to 2^53, the doubles are exactly the integers.
            let text = format!("{number}.5{more}");
            prop_assert_eq!(parse_double(&text).to_bits(), library(&text).to_bits(), "{}", text);
        }
    }

    #[test]
    fn extreme_numbers_are_parsed_like_the_library() {
        let long = ["1.", &"0".repeat(900), "1"].concat();
        let half = "9007199254740991.5";
        let above_half = ["9007199254740990.5", &"0".repeat(850), "1"].concat();
        for text in [
            "0",
            "-0",
            "0.0e5",
            "1e400",
            "1e-400",
            "9007199254740991",
            "9007199254740993",
            "1e16",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "7.4e-324",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "1e-9223372036854775808",
            &long,
            half,
            &above_half,
        ] {
            assert_eq!(parse_double(text).to_bits(), library(text).to_bits(), "{text}");
        }
    }
}
