//! A site as a whole: addresses, links between pages, lists, themes.

use bindery::text::Severity;

use crate::support::{self, Book};

/// The `href`s and `src`s of a page that lead to other places of the site.
fn links(html: &str) -> Vec<String> {
    let values = html.split(" href=\"").skip(1).chain(html.split(" src=\"").skip(1));
    let values = values.map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
    values.filter(|url| !url.starts_with('#') && !url.contains("://")).collect()
}

/// Joins a relative URL to the address of its page.
fn follow(page: &str, url: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = url.split(['#', '?']).next().unwrap_or_default();
    let joined =
        bindery::text::url::join(folder, path).unwrap_or_else(|| panic!("{url} on {page} climbs out"));
    let file = bindery::text::url::decode(&joined).expect("UTF-8");
    if path.ends_with('/') || path.is_empty() {
        format!("{file}/index.html").trim_start_matches('/').to_owned()
    } else {
        file
    }
}

#[test]
fn every_url_of_every_page_is_relative_and_leads_somewhere() {
    let book = Book::of(&[
        ("content/index.md", "# Front\n\n[a](01-part/02-größe.md#two)\n"),
        ("content/01-part/index.md", "# Part\n"),
        (
            "content/01-part/02-größe.md",
            "# A\n\n## Two\n\n![x](x%20y.gif) <img srcset=\"x.gif 1x, y.gif 2x\" src=\"x y.gif\" alt=\"\"> [up](../index.md) [other](../one.html)\n",
        ),
        ("content/01-part/x y.gif", "GIF89a\x01\x00\x01\x00 and more"),
        ("content/01-part/x.gif", "GIF89a\x01\x00\x01\x00 and x"),
        ("content/01-part/y.gif", "GIF89a\x01\x00\x01\x00 and y"),
        ("content/01-part/deep/er/c.md", "# C\n\n[s](/s.txt) [a](/part/größe/)\n"),
        ("content/one.md", "---\ntitle: One\npath: /content/blog\naliases: [/old/one, /gone.html]\n---\n"),
        ("static/s.txt", "s"),
    ]);
    let (engine, edition) = book.edition();
    assert!(edition.diagnostics.is_empty(), "{:?}", book.diagnostics());
    let pages = edition.site.promises.keys().filter(|path| path.ends_with(".html") && *path != "404.html");
    for page in pages {
        for url in links(&support::output(&engine, &edition, page)) {
            assert!(!url.starts_with('/'), "{url} on {page}");
            let file = follow(page, &url);
            let known = edition.site.promises.contains_key(&file) || file.starts_with("assets/theme.");
            assert!(known, "{url} on {page} leads to {file}");
        }
    }
    let files = edition.site.promises.keys().filter(|path| path.ends_with(".gif")).count();
    assert_eq!(files, 3, "what a srcset names is published too");
    let redirect = support::output(&engine, &edition, "old/one/index.html");
    assert!(redirect.contains("url=../../content/blog/"), "{redirect}");
    assert!(edition.site.promises.contains_key("gone.html"));
}

#[test]
fn a_missing_page_finds_its_way_from_any_address() {
    let book =
        Book::of(&[("book.yaml", "base_url: https://example.com/sub/path\n"), ("content/a.md", "# A\n")]);
    let page = book.page("404.html");
    for url in links(&page) {
        assert!(url.starts_with("/sub/path/"), "{url}");
    }

    // Without a base URL, the styles are looked for in all folders above the address.
    let page = Book::of(&[("content/a.md", "# A\n")]).page("404.html");
    for start in ["href=\"/contents/\"", "href=\"./assets/", "href=\"../../assets/", "href=\"/assets/"] {
        assert!(page.contains(start), "{start}");
    }
}

#[test]
fn drawings_of_the_theme_have_a_size_without_styles() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/partials");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a text");
        for tag in text.split("<svg").skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(tag.contains(" width=") && tag.contains(" height="), "<svg{tag}>");
        }
    }
}

#[test]
fn modules_are_published_once() {
    let (_, edition) = Book::of(&[("content/a.md", "# A\n")]).edition();
    let is_published = |name: &str| edition.site.promises.keys().any(|address| address.ends_with(name));
    // In the bundle.
    assert!(!is_published("/scripts/copy.js") && !is_published("/scripts/tabs.js"));
    // Loaded by a module, in one that is, by a template.
    assert!(["results", "words", "missing"].iter().all(|name| is_published(&format!("/scripts/{name}.js"))));
}

#[test]
fn a_heading_that_is_the_title_keeps_what_is_in_it() {
    let book = Book::of(&[
        ("book.yaml", "title: Book\n"),
        (
            "content/a.md",
            "<!-- kept -->\n<a id=\"old\"></a>\n\n# The [b](b.md) <kbd>Ctrl</kbd> ==mark==[^1]\n\n### One\n\n# Two\n\n[^1]: Note.\n",
        ),
        ("content/b.md", "# B\n\n[old](a.md#old)\n"),
    ]);
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
    let page = book.page("a/index.html");
    let note = "<sup class=\"footnote-ref\"><a id=\"fnref:1\" href=\"#fn:1\">1</a></sup>";
    let title = "<h1 id=\"the-b-ctrl-mark\">The <a href=\"../b/\">b</a> <kbd>Ctrl</kbd> <mark>mark</mark>";
    assert!(page.contains(&format!("{title}{note}</h1>")), "{page}");
    assert!(page.contains("<p><a id=\"old\"></a></p>"), "{page}");
    assert!(
        page.contains("<h2 id=\"one\">") && page.contains("<h2 id=\"two\">"),
        "no level is left out: {page}"
    );
    let print = book.page("print/index.html");
    assert!(print.contains("The <a href=\"#p:2\">b</a>") && print.contains("id=\"p:1:fnref:1\""), "{print}");
}

#[test]
fn a_title_below_a_badge_is_shown_once() {
    let book = Book::of(&[
        ("content/badge.md", "![Build](data:,x)\n\n[TOC]\n\n# With a badge\n\nText.\n\n## More\n"),
        ("content/parts.md", "Text.\n\n# First part\n\n# Second part\n"),
        ("content/lower.md", "Text.\n\n## Lower\n"),
        ("content/quoted.md", "> # Quoted\n\nText.\n"),
        ("content/todo.md", "![Build](data:,x)\n\n# TODO\n\n- [ ] more\n\n# Below a list\n\nText.\n"),
    ]);
    let outline = |page: &str| {
        let page = book.page(&format!("{page}/index.html"));
        let main = page.split_once("<main").map_or("", |(_, main)| main);
        let headings =
            main.split("<h").skip(1).filter(|heading| heading.starts_with(|c: char| c.is_ascii_digit()));
        headings.map(|heading| heading.split("</h").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let anchor =
        |id: &str| format!("<a class=\"anchor\" href=\"#{id}\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
    let below = |id: &str, text: &str| format!("2 id=\"{id}\">{}{text}", anchor(id));

    assert_eq!(outline("badge"), ["1 id=\"with-a-badge\">With a badge".to_owned(), below("more", "More")]);
    let parts = [below("first-part", "First part"), below("second-part", "Second part")];
    assert_eq!(outline("parts"), ["1>First part".to_owned(), parts[0].clone(), parts[1].clone()]);
    assert_eq!(outline("lower"), ["1>Lower".to_owned(), below("lower", "Lower")]);
    assert_eq!(outline("quoted"), ["1>Quoted".to_owned(), below("quoted", "Quoted")]);
    assert_eq!(outline("todo")[0], "1 id=\"below-a-list\">Below a list");
}

#[test]
fn links_to_titles_lead_somewhere_on_the_page_for_print() {
    let book = Book::of(&[
        ("book.yaml", "title: Book\n"),
        ("content/index.md", "# Book {#own old=start}\n\n[a](a.md#before) [self](#start) [own](#own)\n"),
        ("content/a.md", "# A {old=\"before earlier\"}\n\n[own](#earlier) [front](index.md#own)\n"),
    ]);
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
    for page in ["index.html", "a/index.html", "print/index.html"] {
        let html = book.page(page);
        let within = html.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for id in within {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id} on {page}: {html}");
        }
    }
}

#[test]
fn code_in_a_title_is_set_nowhere_as_prose() {
    let book = Book::of(&[
        ("book.yaml", "title: A book\ntypography: true\n"),
        ("content/a.md", "# The \"new\" `print(\"x\")`\n"),
    ]);
    let page = book.page("a/index.html");
    assert!(page.contains("<title>The “new” print(&quot;x&quot;) · A book</title>"), "{page}");
    assert!(page.contains("The “new” <code>print(&quot;x&quot;)</code></h1>"), "{page}");
}

#[test]
fn addresses_in_raw_html_are_resolved() {
    let book = Book::of(&[
        (
            "content/a.md",
            "<a href=\"b.md?x=1&amp;y=2\">b</a> <a href=\" sub/index.html \">s</a> <img src=\"x&amp;y.gif\" alt=\"\"> <a href=\"https://example.com/x&#x2F;y?a&copy=3\">x</a>\n",
        ),
        ("content/b.md", "# B\n"),
        ("content/sub/README.md", "# Sub\n"),
        ("content/x&y.gif", "GIF89a\x01\x00\x01\x00 and more"),
    ]);
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
    let page = book.page("a/index.html");
    for expected in
        ["href=\"../b/?x=1&amp;y=2\"", "href=\" ../sub/ \"", "href=\"https://example.com/x&#x2F;y?a&copy=3\""]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(page.contains("/x&amp;y.gif\""), "{page}");
}

#[test]
fn a_link_to_a_draft_is_text() {
    let book = Book::of(&[
        ("content/a.md", "[later](b.md), [x](gone.md)\n"),
        ("content/b.md", "---\ndraft: true\n---\n"),
    ]);
    let page = book.page("a/index.html");
    assert!(page.contains("<a>later</a>, <a href=\"gone.md\">x</a>"), "{page}");
}

#[test]
fn no_page_holds_all_of_a_large_part() {
    let size = |chapters: usize| {
        let book = Book::new();
        for number in 0..chapters {
            book.write(&format!("content/part/{number}.md"), format!("# A chapter with a title {number}\n"));
        }
        book.page("part/100/index.html").len()
    };
    let (small, large) = (size(200), size(800));
    assert!(large < small + 100, "{small} bytes in a part of 200, {large} in one of 800");
}

#[test]
fn chapters_without_a_part_are_listed_on_every_page() {
    let book = Book::of(&[
        ("content/SUMMARY.md", "[Before](before.md)\n\n# Part\n\n- [One](one.md)\n  - [Planned]()\n"),
        ("content/before.md", "# Before\n"),
        ("content/one.md", "# One\n"),
    ]);
    let page = book.page("one/index.html");
    assert!(page.contains("href=\"../before/\"") && page.contains("Planned"), "{page}");
    assert!(!page.contains("<li></li>"));
}

#[test]
fn the_summary_can_list_web_addresses() {
    let book = Book::of(&[
        ("book.yaml", "title: B\nnumbers: true\n"),
        (
            "content/SUMMARY.md",
            "- [Ask](https://forum.example.org/?a&b)\n- [One](one.md)\n- <https://example.org/>\n",
        ),
        ("content/one.md", "# One\n"),
    ]);
    let (engine, edition) = book.edition();
    assert!(edition.diagnostics.is_empty(), "{:?}", book.diagnostics());
    for page in ["one/index.html", "contents/index.html"] {
        let page = support::output(&engine, &edition, page);
        assert!(page.contains("href=\"https://forum.example.org/?a&amp;b\""), "{page}");
        assert!(page.contains("https://example.org/</"), "an address without a text shows itself: {page}");
        assert!(page.contains("<span class=\"number\">1</span>") && !page.contains(">2</span>"), "{page}");
    }
}

#[test]
fn breadcrumbs_for_search_engines_all_have_an_address() {
    let book = Book::of(&[
        ("book.yaml", "title: B\nbase_url: https://example.org/\n"),
        (
            "content/SUMMARY.md",
            "- [Docs](docs/index.md)\n  - Concepts\n    - [Types](docs/concepts/types.md)\n",
        ),
        ("content/docs/index.md", "# Docs\n"),
        ("content/docs/concepts/types.md", "# Types\n"),
    ]);
    let page = book.page("docs/concepts/types/index.html");
    let (_, list) = page.split_once("BreadcrumbList").expect("linked data");
    let names: Vec<&str> =
        list.split("\"item\":\"").skip(1).filter_map(|item| item.split('"').next()).collect();
    let base = "https://example.org/";
    assert_eq!(names, [base, &format!("{base}docs/"), &format!("{base}docs/concepts/types/")]);
    assert_eq!(list.matches("ListItem").count(), names.len());
}

#[test]
fn links_in_the_forms_of_other_tools_lead_there() {
    let book = Book::of(&[
        ("content/index.md", "# Lamp\n"),
        ("content/1-guide/1-team.md", "# Team\n\n## Who\n"),
        (
            "content/1-guide/2-work.md",
            "[1](./1-team) [2](1-team/#who) [3](1-team.html) [4](@/1-guide/1-team.md#who) [5](../team/) [6](team#who) [7](../../guide/team)\n",
        ),
    ]);
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
    let page = book.page("guide/work/index.html");
    for (number, anchor) in [(1, ""), (2, "#who"), (3, ""), (4, "#who"), (5, ""), (6, "#who"), (7, "")] {
        let link = format!("<a href=\"../team/{anchor}\">{number}</a>");
        assert!(page.contains(&link), "{link}: {page}");
    }
}

#[test]
fn a_template_of_another_tool_is_no_error() {
    let chapter = ("content/a.md", "---\ntemplate: docs/page.html\n---\n\n# A\n");
    let book = Book::of(&[chapter]);
    let (_, edition) = book.edition();
    assert_eq!(edition.diagnostics[0].severity, Severity::Warning);
    assert!(book.page("a/index.html").contains("A</h1>"));

    // Where there is a theme, it is a mistake in it.
    let book = Book::of(&[
        chapter,
        ("themes/mine/theme.yaml", "extends: default\n"),
        ("book.yaml", "theme: mine\n"),
    ]);
    assert_eq!(book.edition().1.diagnostics[0].severity, Severity::Error);
}

#[test]
fn every_broken_link_has_a_hint() {
    let mut text = String::new();
    for number in 0..70 {
        text += &format!("[a](guide/chaptre-{number}.md) [b](#sectoin-{number})\n\n## Section {number}\n\n");
    }
    let book = Book::of(&[("content/index.md", text.as_str())]);
    for number in 0..70 {
        book.write(&format!("content/guide/chapter-{number}.md"), "# C\n");
    }
    let (_, edition) = book.edition();
    let hints: Vec<&str> =
        edition.diagnostics.iter().filter_map(|diagnostic| diagnostic.hint.as_deref()).collect();
    for number in 0..70 {
        let chapter = format!("did you mean `guide/chapter-{number}.md`?");
        let section = format!("did you mean `#section-{number}`?");
        assert!(hints.contains(&chapter.as_str()) && hints.contains(&section.as_str()), "{number}");
    }
}

#[test]
fn names_are_found_in_either_form_of_unicode() {
    // In the names of the files, the marks are separate characters, as macOS writes them.
    let book = Book::of(&[
        (
            "content/index.md",
            "[Overview](\u{fc}bersicht.md#\u{fc}ber) ![caf\u{e9}](img/caf\u{e9}.gif) [c](%C3%BCbersicht.md) [s](/caf\u{e9}.txt)\n",
        ),
        ("content/u\u{308}bersicht.md", "# U\u{308}bersicht\n\n## U\u{308}ber\n"),
        ("content/img/cafe\u{301}.gif", "GIF89a\x01\x00\x01\x00 and more"),
        ("static/cafe\u{301}.txt", "s"),
    ]);
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
    let page = book.page("index.html");
    for expected in [
        "href=\"%C3%BCbersicht/#%C3%BCber\"",
        "/caf%C3%A9.gif\" alt",
        "width=\"1\"",
        "href=\"cafe%CC%81.txt\"",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(book.page("\u{fc}bersicht/index.html").contains("id=\"\u{fc}ber\""));
}

#[test]
fn files_keep_their_names() {
    let book = Book::of(&[
        ("content/index.md", "[a](Makefile) [b](project.tar.gz) [c](a%3Fb.txt)\n"),
        ("content/Makefile", "all:\n"),
        ("content/project.tar.gz", "x"),
        ("content/a?b.txt", "x"),
    ]);
    let (_, edition) = book.edition();
    let names = edition.site.promises.keys().filter_map(|path| path.strip_prefix("assets/")?.split_once('/'));
    let mut names: Vec<&str> =
        names.filter(|(folder, _)| !folder.contains('.')).map(|(_, name)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Makefile", "a-b.txt", "project.tar.gz"]);
}

#[test]
fn a_theme_replaces_a_file_a_block_a_style() {
    let book = Book::of(&[
        ("book.yaml", "theme: mine\ntitle: B\n"),
        ("themes/mine/theme.yaml", "extends: default\nstyles: [styles/mine.css]\n"),
        ("themes/mine/templates/partials/footer.html", "<p>my footer</p>"),
        (
            "themes/mine/templates/chapter.html",
            "{% extends \"default/chapter.html\" %}{% block title %}my title{% endblock title %}",
        ),
        ("themes/mine/assets/styles/mine.css", "body { --mine: 1 }"),
        ("themes/mine/assets/styles/print.css", "@layer mine-print {}"),
        ("themes/mine/assets/pic.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("content/a.md", "# A\n"),
    ]);
    let (engine, edition) = book.edition();
    assert!(edition.diagnostics.is_empty(), "{:?}", book.diagnostics());
    let page = support::output(&engine, &edition, "a/index.html");
    assert!(page.contains("<p>my footer</p>") && page.contains("my title</title>"), "{page}");
    assert!(page.contains("<h1"), "the rest is the default theme's");
    let sheet = edition.site.promises.keys().find(|path| path.ends_with(".css")).expect("a stylesheet");
    let sheet = support::output(&engine, &edition, sheet);
    assert!(
        sheet.contains("--mine:1") && sheet.contains("@layer mine-print{}") && !sheet.contains("@page"),
        "{sheet}"
    );
    assert!(edition.site.promises.keys().any(|path| path.ends_with("/pic.svg")));
}

#[test]
fn all_files_in_the_assets_of_a_theme_are_published() {
    let book = Book::of(&[
        ("book.yaml", "theme: mine\n"),
        ("themes/mine/theme.yaml", "extends: default\n"),
        ("themes/mine/assets/data.yaml", "a: 1\n"),
        ("content/a.md", "# A\n"),
    ]);
    book.write("themes/mine/assets/templates/a.png", [0x89, b'P', b'N', b'G']);
    let (_, edition) = book.edition();
    assert!(edition.diagnostics.is_empty(), "{:?}", edition.diagnostics);
    for name in ["/data.yaml", "/templates/a.png"] {
        assert!(edition.site.promises.keys().any(|path| path.ends_with(name)), "{name}");
    }
}

#[test]
fn chosen_colours_are_in_the_stylesheet() {
    let book = Book::of(&[("book.yaml", "code: {light: GitHub, dark: Nord}\n"), ("content/a.md", "# A\n")]);
    let (engine, edition) = book.edition();
    assert!(edition.diagnostics.is_empty(), "{:?}", book.diagnostics());
    let sheet = edition.site.promises.keys().find(|path| path.ends_with(".css")).expect("a stylesheet");
    assert!(support::output(&engine, &edition, sheet).contains("--code-paper:#2e3440"));
}

#[test]
fn images_have_their_size_wherever_they_are() {
    let book = Book::bare();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x05\x08\x02\0\0\0";
    for file in ["content/part/a.png", "content/b.png", "static/c.png"] {
        book.write(file, png);
    }
    book.write(
        "content/part/one.md",
        "# One\n\n![a](a.png) ![b](/b.png) ![c](/c.png) ![c](../../static/c.png)\n",
    );
    let page = book.page("part/one/index.html");
    assert_eq!(page.matches("width=\"4\" height=\"5\"").count(), 4, "{page}");
}

#[test]
fn metadata_describes_a_chapter() {
    let book = Book::of(&[
        ("book.yaml", "title: A <b> book\nauthor: Sam\nbase_url: https://example.com/b\n"),
        ("content/index.md", "# Front\n"),
        ("content/part/index.md", "# Part\n"),
        ("content/part/one.md", "---\ndate: 2026-01-02\n---\n# One \\</script>\n\nThe text.\n"),
    ]);
    let page = book.page("part/one/index.html");
    assert!(
        page.contains("<meta property=\"og:url\" content=\"https://example.com/b/part/one/\">"),
        "{page}"
    );
    let start = page.find("ld+json\">").expect("linked data") + "ld+json\">".len();
    let data = &page[start..start + page[start..].find("</script>").expect("an end")];
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let (article, crumbs) = (&data["@graph"][0], &data["@graph"][1]["itemListElement"]);
    assert_eq!(article["headline"], "One </script>");
    assert_eq!(article["datePublished"], "2026-01-02T00:00:00Z");
    assert_eq!(article["isPartOf"]["name"], "A <b> book");
    let trail: Vec<&str> = (0..3).filter_map(|at| crumbs[at]["item"].as_str()).collect();
    assert_eq!(
        trail,
        ["https://example.com/b/", "https://example.com/b/part/", "https://example.com/b/part/one/"]
    );
}

#[test]
fn the_whole_book_is_one_page() {
    let book = Book::of(&[
        ("content/index.md", "# The book\n\nBefore [all](1-part/a.md).\n"),
        (
            "content/1-part/a.md",
            "# A\n\n[b](../b.md#two) [here](#one) ![x](x.gif) [s](/s.txt)[^1]\n\n[^1]: Note.\n\n## One\n",
        ),
        ("content/1-part/x.gif", "GIF89a\x01\x00\x01\x00 and more"),
        ("content/b.md", "# B\n\n[a](1-part/a.md) [front](index.md)[^1]\n\n[^1]: Note.\n\n## Two\n"),
        ("static/s.txt", "s"),
    ]);
    let page = book.page("print/index.html");
    for expected in [
        "<h1>The book</h1>",
        "<meta name=\"robots\" content=\"noindex\">",
        "<div class=\"bound\" id=\"p:1\">\n<h2 class=\"visually-hidden\" id=\"p:1:the-book\">The book</h2>\n<div class=\"prose\">",
        "<a href=\"#p:2\">all</a>",
        "<h2 id=\"p:3:b\">B</h2>",
        "<h3 id=\"p:3:two\">",
        "<a href=\"#p:3:two\">b</a> <a href=\"#p:2:one\">here</a>",
        "/x.gif\" alt=\"x\"",
        "<a href=\"../s.txt\">s</a>",
        "<a href=\"#p:2\">a</a> <a href=\"#p:1\">front</a>",
        "<a id=\"p:3:fnref:1\" href=\"#p:3:fn:1\">1</a>",
        "<a href=\"#p:2\">A</a></li>",
    ] {
        assert!(page.contains(expected), "{expected} not in {page}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let anchors = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
    let missing: Vec<&str> = anchors.filter(|anchor| !ids.contains(anchor)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
    assert!(book.page("contents/index.html").contains("href=\"../print/\""));
    book.write("book.yaml", "base_url: https://example.com/\n");
    assert!(!book.page("sitemap.xml").contains("print"), "not in the sitemap");
    book.write("book.yaml", "print: false\n");
    let (_, edition) = book.edition();
    assert!(!edition.site.promises.contains_key("print/index.html"));
    assert!(!book.page("contents/index.html").contains("print/"));
}

#[test]
fn a_chapter_has_its_markdown_beside_it() {
    let book = Book::of(&[
        ("book.yaml", "title: The book\ndescription: All of it.\ntodo: hide\n"),
        (
            "content/1-part/a.md",
            "---\ntitle: A\ndescription: About A.\n---\nText with [b](../b.md#two \"B\"), [ref][r], [web](https://example.com/), \
             [![x](x.gif)](../b.md), [draft](../draft.md), <a href=\"../b.md\">raw</a>.\n\nTODO\n\n- [ ] a secret\n\n\
             // another secret\n\nAfter.\n\n[r]: ../b.md\n",
        ),
        ("content/1-part/x.gif", "GIF89a\x01\x00\x01\x00 and more"),
        ("content/b.md", "\u{feff}# B\n\n## Two\n"),
        ("content/c.md", "---\ntitle: C & *c*\n---\n<!-- x -->\n"),
        ("content/d.md", "Text.\n\n## The *end* of `d`\n"),
        ("content/draft.md", "---\ndraft: true\n---\n# D\n"),
    ]);
    let (engine, edition) = book.edition();
    let markdown = support::output(&engine, &edition, "part/a/index.md");
    let image = markdown.split("![x](").nth(1).and_then(|rest| rest.split(')').next()).expect("an image");
    assert!(edition.site.promises.contains_key(&follow("part/a/", image)), "{image}");
    let expected = format!(
        "# A\n\nText with [b](../../b/index.md#two \"B\"), [ref][r], [web](https://example.com/), \
         [![x]({image})](../../b/index.md), draft, <a href=\"../../b/index.md\">raw</a>.\n\nAfter.\n\n[r]: ../../b/index.md\n"
    );
    assert_eq!(markdown.replace("\n\n\n\n", "\n\n").replace("\n\n\n", "\n\n"), expected);
    assert_eq!(support::output(&engine, &edition, "b/index.md"), "# B\n\n## Two\n");
    // A text without its title gets it at the top.
    assert_eq!(support::output(&engine, &edition, "c/index.md"), "# C & \\*c\\*\n\n<!-- x -->\n");
    assert_eq!(
        support::output(&engine, &edition, "d/index.md"),
        "# The end of d\n\nText.\n\n## The *end* of `d`\n"
    );
    assert_eq!(
        support::output(&engine, &edition, "llms.txt"),
        "# The book\n\n> All of it.\n\n## Part\n\n- [A](part/a/index.md): About A.\n\n## Chapters\n\n- [B](b/index.md)\n\
         - [C & \\*c\\*](c/index.md)\n- [The end of d](d/index.md)\n"
    );
    assert!(
        book.page("b/index.html")
            .contains("<link rel=\"alternate\" type=\"text/markdown\" href=\"index.md\">")
    );
    book.write("book.yaml", "markdown: false\n");
    let (_, edition) = book.edition();
    assert!(edition.site.promises.keys().all(|path| !path.ends_with(".md") && path != "llms.txt"));
}

#[test]
fn what_is_hidden_leaves_no_trace() {
    let shown = "# Front\n\n- a\n- // gone\n- b\n  - // gone\n    goes on\n  - c\n\n> // gone\n> // too\n\n\
                 > a\n>\n> // gone\n>\n> b\n>\n> TODO\n>\n> - [ ] gone\n>\n> c\n\n1. // gone\n\n   - d\n\n\
                 term\n: // gone\n: e\n\n[^1]\n\n[^1]: // gone\n[^2]: f\n\n    // gone\n\n    g\n";
    let book = Book::of(&[("book.yaml", "todo: hide\n"), ("content/index.md", shown)]);
    let expected = "# Front\n\n- a\n- b\n  - c\n\n\n> a\n>\n>\n> b\n>\n> c\n\n1. \n   - d\n\n\
                    term\n: \n: e\n\n[^1]\n\n[^1]: \n[^2]: f\n\n\n    g\n";
    assert_eq!(book.page("index.md"), expected);
    let body = |book: &Book| {
        let page = book.page("index.html");
        let (body, _) = page.split_once("</article>").expect("an article");
        body.split_once("class=\"prose\"").expect("a text").1.to_owned()
    };
    let hidden = body(&book);
    book.write("content/index.md", expected);
    assert_eq!(body(&book), hidden, "both are the same text");
    // Footnotes to which only hidden text refers are hidden too, and so are those to which they refer.
    let notes = "# Front\n\nSeen[^seen].\n\nTODO\n\n- [ ] ask[^one][^seen]\n\n[^one]: Gone[^two][^one].\n\n    \
                 Gone too.\n\n[^two]: Gone as well.\n\n[^seen]: Kept[^deep].\n\n[^deep]: Kept too.\n";
    book.write("content/index.md", notes);
    let body = body(&book);
    assert!(!body.contains("Gone") && body.contains("Kept") && body.contains("Kept too"), "{body}");
    assert!(!book.page("index.md").contains("Gone"), "{}", book.page("index.md"));
    assert!(book.diagnostics().is_empty(), "{:?}", book.diagnostics());
}

#[test]
fn terms_leave_raw_html_and_code_as_they_are() {
    let book = Book::bare();
    book.write("content/words.md", "---\nglossary: true\n---\nreverse proxy\n: One.\n\nport\n: Two.\n");
    let term = |id: &str, text: &str| {
        format!("<a class=\"term\" href=\"../words/#term-{id}\" aria-describedby=\"d:term-{id}\">{text}</a>")
    };
    let (proxy, port) = (term("reverse-proxy", "reverse proxy"), term("port", "port"));
    let image = "<img alt=\"a > reverse proxy\" src=\"https://example.com/x.png\">";
    for (text, expected) in [
        (format!("{image} A reverse proxy."), format!("{image} A {proxy}.")),
        ("a <!-- b > port --> port".to_owned(), format!("a <!-- b > port --> {port}")),
        (
            "<a name=\"old\">\n\nOne port.\n\nA reverse proxy.".to_owned(),
            format!("<a name=\"old\">\n<p>One {port}.</p>\n<p>A {proxy}.</p>"),
        ),
        (
            "Write `[reverse proxy]{.term}`, get [reverse proxy]{.term}, \\[port]{.term}, [`port`]{.term}."
                .to_owned(),
            format!("Write <code>[reverse proxy]{{.term}}</code>, get {proxy}, [{port}]{{.term}}, {port}."),
        ),
        (
            "## The [port]{.term} here\n\n![a [port]{.term}](https://example.com/x.png)".to_owned(),
            format!(
                "tabindex=\"-1\"></a>The {port} here</h2>\n<p><img src=\"https://example.com/x.png\" alt=\"a port\""
            ),
        ),
        ("The [reverse\n*proxy*]{.term}s, [a [port]{.term}.".to_owned(), format!("The {proxy}s, [a {port}.")),
        ("    [port]{.term}\n\n[no <br> term]{.term}".to_owned(), "[no <br> term]{.term}".to_owned()),
    ] {
        book.write("content/b.md", format!("---\ntitle: B\n---\n{text}\n"));
        let page = book.page("b/index.html");
        assert!(page.contains(&expected), "{expected} not in {page}");
    }
}

#[test]
fn the_first_use_of_a_term_leads_to_its_definition() {
    let book = Book::bare();
    book.write(
        "content/words.md",
        "---\ntitle: Words\nglossary: true\n---\nproxy\n: Passes *requests* on, see [b](b.md).\n\nreverse proxy\n: Another.\n\n  ```sh\n  x\n  ```\n\n\
         IT\n: Machines & people.\n\nR&D\n: Play.\n\nkey\nkey pair\n: Two.\n\nproxy\n",
    );
    book.write(
        "content/b.md",
        "---\ntitle: B\n---\n## A proxy\n\n[proxy](words.md) `proxy` it is no-proxy but **Reverse\nproxies**, Proxies, a proxy, IT and R&D. \
         Again [the \"proxy\"](words.md): [proxy]{.term}. \
         A key pair, []{.term}, **[no**]{.term}, **reverse** proxy, a [**reverse** proxy]{.term}, [key]{.term}.\n",
    );
    let page = book.page("b/index.html");
    let link = |id: &str, text: &str| {
        format!("<a class=\"term\" href=\"../words/#{id}\" aria-describedby=\"d:{id}\">{text}</a>")
    };
    for expected in [
        format!("it is no-proxy but <strong>{}</strong>", link("term-reverse-proxy", "Reverse\nproxies")),
        format!(
            ", {}, a proxy, {} and {}.",
            link("term-proxy", "Proxies"),
            link("term-it", "IT"),
            link("term-rd", "R&amp;D")
        ),
        format!(": {}.", link("term-proxy", "proxy")),
        format!("A {}, []", link("term-key-pair", "key pair")),
        format!(
            "<strong>reverse</strong> proxy, a {}, {}.",
            link("term-reverse-proxy", "reverse proxy"),
            link("term-key", "key")
        ),
        "<div class=\"definition\" popover id=\"d:term-proxy\">Passes <em>requests</em> on, see b.</div>\n"
            .to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected} not in {page}");
    }
    assert_eq!(page.matches("class=\"term\"").count(), 8, "{page}");
    assert_eq!(page.matches("popover").count(), 6, "{page}");
    let words = book.page("words/index.html");
    assert!(
        words.contains("<dt id=\"term-proxy\">proxy</dt>") && !words.contains("class=\"term\""),
        "{words}"
    );
    assert_eq!(book.diagnostics(), [""; 0]);
}

#[test]
fn unclosed_elements_hide_nothing_after_them() {
    let book = Book::of(&[]);
    let texts = [
        "<!-- TODO",
        "Set the <title> of it.",
        "<details>\n\n<summary>x</summary>",
        "a <script> b",
        "<iframe src=\"/x\">",
    ];
    for (number, text) in texts.iter().enumerate() {
        book.write(&format!("content/{number}.md"), format!("# One\n\n{text}\n\nbehind\n"));
    }
    let (engine, edition) = book.edition();
    for (number, closing) in
        ["-->", "</title>", "</details>", "</script>", "</iframe>"].into_iter().enumerate()
    {
        let page = support::output(&engine, &edition, &format!("{number}/index.html"));
        let text = page.split("<div class=\"prose\">").nth(1).and_then(|rest| rest.split("<footer").next());
        assert!(text.is_some_and(|text| text.contains("behind") && text.contains(closing)), "{closing}");
    }
}

#[test]
fn words_are_separated_by_blocks_and_breaks() {
    let book = Book::new();
    let texts = [
        ("a<br>b<br />c", 3),
        ("| h | k |\n|---|---|\n| a<br>b | c<BR>d |", 6),
        ("- ## Head\n  text\n- more", 3),
        ("one `two` *thr*ee", 3),
        ("```\nls -l\n```\nand", 3),
    ];
    for (number, (text, _)) in texts.iter().enumerate() {
        book.write(&format!("content/{number}.md"), format!("---\ntitle: T\n---\n{text}\n"));
    }
    let (_, edition) = book.edition();
    let counts: Vec<usize> = edition.documents.iter().map(|document| document.words).collect();
    assert_eq!(counts, texts.map(|(_, count)| count));
}

#[test]
fn an_output_that_takes_too_long_is_reported() {
    let book = Book::of(&[
        ("content/a.md", "# A\n"),
        ("book.yaml", "theme: mine\n"),
        ("themes/mine/theme.yaml", "extends: default\n"),
        (
            "themes/mine/templates/chapter.html",
            "{% set many = range(end=6000) %}{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}",
        ),
    ]);
    let (engine, edition) = book.edition();

    let (sender, diagnostics) = std::sync::mpsc::channel();
    let longest = std::time::Duration::from_millis(1);
    bindery::watchdog::watch(&engine.renderer, longest, move |diagnostic| {
        let _ = sender.send(support::diagnostic_line(&diagnostic));
    });
    // It takes longer than the watchdog waits, and then ends. On a machine where it does not, it is made again.
    let promise = &edition.site.promises["a/index.html"];
    let found = (0..20).find_map(|_| {
        promise.keep_once(&engine.renderer).expect("the loops end");
        diagnostics.try_recv().ok()
    });
    let expected = "invalid-template content/a.md this takes more than 0 seconds to render";
    assert_eq!(found.as_deref(), Some(expected));
}
