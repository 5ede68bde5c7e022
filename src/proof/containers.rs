//! The machines of a book as containers: one for each, on a network of their own, with accounts, names and limits.
//!
//! No folder of the host is mounted and no container is privileged. [`Containers::plan`] finds the images,
//! [`Containers::connect`] makes the network, and [`Containers::boot`] the containers; all are removed when the value is dropped.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::container_network::ContainerNetwork;
use super::engine::{ContainerEngine, InContainer, LABEL, NAME, reason};
use super::gate;
use super::images::{self, MissingImage};
use super::machine_box::{MachineBox, hosts_file};
use super::machine_scripts::{ACCOUNTS, GET, MARKS, NO_FILE, READ, RELEASE, WRITE};
use super::marks::{shell_script, shell_variables};
use super::record::system_name;
use super::shell::{Login, NetworkRefusal, PowerState, ProofMachines, ProofShell};
use super::terminal::BashTerminal;
use crate::read::proof_network::ProofNetwork;
use crate::read::{Machine, ProofSettings};

/// The exit code of a container whose systemd reboots. With any other one, it is off.
const REBOOTS: &str = "129";

/// The variables of a terminal. What is shown in pages is shown at once: nobody is there to turn them.
pub(super) const TERMINAL: [&str; 5] =
    ["TERM=xterm-256color", "PAGER=cat", "GIT_PAGER=cat", "SYSTEMD_PAGER=cat", "PYTHON_BASIC_REPL=1"];

/// What sets the language of a terminal where the image does not: readers' terminals know letters beyond ASCII.
const LANGUAGE: &str = r#"LANG="${LANG:-C.UTF-8}""#;

/// How long a machine may take to boot, or to go down.
const BOOTING: Duration = Duration::from_secs(60);
const GOING_DOWN: Duration = Duration::from_secs(30);

/// The machines of a book.
#[derive(Debug)]
pub struct Containers {
    engine: ContainerEngine,
    /// The sign of the marks of their terminals.
    sign: String,
    network: Option<ContainerNetwork>,
    boxes: Vec<MachineBox>,
}

impl Containers {
    /// Finds the images of the machines. Without machines, there is one.
    ///
    /// # Errors
    /// Why one of them is missing.
    pub fn plan(
        engine: &ContainerEngine,
        machines: &[Machine],
        settings: &ProofSettings,
        root: &Path,
    ) -> Result<Self, MissingImage> {
        let process = std::process::id();
        let own = [Machine { name: "machine".to_owned(), ..Machine::default() }];
        let all = if machines.is_empty() { &own } else { machines };
        let mut boxes = Vec::new();
        for machine in all {
            let image = machine.setup.image.as_ref().unwrap_or(&settings.image);
            let image = images::find(engine, image, root, settings.network.option())?;
            let name = format!("{NAME}{process}-{}", boxes.len());
            boxes.push(MachineBox::new(machine.clone(), name, image));
        }

        Ok(Containers { engine: engine.clone(), sign: random_sign(), network: None, boxes })
    }

    /// Makes the network of the machines, if there are several or only some hosts are allowed.
    ///
    /// # Errors
    /// Their addresses cannot be used, or what the engine says.
    pub fn connect(
        &mut self,
        machines: &[Machine],
        settings: &ProofSettings,
        root: &Path,
    ) -> Result<(), String> {
        let is_gated = !settings.network.hosts().is_empty();
        if machines.is_empty() && !is_gated {
            return Ok(());
        }

        let all: Vec<Machine> = self.boxes.iter().map(|machine| machine.machine.clone()).collect();
        let gate = is_gated.then(|| gate::image(&self.engine, &self.images(), settings, root)).transpose()?;
        let network = ContainerNetwork::make(&self.engine, &all, &settings.network, gate.as_deref())?;
        for (machine, address) in self.boxes.iter_mut().zip(&network.addresses) {
            machine.address = Some(*address);
        }
        self.network = Some(network);
        Ok(())
    }

    /// The images that the machines have in the beginning.
    pub fn images(&self) -> Vec<String> {
        self.boxes.iter().map(|machine| machine.image.clone()).collect()
    }

    /// Starts all machines from these images. New ones get their accounts.
    ///
    /// # Errors
    /// What the engine says.
    pub fn boot(&self, images: &[String], network: &ProofNetwork, age: MachineAge) -> Result<(), String> {
        let boot = |(machine, image): (&MachineBox, &String)| {
            self.create(machine, image, network)?;
            self.ready(machine)?;
            match age {
                MachineAge::New => self.add_accounts(machine),
                MachineAge::Saved => Ok(()),
            }
        };
        self.in_parallel(self.boxes.iter().zip(images), boot)
    }

    /// Does something with all machines at once.
    fn in_parallel<'s, T: Send>(
        &'s self,
        with: impl Iterator<Item = T>,
        work: impl Fn(T) -> Result<(), String> + Copy + Send + Sync + 's,
    ) -> Result<(), String> {
        thread::scope(|scope| {
            let started: Vec<_> = with.map(|item| scope.spawn(move || work(item))).collect();
            let done =
                started.into_iter().map(|thread| thread.join().unwrap_or(Err("it was given up".to_owned())));
            done.collect::<Result<Vec<()>, String>>().map(drop)
        })
    }

    /// Makes the container of a machine, and starts it.
    fn create(&self, machine: &MachineBox, image: &str, network: &ProofNetwork) -> Result<(), String> {
        let args = machine.arguments(image, self.engine.is_podman(), self.network.as_ref(), network);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // A container that was made and cannot be started is left by the engine.
        self.engine.run(&args).map(drop).inspect_err(|_| drop(self.engine.remove(&machine.name)))
    }

    /// Waits until a machine has booted, and puts in what terminals need.
    fn ready(&self, machine: &MachineBox) -> Result<(), String> {
        if machine.machine.setup.systemd {
            self.wait_for_systemd(machine)?;
        }
        let hosts = self.network.as_ref().map(|_| hosts_file(&self.boxes)).unwrap_or_default();
        let args = [hosts.as_str()];
        let marks = shell_script(&self.sign, &[&TERMINAL[1..], &[LANGUAGE]].concat());
        let script = InContainer { text: MARKS, args: &args, user: Some("0"), input: Some(&marks) };
        self.engine.script(&machine.name, &script).map(drop)
    }

    fn wait_for_systemd(&self, machine: &MachineBox) -> Result<(), String> {
        let end = Instant::now() + BOOTING;
        let text = "systemctl is-system-running --wait";
        let wait = InContainer { text, user: Some("0"), ..InContainer::default() };
        loop {
            let output = self.engine.in_container(&machine.name, &wait)?;
            let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            if ["running", "degraded"].contains(&state.as_str()) {
                return Ok(());
            }
            let name = &machine.machine.name;
            if !self.state(machine)?.0 {
                return Err(format!(
                    "systemd ends while `{name}` boots: it needs control groups of version 2, or an engine that runs as root"
                ));
            }
            if Instant::now() > end || self.engine.is_stopped() {
                return Err(format!("the machine `{name}` does not boot: {state} {}", reason(&output)));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Adds the users that a machine has from the beginning. Without passwords, that is the one who types.
    fn add_accounts(&self, machine: &MachineBox) -> Result<(), String> {
        let setup = &machine.machine.setup;
        let logins: String =
            setup.login.iter().map(|(user, password)| format!("{user}:{password}\n")).collect();
        let own = setup.user.as_deref().filter(|_| setup.login.is_empty()).unwrap_or_default();
        if logins.is_empty() && own.is_empty() {
            return Ok(());
        }
        let args = [own];
        let script = InContainer { text: ACCOUNTS, args: &args, user: Some("0"), input: Some(&logins) };
        let added = self.engine.script(&machine.name, &script);
        added
            .map(drop)
            .map_err(|reason| format!("the users of `{}` cannot be added: {reason}", machine.machine.name))
    }

    /// Keeps the state of each machine as an image with this name, and removes the containers. If that fails, the machines
    /// run again.
    ///
    /// # Errors
    /// Why there is no image, or why a machine does not start again.
    pub fn save(&self, names: &[String]) -> Result<(), NotSaved> {
        let machines = || self.boxes.iter().zip(names);
        let Err(reason) = self.in_parallel(machines(), |(machine, name)| self.commit(machine, name)) else {
            self.remove();
            return Ok(());
        };

        let start_again = |(machine, name): (&MachineBox, &String)| {
            // Of several machines, some may have one.
            let _ = self.engine.run(&["rmi", name]);
            self.engine.run(&["start", &machine.name])?;
            self.ready(machine)
        };
        self.in_parallel(machines(), start_again).map_err(NotSaved::Lost)?;
        Err(NotSaved::Running(reason))
    }

    /// Turns a machine off, and keeps its state as an image with this name.
    fn commit(&self, machine: &MachineBox, name: &str) -> Result<(), String> {
        // What a terminal left that was closed would keep the machine from going down.
        let left = InContainer { text: "pkill -KILL -P 0 || :", user: Some("0"), ..InContainer::default() };
        let _ = self.engine.in_container(&machine.name, &left);
        self.engine.run(&["stop", "--time", "8", &machine.name])?;

        let change = format!("LABEL {LABEL}=");
        let mut args = vec!["commit", "--change", &change];
        args.extend(self.engine.is_podman().then_some("--quiet"));
        args.extend([machine.name.as_str(), name]);
        self.engine.run(&args).map(drop)
    }

    /// Has the person who runs bindery type on a machine, as a user and in a folder, until the shell is left.
    ///
    /// # Errors
    /// Why there is no shell.
    pub fn hand_over(&self, at: &Login<'_>, folder: &str) -> Result<(), String> {
        let mut shell = Command::new(self.engine.name());
        shell.args(["exec", "--interactive"]);
        if io::stdin().is_terminal() {
            shell.arg("--tty");
        }
        shell.args(at.user.iter().flat_map(|user| ["--user", user]));
        shell.args([
            &self.boxes[at.machine].name,
            "bash",
            "-c",
            r#"cd "$1" && exec bash -l"#,
            "bash",
            folder,
        ]);
        shell.status().map(drop).map_err(|error| error.to_string())
    }

    /// Removes the containers.
    pub fn remove(&self) {
        // What is left is removed by the next process.
        for machine in &self.boxes {
            let _ = self.engine.remove(&machine.name);
        }
    }

    /// The systems of the machines, which run: `Debian 12`. One that does not say what it is has the name of its image.
    pub fn systems(&self) -> Vec<String> {
        let system = |machine: &MachineBox| {
            let script = InContainer { text: RELEASE, ..InContainer::default() };
            let release = self.engine.script(&machine.name, &script).unwrap_or_default();
            system_name(&release).unwrap_or_else(|| machine.image.clone())
        };
        self.boxes.iter().map(system).collect()
    }

    /// Whether a container runs, and the exit code if it does not.
    fn state(&self, machine: &MachineBox) -> Result<(bool, String), String> {
        let format = "{{.State.Status}} {{.State.ExitCode}}";
        let state = self.engine.run(&["inspect", "--format", format, &machine.name])?;
        let (status, code) = state.trim().split_once(' ').unwrap_or((state.trim(), ""));
        Ok((!["exited", "stopped", "dead"].contains(&status), code.to_owned()))
    }
}

/// Whether machines are new, or were saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineAge {
    /// They have their first image.
    New,
    /// They have the state of the end of a chapter.
    Saved,
}

/// Why the state of machines was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// This was the reason, and the machines run as before.
    Running(String),
    /// For this reason they do not.
    Lost(String),
}

/// A sign that no program prints by chance.
pub(super) fn random_sign() -> String {
    format!("{:016x}", RandomState::new().hash_one(0))
}

impl ProofMachines for Containers {
    fn shell(&mut self, at: &Login<'_>) -> Result<Box<dyn ProofShell>, String> {
        let mut args = vec!["exec".to_owned(), "--interactive".to_owned(), "--tty".to_owned()];
        let mut variables: Vec<String> = TERMINAL.iter().map(|variable| (*variable).to_owned()).collect();
        variables.extend(shell_variables(&self.sign).map(|(name, value)| format!("{name}={value}")));
        // A login has what is set for all logins; the image's own user has what the image sets, also the folder.
        let shell = match at.user {
            Some(user) => {
                variables.extend([format!("USER={user}"), format!("LOGNAME={user}")]);
                args.extend(["--user".to_owned(), user.to_owned()]);
                "cd && exec bash -l"
            }
            None => r#"if [ "$PWD" = / ]; then cd || exit; fi; exec bash"#,
        };
        let shell = format!("export {LANGUAGE}; {shell}");
        args.extend(variables.into_iter().flat_map(|variable| ["--env".to_owned(), variable]));
        let name = self.boxes[at.machine].name.clone();
        args.extend([name, "bash".to_owned(), "-c".to_owned(), shell]);

        let stop = Arc::clone(&self.engine.stop);
        Ok(Box::new(BashTerminal::open(self.engine.name(), &args, &self.sign, stop)?))
    }

    fn read(&mut self, machine: usize, path: &str) -> Result<Option<String>, String> {
        let script = InContainer { text: READ, args: &[path], user: Some("0"), input: None };
        let output = self.engine.in_container(&self.boxes[machine].name, &script)?;
        match output.status.code() {
            Some(0) => String::from_utf8(output.stdout).map(Some).map_err(|_| "it is not UTF-8".to_owned()),
            Some(NO_FILE) => Ok(None),
            _ => Err(reason(&output)),
        }
    }

    fn write(&mut self, at: &Login<'_>, path: &str, text: &str) -> Result<(), String> {
        let name = &self.boxes[at.machine].name;
        let script = InContainer { text: WRITE, args: &[path], user: at.user, input: Some(text) };
        // What is not the user's own, a reader writes with `sudo`.
        let as_root = InContainer { user: Some("0"), ..script };
        let written = self.engine.script(name, &script).or_else(|_| self.engine.script(name, &as_root));
        written.map(drop)
    }

    fn get(&mut self, machine: usize, url: &str) -> Result<String, String> {
        let script = InContainer { text: GET, args: &[url], ..InContainer::default() };
        self.engine.script(&self.boxes[machine].name, &script)
    }

    fn settle(&mut self, machine: usize) -> Result<PowerState, String> {
        let machine = &self.boxes[machine];
        let end = Instant::now() + GOING_DOWN;
        loop {
            match self.state(machine)? {
                (true, _) if Instant::now() > end || self.engine.is_stopped() => {
                    return Ok(PowerState::Running);
                }
                (true, _) => thread::sleep(Duration::from_millis(50)),
                (false, code) if code == REBOOTS => break,
                (false, _) => return Ok(PowerState::Off),
            }
        }
        self.engine.run(&["start", &machine.name])?;
        self.ready(machine)?;
        Ok(PowerState::Rebooted)
    }

    fn pause(&mut self) {
        thread::sleep(Duration::from_secs(1));
    }

    fn begin_step(&mut self) {
        self.refused();
    }

    fn refused(&mut self) -> Vec<NetworkRefusal> {
        self.network.as_mut().map(ContainerNetwork::refused).unwrap_or_default()
    }

    fn is_stopped(&self) -> bool {
        self.engine.is_stopped()
    }
}

impl Drop for Containers {
    fn drop(&mut self) {
        // The network goes when no machine is on it.
        self.remove();
    }
}
