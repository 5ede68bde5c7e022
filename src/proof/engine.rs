//! Containers, by the command line of podman or docker.
//!
//! Every container has a label, and the number of the process that made it in its name. It is removed when its [`Container`]
//! is dropped; what a process left that was killed is removed by the next one.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::marks::shell_variables;
use super::shell::{ProofMachine, ProofShell};
use super::terminal::BashTerminal;

/// The label of everything that is made.
const LABEL: &str = "bindery.test";

/// What the names of containers begin with; then comes the number of the process.
const NAME: &str = "bindery-test-";

/// The engines, the better one first: podman needs no service that runs as root.
const ENGINES: [&str; 2] = ["podman", "docker"];

/// What a container may use. The limits of open files and processes are those that a login has.
const LIMITS: [&str; 12] = [
    "--memory",
    "1g",
    "--memory-swap",
    "1g",
    "--pids-limit",
    "512",
    "--cpus",
    "2",
    "--ulimit",
    "nofile=1024:1024",
    "--ulimit",
    "nproc=1024:1024",
];

/// The variables of a terminal. What is shown in pages is shown at once: nobody is there to turn them.
const TERMINAL: [&str; 4] = ["TERM=xterm-256color", "PAGER=cat", "GIT_PAGER=cat", "SYSTEMD_PAGER=cat"];

/// The exit status of the script that reads a file, if there is none.
const NO_FILE: i32 = 44;

/// A container engine.
#[derive(Clone, Debug)]
pub struct ContainerEngine {
    program: String,
    /// Whether the person who runs bindery wants to stop.
    stop: Arc<AtomicBool>,
}

/// A container, which is removed when it is dropped.
#[derive(Debug)]
pub struct Container {
    engine: ContainerEngine,
    id: String,
}

impl ContainerEngine {
    /// Finds the engine that is named, else the first that answers.
    ///
    /// # Errors
    /// Why there is none.
    pub fn find(named: Option<&str>, stop: &Arc<AtomicBool>) -> Result<Self, String> {
        let programs = named.map_or_else(|| ENGINES.to_vec(), |named| vec![named]);
        let mut reasons = Vec::new();
        for program in programs {
            let engine = ContainerEngine { program: program.to_owned(), stop: Arc::clone(stop) };
            match engine.run(&["ps", "--quiet"]) {
                Ok(_) => return Ok(engine),
                Err(reason) => reasons.push(format!("`{program}`: {reason}")),
            }
        }
        Err(reasons.join("; "))
    }

    /// The name of its program.
    pub fn name(&self) -> &str {
        &self.program
    }

    /// Removes the containers of processes that have ended, or with `all` of every process. Returns how many. This process
    /// must have none yet.
    ///
    /// # Errors
    /// Why they cannot be.
    pub fn sweep(&self, all: bool) -> Result<usize, String> {
        let filter = format!("label={LABEL}");
        let listed = self.run(&["ps", "--all", "--filter", &filter, "--format", "{{.ID}} {{.Names}}"])?;

        let own = std::process::id().to_string();
        let mut removed = 0;
        for (id, name) in listed.lines().filter_map(|line| line.split_once(' ')) {
            let process = name.trim().strip_prefix(NAME).unwrap_or_default();
            // A process of the same number may have ended before this one began.
            if all || process == own || !is_running(process) {
                self.remove(id)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Starts a container.
    ///
    /// # Errors
    /// What the engine says.
    pub fn start(&self, image: &str, network: Option<&str>) -> Result<Container, String> {
        let name = format!("{NAME}{}", std::process::id());
        let mut args = vec!["run", "--detach", "--name", &name, "--label", LABEL, "--hostname", "machine"];
        args.extend(["--log-driver", "none", "--stop-signal", "KILL"]);
        args.extend(LIMITS);
        args.extend(network.iter().flat_map(|network| ["--network", network]));
        args.extend(["--entrypoint", "sleep", image, "infinity"]);
        // A container that was made and cannot be started is left by the engine.
        let printed = self.run(&args).inspect_err(|_| drop(self.remove(&name)))?;

        // The engine may print how it gets the image first.
        let id = printed.lines().last().unwrap_or_default().trim().to_owned();
        Ok(Container { engine: self.clone(), id })
    }

    fn remove(&self, id: &str) -> Result<(), String> {
        self.run(&["rm", "--force", "--volumes", id]).map(drop)
    }

    /// Runs a command of the engine, and returns what it prints.
    fn run(&self, args: &[&str]) -> Result<String, String> {
        let output = self.output(args, None)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(reason(&output)),
        }
    }

    /// Runs a command of the engine with this input.
    fn output(&self, args: &[&str], input: Option<&str>) -> Result<Output, String> {
        let failed = |error: std::io::Error| error.to_string();
        let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut command = Command::new(&self.program);
        command.args(args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());

        let mut child = command.spawn().map_err(failed)?;
        if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
            // An engine that ends before it has read all says why.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output().map_err(failed)
    }
}

/// The last line that a command printed as an error, which says why it failed.
fn reason(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    last.trim().trim_start_matches("Error: ").to_owned()
}

/// A sign that no program prints by chance.
fn random_sign() -> String {
    format!("{:016x}", RandomState::new().hash_one(0))
}

/// Whether a process with this number is running.
fn is_running(process: &str) -> bool {
    let process = process.parse().ok().and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| rustix::process::test_kill_process(process).is_ok())
}

/// Sets `$path` to a path in which `~` is the home folder.
const PATH: &str = r#"path=$1; case $path in "~/"*) path=$HOME/${path#??};; esac"#;

impl ProofMachine for Container {
    fn shell(&mut self) -> Result<Box<dyn ProofShell>, String> {
        let mut args = vec!["exec".to_owned(), "--interactive".to_owned(), "--tty".to_owned()];
        args.extend(TERMINAL.iter().flat_map(|variable| ["--env".to_owned(), (*variable).to_owned()]));
        let sign = random_sign();
        for (name, value) in shell_variables(&sign) {
            args.extend(["--env".to_owned(), format!("{name}={value}")]);
        }
        args.extend([self.id.clone(), "bash".to_owned(), "-c".to_owned(), "cd && exec bash".to_owned()]);
        let terminal = BashTerminal::open(&self.engine.program, &args, &sign, Arc::clone(&self.engine.stop))?;
        Ok(Box::new(terminal))
    }

    fn read(&mut self, path: &str) -> Result<Option<String>, String> {
        let script = format!(r#"{PATH}; [ -e "$path" ] || exit {NO_FILE}; cat -- "$path""#);
        let output = self.engine.output(&["exec", &self.id, "sh", "-c", &script, "sh", path], None)?;
        match output.status.code() {
            Some(0) => String::from_utf8(output.stdout).map(Some).map_err(|_| "it is not UTF-8".to_owned()),
            Some(NO_FILE) => Ok(None),
            _ => Err(reason(&output)),
        }
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), String> {
        let script = format!(r#"{PATH}; mkdir -p -- "$(dirname -- "$path")" && cat > "$path""#);
        let args = ["exec", "--interactive", &self.id, "sh", "-c", &script, "sh", path];
        let output = self.engine.output(&args, Some(text))?;
        if output.status.success() { Ok(()) } else { Err(reason(&output)) }
    }

    fn is_stopped(&self) -> bool {
        self.engine.stop.load(Ordering::Relaxed)
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // What is left is removed by the next process.
        let _ = self.engine.remove(&self.id);
    }
}
