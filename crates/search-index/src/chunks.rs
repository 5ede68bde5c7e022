//! Puts the terms of all pages in order, and cuts them into chunks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cbor::{push_array, push_number, push_text};
use super::fragment::ReadPage;
use super::lexicon::Lexicon;

/// The terms of all pages.
#[derive(Debug)]
pub struct TermTable<'p> {
    lexicon: &'p Lexicon,
    pages: &'p [Arc<ReadPage>],
    /// The pages of each term, in order: the number of the page, and which of its terms it is. One term's come after
    /// another's, in the order of their numbers.
    listed: Vec<(u32, u32)>,
    /// Where the pages of each term begin.
    starts: Vec<u32>,
    /// The terms without accents, by their texts.
    order: Vec<u32>,
    /// The forms with accents of those that have any.
    accented: BTreeMap<u32, Vec<u32>>,
}

impl<'p> TermTable<'p> {
    /// Lists the pages of each term.
    pub fn of(pages: &'p [Arc<ReadPage>], lexicon: &'p Lexicon) -> Self {
        // First how many pages each has, so that each has its place in one list.
        let mut starts = vec![0_u32; lexicon.terms.len() + 1];
        for found in pages.iter().flat_map(|page| &page.postings.terms) {
            starts[found.term as usize + 1] += 1;
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }

        let mut next = starts.clone();
        let mut listed = vec![(0, 0); starts[lexicon.terms.len()] as usize];
        for (number, page) in pages.iter().enumerate() {
            for (at, found) in page.postings.terms.iter().enumerate() {
                let place = &mut next[found.term as usize];
                listed[*place as usize] = (number as u32, at as u32);
                *place += 1;
            }
        }

        let (order, accented) = (Vec::new(), BTreeMap::new());
        let mut table = TermTable { lexicon, pages, listed, starts, order, accented };
        table.order = table.in_order();
        table.accented = table.with_accents();
        table
    }

    /// The terms that are on some page, with or without accents.
    fn in_order(&self) -> Vec<u32> {
        let terms = self.lexicon.terms.iter().enumerate();
        let found = terms.filter(|(number, _)| !self.pages_of(*number as u32).is_empty());
        let mut order: Vec<u32> = found.map(|(_, term)| term.plain).collect();
        order.sort_unstable_by_key(|term| self.text(*term));
        order.dedup();
        order
    }

    /// The forms with accents that are on some page, in the order in which they are met, on one page those of the text
    /// first.
    fn with_accents(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut accented: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (form, term) in (0..).zip(&self.lexicon.terms) {
            if term.plain != form && !self.pages_of(form).is_empty() {
                accented.entry(term.plain).or_default().push(form);
            }
        }
        let met = |form: &u32| {
            let (page, at) = self.pages_of(*form)[0];
            let is_of_fields = self.pages[page as usize].postings.terms[at as usize].is_of_fields;
            (page, is_of_fields, self.text(*form))
        };
        accented.values_mut().for_each(|forms| forms.sort_by_key(met));
        accented
    }

    /// How many terms there are, with all their forms.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Cuts the terms into chunks of about so many numbers: the words of each, which follow one another.
    pub fn chunks(&self, most: usize) -> Vec<&[u32]> {
        let mut size = 0;
        let mut ends = |term: &u32| {
            let of_forms: usize = self.forms(*term).iter().map(|form| 1 + self.size(*form)).sum();
            size += self.size(*term) + of_forms;
            let is_full = size >= most;
            size = if is_full { 0 } else { size };
            is_full
        };
        self.order.split_inclusive(|term| ends(term)).collect()
    }

    /// Writes a chunk: each word, its pages, and its forms with their pages.
    pub fn encode(&self, chunk: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        push_array(&mut out, 1);
        push_array(&mut out, chunk.len());
        for term in chunk {
            push_array(&mut out, 3);
            self.push_term(&mut out, *term);
            let forms = self.forms(*term);
            push_array(&mut out, forms.len());
            for form in forms {
                push_array(&mut out, 2);
                self.push_term(&mut out, *form);
            }
        }
        out
    }

    /// Writes a word and its pages.
    fn push_term(&self, out: &mut Vec<u8>, term: u32) {
        push_text(out, self.text(term));
        let pages = self.pages_of(term);
        push_array(out, pages.len());
        let mut before = 0;
        for (page, at) in pages {
            push_array(out, 3);
            push_number(out, i64::from(page - before));
            out.extend_from_slice(self.pages[*page as usize].postings.bytes(*at as usize));
            before = *page;
        }
    }

    fn pages_of(&self, term: u32) -> &[(u32, u32)] {
        &self.listed[self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize]
    }

    fn forms(&self, term: u32) -> &[u32] {
        self.accented.get(&term).map_or(&[], Vec::as_slice)
    }

    /// How many numbers say where a term is.
    fn size(&self, term: u32) -> usize {
        let of_page = |(page, at): &(u32, u32)| {
            1 + self.pages[*page as usize].postings.terms[*at as usize].size as usize
        };
        self.pages_of(term).iter().map(of_page).sum()
    }

    /// The word of a term.
    pub fn text(&self, term: u32) -> &'p str {
        &self.lexicon.terms[term as usize].text
    }
}
