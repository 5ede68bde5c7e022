//! A container engine, by the command line of podman or docker.
//!
//! Everything that is made has a label, and the number of the process that made it in its name. It is removed when what holds
//! it is dropped; what a process left that was killed is removed by the next one.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The label of everything that is made.
pub const LABEL: &str = "bindery.test";

/// What the names of containers and networks begin with; then comes the number of the process.
pub const NAME: &str = "bindery-test-";

/// What a container may use. The limits of open files and processes are those that a login has.
pub const LIMITS: [&str; 12] = [
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

/// How long another process may take to remove something.
const REMOVING: Duration = Duration::from_secs(10);

/// The engines, the better one first: podman needs no service that runs as root.
const ENGINES: [&str; 2] = ["podman", "docker"];

/// A container engine.
#[derive(Clone, Debug)]
pub struct ContainerEngine {
    program: String,
    /// Whether the person who runs bindery wants to stop.
    pub stop: Arc<AtomicBool>,
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

    /// Whether it is podman.
    pub fn is_podman(&self) -> bool {
        self.program == ENGINES[0]
    }

    /// Whether the person who runs bindery wants to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Removes the containers and networks of processes that have ended, or with `all` of every process. Returns how many
    /// containers. This process must have none yet.
    ///
    /// # Errors
    /// Why they cannot be.
    pub fn sweep(&self, all: bool) -> Result<usize, String> {
        let filter = format!("label={LABEL}");
        let own = std::process::id().to_string();
        // A process of the same number may have ended before this one began.
        let is_left = |name: &str| {
            let process = name.trim().strip_prefix(NAME).unwrap_or_default();
            let process = process.split('-').next().unwrap_or_default();
            all || process == own || !is_running(process)
        };

        let listed = self.run(&["ps", "--all", "--filter", &filter, "--format", "{{.ID}} {{.Names}}"])?;
        let left = listed.lines().filter_map(|line| line.split_once(' ')).filter(|(_, name)| is_left(name));
        let mut removed = 0;
        for (id, _) in left {
            self.until_gone(|| self.remove(id), &["container", "inspect", id])?;
            removed += 1;
        }

        let listed = self.run(&["network", "ls", "--filter", &filter, "--format", "{{.Name}}"])?;
        for name in listed.lines().map(str::trim).filter(|name| is_left(name)) {
            let remove = || self.run(&["network", "rm", name]).map(drop);
            self.until_gone(remove, &["network", "inspect", name])?;
        }
        Ok(removed)
    }

    /// Removes what another process may be removing at the same time. `inspect` is the command that fails once it is gone.
    ///
    /// # Errors
    /// Why it is still there.
    pub fn until_gone(
        &self,
        remove: impl Fn() -> Result<(), String>,
        inspect: &[&str],
    ) -> Result<(), String> {
        let end = Instant::now() + REMOVING;
        while let Err(reason) = remove() {
            if self.run(inspect).is_err() {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(reason);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Removes a container.
    ///
    /// # Errors
    /// What the engine says.
    pub fn remove(&self, id: &str) -> Result<(), String> {
        let now: &[&str] = if self.is_podman() { &["--time", "0"] } else { &[] };
        self.run(&[&["rm", "--force", "--volumes"], now, &[id]].concat()).map(drop)
    }

    /// Runs a command of the engine, and returns what it prints.
    ///
    /// # Errors
    /// What the engine says.
    pub fn run(&self, args: &[&str]) -> Result<String, String> {
        let output = self.output(args, None)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(reason(&output)),
        }
    }

    /// Runs a command of the engine with this input.
    ///
    /// # Errors
    /// Why it cannot be run.
    pub fn output(&self, args: &[&str], input: Option<&str>) -> Result<Output, String> {
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

    /// Runs a script in a container as a user, with these arguments.
    ///
    /// # Errors
    /// What the script prints as an error.
    pub fn script(&self, id: &str, script: &InContainer<'_>) -> Result<String, String> {
        let output = self.in_container(id, script)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(reason(&output)),
        }
    }

    /// Runs a script in a container, whatever its status.
    ///
    /// # Errors
    /// Why it cannot be run.
    pub fn in_container(&self, id: &str, script: &InContainer<'_>) -> Result<Output, String> {
        let mut args = vec!["exec"];
        args.extend(script.input.is_some().then_some("--interactive"));
        args.extend(script.user.iter().flat_map(|user| ["--user", user]));
        args.extend([id, "sh", "-c", script.text, "sh"]);
        args.extend(script.args);
        self.output(&args, script.input)
    }
}

/// A script that is run in a container.
#[derive(Clone, Copy, Debug, Default)]
pub struct InContainer<'s> {
    /// The script.
    pub text: &'s str,
    /// Its arguments.
    pub args: &'s [&'s str],
    /// The user; without a name, that of the image.
    pub user: Option<&'s str>,
    /// What it reads.
    pub input: Option<&'s str>,
}

/// Why a command failed, by the last line that it printed as an error.
pub fn reason(output: &Output) -> String {
    last_reason(&String::from_utf8_lossy(&output.stderr))
}

/// The last line of what a command printed as errors that says why it failed.
pub fn last_reason(errors: &str) -> String {
    // Docker's last line is an advice to read its help.
    let says_why = |line: &&str| {
        !line.trim().is_empty() && !line.starts_with("Run 'docker") && !line.starts_with("See 'docker")
    };
    let last = errors.lines().rev().find(says_why).unwrap_or("it says nothing");
    last.trim().trim_start_matches("Error: ").to_owned()
}

/// Whether a process with this number is running.
fn is_running(process: &str) -> bool {
    let process = process.parse().ok().and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| rustix::process::test_kill_process(process).is_ok())
}
