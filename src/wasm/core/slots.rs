//! Handles: a slot and its generation in one u32.

/// A handle of an item, valid until the item is removed, and never reused. 0 is never valid.
pub(super) type Handle = u32;

const PLACE_BITS: u32 = 20;
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;
/// A slot whose generations are used up is never used again, so an old handle never matches a new item.
const GENERATION_MAX: u32 = (1 << (32 - PLACE_BITS)) - 1;

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    item: Option<T>,
}

/// Items by their [`Handle`]s.
#[derive(Debug)]
pub(super) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// Stores an item; `None` if there are 1,048,576 already.
    pub(super) fn insert(&mut self, item: T) -> Option<Handle> {
        let place = match self.free.pop() {
            Some(place) => place,
            None => {
                let place = u32::try_from(self.slots.len()).ok().filter(|place| *place <= PLACE_MASK)?;
                self.slots.push(Slot { generation: 0, item: None });
                place
            }
        };
        let slot = self.slots.get_mut(usize::try_from(place).ok()?)?;
        slot.generation = slot.generation.saturating_add(1);
        slot.item = Some(item);
        Some((slot.generation << PLACE_BITS) | place)
    }

    #[inline(always)]
    pub(super) fn get(&self, handle: Handle) -> Option<&T> {
        let slot = self.slots.get(usize::try_from(handle & PLACE_MASK).ok()?)?;
        if slot.generation == handle >> PLACE_BITS {
            slot.item.as_ref()
        } else {
            None
        }
    }

    fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let slot = self.slots.get_mut(usize::try_from(handle & PLACE_MASK).ok()?)?;
        if slot.generation == handle >> PLACE_BITS {
            slot.item.as_mut()
        } else {
            None
        }
    }

    pub(super) fn remove(&mut self, handle: Handle) -> Option<T> {
        let place = self.get_mut(handle).is_some().then_some(handle & PLACE_MASK)?;
        let slot = self.slots.get_mut(usize::try_from(place).ok()?)?;
        if slot.generation < GENERATION_MAX {
            self.free.push(place);
        }
        slot.item.take()
    }

    /// Removes the items that a predicate selects.
    pub(super) fn remove_all(&mut self, is_gone: impl Fn(&T) -> bool) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            if slot.item.take_if(|item| is_gone(item)).is_some() && slot.generation < GENERATION_MAX {
                self.free.push(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handle_is_not_valid_after_its_item_is_removed() {
        let mut slots = Slots::new();
        let first = slots.insert("first").unwrap_or(0);
        assert_eq!(slots.get(first), Some(&"first"));
        assert_eq!(slots.remove(first), Some("first"));
        let second = slots.insert("second").unwrap_or(0);
        assert_ne!(first, second);
        assert_eq!(slots.get(first), None);
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.get(second), Some(&"second"));
        assert_eq!(slots.get(0), None);
    }

    #[test]
    fn many_items_are_found_and_removed() {
        let mut slots = Slots::new();
        let handles: Vec<Handle> = (0..1_000_usize).filter_map(|number| slots.insert(number)).collect();
        for (number, handle) in handles.iter().enumerate() {
            assert_eq!(slots.get(*handle), Some(&number));
        }
        slots.remove_all(|number| *number >= 100);
        for (number, handle) in handles.iter().enumerate() {
            assert_eq!(slots.remove(*handle), (number < 100).then_some(number));
        }
        let again: Vec<Handle> = (0..1_000_usize).filter_map(|number| slots.insert(number)).collect();
        assert!(again.iter().all(|handle| handle & PLACE_MASK < 1_000 && !handles.contains(handle)));
    }

    #[test]
    fn remove_all_frees_the_slots_of_the_selected_items() {
        let mut slots = Slots::new();
        let handles: Vec<_> = (0..4).filter_map(|number| slots.insert(number)).collect();
        slots.remove_all(|number| number % 2 == 0);
        let left: Vec<_> = handles.iter().map(|handle| slots.get(*handle).copied()).collect();
        assert_eq!(left, [None, Some(1), None, Some(3)]);
        let again = slots.insert(4).unwrap_or(0);
        assert!(again & PLACE_MASK < 4 && !handles.contains(&again));
    }

    #[test]
    fn a_slot_is_retired_before_its_generations_repeat() {
        let mut slots = Slots::new();
        let first = slots.insert(()).unwrap_or(0);
        slots.remove(first);
        for _ in 1..GENERATION_MAX {
            let handle = slots.insert(()).unwrap_or(0);
            assert_ne!(handle, first);
            slots.remove(handle);
        }
        let next = slots.insert(()).unwrap_or(0);
        assert_eq!(next & PLACE_MASK, 1);
    }
}
