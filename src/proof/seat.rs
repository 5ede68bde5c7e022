//! Where a step is done: on which machine and by whom, as the page shows it, and what the prompt of a command says of the
//! terminal that it is typed in.

use crate::parse::console::{self, Interpreter, Run, folder_shown};
use crate::read::Machine;
use crate::read::machine::is_user_name;

use super::marks::CommandEnd;

/// Where a step is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seat {
    /// The number of the machine.
    pub machine: usize,
    /// Who does it.
    pub user: SeatUser,
}

/// Who does a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SeatUser {
    /// Whoever is there.
    #[default]
    Anyone,
    /// The reader, whom the setting `user` of the machine names.
    Reader,
    /// This user.
    Named(String),
}

/// What the prompt of a command says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PromptClaim {
    /// The prompt, without the space after it.
    pub printed: String,
    /// The folder.
    pub folder: Option<String>,
}

impl SeatUser {
    /// The user that a prompt names.
    pub fn named(user: &str) -> Self {
        if is_user_name(user) { SeatUser::Named(user.to_owned()) } else { SeatUser::Reader }
    }

    /// The user of a run.
    pub fn of_run(run: &Run) -> Self {
        match &run.account.user {
            _ if run.role.is_root => SeatUser::Named("root".to_owned()),
            Some(user) => SeatUser::named(user),
            None => SeatUser::Anyone,
        }
    }

    /// The name by which this user logs in to a machine; none for that of its image.
    pub fn login<'n>(&'n self, machine: Option<&'n Machine>) -> Option<&'n str> {
        match self {
            SeatUser::Named(user) => Some(user),
            SeatUser::Anyone | SeatUser::Reader => machine?.setup.user.as_deref(),
        }
    }

    /// Whether a shell is that of this user.
    pub fn is(&self, place: &CommandEnd, machine: Option<&Machine>) -> bool {
        match self {
            SeatUser::Anyone => true,
            _ => self.login(machine).is_none_or(|user| user == place.user),
        }
    }
}

impl PromptClaim {
    /// Reads a prompt.
    pub fn read(prompt: &str) -> Self {
        let folder = folder_shown(prompt).map(str::to_owned);
        PromptClaim { printed: prompt.trim_end().to_owned(), folder }
    }

    /// Whether a program with this prompt is of the kind that is shown.
    pub fn is_of_kind(&self, asks: &str) -> bool {
        self.printed == asks || console::program(&self.printed) == console::program(asks)
    }

    /// Whether a program asks as the prompt shows. Where it counts its prompts, the number does not matter.
    pub fn is_asked_by(&self, asks: &str) -> bool {
        let kind = console::program(&self.printed);
        // Those of databases say which one it is, who asks, and whether a transaction is open.
        let says_more = kind == Some(Interpreter::Sql) && self.printed != "mysql>";
        self.printed == asks || kind.is_some() && kind == console::program(asks) && !says_more
    }

    /// Whether a shell is in the folder that the prompt shows.
    pub fn is_in(&self, place: &CommandEnd) -> bool {
        let Some(folder) = &self.folder else { return true };
        if folder.contains(['/', '~']) {
            *folder == short_folder(place)
        } else {
            place.folder.rsplit('/').next() == Some(folder)
        }
    }
}

/// The folder of a shell as prompts show it: `~` is the home folder.
pub fn short_folder(place: &CommandEnd) -> String {
    let in_home = place.folder.strip_prefix(&place.home).filter(|_| place.home.len() > 1);
    match in_home.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        Some(rest) => format!("~{rest}"),
        None => place.folder.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_programs_are_compared() {
        for (shown, asks, is_same) in [
            ("shop=> ", "shop=>", true),
            ("shop=> ", "shop=*>", false),
            ("shop=> ", "store=>", false),
            ("shop=# ", "shop=>", false),
            ("mysql> ", "MariaDB [(none)]>", true),
            ("sqlite> ", "mysql>", false),
            ("irb(main):001:0> ", "irb(main):007:0>", true),
            (">>> ", "shop=>", false),
            ("> ", ">", true),
            ("box> ", ">", false),
        ] {
            assert_eq!(PromptClaim::read(shown).is_asked_by(asks), is_same, "{shown} {asks}");
        }
    }

    #[test]
    fn folders_are_compared_as_they_are_shown() {
        let place = |folder: &str| CommandEnd {
            home: "/home/sam".to_owned(),
            folder: folder.to_owned(),
            ..CommandEnd::default()
        };
        for (prompt, folder, is_in) in [
            ("sam@box:~$ ", "/home/sam", true),
            ("sam@box:~/app$ ", "/home/sam/app", true),
            ("sam@box:~$ ", "/home/sammy", false),
            ("sam@box:/srv$ ", "/srv", true),
            ("[sam@box app]$ ", "/home/sam/app", true),
            ("[sam@box app]$ ", "/home/sam", false),
            ("$ ", "/anywhere", true),
        ] {
            assert_eq!(PromptClaim::read(prompt).is_in(&place(folder)), is_in, "{prompt} {folder}");
        }
    }
}
