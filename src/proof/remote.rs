//! A machine of the author's own, reached by `ssh`, for what containers cannot do.
//!
//! What the book says to do changes it, so it must be one that can be thrown away. The computer that bindery runs on is refused.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::containers::{TERMINAL, random_sign};
use super::engine::reason;
use super::machine_scripts::{GET, MARKS, NO_FILE, READ, RELEASE, WRITE};
use super::marks::{shell_script, shell_variables};
use super::record::system_name;
use super::shell::{Login, PowerState, ProofMachines, ProofShell};
use super::terminal::BashTerminal;

/// What `ssh` is told each time: nobody is there to answer its questions.
const OPTIONS: [&str; 6] = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "LogLevel=ERROR"];

/// Prints who logs in, the two addresses of the connection, the numbers of the system and of its boot, and when its first process
/// began, which tells a container that has booted again.
const FACTS: &str = r#"
id -un
set -- ${SSH_CONNECTION:-}; echo "${1:-}"; echo "${3:-}"
echo "$(cat /etc/machine-id 2> /dev/null)"
echo "$(cat /proc/sys/kernel/random/boot_id 2> /dev/null)"
echo "$(cut -d ' ' -f 22 /proc/1/stat 2> /dev/null || uptime -s 2> /dev/null)"
"#;

/// How long the machine may take to go down, and to come back.
const GOING_DOWN: Duration = Duration::from_secs(30);
const BOOTING: Duration = Duration::from_secs(180);

/// A machine that `ssh` reaches.
#[derive(Debug)]
pub struct RemoteMachine {
    /// What `ssh` calls it.
    destination: String,
    /// The sign of the marks of its terminals.
    sign: String,
    facts: RemoteFacts,
    /// Whether the person who runs bindery wants to stop.
    stop: Arc<AtomicBool>,
}

/// What must be known of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RemoteFacts {
    /// Who logs in.
    user: String,
    /// Where the connection comes from, and where it leads.
    client: String,
    server: String,
    /// The number of the system; empty, if it has none.
    system: String,
    /// The number of its boot.
    boot: String,
    /// When its first process began.
    begun: String,
}

impl RemoteFacts {
    /// Reads what [`FACTS`] prints.
    fn read(printed: &str) -> Option<Self> {
        let mut lines = printed.lines().map(|line| line.trim().to_owned());
        let mut next = || lines.next();
        let (user, client, server) = (next()?, next()?, next()?);
        let (system, boot, begun) = (next()?, next()?, next()?);
        Some(RemoteFacts { user, client, server, system, boot, begun })
    }

    /// Whether the machine has booted since it had other facts.
    fn is_after_boot(&self, before: &RemoteFacts) -> bool {
        (&self.boot, &self.begun) != (&before.boot, &before.begun)
    }

    /// Whether the connection leads back to a computer with these numbers of its system and of its boot.
    fn is_of(&self, system: &str, boot: &str) -> bool {
        let is_back = !self.client.is_empty() && self.client == self.server;
        let is_same = match (system, &*self.system) {
            // A container has the boot of its host.
            ("", _) | (_, "") => !boot.is_empty() && boot == self.boot,
            (own, other) => own == other,
        };
        is_back || is_same
    }
}

/// A script that is run on the machine.
#[derive(Clone, Copy, Debug, Default)]
struct RemoteScript<'s> {
    text: &'s str,
    args: &'s [&'s str],
    /// The user; without a name, the one who logs in.
    user: Option<&'s str>,
    input: Option<&'s str>,
}

impl RemoteMachine {
    /// Connects to a machine, and puts in what terminals need.
    ///
    /// # Errors
    /// It cannot be reached, it is this computer, or nothing may be done there as root.
    pub fn connect(destination: &str, stop: &Arc<AtomicBool>) -> Result<Self, String> {
        let mut machine = RemoteMachine {
            destination: destination.to_owned(),
            sign: random_sign(),
            facts: RemoteFacts::default(),
            stop: Arc::clone(stop),
        };
        machine.facts = machine.ask()?;
        let number = |path: &str| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        if machine.facts.is_of(&number("/etc/machine-id"), &number("/proc/sys/kernel/random/boot_id")) {
            return Err(format!("`{destination}` is this computer, which a book must not change"));
        }

        let marks = shell_script(&machine.sign, &TERMINAL[1..]);
        let script = RemoteScript { text: MARKS, args: &[""], user: Some("root"), input: Some(&marks) };
        machine.script(&script).map_err(|reason| {
            format!(
                "`{destination}` must let `{}` use `sudo` without a password: {reason}",
                machine.facts.user
            )
        })?;
        Ok(machine)
    }

    /// What `ssh` calls it.
    pub fn destination(&self) -> &str {
        &self.destination
    }

    /// Whether another one is the same computer. Copies of one have the same number, and containers the boot of their host.
    /// A system that says nothing of this is not known to be another one's.
    pub fn is_same(&self, other: &RemoteMachine) -> bool {
        let facts = |machine: &RemoteMachine| {
            let RemoteFacts { system, boot, begun, .. } = machine.facts.clone();
            [system, boot, begun]
        };
        let own = facts(self);
        own == facts(other) && own.iter().any(|fact| !fact.is_empty())
    }

    /// Its system: `Ubuntu 24.04`. One that does not say what it is has its own name.
    pub fn system(&self) -> String {
        let release = self.script(&RemoteScript { text: RELEASE, ..RemoteScript::default() });
        system_name(&release.unwrap_or_default()).unwrap_or_else(|| self.destination.clone())
    }

    /// Asks the machine what must be known of it.
    fn ask(&self) -> Result<RemoteFacts, String> {
        let printed = self.script(&RemoteScript { text: FACTS, ..RemoteScript::default() })?;
        RemoteFacts::read(&printed).ok_or_else(|| "it has no shell that can be used".to_owned())
    }

    /// Runs a script, and returns what it prints.
    fn script(&self, script: &RemoteScript<'_>) -> Result<String, String> {
        let output = self.output(script)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(reason(&output)),
        }
    }

    /// Runs a script, whatever its status.
    fn output(&self, script: &RemoteScript<'_>) -> Result<Output, String> {
        let words = ["sh", "-c", script.text, "sh"].into_iter().chain(script.args.iter().copied());
        let line = self.as_user(script.user, words);
        let stdin = if script.input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut command = Command::new("ssh");
        command.args(OPTIONS).args(["-T", "--", &self.destination, &line]);
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());

        let failed = |error: std::io::Error| format!("`ssh` cannot be run: {error}");
        let mut child = command.spawn().map_err(failed)?;
        if let (Some(input), Some(mut stdin)) = (script.input, child.stdin.take()) {
            // A machine that cannot be reached does not read it.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output().map_err(failed)
    }

    /// The command line that runs these words as a user.
    fn as_user<'w>(&self, user: Option<&str>, words: impl Iterator<Item = &'w str>) -> String {
        let other = user.filter(|user| *user != self.facts.user);
        let with_sudo = other.map(|user| format!("sudo -n -H -u {} -- ", quoted(user)));
        let words: Vec<String> = words.map(quoted).collect();
        with_sudo.unwrap_or_default() + &words.join(" ")
    }

    fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Asks until the machine answers and has booted again; `None` if it does not in time.
    fn after_boot(&self, limit: Duration) -> Option<RemoteFacts> {
        let end = Instant::now() + limit;
        while Instant::now() < end && !self.is_stopping() {
            if let Ok(facts) = self.ask()
                && facts.is_after_boot(&self.facts)
            {
                return Some(facts);
            }
            thread::sleep(Duration::from_secs(1));
        }
        None
    }
}

/// A word as `sh` reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl ProofMachines for RemoteMachine {
    fn shell(&mut self, at: &Login<'_>) -> Result<Box<dyn ProofShell>, String> {
        let variables = TERMINAL.iter().map(|variable| (*variable).to_owned());
        let marks = shell_variables(&self.sign).map(|(name, value)| format!("{name}={value}"));
        let variables: Vec<String> = variables.chain(marks).collect();
        let words = std::iter::once("env").chain(variables.iter().map(String::as_str));
        let line = self.as_user(at.user, words.chain(["bash", "-c", "cd && exec bash -l"]));

        let args = OPTIONS.into_iter().chain(["-tt", "--", &self.destination, &line]);
        let args: Vec<String> = args.map(str::to_owned).collect();
        Ok(Box::new(BashTerminal::open("ssh", &args, &self.sign, Arc::clone(&self.stop))?))
    }

    fn read(&mut self, _: usize, path: &str) -> Result<Option<String>, String> {
        let script = RemoteScript { text: READ, args: &[path], user: Some("root"), input: None };
        let output = self.output(&script)?;
        match output.status.code() {
            Some(0) => String::from_utf8(output.stdout).map(Some).map_err(|_| "it is not UTF-8".to_owned()),
            Some(NO_FILE) => Ok(None),
            _ => Err(reason(&output)),
        }
    }

    fn write(&mut self, at: &Login<'_>, path: &str, text: &str) -> Result<(), String> {
        let script = RemoteScript { text: WRITE, args: &[path], user: at.user, input: Some(text) };
        // What is not the user's own, a reader writes with `sudo`.
        let as_root = RemoteScript { user: Some("root"), ..script };
        self.script(&script).or_else(|_| self.script(&as_root)).map(drop)
    }

    fn get(&mut self, _: usize, url: &str) -> Result<String, String> {
        self.script(&RemoteScript { text: GET, args: &[url], ..RemoteScript::default() })
    }

    fn settle(&mut self, _: usize) -> Result<PowerState, String> {
        let end = Instant::now() + GOING_DOWN;
        while let Ok(facts) = self.ask() {
            if facts.is_after_boot(&self.facts) {
                self.facts = facts;
                return Ok(PowerState::Rebooted);
            }
            if Instant::now() > end || self.is_stopping() {
                return Ok(PowerState::Running);
            }
            thread::sleep(Duration::from_millis(500));
        }

        let Some(facts) = self.after_boot(BOOTING) else { return Ok(PowerState::Off) };
        self.facts = facts;
        Ok(PowerState::Rebooted)
    }

    fn pause(&mut self) {
        thread::sleep(Duration::from_secs(1));
    }

    fn is_stopped(&self) -> bool {
        self.is_stopping()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(client: &str, server: &str, system: &str, boot: &str) -> RemoteFacts {
        RemoteFacts::read(&format!("sam\n{client}\n{server}\n{system}\n{boot}\n7\n")).expect("facts")
    }

    #[test]
    fn this_computer_is_recognised() {
        assert!(!facts("192.0.2.1", "192.0.2.2", "b", "2").is_of("a", "1"));
        assert!(facts("192.0.2.2", "192.0.2.2", "b", "2").is_of("a", "1"), "by its address");
        assert!(facts("192.0.2.1", "192.0.2.2", "a", "2").is_of("a", "1"), "by the number of its system");
        assert!(facts("", "", "", "1").is_of("", "1"), "by its boot");
        assert!(!facts("192.0.2.1", "192.0.2.2", "b", "1").is_of("a", "1"), "a container that it runs");
        assert!(!facts("", "", "", "").is_of("", ""), "nothing is known");
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        let machine = |user: &str| RemoteMachine {
            destination: "box".to_owned(),
            sign: String::new(),
            facts: RemoteFacts { user: user.to_owned(), ..RemoteFacts::default() },
            stop: Arc::default(),
        };
        let words = || ["cat", "it's $HOME"].into_iter();
        assert_eq!(machine("sam").as_user(Some("sam"), words()), r"'cat' 'it'\''s $HOME'");
        assert_eq!(
            machine("sam").as_user(Some("root"), words()),
            r"sudo -n -H -u 'root' -- 'cat' 'it'\''s $HOME'"
        );
        assert_eq!(machine("root").as_user(Some("root"), words()), machine("root").as_user(None, words()));
    }
}
