//! Compiles the text of an expression into a program.

use std::str::Chars;

use super::class::{Class, Range, DIGIT, NOT_DIGIT, NOT_SPACE, NOT_WORD, SPACE, WORD};
use super::program::{Regex, Step, Unsupported};

/// The most instructions of one expression with its counts expanded, and the most ranges of a class.
const SIZE_MAX: usize = 1_000;

/// How deep groups may be nested.
const DEPTH_MAX: usize = 32;

/// Parses an expression in which `.` matches all characters except these line ends.
pub fn parse(pattern: &str, line_ends: &'static [Range]) -> Result<Regex, Unsupported> {
    let mut parser = Parser { rest: pattern.chars(), at: 0, classes: Vec::new(), line_ends };
    let program = parser.parse_alternatives(0)?;
    match parser.peek() {
        None => Ok(Regex { program, classes: parser.classes }),
        Some(_) => unsupported(parser.at, "a `)` without its `(`"),
    }
}

/// A character or a set of characters, in a class or outside.
enum Item {
    One(char),
    Many(&'static [Range]),
}

/// Parses an expression from left to right. Each method returns the program of the part that it has parsed.
struct Parser<'p> {
    rest: Chars<'p>,
    at: usize,
    classes: Vec<Class>,
    line_ends: &'static [Range],
}

impl Parser<'_> {
    fn parse_alternatives(&mut self, depth: usize) -> Result<Vec<Step>, Unsupported> {
        let mut program = self.parse_sequence(depth)?;
        while self.skip_char('|') {
            let right = self.parse_sequence(depth)?;
            let mut both = vec![Step::Fork(program.len().saturating_add(2))];
            self.append(&mut both, &program)?;
            self.append(&mut both, &[Step::Skip(right.len().saturating_add(1))])?;
            self.append(&mut both, &right)?;
            program = both;
        }
        Ok(program)
    }

    fn parse_sequence(&mut self, depth: usize) -> Result<Vec<Step>, Unsupported> {
        let mut program = Vec::new();
        while self.peek().is_some_and(|next| next != '|' && next != ')') {
            let atom = self.parse_atom(depth)?;
            let repeated = self.parse_quantifier(atom)?;
            self.append(&mut program, &repeated)?;
        }
        Ok(program)
    }

    fn parse_atom(&mut self, depth: usize) -> Result<Vec<Step>, Unsupported> {
        let at = self.at;
        let step = match self.next() {
            None => return Ok(Vec::new()),
            Some('(') => return self.parse_group(at, depth),
            Some('[') => self.parse_class(at)?,
            Some('.') => self.class_step(Class { ranges: self.line_ends.to_vec(), negated: true }),
            Some('\\') => match self.parse_escape(at)? {
                Item::One(character) => Step::One(character),
                Item::Many(ranges) => self.class_step(Class { ranges: ranges.to_vec(), negated: false }),
            },
            Some('^') => Step::Start,
            Some('$') => Step::End,
            Some('*' | '+' | '?' | '{') => return unsupported(at, "a quantifier after nothing"),
            Some(character) => Step::One(character),
        };
        Ok(vec![step])
    }

    fn parse_group(&mut self, at: usize, depth: usize) -> Result<Vec<Step>, Unsupported> {
        if self.skip_char('?') && !self.skip_char(':') {
            return unsupported(at, "lookaround, a flag or a named group");
        }
        if depth >= DEPTH_MAX {
            return unsupported(at, "too large: more than 32 groups in each other");
        }
        let program = self.parse_alternatives(depth.saturating_add(1))?;
        if self.skip_char(')') {
            Ok(program)
        } else {
            unsupported(at, "a `(` without its `)`")
        }
    }

    fn parse_quantifier(&mut self, atom: Vec<Step>) -> Result<Vec<Step>, Unsupported> {
        let at = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => self.parse_count(at)?,
            Some(_) | None => return Ok(atom),
        };
        // The last character of the quantifier (`count` stops before its `}`), and the `?` of a lazy one.
        self.next();
        self.skip_char('?');
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return unsupported(self.at, "a possessive quantifier, or one on another");
        }
        let mut program = Vec::new();
        for _ in 0..least {
            self.append(&mut program, &atom)?;
        }
        let length = atom.len().saturating_add(1);
        match most {
            Some(most) => {
                // Each copy can end the repetition, so few states are alive at a time.
                for left in (1..=usize::saturating_sub(most, least)).rev() {
                    self.append(&mut program, &[Step::Fork(left.saturating_mul(length))])?;
                    self.append(&mut program, &atom)?;
                }
            }
            None => {
                if least == 0 {
                    self.append(&mut program, &[Step::Fork(length.saturating_add(1))])?;
                    self.append(&mut program, &atom)?;
                }
                self.append(&mut program, &[Step::Again(atom.len())])?;
            }
        }
        Ok(program)
    }

    /// Parses `{m`, `{m,` or `{m,n`, without the `}` that follows.
    fn parse_count(&mut self, at: usize) -> Result<(usize, Option<usize>), Unsupported> {
        self.next();
        let least = self.parse_number(at)?;
        let most = match (self.skip_char(','), self.peek()) {
            (false, _) => Some(least),
            (true, Some('}')) => None,
            (true, _) => Some(self.parse_number(at)?),
        };
        match self.peek() {
            Some('}') if most.is_none_or(|most| least <= most) => Ok((least, most)),
            Some(_) | None => unsupported(at, "a `{` that begins no count"),
        }
    }

    /// Parses a decimal number. Leading zeros are unsupported, because Go and Java read them differently.
    fn parse_number(&mut self, at: usize) -> Result<usize, Unsupported> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            if number == Some(0) {
                return unsupported(at, "a count with a leading zero");
            }
            let digit = usize::try_from(digit).unwrap_or(SIZE_MAX);
            let longer = number.unwrap_or(0).saturating_mul(10).saturating_add(digit);
            if longer > SIZE_MAX {
                return unsupported(at, "too large: a count over 1,000");
            }
            number = Some(longer);
            self.next();
        }
        number.map_or_else(|| unsupported(at, "a `{` that begins no count"), Ok)
    }

    fn parse_class(&mut self, at: usize) -> Result<Step, Unsupported> {
        let mut class = Class { ranges: Vec::new(), negated: self.skip_char('^') };
        loop {
            let here = self.at;
            if self.skip_char(']') {
                if class.ranges.is_empty() {
                    return unsupported(here, "an unescaped `]` first in a class");
                }
                return Ok(self.class_step(class));
            }
            match self.parse_class_item(at)? {
                Item::Many(ranges) => ranges.iter().for_each(|&(low, high)| class.add(low, high)),
                Item::One(low) => {
                    let mut high = low;
                    if self.peek() == Some('-') && !self.rest.as_str().starts_with("-]") {
                        self.refuse_operator()?;
                        self.next();
                        match self.parse_class_item(at)? {
                            Item::One(end) if low <= end => high = end,
                            Item::One(_) | Item::Many(_) => {
                                return unsupported(here, "a range that ends before it begins")
                            }
                        }
                    }
                    class.add(low, high);
                }
            }
            if class.ranges.len() > SIZE_MAX {
                return unsupported(here, "too large: a class of more than 1,000 ranges");
            }
        }
    }

    /// A character or a class like `\w` between the brackets of the class that begins at `at`.
    fn parse_class_item(&mut self, at: usize) -> Result<Item, Unsupported> {
        self.refuse_operator()?;
        let here = self.at;
        match self.next() {
            None => unsupported(at, "a `[` without its `]`"),
            Some('[') => unsupported(here, "an unescaped `[` in a class"),
            Some('\\') => self.parse_escape(here),
            Some(character) => Ok(Item::One(character)),
        }
    }

    fn refuse_operator(&self) -> Result<(), Unsupported> {
        let rest = self.rest.as_str();
        if rest.starts_with("&&") || rest.starts_with("--") {
            return unsupported(self.at, "`&&` or `--` in a class");
        }
        Ok(())
    }

    /// Parses what follows the `\` at `at`.
    fn parse_escape(&mut self, at: usize) -> Result<Item, Unsupported> {
        Ok(match self.next() {
            Some('t') => Item::One('\t'),
            Some('n') => Item::One('\n'),
            Some('r') => Item::One('\r'),
            Some('f') => Item::One('\x0C'),
            Some('d') => Item::Many(DIGIT),
            Some('D') => Item::Many(NOT_DIGIT),
            Some('s') => Item::Many(SPACE),
            Some('S') => Item::Many(NOT_SPACE),
            Some('w') => Item::Many(WORD),
            Some('W') => Item::Many(NOT_WORD),
            Some(character) if character.is_ascii_punctuation() => Item::One(character),
            Some('0'..='9') => return unsupported(at, "a backreference"),
            Some(_) | None => return unsupported(at, "an unknown escape"),
        })
    }

    fn class_step(&mut self, class: Class) -> Step {
        self.classes.push(class);
        Step::Any(self.classes.len().saturating_sub(1))
    }

    fn append(&self, program: &mut Vec<Step>, more: &[Step]) -> Result<(), Unsupported> {
        if program.len().saturating_add(more.len()) > SIZE_MAX {
            return unsupported(self.at, "too large: more than 1,000 instructions");
        }
        program.extend_from_slice(more);
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.at = self.at.saturating_add(1);
        Some(next)
    }

    fn skip_char(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.next();
        }
        there
    }
}

fn unsupported<T>(at: usize, what: &'static str) -> Result<T, Unsupported> {
    Err(Unsupported { at, what })
}
