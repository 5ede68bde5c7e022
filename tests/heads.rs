//! Heads of code blocks, numbers, and the face of a book: what pages say of where to type, and what chapters are
//! called.

use crate::support::Book;

fn assert_holds(page: &str, expected: &[&str]) {
    let missing: Vec<_> = expected.iter().filter(|text| !page.contains(**text)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {page}");
}

const MACHINES: &str =
    "title: A book\nmachines:\n  laptop: {label: Your computer}\n  server: {label: Server, host: web-1}\n";

#[test]
fn a_session_says_on_which_machine_it_is_typed() {
    let book = Book::of(&[
        ("book.yaml", MACHINES),
        (
            "content/a.md",
            "# A\n\n```console\n$ ssh me@server\nme@server:~$ sudo -i\nroot@server:~# id\nbox@other:~$ ls\n```\n",
        ),
        (
            "content/b.md",
            "---\nmachine: server\n---\n\n# B\n\n```console\n$ ls\nsam@web-1:~$ id\n```\n\n```console machine=laptop\n$ pwd\n```\n\n```console\n$ python3\n>>> 1\n```\n",
        ),
    ]);
    assert_eq!(book.diagnostics(), Vec::<String>::new());
    assert_holds(
        &book.page("a/index.html"),
        &[
            r#"<figure class="code terminal machine-1"><figcaption><span class="machine">Your computer</span></figcaption>"#,
            r#"machine-2"><figcaption><span class="machine">Server</span> <span class="who">as me</span></figcaption>"#,
            r#"machine-2 root"><figcaption><span class="machine">Server</span> <span class="who">as root</span></figcaption>"#,
            r#"<figure class="code terminal"><figcaption><span class="machine">other</span> <span class="who">as box</span>"#,
        ],
    );
    assert_holds(
        &book.page("b/index.html"),
        &[
            r#"machine-2"><figcaption><span class="machine">Server</span></figcaption>"#,
            r#"<span class="machine">Server</span> <span class="who">as sam</span>"#,
            r#"machine-1"><figcaption><span class="machine">Your computer</span></figcaption>"#,
            r#"<span class="machine">Server</span> <span class="who">Python</span>"#,
        ],
    );
}

#[test]
fn machines_that_are_not_declared_are_reported() {
    let book = Book::of(&[
        ("book.yaml", MACHINES),
        (
            "content/a.md",
            "---\nmachine: serve\nstuck: \"#gone\"\n---\n\n# A\n\n```console machine=laptpo\n$ ls\n```\n",
        ),
    ]);
    assert_eq!(
        book.diagnostics(),
        [
            "unknown-machine content/a.md:2:10 no machine is called `serve`",
            "broken-anchor content/a.md:3:8 this chapter has no section `#gone`",
            "unknown-machine content/a.md:8:12 no machine is called `laptpo`",
        ]
    );
}

#[test]
fn sessions_lead_to_the_section_for_when_it_goes_wrong() {
    let book = Book::of(&[
        ("book.yaml", "stuck: \"#help\"\n"),
        ("content/a.md", "# A\n\n```console\n$ ls\n```\n\n## Help\n"),
        ("content/b.md", "# B\n\n```console\n$ ls\n```\n"),
        (
            "content/c.md",
            "---\nstuck: \"#more\"\n---\n\n# C\n\n```console\n$ ls\n```\n\n## Help\n\n## More\n",
        ),
    ]);
    assert_eq!(book.diagnostics(), Vec::<String>::new());
    assert_holds(&book.page("a/index.html"), &[r##"<a class="stuck" href="#help">I’m stuck</a>"##]);
    assert_holds(&book.page("c/index.html"), &[r##"<a class="stuck" href="#more">"##]);
    for page in ["b/index.html", "print/index.html"] {
        assert!(!book.page(page).contains("class=\"stuck\""), "{page}");
    }
}

#[test]
fn output_is_folded_and_problems_are_set_apart() {
    let text = "# A\n\n```console\n$ ls\na\nerror: b\n$ id\n\u{1b}[32mok\u{1b}[0m\n```\n\n\
        ```console numbers\n$ id\n\u{1b}[32mgreen\nstill\u{1b}[0m not\n```\n\n\
        ```console\n$ apt update\nHit\n...\nDone\n\n$ pwd\n...\n$ ls\n```\n";
    let book = Book::of(&[("book.yaml", "code: {output: fold}\n"), ("content/a.md", text)]);
    let folded = "</code></pre><details class=\"printed\"><summary>You should see</summary><pre class=\"console bash\">";
    let page = book.page("a/index.html");
    assert_eq!(page.matches(folded).count(), 3, "{page}");
    assert_holds(
        &page,
        &[
            "<span class=\"output\">a\n<span class=\"error\">error: b</span></span>",
            "<span class=\"green\">ok</span></span>\n</code></pre></details></figure>",
            "<span class=\"line\"><span class=\"green\">still</span> not</span>",
            // What is printed, with what is left out of it, is one; an elision alone stays.
            "<span class=\"output\">Hit</span>\n<span class=\"elision\">...</span>\n<span class=\"output\">Done</span>\n</code></pre></details>",
            "</span>\n<span class=\"elision\">...</span>\n<span class=\"command\">",
        ],
    );
    assert!(!book.page("print/index.html").contains("class=\"printed\""), "paper has nothing to open");
}

const NUMBERED: &[(&str, &str)] = &[
    ("book.yaml", "title: A book\nnumbers: true\n"),
    ("content/1-first/index.md", "# The first part\n"),
    ("content/1-first/1-one.md", "# One\n"),
    (
        "content/1-first/2-two.md",
        "# Two\n\n```python title=\"a.py\" #a\n1\n```\n\n```python title=\"b.py\" #b\n1\n```\n\n| A |\n| - |\n| b |\n\nTable: What *it* says {#says}\n\n| C |\n| - |\n| d |\n\n: As Pandoc has it {#more}\n\n![A plan](data:,x \"The plan\"){#plan}\n",
    ),
    (
        "content/2-second/1-three.md",
        "# Three\n\nSee [](../1-first/2-two.md#b), [](../1-first/2-two.md#says), [](../1-first/2-two.md#plan), [](../1-first/1-one.md), [](#here), [text](../1-first/1-one.md).\n\n## Here and *now* {#here}\n",
    ),
];

#[test]
fn chapters_listings_and_tables_have_numbers() {
    let book = Book::of(NUMBERED);
    assert_eq!(book.diagnostics(), Vec::<String>::new());
    assert_holds(
        &book.page("first/two/index.html"),
        &[
            "<title>2 · Two · A book</title>",
            r#"<h1 id="two"><span class="number">2</span> Two</h1>"#,
            "Chapter 2 of 3",
            r#"<figure class="code" id="b"><figcaption> <span class="title"><span class="number">Listing 2.2</span> b.py</span></figcaption>"#,
            r#"<caption id="says"><span class="number">Table 2.1</span> What <em>it</em> says</caption>"#,
            r#"<caption id="more"><span class="number">Table 2.2</span> As Pandoc has it</caption>"#,
            r#"<figure class="figure" id="plan"><img src="data:,x" alt="A plan" /><figcaption><span class="number">Figure 2.1</span> The plan</figcaption></figure>"#,
            r#"<span>Next</span> <b class="number">3</b> Three</a>"#,
        ],
    );
    assert_holds(
        &book.page("second/three/index.html"),
        &[
            r##"<a href="../../first/two/#b">Listing 2.2</a>, <a href="../../first/two/#says">Table 2.1</a>, <a href="../../first/two/#plan">Figure 2.1</a>"##,
            r##"<a href="../../first/one/">Chapter 1</a>, <a href="#here">Here and <em>now</em></a>, <a href="../../first/one/">text</a>"##,
        ],
    );
    // On the page for print, ids have a prefix.
    assert_holds(
        &book.page("print/index.html"),
        &["Listing 2.2</a>", "<span class=\"number\">Table 2.1</span>"],
    );
}

#[test]
fn a_title_in_raw_html_is_that_of_the_chapter() {
    let book = Book::of(&[
        ("book.yaml", "title: A book\n"),
        (
            "content/1-one.md",
            "<h1 id=\"top\" align=\"center\">\n  <br>\n  My &amp; <em>project</em>\n</h1>\n<p>A motto.</p>\n\n## Install\n",
        ),
        ("content/2-two.md", "# Two\n\n<h1 class=\"x\">Raw</h1>\n\n## Install\n"),
        ("content/3-three.md", "## Three\n\n<h1>Raw</h1>\n\n## Install\n"),
    ]);
    assert_holds(
        &book.page("one/index.html"),
        &[
            "<title>My &amp; project · ",
            "<h1 id=\"top\"><br> My &amp; <em>project</em></h1>",
            "<p>A motto.</p>\n<h2 id=\"install\">",
        ],
    );
    for (page, title) in [("two", "Two"), ("three", "Three")] {
        let html = book.page(&format!("{page}/index.html"));
        assert!(html.contains(&format!("<title>{title} · ")) && html.contains(">Raw</h1>"), "{html}");
    }
}

#[test]
fn transparent_images_are_marked() {
    let svg = |style: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{style}</svg>\n")
    };
    let (plain, dark) =
        (svg(""), svg("<style>@media (prefers-color-scheme: dark) { * { fill: #fff } }</style>"));
    let book = Book::of(&[
        ("content/a.md", "# A\n\n![Lines](plain.svg){.wide} ![Lines](dark.svg)\n"),
        ("content/plain.svg", &plain),
        ("content/dark.svg", &dark),
    ]);
    let page = book.page("a/index.html");
    assert!(page.contains("plain.svg\" alt=\"Lines\" class=\"wide transparent\""), "{page}");
    assert!(page.contains("dark.svg\" alt=\"Lines\" width"), "{page}");
}

#[test]
fn references_follow_the_chapters_and_have_titles_without_numbers() {
    let book = Book::of(NUMBERED);
    book.write("content/1-first/0-zero.md", "# Zero\n");
    assert_holds(
        &book.page("second/three/index.html"),
        &[">Listing 3.2</a>", ">Table 3.1</a>", ">Chapter 2</a>"],
    );
    book.write("book.yaml", "title: A book\n");
    let page = book.page("second/three/index.html");
    assert_holds(&page, &[">b.py</a>", ">What it says</a>", ">The plan</a>", ">One</a>"]);
    assert!(!page.contains("class=\"number\""), "{page}");
}

#[test]
fn nested_and_planned_chapters_are_numbered_in_their_way() {
    let book = Book::of(&[
        ("book.yaml", "numbers: true\n"),
        (
            "content/SUMMARY.md",
            "# Summary\n\n- [One](a.md)\n  - [Deep](b.md)\n- [Planned]()\n- [Two](c.md)\n",
        ),
        ("content/a.md", "# One\n"),
        ("content/b.md", "# Deep\n"),
        ("content/c.md", "# Two\n"),
    ]);
    for (page, number) in [("a", "1"), ("b", "1.1"), ("c", "2")] {
        let heading = format!("><span class=\"number\">{number}</span> ");
        assert_holds(
            &book.page(&format!("{page}/index.html")),
            &[&heading, &format!("Chapter {number} of 2")],
        );
    }
}

#[test]
fn a_book_has_a_face_of_its_own() {
    let book = |settings: &str| Book::of(&[("book.yaml", settings), ("content/a.md", "# A\n")]);
    let pattern = |book: &Book| {
        let page = book.page("index.html");
        let path = page
            .split("patternUnits=\"userSpaceOnUse\"><path d=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        path.unwrap_or_else(|| panic!("no pattern in {page}")).to_owned()
    };
    assert_eq!(pattern(&book("title: One\n")), pattern(&book("title: One\nauthor: me\n")));
    assert_ne!(pattern(&book("title: One\n")), pattern(&book("title: Two\n")));

    let own = book("title: One\naccent: \"#ffcc00\"\nlogo: logo.png\nstyle: book.css\n");
    assert_eq!(
        own.diagnostics(),
        [
            "missing-file book.yaml there is no `static/book.css`, which `style` names",
            "missing-file book.yaml there is no `static/logo.png`, which `logo` names",
        ]
    );
    own.write("static/book.css", "body { color: red }");
    own.write("static/logo.png", include_bytes!("../docs/images/page-light.png"));
    assert_eq!(own.diagnostics(), Vec::<String>::new());
    let page = own.page("a/index.html");
    assert_holds(
        &page,
        &[
            "data-cloth=\"own\"",
            "<link rel=\"stylesheet\" href=\"../book.css\">",
            "<img src=\"../logo.png\" alt=\"\" width=\"1280\"",
        ],
    );
    assert_holds(&book("accent: plum\n").page("a/index.html"), &["data-cloth=\"plum\""]);
    assert_eq!(
        book("accent: plumm\n").diagnostics(),
        ["invalid-value book.yaml:1:9 there is no cloth `plumm`; did you mean `plum`?"]
    );
}

#[test]
fn a_book_without_a_description_is_described_by_its_chapters() {
    let book = Book::of(&[
        ("book.yaml", "title: A book\n"),
        ("content/1-first/a.md", "# Locks & keys\n"),
        ("content/b.md", "# Doors\n"),
    ]);
    let description = r#"<meta name="description" content="First · Locks &amp; keys · Doors">"#;
    for page in ["index.html", "contents/index.html"] {
        assert_holds(&book.page(page), &[description]);
    }
    assert_holds(&book.page("404.html"), &[r#"<meta name="description" content="There is no page"#]);
    book.write("book.yaml", "title: A book\ndescription: All of it.\n");
    assert_holds(&book.page("contents/index.html"), &[r#"<meta name="description" content="All of it.">"#]);
}
