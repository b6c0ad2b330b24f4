//! Searches a text for many expressions at once.
//!
//! For each expression the set keeps one piece of a required text: the one that the fewest others have. A search runs
//! only the expressions whose piece is in the text, and those without a piece.

use super::program::Regex;
use crate::tables::sort::sort;

/// Three consecutive bytes of UTF-8.
type Piece = u32;

/// Expressions by their indexes in a list.
#[derive(Debug, Default)]
pub struct RegexSet {
    list: Vec<Regex>,
    /// The piece of each expression with the expression's index, in the order of the pieces.
    by_piece: Vec<(Piece, usize)>,
    /// The indexes of the expressions without a piece.
    others: Vec<usize>,
}

impl RegexSet {
    /// A set of these expressions.
    pub fn new(list: Vec<Regex>) -> Self {
        let mut pieces: Vec<(Piece, usize)> = Vec::new();
        for (place, regex) in list.iter().enumerate() {
            regex.required_texts(|text| pieces.extend(pieces_of(text).map(|piece| (piece, place))));
        }
        sort(&mut pieces, |a, b| a.cmp(b));
        pieces.dedup();
        // The rarest piece of each expression, with the number of expressions that have it.
        let mut rarest: Vec<Option<(usize, Piece)>> = vec![None; list.len()];
        for of_one in pieces.chunk_by(|a, b| a.0 == b.0) {
            for (piece, place) in of_one {
                if let Some(best) = rarest.get_mut(*place) {
                    if best.is_none_or(|(count, _)| of_one.len() < count) {
                        *best = Some((of_one.len(), *piece));
                    }
                }
            }
        }
        let mut set = Self { list, by_piece: Vec::new(), others: Vec::new() };
        for (place, best) in rarest.iter().enumerate() {
            match best {
                Some((_, piece)) => set.by_piece.push((*piece, place)),
                None => set.others.push(place),
            }
        }
        sort(&mut set.by_piece, |a, b| a.cmp(b));
        set
    }

    /// The indexes of all expressions that match some part of the text.
    pub fn matching_places(&self, text: &str) -> Vec<usize> {
        let mut places = Vec::new();
        let mut run = |place: usize| {
            if self.list.get(place).is_some_and(|regex| regex.matches_part(text)) {
                places.push(place);
            }
        };
        self.others.iter().for_each(|place| run(*place));
        let mut pieces = Vec::from_iter(pieces_of(text));
        sort(&mut pieces, u32::cmp);
        pieces.dedup();
        for piece in pieces {
            let start = self.by_piece.partition_point(|(other, _)| *other < piece);
            let with_it = self.by_piece.iter().skip(start).take_while(|(other, _)| *other == piece);
            with_it.for_each(|(_, place)| run(*place));
        }
        places
    }
}

/// The pieces of a text: one for each byte that is followed by two more.
fn pieces_of(text: &str) -> impl Iterator<Item = Piece> + '_ {
    text.as_bytes().windows(3).map(|bytes| bytes.iter().fold(0, |piece, byte| (piece << 8) | Piece::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_matches_what_each_expression_matches(
            patterns in prop::collection::vec(r"([abc/]|ab?|\(abc\|ca\)|\.|\^|\$|[abc]{2,5}){1,5}", 0..20),
            text in "[abc/ä]{0,12}",
        ) {
            let list: Vec<Regex> = patterns.iter().filter_map(|pattern| Regex::compile(pattern).ok()).collect();
            let expected: Vec<usize> = (0..list.len()).filter(|place| list.get(*place).is_some_and(|regex| regex.matches_part(&text))).collect();
            let mut places = RegexSet::new(list).matching_places(&text);
            places.sort_unstable();
            prop_assert_eq!(places, expected);
        }
    }
}
