//! The manual is checked against the program.
//!
//! The lists in its reference (settings, words, commands, diagnostics, and all parts of a theme) are compared with
//! what the program knows, mostly by its own reports: a diagnostic for something unknown lists everything that is
//! known. The examples of diagnostics and the files of the tutorial are built.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bindery::cli::Cli;
use bindery::parse::console::text_commands::TAKES_TEXT;
use bindery::parse::foreign::directives;
use bindery::parse::foreign::instead::Instead;
use bindery::parse::foreign::scan::FAMILIES;
use bindery::text::{DiagnosticCode, Severity};
use clap::{Arg, Command, CommandFactory};

use crate::support::Book;

const COMMANDS: &str = "manual/content/03-reference/01-commands.md";
const SETTINGS: &str = "manual/content/03-reference/02-settings.md";
const FRONT_MATTER: &str = "manual/content/03-reference/03-front-matter.md";
const INFO_STRINGS: &str = "manual/content/03-reference/04-info-strings.md";
const DIAGNOSTICS: &str = "manual/content/03-reference/05-diagnostics.md";
const TEMPLATES: &str = "manual/content/03-reference/06-templates.md";
const STYLES: &str = "manual/content/03-reference/07-words-and-styles.md";
const PLACEHOLDERS: &str = "manual/content/02-guides/04-placeholders.md";
const MOVING: &str = "manual/content/02-guides/16-moving-in.md";
const TUTORIAL: &str = "manual/content/01-tutorial";

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder: their paths below it, and their texts.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open = vec![Path::new(folder).to_owned()];

    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(folder).expect("below the folder");
                all.push((name.display().to_string(), text));
            }
        }
    }

    all.sort();
    all
}

/// The only file of the program that contains a text, wherever it is moved.
fn source_with(needle: &str) -> String {
    let mut found: Vec<String> =
        files("src").into_iter().map(|(_, text)| text).filter(|text| text.contains(needle)).collect();
    assert_eq!(found.len(), 1, "files below src/ with `{needle}`; adapt tests/manual.rs to its new name");
    found.remove(0)
}

/// The names between backticks in a text.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The section of a page below a heading, up to the next heading of level 2.
fn section(path: &str, heading: &str) -> String {
    let page = read(path);
    let (_, section) =
        page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no `{heading}` in {path}"));
    section.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The rows of the first table whose head begins with this text, each as its cells.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let (_, table) = text.split_once(&format!("\n{head}")).unwrap_or_else(|| panic!("no table `{head}`"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}

/// The names between backticks in the first column of a table.
fn first_column(text: &str, head: &str) -> BTreeSet<String> {
    table(text, head).iter().flat_map(|row| quoted(&row[0])).collect()
}

/// A code block of a page.
struct Fence {
    title: Option<String>,
    text: String,
}

/// The code blocks of a text that are not inside others.
fn fences(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut lines = text.lines();

    while let Some(line) = lines.next() {
        let marks = line.len() - line.trim_start_matches('`').len();
        if marks < 3 {
            continue;
        }
        let (mark, info) = line.split_at(marks);
        let title = info.split_once("title=\"").and_then(|(_, rest)| rest.split('"').next());
        let text = lines.by_ref().take_while(|line| *line != mark).map(|line| format!("{line}\n")).collect();
        fences.push(Fence { title: title.map(str::to_owned), text });
    }

    fences
}

/// A book with one chapter and these settings.
fn book_with(settings: &str) -> Book {
    Book::of(&[("content/index.md", "text\n"), ("book.yaml", settings)])
}

/// What the program says about a book: messages and hints of one kind of problem.
fn said(book: &Book, code: DiagnosticCode) -> String {
    let (_, edition) = book.edition();
    let diagnostics = edition.diagnostics.iter().filter(|diagnostic| diagnostic.code == code);
    diagnostics
        .map(|diagnostic| {
            format!("{} {}\n", diagnostic.message, diagnostic.hint.as_deref().unwrap_or_default())
        })
        .collect()
}

/// The keys that the program knows at the place of the key `no-such-key` in these settings: its report lists all of
/// them.
fn known_keys(book: &Book) -> BTreeSet<String> {
    let mut known = quoted(&said(book, DiagnosticCode::UnknownSetting));
    known.retain(|key| !key.contains("no-such-key"));
    known
}

#[test]
fn every_setting_is_in_the_manual() {
    for (heading, settings) in [
        ("## The book", "no-such-key: 1"),
        ("## Code", "code: {no-such-key: 1}"),
        ("## Placeholders", "placeholders: {x: {no-such-key: 1}}"),
        ("## Sources", "sources: {x: {no-such-key: 1}}"),
        ("## Machines", "machines: {x: {no-such-key: 1}}"),
        ("## Proof", "proof: {no-such-key: 1}"),
    ] {
        let listed = first_column(&section(SETTINGS, heading), "| Key |");
        assert_eq!(listed, known_keys(&book_with(settings)), "{heading} of {SETTINGS}");
    }

    let theme = book_with("theme: mine");
    theme.write("themes/mine/theme.yaml", "extends: default\nno-such-key: 1\n");
    let listed = first_column(&section(TEMPLATES, "## `theme.yaml`"), "| Key |");
    assert_eq!(listed, known_keys(&theme), "theme.yaml in {TEMPLATES}");
}

#[test]
fn every_key_of_front_matter_is_in_the_manual() {
    let code = source_with("pub struct FrontMatter");
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let taken = code.split("&mut table, \"").skip(1).filter_map(|rest| rest.split('"').next());
    let known: BTreeSet<String> = taken.map(str::to_owned).collect();

    assert_eq!(first_column(&read(FRONT_MATTER), "| Key |"), known);

    let book = Book::of(&[("content/index.md", "---\nsource: {no-such-key: 1, to: x}\n---\ntext\n")]);
    assert_eq!(first_column(&section(FRONT_MATTER, "## Source"), "| Key |"), known_keys(&book));
}

/// Whether settings or front matter are read without a problem with keys and values.
fn is_accepted(book: &Book) -> bool {
    let (_, edition) = book.edition();
    !edition.diagnostics.iter().any(|diagnostic| {
        use DiagnosticCode::{InvalidValue, InvalidYaml, UnknownKey, UnknownSetting};
        matches!(diagnostic.code, InvalidValue | InvalidYaml | UnknownKey | UnknownSetting)
    })
}

#[test]
fn examples_and_defaults_of_settings_are_right() {
    let plain = book_with("").edition().1.config;

    for (heading, mapping) in [
        ("## The book", "SETTING"),
        ("## Code", "code: {SETTING}"),
        ("## Placeholders", "placeholders: {x: {SETTING}}"),
        ("## Sources", "sources: {x: {SETTING}}"),
        ("## Machines", "machines: {x: {SETTING}}"),
        ("## Proof", "proof: {SETTING}"),
    ] {
        for row in table(&section(SETTINGS, heading), "| Key |") {
            let [key, kind, default, example, meaning] = &row[..] else { panic!("five cells: {row:?}") };
            assert!(![kind, default, example, meaning].contains(&&String::new()), "an empty cell: {row:?}");

            // Examples of `code` are whole settings already.
            if let Some(example) = example.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
                let is_whole = example.starts_with("code: ");
                let settings =
                    if is_whole { example.to_owned() } else { mapping.replace("SETTING", example) };
                assert!(is_accepted(&book_with(&settings)), "the example of {key}: {settings}");
            }

            // A declared placeholder or source always differs from none.
            let default = default.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
            if let Some(default) = default.filter(|_| !mapping.contains("x:")) {
                let settings = mapping.replace("SETTING", &format!("{}: {default}", key.trim_matches('`')));
                assert_eq!(book_with(&settings).edition().1.config, plain, "the default of {key}");
            }
        }
    }
}

#[test]
fn examples_of_front_matter_are_right() {
    for row in table(&read(FRONT_MATTER), "| Key |") {
        let [key, _, _, example, _] = &row[..] else { panic!("five cells: {row:?}") };
        let book = Book::new();
        book.write("content/index.md", format!("---\n{}\n---\ntext\n", example.trim_matches('`')));
        assert!(is_accepted(&book), "the example of {key}: {example}");
    }
}

#[test]
fn every_value_that_is_named_is_in_the_manual() {
    let editors = book_with("editor: no-such-editor");
    let types = book_with("placeholders: {x: {type: no-such-type}}");

    for (book, heading) in [(editors, "## Editors"), (types, "## Placeholders")] {
        let listed = section(SETTINGS, heading);
        let said = said(&book, DiagnosticCode::InvalidValue);
        let missing: Vec<String> =
            quoted(&said).into_iter().filter(|name| !listed.contains(&format!("`{name}`"))).collect();
        let unknown: Vec<&String> = missing.iter().filter(|name| !name.contains("no-such")).collect();
        assert!(unknown.is_empty(), "not below {heading} of {SETTINGS}: {unknown:?}");
        assert!(quoted(&said).len() > 3, "the report lists what is known: {said}");
    }
}

#[test]
fn every_option_of_an_info_string_is_in_the_manual() {
    let book = Book::of(&[(
        "content/index.md",
        "```sh no-such-option\nls\n```\n\n```mermaid no-such-option\npie\n```\n",
    )]);
    let mut known = quoted(&said(&book, DiagnosticCode::UnknownOption));
    known.remove("no-such-option");

    // A report names an option with a value as `title=`.
    let page = read(INFO_STRINGS);
    let tables = page.split("\n## ").skip(1).flat_map(|section| first_column(section, "| Option |"));
    let listed = tables.map(|option| match option.split_once('=') {
        Some((name, _)) => format!("{name}="),
        None => option,
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), known);
}

/// An option as the manual writes it: `--root DIR`, or its short and its long form.
fn option(arg: &Arg) -> Vec<String> {
    let long = arg.get_long().expect("options have a long form");
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    let long = match value {
        Some(names) => format!("--{long} {}", names.join(" ")),
        None => format!("--{long}"),
    };
    arg.get_short().map(|short| format!("-{short}")).into_iter().chain([long]).collect()
}

#[test]
fn every_command_and_option_is_in_the_manual() {
    let cli = Cli::command();
    let options = |command: &Command| -> BTreeSet<String> { command.get_opts().flat_map(option).collect() };

    for command in cli.get_subcommands() {
        let operands = command.get_positionals().filter_map(|arg| arg.get_value_names()).flatten();
        let usage: String = operands.map(|name| format!(" {name}")).collect();
        let section = section(COMMANDS, &format!("## `bindery {}{usage}`", command.get_name()));
        let has_options = section.contains("| Option |");
        let listed = if has_options { first_column(&section, "| Option |") } else { BTreeSet::new() };
        assert_eq!(listed, options(command), "bindery {}", command.get_name());
    }

    let mut common = options(&cli);
    common.extend(["-h", "--help", "-V", "--version"].map(str::to_owned));
    assert_eq!(first_column(&section(COMMANDS, "## Options of all commands"), "| Option |"), common);
}

#[test]
fn every_kind_of_foreign_markup_is_in_the_manual() {
    let families = FAMILIES.iter().chain([&directives::ALL]).copied().flatten();
    let rows: Vec<String> = families
        .map(|construct| {
            let instead = match construct.instead {
                Instead::Words(words) => words.replace('|', "\\|"),
                Instead::Alert(_) => "`> [!NOTE]`, or the kind that is nearest".to_owned(),
            };
            format!("| {} | {} | {instead} |", construct.tool, construct.what)
        })
        .collect();

    let text = section(MOVING, "## Markup that check knows");
    let written: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert_eq!(written, rows, "the table of {MOVING} should be:\n{}", rows.join("\n"));
}

#[test]
fn every_diagnostic_is_in_the_manual() {
    let page = read(DIAGNOSTICS);
    let sections: Vec<(&str, &str)> =
        page.split("\n### `").skip(1).map(|section| section.split_once("`\n").expect("a code")).collect();
    let codes: Vec<&str> = sections.iter().map(|(code, _)| *code).collect();
    let known: Vec<&str> = DiagnosticCode::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(codes, known, "the sections of {DIAGNOSTICS}");

    for (code, (_, text)) in DiagnosticCode::ALL.iter().zip(&sections) {
        let severity = if code.severity() == Severity::Error { "Error" } else { "Warning" };
        let meaning = format!("\n**{severity}.**{}\n", code.explanation());
        assert!(text.starts_with(&meaning), "{DIAGNOSTICS}: `{}` must begin with {meaning}", code.name());

        for label in ["\n**Why it matters:** ", "\n**Fix:** "] {
            let given = text.split(label).nth(1).and_then(|rest| rest.lines().next());
            assert!(given.is_some_and(|text| text.len() > 10), "{DIAGNOSTICS}: `{}`: {label}", code.name());
        }
        assert!(!fences(text).is_empty(), "{DIAGNOSTICS}: `{}` has no example", code.name());
    }
}

#[test]
fn examples_of_diagnostics_are_real() {
    let page = read(DIAGNOSTICS);
    let mut built = 0;

    for section in page.split("\n### `").skip(1) {
        let (code, text) = section.split_once('`').expect("a code");
        let files: Vec<(String, String)> =
            fences(text).into_iter().filter_map(|fence| Some((fence.title?, fence.text))).collect();
        if files.is_empty() {
            continue;
        }

        let book = Book::new();
        if !files.iter().any(|(path, _)| path.starts_with("content/")) {
            book.write("content/index.md", "# Front\n");
        }
        for (path, text) in &files {
            book.write(path, text);
        }
        let (engine, edition) = book.edition();
        let mut diagnostics = edition.diagnostics;
        if diagnostics.is_empty() {
            // Some problems are found only when a page is made.
            let made =
                edition.site.promises.values().filter_map(|page| page.keep_once(&engine.renderer).ok());
            diagnostics.extend(made.flat_map(|made| made.warnings));
        }
        let found: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect();
        assert_eq!(found, BTreeSet::from([code]), "the example of `{code}`: {:?}", book.diagnostics());
        built += 1;
    }

    assert!(built > 40, "only {built} examples have files");
}

#[test]
fn the_book_of_the_tutorial_has_no_problem() {
    let book = Book::new();

    for (page, text) in files(TUTORIAL) {
        let files = fences(&text).into_iter().filter_map(|fence| Some((fence.title?, fence.text)));
        for (path, text) in files.filter(|(path, _)| path.starts_with("content/") || path == "book.yaml") {
            book.write(&path, text);
        }
        if page != "index.md" {
            assert_eq!(book.diagnostics(), Vec::<String>::new(), "after {page} of the tutorial");
        }
    }
}

#[test]
fn every_variable_is_in_the_manual() {
    let manual = read(TEMPLATES);
    let view = source_with("pub struct View<");
    let fields = view
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": ").map(|(name, _)| name));

    // A variable is alone, or before a field: `page.title`.
    let is_named = |name: &str| manual.contains(&format!("{name}`")) || manual.contains(&format!("`{name}."));
    let missing: Vec<&str> = fields.filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "not in {TEMPLATES}: {missing:?}");
}

#[test]
fn every_word_is_in_the_manual() {
    let manual = read(STYLES);
    let words: serde_yaml::Mapping =
        serde_yaml::from_str(&read("themes/default/words/en.yaml")).expect("the words");

    for (group, names) in words.iter().filter(|(group, _)| *group != "months") {
        let group = group.as_str().expect("a name");
        let row = manual.lines().find(|line| line.starts_with(&format!("| `{group}` | `")));
        let row = row.unwrap_or_else(|| panic!("no row for the words `{group}` in {STYLES}"));
        let names = names.as_mapping().expect("a group").keys().filter_map(|name| name.as_str());
        let missing: Vec<&str> = names.filter(|name| !row.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "not in {STYLES}: {group}: {missing:?}");
    }
}

/// The names after a string, in texts.
fn names(texts: &[(String, String)], sign: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let rests = texts.iter().flat_map(|(_, text)| text.split(sign).skip(1));
    rests.map(|rest| rest.split(|c: char| !is_name(c)).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_template_is_in_the_manual() {
    let templates: BTreeSet<String> =
        files("themes/default/templates").into_iter().map(|(name, _)| name).collect();

    let manual = read(TEMPLATES);
    let mut listed = first_column(&manual, "| Template | Renders |");
    listed.extend(first_column(&manual, "| Partial | What it is |"));
    assert_eq!(listed, templates);
}

#[test]
fn every_block_is_in_the_manual() {
    let manual = read(TEMPLATES);
    let (pictures, pages): (Vec<_>, Vec<_>) =
        files("themes/default/templates").into_iter().partition(|(name, _)| name.ends_with(".svg"));
    assert_eq!(first_column(&manual, "| Block | Holds |"), names(&pages, "{% block "));

    let (_, of_pictures) = manual.split_once("Its blocks, from the back").expect("the blocks of pictures");
    let listed = quoted(of_pictures.lines().next().unwrap_or_default());
    assert_eq!(listed, names(&pictures, "{% block "));
}

#[test]
fn every_custom_property_and_element_of_code_is_in_the_manual() {
    let manual = read(STYLES);
    let styles = ["tokens", "highlight"]
        .map(|name| (name.to_owned(), read(format!("themes/default/assets/styles/{name}.css"))));

    let declared: BTreeSet<String> =
        names(&styles, " --").into_iter().map(|name| format!("--{name}")).collect();
    assert_eq!(first_column(&manual, "| Property | What it sets |"), declared);
    let elements: BTreeSet<String> =
        names(&styles, "  c-").into_iter().map(|name| format!("c-{name}")).collect();
    assert_eq!(first_column(&manual, "| Element | For | Colour |"), elements);
}

#[test]
fn the_commands_that_take_text_are_in_the_manual() {
    let page = read(PLACEHOLDERS);
    let list = page.split("leave the terminal to the shell. They are").nth(1).expect("the list");
    let list = list.split("each also after").next().expect("its end");
    let listed: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();

    let git = ["git commit", "git tag", "git config user.name", "git config user.email"];
    let known: BTreeSet<&str> = TAKES_TEXT.split(' ').chain(git).collect();
    assert_eq!(listed, known, "the list in {PLACEHOLDERS}");
}
