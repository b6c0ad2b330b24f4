//! Finds a question in a region.
//!
//! A path is chosen first. Where the pattern leaves a choice, the search first tries texts that no document mentions,
//! because they match the fewest exceptions. Then it tries texts with which conditions compare parts of the path. Then
//! it chooses values for the attributes that the grant needs. If an exception excludes the question, one of its
//! statements has to fail (for a limit, must hold), and values are chosen again.

use super::super::attributes::Root;
use super::super::condition::Scalar;
use super::super::model::Type;
use super::super::pattern::{parse_literal, Path, PathMemory, SEGMENTS_MAX};
use super::atom::{Atom, Var};
use super::choice::{Choice, Chosen, Need};
use super::goals::{Frame, Groups};
use super::line::EntryKind;
use super::pattern::{Pattern, Piece};
use super::region::{Exception, Region};
use super::solve::{Budget, Model, TooMuch};
use super::store::Store;
use super::values::Values;
use crate::document::limits::NAME_MAX;

/// The most pairs of a path and an id that are tried for one region.
const PATHS_MAX: usize = 2_000;

/// A question, except for its action.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) path: String,
    /// The id of a user with a record.
    pub(super) id: String,
    pub(super) model: Model,
    pub(super) now: Option<u64>,
}

/// The inputs of the search.
pub(super) struct Search<'s, 'r> {
    pub(super) store: &'s Store<'r>,
    pub(super) region: &'s Region,
    pub(super) action: &'s str,
    /// The groups of a user with a record. `None` for other subjects.
    pub(super) groups: Option<&'s Groups>,
    /// Texts that do not occur in the documents: two for attributes, one for an id, and one for each segment.
    pub(super) fresh: &'s [u32],
    pub(super) budget: &'s mut Budget,
}

/// The number of such texts that a search needs.
pub(super) const FRESH: usize = SEGMENTS_MAX + 3;

impl Search<'_, '_> {
    /// A question of the region that `check` confirms.
    pub(super) fn find(&mut self, check: &mut dyn FnMut(&Witness) -> bool) -> Result<Option<Witness>, TooMuch> {
        let mut tried = 0_usize;
        let compared = self.compared_texts();
        for (template, ids) in self.templates() {
            for (path, id) in self.candidate_paths(&template, &ids, &compared)? {
                tried = tried.saturating_add(1);
                if tried > PATHS_MAX {
                    return Err(TooMuch);
                }
                self.budget.take_steps(self.region.exceptions.len() / 8)?;
                if let Some(witness) = self.find_on_path(&path, &id)? {
                    if check(&witness) {
                        return Ok(Some(witness));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The patterns of fixed length that make up the region, with the ids that they need.
    fn templates(&self) -> Vec<(Pattern, Vec<u32>)> {
        let region = (self.region.pattern.clone(), self.region.ids.clone());
        let mut templates = vec![region];
        let mut has_shapes = false;
        for records in self.store.documents {
            let Some(types) = &records.types else { continue };
            has_shapes = true;
            let shapes: Vec<Pattern> = types.list.iter().map(|kind| self.shape_pattern(kind)).collect();
            let both = |(pattern, ids): &(Pattern, Vec<u32>), shape: &Pattern| {
                let (both, further) = pattern.intersect(shape)?;
                let mut ids = [&**ids, &further].concat();
                ids.dedup();
                (ids.len() <= 1).then_some((both, ids))
            };
            templates =
                templates.iter().flat_map(|one| shapes.iter().filter_map(move |shape| both(one, shape))).collect();
        }
        if has_shapes {
            return templates;
        }
        let pattern = &self.region.pattern;
        let others = self.region.exceptions.iter().filter_map(|exception| self.store.pattern(exception.key.pattern));
        let longest =
            others.map(|other| other.pieces.len()).max().unwrap_or(0).max(pattern.pieces.len()).saturating_add(1);
        let most = if pattern.has_rest { longest.min(SEGMENTS_MAX) } else { pattern.pieces.len() };
        let of_length = |count: usize| {
            let mut pieces = pattern.pieces.clone();
            pieces.resize(count, Piece::Any);
            (Pattern { pieces, has_rest: false }, self.region.ids.clone())
        };
        (pattern.pieces.len()..=most).map(of_length).collect()
    }

    /// The paths of a shape. Literals that no pattern mentions match none.
    fn shape_pattern(&self, kind: &Type) -> Pattern {
        let piece = |(text, part): (&str, &Option<Box<str>>)| match part {
            Some(_) => Piece::Any,
            None => Piece::Literal(self.store.texts.number_of(parse_literal(text).unwrap_or(text))),
        };
        Pattern { pieces: kind.shape.split('/').zip(&kind.parts).map(piece).collect(), has_rest: false }
    }

    /// The statements that can decide.
    fn atoms(&self) -> Vec<&Atom> {
        let exceptions = self.region.exceptions.iter().map(|exception| exception.key.when);
        [self.region.when, self.region.unless]
            .into_iter()
            .chain(exceptions)
            .flat_map(|when| self.store.atoms_of(when))
            .collect()
    }

    /// The texts that parts of the path, the path and the id are compared with.
    fn compared_texts(&self) -> (Vec<u32>, bool) {
        let atoms = self.atoms();
        let is_compared = |var: &Var| self.store.is_of_path(&var.attribute) || is_id(var);
        let about: Vec<&&Atom> = atoms.iter().filter(|atom| atom.vars().iter().any(|var| is_compared(var))).collect();
        let mut texts: Vec<u32> = Vec::new();
        for value in about.iter().flat_map(|atom| atom.constants()) {
            if let Scalar::Text(text) = value {
                texts.extend((!text.is_empty()).then(|| self.store.texts.number_of(&text)));
            }
        }
        texts.sort_unstable();
        texts.dedup();
        (texts, !about.is_empty())
    }

    /// Paths of a template, each with an id, the likeliest first.
    fn candidate_paths(
        &self,
        template: &Pattern,
        ids: &[u32],
        (texts, is_compared): &(Vec<u32>, bool),
    ) -> Result<Vec<(Vec<u32>, String)>, TooMuch> {
        let Some((fresh_id, segments)) = self.fresh.get(2..).and_then(|fresh| fresh.split_first()) else {
            return Ok(Vec::new());
        };
        let is_compared = *is_compared;
        let text = |place: u32| self.store.texts.text(place);
        let is_segment = |place: &u32| !text(*place).contains('/');
        let mut candidates: Vec<(Vec<u32>, String)> = Vec::new();
        let is_id_in_path = template.has_subject() || !ids.is_empty();
        let first_ids: Vec<u32> = match ids.first() {
            Some(id) => vec![*id],
            None if is_id_in_path => [*fresh_id].into_iter().chain(texts.iter().copied().filter(is_segment)).collect(),
            None => vec![*fresh_id],
        };
        for id in first_ids {
            let literals: Vec<u32> = template
                .pieces
                .iter()
                .filter_map(|piece| if let Piece::Literal(text) = piece { Some(*text) } else { None })
                .collect();
            let mut paths: Vec<Vec<u32>> = vec![Vec::new()];
            for (piece, fresh) in template.pieces.iter().zip(segments) {
                let mut choices = match piece {
                    Piece::Literal(text) => vec![*text],
                    Piece::Subject => vec![id],
                    Piece::Any => vec![*fresh],
                };
                if *piece == Piece::Any && is_compared {
                    choices.extend(texts.iter().copied().filter(is_segment));
                    choices.push(id);
                    choices.extend(segments.first());
                    choices.extend(&literals);
                }
                let mut seen = Vec::new();
                choices.retain(|choice| {
                    !seen.contains(choice) && {
                        seen.push(*choice);
                        true
                    }
                });
                let longer =
                    |path: &Vec<u32>| choices.iter().map(|choice| [&**path, &[*choice]].concat()).collect::<Vec<_>>();
                paths = paths.iter().flat_map(longer).collect();
                if paths.len() > PATHS_MAX {
                    return Err(TooMuch);
                }
            }
            if is_compared {
                paths.extend(texts.iter().filter_map(|place| self.instantiate_pattern(text(*place), template, id)));
            }
            for path in paths {
                candidates.push((path.clone(), text(id).to_owned()));
                if is_compared && !is_id_in_path && self.groups.is_some() {
                    let others = texts.iter().chain(&path).map(|other| text(*other).to_owned());
                    candidates.extend(others.chain([self.join_segments(&path)]).map(|other| (path.clone(), other)));
                }
            }
        }
        Ok(candidates)
    }

    /// The segments of a complete path, if the template matches it.
    fn instantiate_pattern(&self, path: &str, template: &Pattern, id: u32) -> Option<Vec<u32>> {
        let segments: Vec<u32> = path.split('/').map(|segment| self.store.texts.number_of(segment)).collect();
        (!path.split('/').any(str::is_empty) && template.matches(&segments, Some(id))).then_some(segments)
    }

    fn join_segments(&self, path: &[u32]) -> String {
        let segments: Vec<&str> = path.iter().map(|place| self.store.texts.text(*place)).collect();
        segments.join("/")
    }

    /// A question on this path by a user of this id.
    fn find_on_path(&mut self, segments: &[u32], name: &str) -> Result<Option<Witness>, TooMuch> {
        let path = self.join_segments(segments);
        if path.len() > NAME_MAX {
            return Ok(None);
        }
        let mut memory = PathMemory::default();
        let Some(parsed) = Path::parse(&path, &mut memory) else { return Ok(None) };
        let documents = self.store.documents;
        if !documents.iter().all(|records| records.knows_resource(&path)) {
            return Ok(None);
        }
        let types = documents.map(|records| records.type_of(&parsed));
        let id = self.store.texts.number_of(name);
        let known = |var: &Var| value_in_question(var, &parsed, types, name, self.action);
        let matching = |exception: &&Exception| {
            self.store.pattern(exception.key.pattern).is_some_and(|pattern| pattern.matches(segments, Some(id)))
        };
        let exceptions: Vec<&Exception> = self.region.exceptions.iter().filter(matching).collect();
        if exceptions.iter().any(|exception| exception.is_unconditional()) {
            return Ok(None);
        }
        let [first, second] =
            [0, 1].map(|place| self.fresh.get(place).map_or("", |place| self.store.texts.text(*place)));
        let frame = Frame { known: &known, fresh: [first, second], groups: self.groups };
        let mut needs = vec![Need::Holds(self.region.when, self.region.span), Need::Fails(self.region.unless, None)];
        needs.extend(exceptions.iter().map(|exception| match exception.of {
            EntryKind::Grants => Need::Fails(exception.key.when, exception.key.span),
            EntryKind::Limits => Need::Holds(exception.key.when, None),
        }));
        let mut choice = Choice { store: self.store, frame: &frame, needs: &needs, budget: self.budget };
        let chosen = choice.choose_model(&Chosen::default())?;
        Ok(chosen.map(|(model, now)| Witness { path, id: name.to_owned(), model, now }))
    }
}

/// The value that the question itself supplies for an attribute.
fn value_in_question(var: &Var, path: &Path<'_>, types: [Option<&Type>; 2], id: &str, action: &str) -> Option<Values> {
    let names = &*var.attribute.names;
    let (first, has_rest) = names.split_once('.').map_or((names, false), |(first, _)| (first, true));
    let text = match (var.attribute.root, first) {
        (Root::Subject, "id") => id,
        (Root::Action, "name") => action,
        (Root::Resource, "path") => path.text(),
        (Root::Resource, name) => {
            let kind = types.get(var.side.unwrap_or(0)).copied().flatten()?;
            match kind.parts.iter().position(|part| part.as_deref() == Some(name)) {
                _ if name == "type" => &kind.name,
                Some(place) => path.segment(place),
                None => return None,
            }
        }
        _ => return None,
    };
    Some(if has_rest { Values::default() } else { Values::text(text) })
}

fn is_id(var: &Var) -> bool {
    var.attribute.root == Root::Subject && &*var.attribute.names == "id"
}
