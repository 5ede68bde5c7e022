//! What raw HTML cannot change: the page around a chapter, and the chapters beside it on the page for print.
//!
//! A file in `tests/frame/` is a list of chapters, each below a line `-- content/NAME.md --`; each is a test. Pages are
//! parsed as a browser parses them, and all that is around titles and texts is compared with the same page without
//! these. Random chapters, put together from pieces of raw HTML and Markdown, are checked in the same way.

use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;
use scraper::{ElementRef, Html, Node};

use crate::support::{self, Book};
use crate::test;

/// The page's own heading and text, with signs where what the author wrote begins and ends.
const CHAPTER: &str = "{% extends \"base.html\" %}\
    {% block heading %}<header><h1 data-own><!--[-->{{ page.title_html }}<!--]--></h1><p>after</p></header>{% endblock %}\
    {% block body %}<div class=\"prose\" data-own>\n<!--[-->{{ page.body }}<!--]--></div>{% endblock %}\
    {% block after %}<p>after <b>it</b></p>{% endblock %}\
    {% block pager %}{% include \"partials/pager.html\" %}{% endblock %}";

/// The same of the page for print.
const PRINT: &str = "{% extends \"base.html\" %}{% block main %}<article>{% for chapter in chapters %}\
    <div class=\"bound\"><h2 data-own><!--[-->{{ chapter.title_html }}<!--]--></h2><p>after</p>\
    <div class=\"prose\" data-own>\n<!--[-->{{ chapter.body }}<!--]--></div></div>\n{% endfor %}</article>{% endblock %}";

/// A book whose pages are checked: with terms, images, a formula, code and another chapter before and after.
fn book(chapters: &[String]) -> Book {
    let book = Book::new();
    book.write("book.yaml", "theme: own\nmath: true\nhide_todo: false\n");
    book.write("themes/own/theme.yaml", "extends: default\n");
    book.write("themes/own/templates/chapter.html", CHAPTER);
    book.write("themes/own/templates/print.html", PRINT);
    book.write("content/a.md", "# First\n\n## Heading\n\ntext\n");
    book.write(
        "content/words.md",
        "---\nglossary: true\n---\n# Words\n\nterm\n: What is <b>meant <div> by it\n",
    );
    book.write("content/z.md", "# Last\n\n*text* and a term\n");
    for (number, chapter) in chapters.iter().enumerate() {
        book.write(&format!("content/c{number}.md"), chapter);
    }
    book
}

/// Checks the pages of chapters; says what is wrong with them.
fn problems(chapters: &[String]) -> Vec<String> {
    let book = book(chapters);
    let (engine, edition) = book.edition();
    let pages = edition.site.promises.keys().filter(|path| path.ends_with("index.html"));
    let own = pages
        .filter(|path| path.starts_with('c') && !path.starts_with("contents") || *path == "print/index.html");

    let mut problems = Vec::new();
    for path in own {
        let page = support::output(&engine, &edition, path);
        for page in [page.clone(), without_scripts(&page)] {
            let (expected, found) = (around(&without_own(&page)), around(&page));
            if expected != found {
                let difference = support::difference(&expected, &found);
                problems.push(format!("--- {path}\n{difference}\n{}", own_parts(&page).join("\n~\n")));
                break;
            }
        }
    }
    problems
}

/// A page as a browser without scripts reads it: what is in `<noscript>` is read as if that were any element.
fn without_scripts(page: &str) -> String {
    page.replace("noscript", "no-script").replace("NOSCRIPT", "no-script")
}

/// What the author wrote on a page.
fn own_parts(page: &str) -> Vec<&str> {
    page.split("<!--[-->").skip(1).map(|part| part.split("<!--]-->").next().unwrap_or_default()).collect()
}

/// The page without it.
fn without_own(page: &str) -> String {
    let mut parts = page.split("<!--[-->");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        out + part.split_once("<!--]-->").expect("the end of what is the author's").1
    })
}

/// All that is around what the author wrote, as a browser sees it, line by line.
fn around(page: &str) -> String {
    let page = Html::parse_document(page);
    let mut lines = String::new();
    describe(page.root_element(), 0, &mut lines);
    lines
}

fn describe(element: ElementRef<'_>, depth: usize, out: &mut String) {
    let attributes: Vec<String> =
        element.value().attrs().map(|(name, value)| format!(" {name}={value:?}")).collect();
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}<{}{}>\n", element.value().name(), attributes.concat()));
    if element.value().attr("data-own").is_some() {
        return;
    }
    for child in element.children() {
        match child.value() {
            Node::Element(_) => describe(ElementRef::wrap(child).expect("an element"), depth + 1, out),
            Node::Text(text) if !text.trim().is_empty() => {
                out.push_str(&format!("{indent}  {:?}\n", text.trim()))
            }
            Node::Comment(comment) => out.push_str(&format!("{indent}  <!--{}-->\n", &**comment)),
            _ => {}
        }
    }
}

/// A test for each chapter, and random chapters.
pub fn tests() -> Vec<Trial> {
    let mut tests = vec![
        test("frame::random_chapters", random_chapters),
        test("frame::thousands_of_elements", thousands_of_elements),
    ];
    for (file, text) in support::cases("frame") {
        for chapter in support::archive(&text).1 {
            let name = chapter.name.trim_start_matches("content/").trim_end_matches(".md").to_owned();
            tests.push(Trial::test(format!("frame::{file}::{name}"), move || check(&chapter.text)));
        }
    }
    tests
}

/// Thousands of elements that are left open, or closed where they are not: what browsers do with them can take a time
/// that grows with the square of their number.
fn thousands_of_elements() {
    let chapters = [
        "<b>",
        "text <i id=x>\n\n",
        "<div>\n\n",
        "<div>\n\n<object>\n\n</div>\n\n",
        "text <a href=a.md>x\n\n",
        "<table><tr><td>\n\n",
        "<svg><g>",
        "</div>\n\n",
    ];
    let chapters: Vec<String> = chapters.iter().map(|piece| piece.repeat(3000)).collect();
    let attributes: String = (0..50_000).map(|number| format!(" a{number}")).collect();
    let problems = problems(&[chapters, vec![format!("<div{attributes}>\n")]].concat());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn check(chapter: &str) -> Result<(), Failed> {
    let problems = problems(&[chapter.to_owned()]);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// Elements of every kind that HTML treats in its own way.
const NAMES: &[&str] = &[
    "p",
    "div",
    "span",
    "i",
    "b",
    "a",
    "nobr",
    "font",
    "h2",
    "h5",
    "li",
    "ul",
    "dl",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "caption",
    "col",
    "colgroup",
    "select",
    "option",
    "optgroup",
    "textarea",
    "title",
    "style",
    "script",
    "iframe",
    "noscript",
    "noframes",
    "noembed",
    "xmp",
    "plaintext",
    "template",
    "svg",
    "math",
    "mi",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "path",
    "form",
    "button",
    "input",
    "object",
    "applet",
    "marquee",
    "details",
    "summary",
    "dialog",
    "body",
    "html",
    "head",
    "frameset",
    "frame",
    "br",
    "hr",
    "img",
    "image",
    "isindex",
    "video",
    "audio",
    "source",
    "pre",
    "listing",
    "center",
    "article",
    "main",
    "section",
    "footer",
    "nav",
    "my-el",
    "o",
    "ruby",
    "rt",
    "rp",
    "base",
    "link",
    "meta",
    "kbd",
    "code",
    "blockquote",
    "fieldset",
    "legend",
    "keygen",
    "menu",
];

/// What is between tags. There is no `encoding` of `<annotation-xml>`, which scraper does not look at.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\n\n",
    " ",
    "x",
    "term",
    "text ",
    "<!--",
    "-->",
    "<!-->",
    "--!>",
    "<!--->",
    "<![CDATA[",
    "]]>",
    "<?x",
    "?>",
    "<!x",
    "</",
    "<",
    ">",
    "\"",
    "'",
    "=",
    "/>",
    "\0",
    "&lt;",
    "&",
    "*",
    "**",
    "_",
    "`",
    "> ",
    "- ",
    "1. ",
    "  ",
    "    ",
    "# ",
    "\n## ",
    "\n# ",
    "| a | b |\n| --- | --- |\n| ",
    " | ",
    "[",
    "](a.md)",
    "](a.md#heading)",
    "![",
    "[^a]",
    "\n\n[^a]: ",
    "\n\n[^b]: ",
    "\nTODO:\n- [ ] ",
    "\n\n~~~html\n",
    "\n~~~\n",
    "$x$",
    "\n: ",
    "==",
    "[term]{.term}",
    "<a href=a.md>",
    "<a href='a.md' id=y>",
    "<img src=",
    "<p align=center>",
    "<svg><style><a title=\"</style>\">",
    "<svg><title><style></title></svg>",
    "<script><!--<script>",
    "<body class=x>",
    "<html lang=x>",
    "<table><tr><td>x",
    "<i id=1><i id=2>",
    "</br>",
    "</p>",
    "<a name=x/>",
    "<details>\n<summary>S</summary>\n\n",
    "\n\n</details>\n\n",
    "// note\n",
    "<font size=1 size=2>",
    "<input type=hidden>",
];

/// A piece of a random chapter.
fn piece() -> impl Strategy<Value = String> {
    let name = || (0..NAMES.len()).prop_map(|at| NAMES[at]);
    prop_oneof![
        4 => name().prop_map(|name| format!("<{name}>")),
        4 => name().prop_map(|name| format!("</{name}>")),
        1 => name().prop_map(|name| format!("<{name}/>")),
        1 => name().prop_map(|name| format!("<{name}")),
        1 => name().prop_map(|name| format!("\n\n<{name} id=a{name}>\n\n")),
        8 => (0..PIECES.len()).prop_map(|at| PIECES[at].to_owned()),
    ]
}

/// How many chapters a random book has.
const CHAPTERS: usize = 12;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::with_cases(cases()) })]

    fn random_chapters(chapters in prop::collection::vec(prop::collection::vec(piece(), 1..25), 1..CHAPTERS)) {
        let chapters: Vec<String> = chapters.into_iter().map(|pieces| pieces.concat()).collect();
        let problems = problems(&chapters);
        prop_assert!(problems.is_empty(), "{}\n{:?}", problems.join("\n"), chapters);
    }
}

/// How many random books are checked: `FRAMES` says so for longer runs.
fn cases() -> u32 {
    std::env::var("FRAMES").ok().and_then(|count| count.parse().ok()).unwrap_or(40)
}
