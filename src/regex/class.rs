//! Sets of characters.

/// A set of characters.
#[derive(Clone, Debug)]
pub struct Class {
    /// Sorted and disjoint.
    pub ranges: Vec<Range>,
    pub negated: bool,
}

impl Class {
    pub fn add(&mut self, mut low: char, mut high: char) {
        self.ranges.retain(|&(other_low, other_high)| {
            let apart = other_high < low || high < other_low;
            if !apart {
                low = low.min(other_low);
                high = high.max(other_high);
            }
            apart
        });
        let place = self.ranges.partition_point(|&(other, _)| other < low);
        self.ranges.insert(place, (low, high));
    }

    pub fn contains(&self, character: char) -> bool {
        let place = self.ranges.partition_point(|&(_, high)| high < character);
        self.ranges.get(place).is_some_and(|&(low, _)| low <= character) != self.negated
    }
}

/// A range of characters, both ends included.
pub type Range = (char, char);

/// The line ends, which `.` does not match, of Go and of Java.
pub const LINE_FEED: &[Range] = &[('\n', '\n')];
pub const LINE_ENDS: &[Range] = &[('\n', '\n'), ('\r', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')];

pub const DIGIT: &[Range] = &[('0', '9')];
pub const NOT_DIGIT: &[Range] = &[('\0', '/'), (':', char::MAX)];
pub const SPACE: &[Range] = &[('\t', '\r'), (' ', ' ')];
pub const NOT_SPACE: &[Range] = &[('\0', '\x08'), ('\x0E', '\x1F'), ('!', char::MAX)];
pub const WORD: &[Range] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
pub const NOT_WORD: &[Range] = &[('\0', '/'), (':', '@'), ('[', '^'), ('`', '`'), ('{', char::MAX)];
