//! Where the groups of a pattern have matched.

use onig::Region;

/// Where a pattern has matched, and each of its groups.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Start and end of each, [`UNMATCHED`](Groups::UNMATCHED) for those that were not met.
    pub places: Vec<usize>,
}

impl Groups {
    /// The place of what has not matched.
    pub const UNMATCHED: usize = usize::MAX;

    /// The place of a group; 0 is the whole match.
    pub fn get(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (*self.places.get(2 * group)?, *self.places.get(2 * group + 1)?);
        (start != Groups::UNMATCHED && end != Groups::UNMATCHED).then_some((start, end))
    }

    /// Takes over what Oniguruma has found.
    pub fn set(&mut self, region: &Region) {
        self.places.clear();
        for group in 0..region.len() {
            let (start, end) = region.pos(group).unwrap_or((Groups::UNMATCHED, Groups::UNMATCHED));
            self.places.extend([start, end]);
        }
    }
}
