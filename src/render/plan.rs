//! From a book to its jobs: which outputs there are, at which paths, and what each depends on.
//!
//! What many jobs share is made once here and hashed once.

use std::sync::Arc;

use rayon::prelude::*;

use super::bundle::{BookBundles, Bundles};
use super::inputs::{
    ChapterJob, ContentsLine, ContentsTarget, Frame, ListJob, Logo, MarkdownJob, PageRef, PartContents,
    PartHead, PrintChapter, PrintJob, RedirectJob, Reference, SidebarPosition, SiteFacts,
};
use super::job::Job;
use super::lists::feeds::{self, SitemapEntry};
use super::pages::shared_list::SharedList;
use super::pages::{checked, markdown, page};
use super::search::index::INDEX;
use super::theme::Theme;
use crate::bind::address::Redirect;
use crate::bind::book::ChapterPosition;
use crate::bind::places::{self, CONTENTS, FEED, LLMS, NOT_FOUND, PRINT, ROBOTS, SITEMAP, page_file};
use crate::bind::resolve::Referent;
use crate::bind::{Book, BookPart, Chapter, ChapterId, EntryTarget, PartEntry};
use crate::read::config_values::EditUrl;
use crate::read::layout::STATIC;
use crate::read::{Config, Snapshot};
use crate::text::Hashed;
use crate::text::url;

/// Chapters without a part are listed on every page while they are this few.
const FEW: usize = 12;

/// What the jobs of one site share, made once.
pub struct Plan<'b> {
    book: &'b Book,
    snapshot: &'b Snapshot,
    frame: Frame,
    lines: Vec<Arc<SharedList<ContentsLine>>>,
    contents: Arc<Hashed<Vec<PartContents>>>,
    base_url: Option<&'b str>,
    /// What takes long to make.
    pub bundled: BookBundles,
}

impl<'b> Plan<'b> {
    /// Gathers what the jobs share, and takes over what is still good of the bundles from before.
    pub fn new(
        book: &'b Book,
        snapshot: &'b Snapshot,
        config: &'b Config,
        theme: &Arc<Theme>,
        before: &Bundles,
    ) -> Self {
        // The parts, as lists and as the contents show them.
        let lines: Vec<_> = book.parts.iter().map(|part| lines(book, part, config)).collect();
        let parts = book.parts.iter().zip(&lines);
        let heads = parts.clone().map(|(part, lines)| head(book, part, lines)).collect();
        let listings = parts.map(|(part, lines)| listing(book, part, lines)).collect();

        let title = title(book, config, theme);
        let bundled = BookBundles::new(book, &title, config, theme, before);
        let site = SiteFacts {
            title,
            image: bundled.image.clone(),
            logo: config.logo.as_deref().and_then(|path| logo(path, snapshot)),
            style: config.style.as_deref().and_then(|path| style(path, snapshot)),
            edit_url: match &config.edit_url {
                EditUrl::At(url) => Some(url.clone()),
                EditUrl::OfRepository => snapshot.edit_url.clone(),
                EditUrl::Nowhere => None,
            },
            ..facts(book, config, theme)
        };

        let frame = Frame {
            theme: Arc::clone(theme),
            site: Arc::new(Hashed::new(site)),
            parts: Arc::new(SharedList::new(heads)),
        };
        let contents = Arc::new(Hashed::new(listings));
        Plan { book, snapshot, frame, lines, contents, base_url: config.base_url.as_deref(), bundled }
    }

    /// Every output: its path and its job. A file of the author's comes before one of the program's own.
    pub fn jobs(&self) -> Vec<(String, Job)> {
        let mut jobs = Vec::with_capacity(self.book.chapters.len() + self.snapshot.statics.len() + 16);

        self.push_pages(&mut jobs);
        jobs.extend(self.book.redirects.iter().map(|redirect| self.redirect(redirect)));

        // An author's static file of the same path replaces these.
        let made = self.made_files().into_iter().map(|(path, job)| (path.to_owned(), job));
        let replaceable = made.chain(self.markdown_files());
        let statics = &self.snapshot.statics;
        let is_authored = |path: &str| statics.contains_key(&format!("{STATIC}/{path}"));
        jobs.extend(replaceable.filter(|(path, _)| !is_authored(path)));

        self.push_files(&mut jobs);
        jobs
    }

    /// The pages that readers come to by the lists of the book.
    fn push_pages(&self, jobs: &mut Vec<(String, Job)>) {
        let ids: Vec<ChapterId> = self.book.ids().collect();
        let page = |id: &ChapterId| (page_file(&self.book.chapter(*id).address), self.chapter(*id));
        jobs.par_extend(ids.par_iter().with_min_len(32).map(page));

        if self.book.front.is_none() {
            jobs.push(("index.html".to_owned(), Job::Front(self.list())));
        }
        jobs.push((page_file(CONTENTS), Job::Contents(self.list())));
        if self.frame.site.has_print {
            jobs.push((page_file(PRINT), Job::Print(self.whole_book())));
        }
    }

    fn redirect(&self, redirect: &Redirect) -> (String, Job) {
        let chapter = self.book.chapter(redirect.chapter);
        let job = RedirectJob {
            frame: self.frame.clone(),
            source: chapter.document.source.path.clone(),
            from: redirect.from.clone(),
            title: chapter.document.title.text.clone(),
            to: chapter.address.clone(),
        };
        (page_file(&redirect.from), Job::Redirect(job))
    }

    /// The page for addresses that do not exist, and the files that only programs read.
    fn made_files(&self) -> Vec<(&'static str, Job)> {
        let sitemap_url = self.base_url.map(|base| format!("{base}{SITEMAP}"));
        let files = [
            Some((NOT_FOUND, Job::NotFound(self.frame.clone()))),
            self.sitemap().map(|job| (SITEMAP, job)),
            Some((ROBOTS, Job::Robots(sitemap_url))),
            self.feed().map(|job| (FEED, job)),
            self.index_place().map(|job| (INDEX, job)),
            self.frame.site.has_markdown.then(|| (LLMS, Job::Llms(self.list()))),
        ];
        files.into_iter().flatten().collect()
    }

    /// The chapters' Markdown, if it is published.
    fn markdown_files(&self) -> impl Iterator<Item = (String, Job)> {
        let chapters = if self.frame.site.has_markdown { &self.book.chapters[..] } else { &[] };
        chapters.iter().map(|chapter| {
            let (document, links) = (Arc::clone(&chapter.document), Arc::clone(&chapter.links.urls));
            let path = format!("{}{}", chapter.address, markdown::NAME);
            let words = &self.frame.theme.words;
            let checked = chapter.checked.as_ref().map(|chapter| checked::line(chapter, words));
            (path, Job::Markdown(MarkdownJob { document, links, checked }))
        })
    }

    /// The files of the theme and of the book, and the static ones.
    fn push_files(&self, jobs: &mut Vec<(String, Job)>) {
        let theme = &self.frame.theme;
        jobs.extend(theme.texts.iter().map(|(address, text)| {
            let of = if address.ends_with(".css") { Job::Style } else { Job::Script };
            (address.clone(), of(Arc::clone(text)))
        }));

        let files = theme.files.iter().chain(&self.book.files);
        jobs.extend(files.map(|(address, asset)| (address.clone(), Job::File(Arc::clone(asset)))));

        jobs.extend(self.snapshot.statics.iter().filter_map(|(path, asset)| {
            let path = path.strip_prefix(STATIC)?.strip_prefix('/')?;
            Some((path.to_owned(), Job::File(Arc::clone(asset))))
        }));
    }

    fn chapter(&self, id: ChapterId) -> Job {
        let chapter = self.book.chapter(id);
        let is_front = self.book.front == Some(id);

        let position = chapter.position.map(|ChapterPosition { part, entry, .. }| SidebarPosition {
            part,
            lines: Arc::clone(&self.lines[part.0]),
            line: entry,
        });

        // The front page leads to the first chapter, even if it is in no list itself.
        let first = self.book.sequence.first().map(|id| self.book.chapter(*id));
        let next = match chapter.position {
            Some(_) => self.book.neighbour(id, 1),
            None => first.filter(|_| is_front),
        };

        Job::Chapter(Box::new(ChapterJob {
            frame: self.frame.clone(),
            document: Arc::clone(&chapter.document),
            address: chapter.address.clone(),
            number: self.number(chapter),
            links: Arc::clone(&chapter.links.urls),
            references: self.references(chapter),
            terms: Arc::clone(&chapter.terms),
            checked: chapter.checked.clone(),
            crumbs: self.crumbs(chapter),
            position,
            previous: self.book.neighbour(id, -1).map(|chapter| self.page_ref(chapter)),
            next: next.map(|chapter| self.page_ref(chapter)),
            contents: is_front.then(|| Arc::clone(&self.contents)),
            image: self.bundled.chapter_images.get(id.0).cloned().flatten(),
        }))
    }

    /// What the links of a chapter name that have no text of their own.
    fn references(&self, chapter: &Chapter) -> Vec<(u32, Reference)> {
        let reference = |referent: &Referent| Reference {
            chapter: self.number(self.book.chapter(referent.chapter)),
            referent: referent.clone(),
        };
        chapter.links.referents.iter().map(|(number, referent)| (*number, reference(referent))).collect()
    }

    fn page_ref(&self, chapter: &Chapter) -> PageRef {
        PageRef {
            title: chapter.document.title.text.clone(),
            address: Some(chapter.address.clone()),
            number: self.number(chapter),
        }
    }

    /// The number of a chapter, if chapters are numbered.
    fn number(&self, chapter: &Chapter) -> Option<String> {
        self.frame.site.numbered.and_then(|_| self.book.number(chapter)).map(str::to_owned)
    }

    /// The part and the nested entries that lead to a chapter.
    fn crumbs(&self, chapter: &Chapter) -> Vec<PageRef> {
        let Some(ChapterPosition { part, entry: Some(entry), .. }) = chapter.position else {
            return Vec::new();
        };
        let head = &self.frame.parts[part.0];
        let lines = &self.lines[part.0];

        // Upwards through the lines before, each time one that is less deep.
        let mut above = Vec::new();
        let mut depth = lines[entry].depth;
        for line in lines[..entry].iter().rev() {
            if depth == 0 {
                break;
            }
            if line.depth < depth {
                depth = line.depth;
                above.push(PageRef {
                    title: line.title.clone(),
                    address: line.page().map(str::to_owned),
                    number: line.number.clone(),
                });
            }
        }

        let address = head.address.clone();
        above.extend(head.title.clone().map(|title| PageRef { title, address, number: None }));
        above.reverse();
        above
    }

    /// What the front page of the program's own, the contents page and `llms.txt` are made of.
    fn list(&self) -> ListJob {
        let first = self.book.sequence.first().or(self.book.front.as_ref());
        ListJob {
            frame: self.frame.clone(),
            contents: Arc::clone(&self.contents),
            start: first.map(|id| self.page_ref(self.book.chapter(*id))),
            checked: self.book.checked(),
        }
    }

    /// The whole book: the front page's text, the chapters in order, and those outside of it.
    fn whole_book(&self) -> PrintJob {
        let book = self.book;
        let front = book.front.filter(|front| book.chapter(*front).position.is_none());
        let outside = book.unlisted().filter(|id| book.front != Some(*id));
        let all = front.into_iter().chain(book.sequence.iter().copied()).chain(outside);
        PrintJob {
            frame: self.frame.clone(),
            contents: Arc::clone(&self.contents),
            chapters: all.map(|id| self.print_chapter(book.chapter(id))).collect(),
        }
    }

    fn print_chapter(&self, chapter: &Chapter) -> PrintChapter {
        // The title of the part that begins with the chapter, if no chapter opens the part.
        let part_title = |position: ChapterPosition| {
            let part = self.book.part(position.part);
            let first = part.entries.iter().position(|entry| entry.chapter().is_some());
            part.title.clone().filter(|_| part.opening.is_none() && position.entry == first)
        };

        PrintChapter {
            part: chapter.position.and_then(part_title),
            document: Arc::clone(&chapter.document),
            address: chapter.address.clone(),
            links: Arc::clone(&chapter.links.urls),
            number: self.number(chapter),
            references: self.references(chapter),
            terms: Arc::clone(&chapter.terms),
            checked: chapter.checked.clone(),
        }
    }

    /// The sitemap, which needs absolute URLs; drafts are left out.
    fn sitemap(&self) -> Option<Job> {
        let base = self.base_url?;
        let published = self.book.chapters.iter().filter(|chapter| !chapter.document.front.draft);
        let mut entries: Vec<SitemapEntry> = published
            .map(|chapter| {
                let front = &chapter.document.front;
                SitemapEntry { address: chapter.address.clone(), changed: front.updated.or(front.date) }
            })
            .collect();

        if self.book.front.is_none() {
            entries.push(SitemapEntry { address: String::new(), changed: None });
        }
        Some(Job::Sitemap(base.to_owned(), entries))
    }

    fn index_place(&self) -> Option<Job> {
        self.bundled.index.clone().map(Job::IndexPlace)
    }

    fn feed(&self) -> Option<Job> {
        let base = self.base_url.filter(|_| self.frame.site.has_feed)?;
        Some(Job::Feed(Arc::clone(&self.frame.site), feeds::newest(base, &self.book.chapters)))
    }
}

/// The lines of a part, as lists show them.
fn lines(book: &Book, part: &BookPart, config: &Config) -> Arc<SharedList<ContentsLine>> {
    let line = |entry: &PartEntry| {
        let chapter = entry.chapter().map(|id| book.chapter(id));
        let front = chapter.map(|chapter| &chapter.document.front);
        ContentsLine {
            title: entry.title.clone(),
            target: match &entry.target {
                EntryTarget::Chapter(id) => ContentsTarget::Page(book.chapter(*id).address.clone()),
                EntryTarget::Web(url) => ContentsTarget::Web(url.clone()),
                EntryTarget::Folder => ContentsTarget::Folder,
                EntryTarget::Planned => ContentsTarget::Planned,
            },
            depth: entry.depth,
            draft: front.is_some_and(|front| front.draft),
            description: front.and_then(|front| front.description.clone()),
            number: entry.number.clone().filter(|_| config.numbers),
        }
    };
    Arc::new(SharedList::new(part.entries.iter().map(line).collect()))
}

/// A part as every page names it.
fn head(book: &Book, part: &BookPart, lines: &Arc<SharedList<ContentsLine>>) -> PartHead {
    PartHead {
        title: part.title.clone(),
        address: beginning(book, part),
        has_lines: !lines.is_empty(),
        lines: if part.title.is_none() && lines.len() <= FEW { lines.to_vec() } else { Vec::new() },
    }
}

/// A part as the contents show it.
fn listing(book: &Book, part: &BookPart, lines: &Arc<SharedList<ContentsLine>>) -> PartContents {
    let front = part.opening.map(|id| &book.chapter(id).document.front);
    PartContents {
        title: part.title.clone(),
        address: beginning(book, part),
        description: front.and_then(|front| front.description.clone()),
        draft: front.is_some_and(|front| front.draft),
        lines: Arc::clone(lines),
        minutes: part.entries.iter().map(|entry| minutes(book, entry)).collect(),
        checked: part.entries.iter().map(|entry| checked_steps(book, entry.chapter())).collect(),
        opening_checked: checked_steps(book, part.opening),
    }
}

/// How many steps of a chapter were checked, and how many it has.
fn checked_steps(book: &Book, chapter: Option<ChapterId>) -> Option<(usize, usize)> {
    let checked = book.chapter(chapter?).checked.as_ref()?;
    Some((checked.checked, checked.steps))
}

/// How long the chapter of an entry takes to read, in minutes; 0 if there is none, or nothing in it.
fn minutes(book: &Book, entry: &PartEntry) -> usize {
    let words = entry.chapter().map_or(0, |id| book.chapter(id).document.words);
    if words == 0 { 0 } else { page::minutes(words) }
}

/// The address that a part's title leads to: of what opens it, else of its first chapter.
fn beginning(book: &Book, part: &BookPart) -> Option<String> {
    let first = || part.entries.iter().find_map(PartEntry::chapter);
    part.opening.or_else(first).map(|id| book.chapter(id).address.clone())
}

/// What all pages know of the site, but its title and what files decide.
fn facts(book: &Book, config: &Config, theme: &Theme) -> SiteFacts {
    SiteFacts {
        author: config.author.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        has_feed: places::has_feed(config, book.chapters.iter().map(|chapter| &chapter.document)),
        has_search: config.search,
        has_offline: config.offline,
        has_print: has_print(book, config, theme),
        has_markdown: config.markdown,
        highlight: config.code.highlight,
        numbered: config.numbers.then(|| book.count()),
        output: config.code.output,
        values: config.placeholders.len(),
        accent: config.accent,
        machines: config.machines.clone(),
        stuck: config.stuck.clone(),
        ..SiteFacts::default()
    }
}

/// The address of the book's own stylesheet, if its file is there.
fn style(path: &str, snapshot: &Snapshot) -> Option<String> {
    snapshot.statics.get(&format!("{STATIC}/{path}"))?;
    Some(url::encode_path(path).into_owned())
}

/// The picture before the title, if its file is there.
fn logo(path: &str, snapshot: &Snapshot) -> Option<Logo> {
    let asset = snapshot.statics.get(&format!("{STATIC}/{path}"))?;
    Some(Logo { address: url::encode_path(path).into_owned(), size: asset.image.map(|image| image.size) })
}

/// Whether the whole book is a page: a chapter at its address comes first.
fn has_print(book: &Book, config: &Config, theme: &Theme) -> bool {
    config.print && theme.has("print.html") && book.chapters.iter().all(|chapter| chapter.address != PRINT)
}

/// The book's title: its own, else that of its front page or first chapter.
fn title(book: &Book, config: &Config, theme: &Theme) -> String {
    let first = book.front.or(book.sequence.first().copied()).or(book.ids().next());
    config.title.clone().unwrap_or_else(|| {
        let of_chapter = |id: ChapterId| book.chapter(id).document.title.text.as_str();
        first.map_or_else(|| theme.words.get("page", "untitled"), of_chapter).to_owned()
    })
}
