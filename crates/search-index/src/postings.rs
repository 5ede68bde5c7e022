//! Postings: where on a page its terms are, encoded as the index has them.

use super::cbor::{push_array, push_number};

/// The weight of a word in the text is 24. Of a file's numbers, Pagefind gives 25 to those before the first mark.
const UNMARKED: u8 = 25;
/// How many bits of a posting are a place, and how many its kind.
const PLACE: u32 = 28;
const KIND: u32 = 9;
/// The kinds of places that are weights in the text; above are the numbers of fields.
const WEIGHTS: u64 = 1 << 8;

/// The places of a page's terms, not in order yet: in a number, the term, the weight or the field, and the place, so
/// that they are put in order by comparing numbers. More than 134 million terms would not fit into memory.
#[derive(Debug, Default)]
pub struct PagePlaces(Vec<u64>);

/// The places of a page's terms as they are in the index.
#[derive(Debug, Default)]
pub struct Postings {
    /// The terms, in the order of their numbers.
    pub terms: Vec<PageTerm>,
    bytes: Vec<u8>,
}

/// Where on a page a term is.
#[derive(Clone, Copy, Debug)]
pub struct PageTerm {
    /// The number of the term.
    pub term: u32,
    /// Whether it is in a field only.
    pub is_of_fields: bool,
    /// How many numbers say where it is.
    pub size: u32,
    /// Where its bytes begin.
    start: u32,
}

impl PagePlaces {
    /// Adds a place in the text. Places above 268 million are one place.
    pub fn push_in_text(&mut self, term: u32, weight: u8, place: u32) {
        // In Pagefind's order, the weight that needs no mark is the first.
        let kind = if weight == UNMARKED { 0 } else { weight };
        self.push(term, u64::from(kind), place);
    }

    /// Adds a place in a field.
    pub fn push_in_field(&mut self, term: u32, field: u8, place: u32) {
        self.push(term, WEIGHTS | u64::from(field), place);
    }

    fn push(&mut self, term: u32, kind: u64, place: u32) {
        let place = u64::from(place).min((1 << PLACE) - 1);
        self.0.push(u64::from(term) << (KIND + PLACE) | kind << PLACE | place);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Encodes them.
    pub fn encode(mut self) -> Postings {
        self.0.sort_unstable();

        let mut postings = Postings::default();
        for places in self.0.chunk_by(|a, b| a >> (KIND + PLACE) == b >> (KIND + PLACE)) {
            let (in_text, in_fields) =
                places.split_at(places.partition_point(|place| kind(*place) < WEIGHTS));
            let start = postings.bytes.len() as u32;
            let size =
                push_places(&mut postings.bytes, in_text) + push_places(&mut postings.bytes, in_fields);
            postings.terms.push(PageTerm {
                term: (places[0] >> (KIND + PLACE)) as u32,
                is_of_fields: in_text.is_empty(),
                size: size as u32,
                start,
            });
        }
        postings.terms.shrink_to_fit();
        postings.bytes.shrink_to_fit();
        postings
    }
}

impl Postings {
    /// The bytes of a term, by its place in [`terms`](Postings::terms).
    pub fn bytes(&self, at: usize) -> &[u8] {
        let end = self.terms.get(at + 1).map_or(self.bytes.len(), |next| next.start as usize);
        &self.bytes[self.terms[at].start as usize..end]
    }
}

fn kind(place: u64) -> u64 {
    place >> PLACE & ((1 << KIND) - 1)
}

/// Writes the places of a term, all in the text or all in fields; returns how many numbers they are.
fn push_places(out: &mut Vec<u8>, places: &[u64]) -> usize {
    let of_kinds = || places.chunk_by(|a, b| kind(*a) == kind(*b));
    let marks = of_kinds().filter(|places| kind(places[0]) > 0).count();
    push_array(out, places.len() + marks);

    for places in of_kinds() {
        let kind = kind(places[0]);
        if kind > 0 {
            push_number(out, -1 - (kind & (WEIGHTS - 1)) as i64);
        }
        let mut before = 0;
        for place in places.iter().map(|place| (place & ((1 << PLACE) - 1)) as i64) {
            push_number(out, place - before);
            before = place;
        }
    }
    places.len() + marks
}
