//! Clients: programs, other than shells, whose prompts are known or follow the command that started them.
//!
//! Most signs are also words of other programs' output. A client's own prompt (`ftp> `) is one in every session; one
//! that could be any word (`test> ` of mongosh) only below the command that started a program.

use super::repl;

/// A program that asks for commands of its own.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Client {
    /// What readers call it; empty, if it is not known.
    pub name: &'static str,
    /// The language that it reads.
    pub language: &'static str,
    /// The commands that start it.
    programs: &'static [&'static str],
    /// Its prompts, without the space after them.
    prompts: &'static [&'static str],
    /// The prompt with which it asks for more, without the space.
    more: &'static str,
}

/// A client that asks for more as most do.
const fn client(
    name: &'static str,
    language: &'static str,
    programs: &'static [&'static str],
    prompts: &'static [&'static str],
) -> Client {
    Client { name, language, programs, prompts, more: "..." }
}

/// A client that asks with `> ` alone.
const fn plain(
    name: &'static str,
    language: &'static str,
    programs: &'static [&'static str],
    more: &'static str,
) -> Client {
    Client { name, language, programs, prompts: &[">"], more }
}

/// A program that is not known, or was started somewhere else by one that is.
const OTHER: &Client = &client("", "text", &[], &[]);

/// A shell that is not known, with the prompt `> `.
pub const SHELL: &Client = &client("", "bash", &[], &[]);

/// Redis, whose prompt is its address.
const REDIS: &Client = &client("Redis", "text", &["redis-cli", "valkey-cli"], &["redis>", "not connected>"]);

/// Elixir, which counts its prompts: `iex(1)> `.
pub const IEX: &Client = &client("IEx", "elixir", &["iex"], &["iex>"]);

/// The clients with signs of their own.
const CLIENTS: &[&Client] = &[
    REDIS,
    IEX,
    &client("MongoDB", "javascript", &["mongo", "mongosh"], &["mongosh>"]),
    &client("CQL", "sql", &["cqlsh"], &["cqlsh>"]),
    &client("GDB", "text", &["gdb"], &["(gdb)"]),
    &client("LLDB", "text", &["lldb"], &["(lldb)"]),
    &client("pdb", "python", &["pdb"], &["(Pdb)"]),
    &client("FTP", "text", &["ftp"], &["ftp>"]),
    &client("SFTP", "text", &["sftp"], &["sftp>"]),
    &client("GHCi", "haskell", &["ghci"], &["ghci>", "Prelude>"]),
    &client("Julia", "julia", &["julia"], &["julia>"]),
    &client("Scala", "scala", &["scala"], &["scala>"]),
    &client("JShell", "java", &["jshell"], &["jshell>"]),
    &client("PHP", "php", &["php"], &["php >"]),
];

/// The clients that ask with `> ` alone, which is also what shells ask for more with, and a quote: it is their prompt only
/// below the command that started one.
const PLAIN: &[&Client] = &[
    &plain("Node.js", "javascript", &["node", "nodejs"], "|"),
    &plain("Deno", "typescript", &["deno"], "..."),
    &plain("Bun", "typescript", &["bun"], "..."),
    &plain("R", "r", &["R", "radian"], "+"),
    &plain("Lua", "lua", &["lua", "luajit"], ">>"),
    &plain("Elm", "elm", &["elm"], "|"),
];

impl Client {
    /// Whether it asks with `> ` alone.
    pub fn is_plain(&self) -> bool {
        self.prompts == [">"]
    }
}

/// A client's own prompt at the beginning of a text: its length without the space after it.
pub fn own(text: &str) -> Option<(usize, &'static Client)> {
    let known = CLIENTS.iter().find_map(|client| {
        let sign = client.prompts.iter().find(|sign| text.starts_with(**sign))?;
        Some((sign.len(), *client))
    });
    known.or_else(|| Some((counted(text, "iex")?, IEX))).or_else(|| Some((address(text)?, REDIS)))
}

/// The length of a sign and the space after it; nothing else may follow it.
pub fn sign(text: &str, sign: &str) -> Option<usize> {
    let rest = text.strip_prefix(sign)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| sign.len() + usize::from(!rest.is_empty()))
}

/// `iex(1)>`, `iex(lamp@box)1>`: the length without the space.
fn counted(text: &str, name: &str) -> Option<usize> {
    let (count, rest) = text.strip_prefix(name)?.strip_prefix('(')?.split_once(')')?;
    let asks = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_count =
        !count.is_empty() && count.chars().all(|c| c.is_ascii_alphanumeric() || "@._-".contains(c));
    (is_count && asks.starts_with('>')).then(|| text.len() - asks.len() + ">".len())
}

/// The length of the prompt with which a client asks for more, without the space: `...`, Elixir's `...>` and `...(1)>`,
/// R's `+`, Lua's `>>`, and the `|` of a newer Node.js, which has `...` too.
pub fn continuation(text: &str, client: &Client) -> Option<usize> {
    // A line of a table has that sign at its end, too.
    let is_table = client.more == "|" && text.trim_end().len() > 1 && text.trim_end().ends_with('|');
    if let Some(rest) = text.strip_prefix(client.more).filter(|_| client.more != "..." && !is_table) {
        return Some(text.len() - rest.len());
    }
    let dots = text.strip_prefix("...")?;
    match dots.strip_prefix('>') {
        _ if client.name != IEX.name => Some("...".len()),
        Some(_) => Some("...>".len()),
        None => counted(text, "..."),
    }
}

/// Whether a client that asks with `> ` alone asks for more with this sign.
pub fn plain_asks_for_more(sign: &str) -> bool {
    PLAIN.iter().any(|client| client.more == sign)
}

/// `127.0.0.1:6379> `, `cache:6379[1]> `: the length without the space.
fn address(text: &str) -> Option<usize> {
    let (host, rest) =
        text.split_once(':').filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let port = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let state = ["(TX)", ""].iter().find_map(|state| {
        let database = port.split_once('>')?.0.strip_suffix(state)?;
        let number = database.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(database);
        number.chars().all(|c| c.is_ascii_digit()).then_some(database.len() + state.len())
    })?;

    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    (is_host && port.len() < rest.len()).then(|| text.len() - port.len() + state + ">".len())
}

/// `test> `, `shop [primary] test> `: a prompt that could be any words; its length without the space.
pub fn worded(text: &str) -> Option<usize> {
    let end = text.find("> ").or_else(|| text.strip_suffix('>').map(str::len))?;
    let words = &text[..end];
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "._-:@[]()/".contains(c))
    };
    let is_prompt = words.starts_with(|c: char| c.is_ascii_alphabetic()) && words.split(' ').count() <= 3;
    (is_prompt && words.split(' ').all(is_word)).then(|| end + ">".len())
}

/// The client that a command starts.
pub fn started(script: &str) -> Option<&'static Client> {
    let started = repl::started(script);
    let starts = |client: &&&Client| client.programs.iter().any(|program| started.contains(program));
    let plain = || PLAIN.iter().find(|client| repl::waits_in(script, client.programs));
    let known = CLIENTS.iter().find(starts).or_else(plain).copied();
    known.or_else(|| repl::goes_elsewhere(script).then_some(OTHER))
}

/// Whether a command starts a client that asks with `> ` alone.
pub fn starts_plain(script: &str) -> bool {
    started(script).is_some_and(Client::is_plain)
}

#[cfg(test)]
mod tests {
    use super::{address, started, worded};

    #[test]
    fn addresses_and_words_are_told_apart() {
        for (text, length) in [
            ("127.0.0.1:6379> SET a b", Some(15)),
            ("cache:6379[12]> GET a", Some(15)),
            ("cache:6379(TX)> exit", Some(15)),
            ("a:b> c", None),
            (":6379> x", None),
            ("at 10:30> x", None),
        ] {
            assert_eq!(address(text), length, "{text}");
        }
        for (text, length) in [
            ("test> db", Some(5)),
            ("shop [direct: primary] test> x", None),
            ("rs0 [primary] test> x", Some(19)),
            ("> x", None),
            ("a sentence with many words> x", None),
        ] {
            assert_eq!(worded(text), length, "{text}");
        }
    }

    #[test]
    fn commands_start_clients() {
        let name = |script| started(script).map(|client| client.name);
        assert_eq!(name("docker exec -it db mongosh"), Some("MongoDB"));
        assert_eq!(name("redis-cli -h cache"), Some("Redis"));
        assert_eq!(name("docker run -it lamp/console"), Some(""));
        assert_eq!(name("ssh lamp@box"), Some(""));
        for script in
            ["node", "node --use-strict", "sudo nodejs", "docker run -it --rm node:22", "cd app && node"]
        {
            assert_eq!(name(script), Some("Node.js"), "{script}");
        }
        assert_eq!(
            (name("R --quiet"), name("deno repl"), name("bun repl")),
            (Some("R"), Some("Deno"), Some("Bun"))
        );
        for script in [
            "node app.js",
            "node -e 'x'",
            "node --version",
            "apt install node",
            "npx node-sass",
            "R --version",
        ] {
            assert_eq!(name(script), None, "{script}");
        }
        assert_eq!(name("apt install redis-cli"), None);
        assert_eq!(name("docker ps"), None);
    }
}
