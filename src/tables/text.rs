//! Text put together from parts. The library's formatting would weigh more than the rules of a product.

/// The template with its `{}` replaced by the parts, one after the other.
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut text = String::with_capacity(template.len());
    for letter in template.chars() {
        match letter {
            '{' => text.push_str(parts.next().unwrap_or(&"")),
            '}' => {}
            letter => text.push(letter),
        }
    }
    text
}

/// A whole number in digits.
pub fn number(number: impl TryInto<i64>) -> String {
    digits(number.try_into().unwrap_or(i64::MAX))
}

fn digits(number: i64) -> String {
    let mut text = String::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = u32::try_from(rest % 10).ok().and_then(|digit| char::from_digit(digit, 10));
        text.insert(0, digit.unwrap_or('0'));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_is_written_as_the_library_writes_it(any in any::<i64>(), small in -200_i64..200) {
            prop_assert_eq!(number(any), any.to_string());
            prop_assert_eq!(number(small), small.to_string());
        }
    }

    #[test]
    fn the_ends_of_the_numbers_are_written() {
        for end in [i64::MIN, i64::MAX, 0] {
            assert_eq!(number(end), end.to_string());
        }
    }

    #[test]
    fn parts_stand_where_the_template_has_their_places() {
        assert_eq!(fill("{} of {}, `{}`", &["a", "{b}", "c"]), "a of {b}, `c`");
        assert_eq!(fill("nothing", &[]), "nothing");
    }
}
