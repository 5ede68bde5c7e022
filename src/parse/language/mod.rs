//! The languages that code can be in, under the names that authors write.
//!
//! The grammars are those that `two-face` packs (the ones `bat` ships), and so are most of the names. Reading the index
//! of the grammars takes two milliseconds; that is done when the first block with a language is met. Each grammar is
//! unpacked when code in its language is coloured.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use syntect::parsing::SyntaxSet;

/// The grammars, packed.
pub static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Names for code that has no language.
const PLAIN: &[&str] = &[
    "text",
    "txt",
    "plain",
    "plaintext",
    "none",
    "output",
    "stdout",
    "stderr",
    "error",
    "ansi",
    "nohighlight",
    "no-highlight",
    "nocode",
    "notrust",
    "tree",
];

/// Languages, tools and notations that books name and no grammar is for. They are shown without colours, as their authors
/// expect.
const UNCOLOURED: &str = "abnf agda alloy ansi apl ascii ascii-art asn1 autohotkey autoit basic bnf bob caddy caddyfile cobol coq cue \
    cypher dafny datalog dhall ditaa ebnf elvish error expect factor fennel fluent forth fstar gdb git gleam \
    go-html-template go-template go-text-template goat gotemplate gotmpl grammar gremlin haxe helm isabelle \
    just justfile kdl kusto lldb logo logql mathematica mdoc mercury meson minizinc mips modula moonscript \
    move nothing nu nushell oberon openmetrics peg pest plantuml prisma prolog promql qbasic rescript riscv rocq ron sas scratch \
    sed simula smalltalk smarty smt2 smtlib source soy sparql spss stata svgbob tap teal terminfo tla turtle \
    ungrammar vala vb vba vbnet vento visualbasic wasm wast wat wit wolfram z3";

/// A language that code can be highlighted in: the number of its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Language(u16);

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A language.
    Known(Language),
    /// Plain text, by its name.
    Plain,
    /// Nothing.
    Unknown,
}

/// Every name in lower case, and what it means.
static NAMES: LazyLock<BTreeMap<String, Lookup>> = LazyLock::new(|| {
    let grammars = || (0..).map(Language).zip(GRAMMARS.syntaxes()).filter(|(_, grammar)| !grammar.hidden);
    let mut names = BTreeMap::new();

    // What comes later goes first: a file extension before a grammar's own name, and our names before both.
    names.extend(UNCOLOURED.split(' ').map(|name| (name.to_owned(), Lookup::Plain)));
    for (language, grammar) in grammars() {
        names.insert(grammar.name.to_ascii_lowercase(), Lookup::Known(language));
    }
    for (language, grammar) in grammars() {
        let extensions = grammar.file_extensions.iter().map(|name| name.to_ascii_lowercase());
        names.extend(extensions.map(|name| (name, Lookup::Known(language))));
    }
    for (alias, name) in ALIASES {
        let grammar = grammars().find(|(_, grammar)| grammar.name == *name);
        names.extend(grammar.map(|(language, _)| ((*alias).to_owned(), Lookup::Known(language))));
    }
    names.extend(PLAIN.iter().map(|name| ((*name).to_owned(), Lookup::Plain)));
    names
});

/// Looks a language up by the name in an info string, in any case.
pub fn find(name: &str) -> Lookup {
    NAMES.get(&name.to_ascii_lowercase()).copied().unwrap_or(Lookup::Unknown)
}

/// All names that an author can write, for hints.
pub fn names() -> impl Iterator<Item = &'static str> {
    let known = NAMES.iter().filter(|(name, lookup)| name.len() > 1 && **lookup != Lookup::Plain);
    known.map(|(name, _)| name.as_str())
}

impl Language {
    /// The number of its grammar in [`GRAMMARS`].
    pub fn grammar(self) -> u16 {
        self.0
    }

    /// Whether it is that of `sh` and the shells that read its scripts.
    pub fn is_shell(self) -> bool {
        find("bash") == Lookup::Known(self)
    }
}

/// Names that are neither a grammar's own nor one of its file extensions.
const ALIASES: &[(&str, &str)] = &[
    ("apache", "Apache Conf"),
    ("arduino", "C++"),
    ("arm", "ARM Assembly"),
    ("armasm", "ARM Assembly"),
    ("assembly", "x86_64 Assembly"),
    ("astro", "HTML"),
    ("bash-session", "Bourne Again Shell (bash)"),
    ("batch", "Batch File"),
    ("blade", "HTML"),
    ("c#", "C#"),
    ("cmd", "Batch File"),
    ("commit", "Git Commit"),
    ("compile_fail", "Rust"),
    ("console", "Bourne Again Shell (bash)"),
    ("cron", "Crontab"),
    ("csh", "Bourne Again Shell (bash)"),
    ("csharp", "C#"),
    ("cshtml", "HTML"),
    ("vue-html", "HTML"),
    ("cuda", "C++"),
    ("curl", "Bourne Again Shell (bash)"),
    ("cython", "Python"),
    ("dash", "Bourne Again Shell (bash)"),
    ("delphi", "Pascal"),
    ("django", "HTML (Jinja2)"),
    ("docker", "Dockerfile"),
    ("dotenv", "DotENV"),
    ("dtd", "XML"),
    ("ejs", "HTML (Rails)"),
    ("elisp", "Lisp"),
    ("emacs-lisp", "Lisp"),
    ("eruby", "HTML (Rails)"),
    ("flow", "TypeScript"),
    ("fortran", "Fortran (Modern)"),
    ("fsharp", "F#"),
    ("git-commit", "Git Commit"),
    ("git-rebase", "Git Rebase Todo"),
    ("gnuplot", "gnuplot"),
    ("golang", "Go"),
    ("handlebars", "HTML"),
    ("hbs", "HTML"),
    ("hcl", "Terraform"),
    ("heex", "HTML"),
    ("hjson", "JSON"),
    ("hlsl", "GLSL"),
    ("html+django", "HTML (Jinja2)"),
    ("html+jinja", "HTML (Jinja2)"),
    ("htmldjango", "HTML (Jinja2)"),
    ("http", "HTTP Request and Response"),
    ("ignore", "Rust"),
    ("ino", "C++"),
    ("ipython", "Python"),
    ("irb", "Ruby"),
    ("javascript", "JavaScript (Babel)"),
    ("jinja", "HTML (Jinja2)"),
    ("jinja2", "HTML (Jinja2)"),
    ("js", "JavaScript (Babel)"),
    ("json5", "JavaScript (Babel)"),
    ("jsonc", "JSON"),
    ("jsonl", "JSON"),
    ("jsx", "JavaScript (Babel)"),
    ("ksh", "Bourne Again Shell (bash)"),
    ("latex", "LaTeX"),
    ("latte", "HTML"),
    ("lean4", "Lean 4"),
    ("liquid", "HTML (Jinja2)"),
    ("llvm", "LLVM"),
    ("llvm-ir", "LLVM"),
    ("logs", "log"),
    ("luau", "Lua"),
    ("make", "Makefile"),
    ("mdx", "Markdown"),
    ("mustache", "HTML"),
    ("mysql", "SQL"),
    ("ndjson", "JSON"),
    ("neovim", "VimL"),
    ("njk", "HTML (Jinja2)"),
    ("no_run", "Rust"),
    ("node", "JavaScript (Babel)"),
    ("nunjucks", "HTML (Jinja2)"),
    ("objc", "Objective-C"),
    ("objective-c", "Objective-C"),
    ("objectivec", "Objective-C"),
    ("octave", "MATLAB"),
    ("opencl", "C++"),
    ("pgsql", "SQL"),
    ("plist", "XML"),
    ("plsql", "SQL"),
    ("postcss", "CSS"),
    ("postgres", "SQL"),
    ("postgresql", "SQL"),
    ("powershell", "PowerShell"),
    ("processing", "Java"),
    ("ps1", "PowerShell"),
    ("psql", "SQL"),
    ("pwsh", "PowerShell"),
    ("py3", "Python"),
    ("pycon", "Python"),
    ("pytb", "Python"),
    ("python-repl", "Python"),
    ("python3", "Python"),
    ("raku", "Perl"),
    ("razor", "HTML"),
    ("reason", "OCaml"),
    ("rebase", "Git Rebase Todo"),
    ("regex", "Regular Expression"),
    ("regexp", "Regular Expression"),
    ("requirements", "Requirements.txt"),
    ("scheme", "Lisp"),
    ("service", "INI"),
    ("shell", "Bourne Again Shell (bash)"),
    ("shellsession", "Bourne Again Shell (bash)"),
    ("should_panic", "Rust"),
    ("sqlite", "SQL"),
    ("sqlite3", "SQL"),
    ("ssh-config", "SSH Config"),
    ("ssh_config", "SSH Config"),
    ("sshconfig", "SSH Config"),
    ("sshd-config", "SSHD Config"),
    ("sshd_config", "SSHD Config"),
    ("starlark", "Python"),
    ("supervisor", "INI"),
    ("systemd", "INI"),
    ("tailwind", "CSS"),
    ("tcsh", "Bourne Again Shell (bash)"),
    ("timer", "INI"),
    ("toml", "TOML"),
    ("tsql", "SQL"),
    ("unit", "INI"),
    ("vim", "VimL"),
    ("viml", "VimL"),
    ("vimscript", "VimL"),
    ("vue", "HTML"),
    ("vue-html", "HTML"),
    ("x86asm", "x86_64 Assembly"),
    ("yq", "JQ"),
    ("zsh", "Bourne Again Shell (bash)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_is_of_a_grammar() {
        for (alias, name) in ALIASES {
            assert!(GRAMMARS.syntaxes().iter().any(|grammar| grammar.name == *name), "{alias}: {name}");
        }
    }

    #[test]
    fn names_are_those_that_authors_write() {
        for name in [
            "sh",
            "py",
            "conf",
            "nginx",
            "ini",
            "yaml",
            "yml",
            "toml",
            "sql",
            "dockerfile",
            "Dockerfile",
            "ts",
            "typescript",
            "tsx",
            "html",
            "css",
            "diff",
            "rust",
            "rs",
            "go",
            "c++",
            "rb",
            "kt",
            "Bash",
        ] {
            assert!(matches!(find(name), Lookup::Known(_)), "{name}");
        }

        assert_eq!(find("text"), Lookup::Plain);
        assert_eq!(find("klingon"), Lookup::Unknown);
    }
}
