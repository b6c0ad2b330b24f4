//! Simulates a program on a text.

use std::mem;

use super::program::{Regex, Step};

impl Regex {
    /// Follows all paths through the program at once. Calls `count` for each state at each position.
    pub(super) fn run(&self, text: &str, is_full_match: bool, mut count: impl FnMut()) -> bool {
        // A match that must begin at the start of the text is not tried elsewhere.
        let once = is_full_match || matches!(self.program.first(), Some(Step::Start));
        let mut now = States::new(self.program.len());
        let mut then = States::new(self.program.len());
        let mut rest = text.chars();
        let mut first = true;
        loop {
            let next = rest.next();
            if first || !once {
                now.add_thread(0);
            }
            let mut index = 0;
            // The list grows while it is visited: states that consume no character are added at its end.
            while let Some(&at) = now.list.get(index) {
                count();
                index = index.saturating_add(1);
                let after = at.saturating_add(1);
                match self.program.get(at) {
                    None if !is_full_match || next.is_none() => return true,
                    None => {}
                    Some(Step::One(wanted)) if next == Some(*wanted) => then.add_thread(after),
                    Some(Step::Any(class)) if next.is_some_and(|next| self.class_contains(*class, next)) => {
                        then.add_thread(after)
                    }
                    Some(Step::Start) if first => now.add_thread(after),
                    Some(Step::End) if next.is_none() => now.add_thread(after),
                    Some(Step::One(_) | Step::Any(_) | Step::Start | Step::End) => {}
                    Some(Step::Skip(by)) => now.add_thread(at.saturating_add(*by)),
                    Some(Step::Fork(by)) => {
                        now.add_thread(after);
                        now.add_thread(at.saturating_add(*by));
                    }
                    Some(Step::Again(by)) => {
                        now.add_thread(after);
                        now.add_thread(at.saturating_sub(*by));
                    }
                }
            }
            if next.is_none() || (once && then.list.is_empty()) {
                return false;
            }
            mem::swap(&mut now, &mut then);
            then.clear();
            first = false;
        }
    }

    fn class_contains(&self, class: usize, character: char) -> bool {
        self.classes.get(class).is_some_and(|class| class.contains(character))
    }
}

/// A set of instructions, in the order in which they were added.
struct States {
    list: Vec<usize>,
    seen: Vec<bool>,
}

impl States {
    /// An empty set with capacity for all instructions and the position after the last.
    fn new(program: usize) -> Self {
        let places = program.saturating_add(1);
        Self { list: Vec::with_capacity(places), seen: vec![false; places] }
    }

    fn add_thread(&mut self, at: usize) {
        if let Some(seen) = self.seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            self.list.push(at);
        }
    }

    fn clear(&mut self) {
        for at in self.list.drain(..) {
            if let Some(seen) = self.seen.get_mut(at) {
                *seen = false;
            }
        }
    }
}
