//! What the author of a link that leads to nothing most probably meant.
//!
//! A book that was moved from elsewhere can have thousands of such links, and thousands of files. Each file is compared by
//! the letters of its name first, which costs a few nanoseconds; only names with nearly the same letters are compared in
//! full, and only so often.

use std::sync::atomic::{self, AtomicUsize};
use std::sync::{Mutex, OnceLock, PoisonError};

use foldhash::HashMap;

use crate::parse::address::is_index;
use crate::text::{nearest, slug};

/// The paths of a book, to look for what was meant.
#[derive(Default)]
pub struct Suggestions {
    paths: OnceLock<Vec<KnownPath>>,
    /// What was meant by the paths that were asked for, as its place in `paths`: many links can lead to one missing file.
    found: Mutex<HashMap<(String, Wanted), Option<usize>>>,
    spent: AtomicUsize,
}

/// A path that can be meant.
struct KnownPath {
    path: String,
    name: Name,
    is_chapter: bool,
}

/// The parts of a path that are compared, in lower case.
struct Name {
    folder: String,
    /// The file's name without its number and its extension.
    stem: String,
    extension: String,
    letters: Letters,
}

/// Which characters a text has, and how many.
#[derive(Clone, Copy)]
struct Letters {
    set: u64,
    count: usize,
}

/// How many comparisons in full there are for all links of a book; together they take some ten milliseconds.
const COMPARISONS: usize = 20_000;

/// How many pairs of letters a comparison looks at that counts as one.
const LETTERS: usize = 256;

/// How many times as long [`nearest`] takes for one of its candidates.
const COST_OF_NEAREST: usize = 3;

/// What a broken link can lead to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// Chapters and other files.
    AnyFile,
    /// Chapters.
    Chapter,
    /// Files that are no chapters.
    Asset,
}

impl Suggestions {
    /// The path with the name nearest to that of a path, and of several the one in the nearest folder. `known` lists the
    /// chapters and the other files; it is called once.
    pub fn path<'k>(
        &self,
        path: &str,
        wanted: Wanted,
        known: impl FnOnce() -> (Vec<&'k str>, Vec<&'k str>),
    ) -> Option<&str> {
        let paths = self.paths.get_or_init(|| {
            let (chapters, files) = known();
            let of_kind = |is_chapter| {
                move |path: &str| KnownPath {
                    path: path.to_owned(),
                    name: Name::of(path, is_chapter),
                    is_chapter,
                }
            };
            let chapters = chapters.into_iter().map(of_kind(true));
            let mut all: Vec<KnownPath> = chapters.chain(files.into_iter().map(of_kind(false))).collect();
            all.sort_unstable_by(|one, other| one.path.cmp(&other.path));
            all
        });

        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let meant =
            *found.entry((path.to_owned(), wanted)).or_insert_with(|| self.nearest_of(paths, path, wanted));
        Some(&paths[meant?].path)
    }

    /// The place of the nearest path.
    fn nearest_of(&self, paths: &[KnownPath], path: &str, wanted: Wanted) -> Option<usize> {
        let is_chapter = wanted != Wanted::Asset && (slug::is_chapter(path) || !has_extension(path));
        let name = Name::of(path, is_chapter);
        if name.stem.is_empty() {
            return None;
        }

        let can_be = |known: &KnownPath| match wanted {
            Wanted::AnyFile => known.is_chapter == is_chapter,
            Wanted::Chapter => known.is_chapter,
            Wanted::Asset => !known.is_chapter,
        };
        let candidates = paths.iter().enumerate();
        let candidates: Vec<(usize, &KnownPath)> =
            candidates.filter(|(_, known)| can_be(known) && name.may_mean(&known.name)).collect();
        let rank = |of_stem: usize, (place, known): (usize, &KnownPath)| {
            (of_stem, steps(&name.folder, &known.name.folder), place)
        };

        // A file that was moved has the same name. Of others, those in the same folder are compared first.
        let same = candidates.iter().filter(|(_, known)| known.name.stem == name.stem);
        if let Some((.., place)) = same.map(|known| rank(0, *known)).min() {
            return Some(place);
        }
        let (beside, elsewhere): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|(_, known)| known.name.folder == name.folder);
        let all = beside.into_iter().chain(elsewhere);
        let like = all.filter_map(|known| Some(rank(self.distance(&name, &known.1.name)?, known)));
        like.min().map(|(.., place)| place)
    }

    /// The anchor nearest to another.
    pub fn anchor<'a>(&self, wanted: &str, known: &[&'a str]) -> Option<&'a str> {
        let letters = Letters::of(&wanted.to_lowercase());
        let near = |known: &&&str| letters.are_near(Letters::of(&known.to_lowercase()));
        let near: Vec<&str> = known.iter().filter(near).copied().collect();
        if self.may_compare(COST_OF_NEAREST * near.len()) { nearest(wanted, near) } else { None }
    }

    /// How many letters of two names differ; `None` if they are not near, or if there were too many comparisons. The rule is
    /// that of [`nearest`].
    fn distance(&self, wanted: &Name, other: &Name) -> Option<usize> {
        if !self.may_compare(1 + wanted.letters.count * other.letters.count / LETTERS) {
            return None;
        }

        let distance = strsim::osa_distance(&wanted.stem, &other.stem);
        let is_replaced =
            wanted.letters.count <= 3 && strsim::hamming(&wanted.stem, &other.stem) == Ok(distance);
        let is_one_letter = wanted.letters.count.min(other.letters.count) <= 1;
        let is_near = distance <= wanted.letters.most_different() && !is_replaced && !is_one_letter;
        (distance == 0 || is_near).then_some(distance)
    }

    /// Whether some more names may be compared in full.
    fn may_compare(&self, count: usize) -> bool {
        self.spent.fetch_add(count, atomic::Ordering::Relaxed) < COMPARISONS
    }
}

impl Name {
    fn of(path: &str, is_chapter: bool) -> Self {
        let lower = path.to_lowercase();
        let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
        let (stem, extension) = match name.rsplit_once('.') {
            _ if is_chapter => (slug::stem(name), ""),
            Some(parts) => parts,
            None => (name, ""),
        };
        let mut stem = slug::without_number(stem);
        let mut folder = folder;
        // A folder's own page is known by the folder.
        if is_chapter && is_index(stem) {
            (folder, stem) = folder.rsplit_once('/').unwrap_or(("", folder));
            stem = slug::without_number(stem);
        }
        Name {
            letters: Letters::of(stem),
            folder: folder.to_owned(),
            stem: stem.to_owned(),
            extension: extension.to_owned(),
        }
    }

    /// Whether another name has nearly the same letters, and the first or the last one where it is.
    fn may_mean(&self, other: &Name) -> bool {
        let (one, two) = (self.stem.as_bytes(), other.stem.as_bytes());
        self.letters.are_near(other.letters)
            && (one.first() == two.first() || one.last() == two.last())
            && self.extension == other.extension
    }
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Letters { set: 0, count: 0 };
        for c in text.chars() {
            letters.set |= 1 << (u32::from(c) % u64::BITS);
            letters.count += 1;
        }
        letters
    }

    /// How many letters may differ.
    fn most_different(self) -> usize {
        self.count.max(3) / 3
    }

    /// Whether a text with these letters can be near one with others. At most a third of the letters may differ, and one
    /// that is replaced changes two in the sets.
    fn are_near(self, other: Letters) -> bool {
        let most = self.most_different();
        self.count.abs_diff(other.count) <= most && (self.set ^ other.set).count_ones() as usize <= 2 * most
    }
}

/// How many steps lead from one folder to another.
fn steps(from: &str, to: &str) -> usize {
    let same = from.split('/').zip(to.split('/')).take_while(|(from, to)| from == to).count();
    from.split('/').count() + to.split('/').count() - 2 * same
}

/// Whether a path ends with something like an extension.
fn has_extension(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let is_short = (1..=5).contains(&extension.len());
        !stem.is_empty() && is_short && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Top-level domains of most of the web.
const DOMAINS: &[&str] = &[
    "ai", "app", "at", "au", "be", "blog", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev",
    "dk", "edu", "es", "eu", "fi", "fr", "gov", "in", "info", "io", "it", "jp", "kr", "me", "net", "nl",
    "no", "org", "page", "pl", "pt", "ru", "se", "site", "tech", "uk", "us", "wiki", "xyz",
];

/// Whether a path is a web address whose scheme was forgotten: `www.example.org`, `example.org/page`.
pub fn is_host(path: &str) -> bool {
    let (host, rest) = path.split_once('/').map_or((path, None), |(host, rest)| (host, Some(rest)));
    let lower = host.to_ascii_lowercase();
    let labels: Vec<&str> = lower.split('.').collect();
    let is_label = |label: &&str| {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_valid)
    };
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return false };
    if labels.len() < 2 || !labels.iter().all(is_label) {
        return false;
    }
    // A name with one dot and nothing after it can be a file's.
    let is_plain = rest.is_some() || labels.len() > 2 || ["com", "net", "org"].contains(last);
    *first == "www" || DOMAINS.contains(last) && is_plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_near() {
        let suggestions = Suggestions::default();
        let known = || {
            let chapters = [
                "content/a.md",
                "content/b.md",
                "content/ge.md",
                "content/é.md",
                "content/server/03-keys.md",
            ];
            (chapters.to_vec(), vec!["content/keys.png"])
        };
        for (path, wanted, meant) in [
            ("content/B.md", Wanted::AnyFile, Some("content/b.md")),
            ("content/g", Wanted::AnyFile, None),
            ("content/ba.md", Wanted::AnyFile, None),
            ("content/gee.md", Wanted::AnyFile, Some("content/ge.md")),
            ("content/nope.md", Wanted::AnyFile, None),
            ("content/img", Wanted::AnyFile, None),
            ("content/upper.md", Wanted::AnyFile, None),
            ("content/servr/kesy.md", Wanted::Chapter, Some("content/server/03-keys.md")),
            ("content/keys.md", Wanted::AnyFile, Some("content/server/03-keys.md")),
            ("content/keys", Wanted::AnyFile, Some("content/server/03-keys.md")),
            ("content/parts/one/index.md", Wanted::AnyFile, None),
            ("content/server/kesy/index.md", Wanted::AnyFile, Some("content/server/03-keys.md")),
            ("content/img/keys.png", Wanted::Asset, Some("content/keys.png")),
            ("content/keys.md", Wanted::Asset, None),
        ] {
            assert_eq!(suggestions.path(path, wanted, known), meant, "{path}");
        }
    }

    #[test]
    fn hosts_are_known_by_their_names() {
        for host in [
            "www.example.example",
            "example.org",
            "example.co.uk",
            "docs.example.dev/a/b.html",
            "example.io/x",
        ] {
            assert!(is_host(host), "{host}");
        }
        for path in [
            "a.md",
            "src/main.rs",
            "file.tar.gz",
            "script.sh/x",
            "v1.2/notes",
            "../www.x",
            "node.js",
            "a/b.com",
        ] {
            assert!(!is_host(path), "{path}");
        }
    }
}
