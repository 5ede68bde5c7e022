//! What a container cannot do or enforce, so that it is not reported as proven, or as a fault of the text. Pure.

use super::scripts::words;
use super::steps::{ChapterPlan, Fate, StepAction};

/// Why a command is not typed that a container cannot run.
pub const IMPOSSIBLE: &str = "a container cannot do this";

/// Settings of services that restrict what a program sees of the system. systemd leaves them out where it may not set them up,
/// and starts the service all the same.
const RESTRICTIONS: [&str; 12] = [
    "InaccessiblePaths",
    "PrivateDevices",
    "PrivateMounts",
    "PrivateTmp",
    "ProtectControlGroups",
    "ProtectHome",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "ProtectSystem",
    "ReadOnlyPaths",
    "ReadWritePaths",
];

/// Whether a container cannot run a command: it changes the kernel, or what containers share.
pub fn is_impossible(script: &str) -> bool {
    let mut words = words(script);
    let (program, first) = (words.next().unwrap_or_default(), words.next());
    match (program, first) {
        ("hostnamectl", Some(word)) => ["hostname", "set-hostname"].contains(&word),
        ("sysctl", Some(word)) => word.contains('=') || ["-w", "-p", "--system", "--write"].contains(&word),
        ("timedatectl", Some(word)) => word.starts_with("set-"),
        ("mount" | "umount" | "swapoff", Some(word)) => !["-l", "--version", "--help"].contains(&word),
        ("swapon", Some(word)) => !word.starts_with("--s"),
        ("modprobe", Some(_)) => true,
        _ => false,
    }
}

/// The settings that a chapter writes into services and a container does not enforce, each with its line.
pub fn unenforced(plan: &ChapterPlan) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for step in plan.steps.iter().filter(|step| step.fate == Fate::Followed) {
        let StepAction::File { block, .. } = &step.action else { continue };
        if !block.path.ends_with(".service") && !block.path.contains(".service.d/") {
            continue;
        }
        for line in &block.lines {
            let text = line.text.trim_start_matches('+').trim();
            let name = text.split_once('=').map(|(name, _)| name.trim_end());
            if name.is_some_and(|name| RESTRICTIONS.contains(&name)) {
                found.push((plan.source.position(line.span.start).line, text.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_kernel_is_impossible() {
        for script in [
            "sudo hostnamectl set-hostname light",
            "sudo sysctl -w vm.swappiness=10",
            "sysctl vm.swappiness=10",
            "sudo mount /dev/sdb1 /mnt",
            "sudo swapon /swapfile",
            "sudo timedatectl set-timezone Europe/Berlin",
            "modprobe nf_tables",
        ] {
            assert!(is_impossible(script), "{script}");
        }
        for script in
            ["hostnamectl", "sysctl vm.swappiness", "mount", "swapon --show", "timedatectl", "ls /mount x"]
        {
            assert!(!is_impossible(script), "{script}");
        }
    }
}
