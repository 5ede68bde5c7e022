//! Follows chapters on machines of the author's own. Nothing is saved, and nothing is taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::test_book::{BookTest, no_engine, reported};
use crate::cli::OwnMachine;
use crate::proof::masks::Masks;
use crate::proof::remote_machines::RemoteMachines;
use crate::proof::run::{AfterFault, BookState};
use crate::proof::saved::ChapterResult;
use crate::proof::summary::ReportedChapter;
use crate::read::Machine;
use crate::text::{Diagnostic, nearest, plural};

/// Follows the chapters of a book, or one of them, on the machines that `ssh` reaches.
///
/// # Errors
/// The machines are not those of the book, or one cannot be used.
pub fn run<'t>(test: BookTest<'t>, stop: &Arc<AtomicBool>) -> Result<Vec<ReportedChapter<'t>>, Diagnostic> {
    let destinations = in_order(&test.args.on, &test.config.machines)?;
    let mut machines = RemoteMachines::connect(&destinations, stop).map_err(no_engine)?;
    let named = format!("`{}`", destinations.join("`, `"));
    let changes = if destinations.len() == 1 { "changes it" } else { "changes them" };
    test.reporter.result(&format!("following the book on {named}, which {changes}"));
    if test.config.proof.network.is_internal() {
        test.reporter.result("the setting `network` does not hold there");
    }

    let plans = match test.only {
        Some(only) => &test.plans[only..=only],
        None => test.plans,
    };
    let masks = Masks::new(&test.config.proof.varies);
    let systems = machines.systems();
    let mut book = BookState::default();
    let mut chapters = Vec::new();
    for plan in plans {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (chapter, seconds) = test.follow(plan, &masks, AfterFault::GoOn, &mut machines, &mut book);
        let done = reported(plan, ChapterResult::new(chapter, seconds, &book, &systems), None);
        test.say(&done);
        chapters.push(done);
    }
    Ok(chapters)
}

/// What `ssh` calls the machines of a book, in its order. Where it has one or none, that need not be named.
fn in_order<'o>(own: &'o [OwnMachine], machines: &[Machine]) -> Result<Vec<&'o str>, Diagnostic> {
    if let [only] = own
        && only.name.is_none()
        && machines.len() <= 1
    {
        return Ok(vec![&only.destination]);
    }
    let names: Vec<&str> = machines.iter().map(|machine| machine.name.as_str()).collect();
    let hint = match names.is_empty() {
        true => "write `--on ssh:HOST`".to_owned(),
        false => format!("write `--on {}=ssh:HOST`", names.join("=ssh:HOST --on ")),
    };
    let wrong = |message: String| no_engine(message).hint(hint.clone());

    for one in own {
        let Some(name) = &one.name else {
            let count = plural(machines.len(), "machine");
            return Err(wrong(format!(
                "this book has {count}, and `--on ssh:{}` names none",
                one.destination
            )));
        };
        if !names.contains(&name.as_str()) {
            let near = nearest(name, names.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            let message = format!("this book has no machine `{name}`{}", near.unwrap_or_default());
            return Err(wrong(message));
        }
    }
    let of = |name: &str| {
        let mut found = own.iter().filter(|one| one.name.as_deref() == Some(name));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(&*one.destination),
            (Some(_), Some(_)) => Err(wrong(format!("`--on` names `{name}` twice"))),
            (None, _) => Err(wrong(format!("`--on` does not name `{name}`, which this book has too"))),
        }
    };
    names.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found for these options, and the names of the book's machines.
    fn found(own: &[&str], machines: &[&str]) -> Result<String, String> {
        let own: Vec<OwnMachine> = (own.iter())
            .map(|text| match text.split_once('=') {
                Some((name, host)) => (Some(name.to_owned()), host),
                None => (None, *text),
            })
            .map(|(name, host)| OwnMachine { name, destination: host.to_owned() })
            .collect();
        let machine = |name: &&str| Machine { name: (*name).to_owned(), ..Machine::default() };
        let machines: Vec<Machine> = machines.iter().map(machine).collect();
        in_order(&own, &machines).map(|hosts| hosts.join(" ")).map_err(|diagnostic| diagnostic.message)
    }

    #[test]
    fn each_machine_of_the_book_is_named_once() {
        let both = ["laptop", "server"];
        for (own, machines, hosts) in [
            (&["a"][..], &[][..], "a"),
            (&["a"], &["box"], "a"),
            (&["box=a"], &["box"], "a"),
            (&["server=b", "laptop=a"], &both, "a b"),
        ] {
            assert_eq!(found(own, machines).as_deref(), Ok(hosts));
        }
        for (own, machines, message) in [
            (&["a", "b"][..], &["box"][..], "this book has 1 machine, and `--on ssh:a` names none"),
            (&["box=a"], &[], "this book has no machine `box`"),
            (&["a"], &both, "this book has 2 machines, and `--on ssh:a` names none"),
            (&["laptop=a"], &both, "`--on` does not name `server`, which this book has too"),
            (&["laptop=a", "laptop=b"], &both, "`--on` names `laptop` twice"),
            (&["laptop=a", "sever=b"], &both, "this book has no machine `sever`; did you mean `server`?"),
        ] {
            assert_eq!(found(own, machines), Err(message.to_owned()));
        }
    }
}
