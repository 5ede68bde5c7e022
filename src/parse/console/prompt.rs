//! Prompts: which interpreter asks for a command, and how a command's further lines begin.

use super::client::{self, Client, sign};
use super::session::{Account, Interpreter, Role};

/// What a root shell's prompt that says whose it is begins with.
pub const ROOT: &str = "root@";

/// The prompt of Python.
pub const PYTHON: &str = ">>>";

/// The prompt of Starship and Pure.
pub const ARROW: char = '❯';

/// A prompt at the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Its length, white space before it and the space after it included.
    pub length: usize,
    /// Who reads what is typed after it.
    pub role: Role,
}

/// Which signs are prompts here that are none elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// A bare `# `: root's.
    pub root: bool,
    /// The same, below a command that opened a shell of root's.
    pub opened: bool,
    /// `>>> `: Python's.
    pub python: bool,
    /// `❯ `, with which menus show what is chosen.
    pub arrow: bool,
    /// `> `, with which shells ask for more of a command, and others, as on Windows, for the command itself.
    pub angle: bool,
    /// `% `, csh's and zsh's, which also begins comments of TeX.
    pub percent: bool,
    /// `box$ `, whose letters could be any word.
    pub named: bool,
    /// What a program asks with that a command above started: `test> `, and `/app # ` of a container's shell.
    pub client: Option<&'static Client>,
}

/// Reads the prompt of a line.
pub fn read(line: &str, signs: Signs) -> Option<Prompt> {
    let has_sign = line.bytes().any(|byte| b"$%#>".contains(&byte));
    if !has_sign && !line.trim_start().starts_with(['(', ARROW]) {
        return None;
    }

    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    let skipped = if of_client(text).is_some() { 0 } else { environments(text) };
    let rest = &text[skipped..];

    // The first that fits counts, so the more specific ones come first.
    let shell = |is_root| Role { interpreter: Interpreter::Shell, is_root };
    let other = |interpreter| Role { interpreter, is_root: false };
    let (length, role) = None
        .or_else(|| Some((sign(rest, "$")?, shell(false))))
        .or_else(|| {
            Some((sign(rest, "%").filter(|_| skipped > 0 || signs.percent && indent == 0)?, shell(false)))
        })
        .or_else(|| Some((sign(rest, PYTHON).filter(|_| signs.python)?, other(Interpreter::Python))))
        .or_else(|| Some((sign(rest, "#").filter(|_| signs.root)?, shell(true))))
        .or_else(|| Some((arrow(rest).filter(|_| signs.arrow)?, shell(false))))
        .or_else(|| {
            Some((sign(rest, ">").filter(|_| signs.angle)?, other(Interpreter::Client(client::SHELL))))
        })
        .or_else(|| {
            let client = signs.client.filter(|client| client.is_plain())?;
            Some((sign(rest, ">")?, other(Interpreter::Client(client))))
        })
        .or_else(|| host(rest).map(|(length, is_root)| (length, shell(is_root))))
        .or_else(|| Some((nix(rest)?, shell(false))))
        .or_else(|| version(rest).map(|(length, is_root)| (length, shell(is_root))))
        .or_else(|| Some((folder(rest)?, shell(false))))
        .or_else(|| place(rest, signs).map(|(length, is_root)| (length, shell(is_root))))
        .or_else(|| Some((pointer(rest)?, shell(false))))
        .or_else(|| Some((named(rest, signs)?, shell(false))))
        .or_else(|| Some((power_shell(rest)?, other(Interpreter::PowerShell))))
        .or_else(|| Some((drive(rest)?, other(Interpreter::Cmd))))
        .or_else(|| Some((database(rest, '=')?, other(Interpreter::Sql))))
        .or_else(|| Some((irb(rest, &[">"])?, other(Interpreter::Ruby))))
        .or_else(|| {
            // `(gdb) ` has the form of an environment, too.
            let (length, client) = of_client(rest).or_else(|| {
                let (length, client) = of_client(text).filter(|_| skipped > 0)?;
                Some((length.saturating_sub(skipped), client))
            })?;
            Some((length, other(Interpreter::Client(client))))
        })
        .or_else(|| {
            let (client, end) = (signs.client?, client::worded(rest)?);
            Some((end + sign(&rest[end..], "")?, other(Interpreter::Client(client))))
        })?;

    Some(Prompt { length: indent + skipped + length, role })
}

/// Whether a line begins with a prompt that no other text begins with, and a command after it.
pub fn is_full(line: &str, prompt: Prompt) -> bool {
    let (text, command) = (line[..prompt.length].trim(), line[prompt.length..].trim());
    match prompt.role.interpreter {
        _ if command.is_empty() => false,
        // Portage and others begin their messages so: `>>> Emerging (1 of 2)`.
        Interpreter::Python => !is_message(command),
        // `name=> ` is also a function of JavaScript.
        Interpreter::Sql if text.ends_with('>') && text.contains('=') => {
            command.starts_with('\\') || super::sql::is_statement(command)
        }
        // A list of folders can have remarks: `/src # the program`.
        Interpreter::Shell if prompt.role.is_root && text.starts_with('/') => text == "/ #",
        Interpreter::Shell => text != "%",
        _ => true,
    }
}

/// Whether text is a sentence, and no expression: two words, the first with a capital letter.
fn is_message(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_word = first.chars().all(char::is_alphabetic) && first.starts_with(char::is_uppercase);
    is_word
        && !["True", "False", "None"].contains(&first)
        && rest.starts_with(|c: char| c.is_alphanumeric() || c == '(')
}

/// A client's own prompt with the space after it.
fn of_client(text: &str) -> Option<(usize, &'static Client)> {
    let (end, client) = client::own(text)?;
    Some((end + sign(&text[end..], "")?, client))
}

/// Whether the prompt is a container's root shell, which says nothing but where it is: `/app # `.
pub fn is_bare_root(line: &str) -> bool {
    line.trim_start().starts_with(['/', '~'])
}

/// The user and the computer that a shell's prompt names.
pub fn account(prompt: &str) -> Account {
    let text = prompt.trim_start();
    let text = text[environments(text)..].trim_start_matches('[');
    let name = |name: &str| Some(name.to_owned()).filter(|name| is_name(name));

    if let Some((user, rest)) = text.split_once('@') {
        let host = rest.split([':', ' ', ']', '$', '#', '>']).next().unwrap_or_default();
        return Account { user: name(user).filter(|user| user != "root"), host: name(host) };
    }
    // `host:~ user$ `, as macOS has it; `host:~$ `.
    if let Some((host, rest)) = text.split_once(':') {
        let user = rest.trim_end().split_once(' ').map(|(_, user)| user.trim_end_matches(['$', '#']));
        return Account { user: user.and_then(name), host: name(host) };
    }
    let host = text.split_once('$').filter(|_| version(text).is_none());
    Account { user: None, host: host.and_then(|(host, _)| name(host)) }
}

/// The folder that a shell's prompt shows: a path, or as in `[sam@box app]$ ` only its last name.
pub fn folder_shown(prompt: &str) -> Option<&str> {
    let text = prompt.trim();
    let text = text[environments(text)..].trim_end_matches(['$', '#', '%', '>', ' ']);
    let folder = match (text.strip_prefix('['), text.split_once('@')) {
        (Some(inner), _) => inner.trim_end_matches(']').split_once('@')?.1.split_once(' ')?.1,
        (None, Some((_, place))) => place.split_once([':', ' '])?.1,
        (None, None) => text.split_once(':').map_or(text, |(_, folder)| folder),
    };
    let folder = folder.split(' ').next().unwrap_or_default();
    let is_path = folder.starts_with(['~', '/']) || text.starts_with('[');
    Some(folder).filter(|folder| is_path && !folder.is_empty() && !folder.contains('<'))
}

/// Whether a line has the prompt of a root shell that says so: `root@host:~# `.
pub fn is_root_host(line: &str) -> bool {
    line.contains(ROOT) && read(line, Signs::default()).is_some_and(|prompt| prompt.role.is_root)
}

/// The length of the prompt with which an interpreter asks for more of a command.
pub fn continuation(line: &str, interpreter: Interpreter) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    let length = match interpreter {
        Interpreter::Shell => return line.starts_with("> ").then_some(2),
        Interpreter::Python => sign(text, "..."),
        Interpreter::PowerShell => sign(text, ">>"),
        Interpreter::Cmd => sign(text, "More?"),
        Interpreter::Sql => ["->", "'>", "\">", "...>"]
            .iter()
            .find_map(|asks| sign(text, asks))
            .or_else(|| ['-', '(', '\'', '"', '$', '*'].iter().find_map(|open| database(text, *open))),
        Interpreter::Ruby => irb(text, &["*", "\"", "'"]),
        Interpreter::Client(client) => {
            client::continuation(text, client).and_then(|end| Some(end + sign(&text[end..], "")?))
        }
    };
    length.map(|length| indent + length)
}

/// The program that asks for a command with this prompt; none, if it is that of a shell or not known.
pub fn program(prompt: &str) -> Option<Interpreter> {
    let prompt = prompt.trim();
    let read = read(prompt, Signs { python: true, ..Signs::default() })?;
    let is_program = !read.role.is_shell() && read.length == prompt.len();
    is_program.then_some(read.role.interpreter)
}

/// Whether this is the prompt with which a program asks for more of a command.
pub fn asks_for_more(prompt: &str) -> bool {
    let prompt = prompt.trim();
    let programs =
        [Interpreter::Python, Interpreter::Sql, Interpreter::Ruby, Interpreter::Client(client::IEX)];
    client::plain_asks_for_more(prompt)
        || programs.iter().any(|program| continuation(prompt, *program) == Some(prompt.len()))
}

/// The length of `❯ `.
fn arrow(text: &str) -> Option<usize> {
    text.starts_with(ARROW)
        .then(|| sign(&text[ARROW.len_utf8()..], "").map(|length| ARROW.len_utf8() + length))?
}

/// The length of `(venv) `: any number of names in parentheses, with spaces after them. These can be left out before
/// a sign: `(venv)$ `.
fn environments(text: &str) -> usize {
    let mut length = 0;
    while let Some((name, rest)) = text[length..].strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c));
        if !is_name || !rest.starts_with([' ', '$', '%', '#']) {
            break;
        }
        length += name.len() + "()".len() + (rest.len() - rest.trim_start_matches(' ').len());
    }
    length
}

/// `user@host:~/x$ `, `root@host:~# `, `[user@host x (main)]$ `, `user@host x % `: the length, and whether it is
/// root's.
fn host(text: &str) -> Option<(usize, bool)> {
    let head = text.find(['$', '#']).or_else(|| Some(text.find(" % ")? + 1))?;
    let length = head + sign(&text[head..], &text[head..=head])?;

    let who = text[..head].trim_start_matches('[').trim_end_matches([' ', ']']);
    let (user, place) = who.split_once('@')?;
    let host = place.split([':', ' ']).next().unwrap_or_default();
    let folder = place[host.len()..].trim_start_matches([':', ' ']);

    let is_path = text.starts_with('[') && text[..head].ends_with(']')
        || place[host.len()..].strip_prefix(':').is_some_and(|path| path.starts_with(['/', '~']));

    let is_root = text[head..].starts_with('#');
    // `sam@host # friend` is an entry of a list.
    let is_remark = is_root && text[..head].ends_with(' ') && !folder.starts_with(['~', '/']);
    let is_prompt = is_name(user) && is_name(host) && (is_path || !folder.contains(' ')) && !is_remark;
    is_prompt.then_some((length, is_root))
}

/// `[nix-shell:~/x]$ `: the length.
fn nix(text: &str) -> Option<usize> {
    let (folder, asks) = text.strip_prefix("[nix-shell:")?.split_once(']')?;
    let is_path = folder.starts_with(['~', '/']) && !folder.contains(' ');
    let length = sign(asks, "$").filter(|_| is_path)?;
    Some(text.len() - asks.len() + length)
}

/// `bash-5.1$ `, `sh-4.2# `: the length, and whether it is root's.
fn version(text: &str) -> Option<(usize, bool)> {
    let names = ["bash-", "dash-", "ksh-", "sh-", "zsh-"];
    let version = names.iter().find_map(|name| text.strip_prefix(name))?;
    let asks = version.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let length = sign(asks, "$").or_else(|| sign(asks, "#"))?;
    (asks.len() < version.len()).then(|| (text.len() - asks.len() + length, asks.starts_with('#')))
}

/// `user@host:~/x> `, `user@host ~/x> `: the length.
fn pointer(text: &str) -> Option<usize> {
    let head = text.find("> ")?;
    let (user, place) = text[..head].split_once('@')?;
    let (host, folder) = place.split_once([':', ' '])?;
    let is_path = folder.starts_with(['~', '/']) && !folder.contains(' ');
    (is_name(user) && is_name(host) && is_path).then(|| head + "> ".len())
}

/// `box$ `: the length. Names begin with a small letter; `US$ 5` is a price.
fn named(text: &str, signs: Signs) -> Option<usize> {
    if !signs.named {
        return None;
    }
    let head = text.find('$')?;
    let is_prompt = is_name(&text[..head]) && text.starts_with(|c: char| c.is_lowercase());
    sign(&text[head..], "$").filter(|_| is_prompt).map(|length| head + length)
}

/// `~/x$ `, `/srv/x $ `, `host:~ user$ `: the length.
fn folder(text: &str) -> Option<usize> {
    let head = text.find('$')?;
    let length = head + sign(&text[head..], "$")?;

    let (path, user) = match text[..head].split_once(':') {
        Some((host, rest)) if is_name(host) => rest.split_once(' ').filter(|(_, user)| is_name(user))?,
        _ => (text[..head].trim_end_matches(' '), ""),
    };

    let is_path = path.starts_with(['~', '/']) && !path.contains(char::is_whitespace);
    (is_path && !user.contains(' ')).then_some(length)
}

/// `/ # `, `~ # `, and below a command that starts a shell `/app # `; `host:~$ `, `host:/etc# `; `host:folder user$ `.
/// The length, and whether it is root's.
fn place(text: &str, signs: Signs) -> Option<(usize, bool)> {
    let head = text.find(['$', '#'])?;
    let length = head + sign(&text[head..], &text[head..=head])?;
    let is_root = text[head..].starts_with('#');

    let place = &text[..head];
    if let Some(path) = place.strip_suffix(' ').filter(|_| is_root) {
        let is_path = path.starts_with(['/', '~']) && !path.contains(char::is_whitespace);
        return (is_path && (path.len() == 1 || signs.client.is_some())).then_some((length, true));
    }

    let (_, rest) = place.split_once(':').filter(|(host, _)| is_name(host))?;
    let is_path =
        rest.starts_with(['~', '/']) && !rest.starts_with("//") && !rest.contains(char::is_whitespace);
    // As macOS has it; `Total:about US$ 5` is a price.
    let is_of_user = || {
        let of_user = rest.split_once(' ').filter(|_| !is_root);
        of_user.is_some_and(|(folder, user)| {
            is_name(folder) && is_name(user) && user.starts_with(|c: char| c.is_lowercase())
        })
    };
    (is_path || is_of_user()).then_some((length, is_root))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._-<>".contains(c))
}

/// `PS> `, `PS C:\x> `, `PS C:\x>`.
fn power_shell(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("PS")?;
    let end = rest.find('>')?;
    let folder = &rest[..end];
    let is_path = folder.starts_with(' ') && folder.contains([':', '/', '\\', '~']);

    let length = match sign(&rest[end..], ">") {
        None if is_path => 1,
        length => length.filter(|_| is_path || folder.is_empty())?,
    };
    Some("PS".len() + end + length)
}

/// `C:\>`, `C:\Users\x>`.
fn drive(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let mut letters = text[..end].chars();
    // The output of a program is redirected by `>`.
    let is_program = |text: &str| {
        text.ends_with([' ', '\t']) || [".exe", ".bat", ".cmd", ".com"].iter().any(|end| text.ends_with(end))
    };

    let is_prompt = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.as_str().starts_with(":\\")
        && !is_program(letters.as_str())
        && !text[..end].contains(['<', '|', '"', '*', '?']);
    is_prompt.then(|| end + 1 + usize::from(text[end + 1..].starts_with(' ')))
}

/// `mysql> `, `sqlite> `, `MariaDB [shop]> `; PostgreSQL's `shop=# ` and `shop=> ` with the mark before its sign, and what
/// is between them in a transaction: `shop=*> `, `shop=!> `.
fn database(text: &str, mark: char) -> Option<usize> {
    for name in ["mysql", "sqlite", "MariaDB ["] {
        if let Some(rest) = text.strip_prefix(name).filter(|_| mark == '=') {
            let end = if name.ends_with('[') { rest.find(']')? + 1 } else { 0 };
            return Some(name.len() + end + sign(&rest[end..], ">")?);
        }
    }
    let end = text.find(mark)?;

    let is_name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let rest = &text[end + 1..];
    let asks = rest.strip_prefix(['*', '!', '?']).unwrap_or(rest);
    // Without the name of the database, only `=# ` is nothing else.
    if !text[..end].chars().all(is_name) || end == 0 && (mark != '=' || !asks.starts_with('#')) {
        return None;
    }

    let length = sign(asks, "#").or_else(|| sign(asks, ">"))?;
    Some(text.len() - asks.len() + length)
}

/// Ruby's `irb(main):001:0> `, or with another sign at its end: the length.
fn irb(text: &str, signs: &[&str]) -> Option<usize> {
    let (_, count) = text.strip_prefix("irb(")?.split_once("):")?;
    let asks = count.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    let length = signs.iter().find_map(|end| sign(asks, end))?;
    Some(text.len() - asks.len() + length)
}
