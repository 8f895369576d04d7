//! `clausal snapshot review`: each change with its diff and what stands behind it, to accept, reject or leave. What is
//! decided is on disk at once, so a review that was left or cut off goes on where it stopped.

use std::io::{BufRead, IsTerminal, Write};

use clausal::diag::did_you_mean;
use serde_json::{Value, json};

use super::super::args::{Format, SnapshotReview};
use super::super::shared::Opened;
use super::super::{Status, shared};
use super::compare::{Change, Kind};
use super::desk::Told;
use super::named::is_meant;
use super::rejected::Rejected;
use super::store::Store;
use super::{Compared, found, show};

/// What was decided in a review.
#[derive(Debug, Default, PartialEq, Eq)]
struct Decided {
    accepted: usize,
    rejected: usize,
    left: usize,
}

/// What a reviewer may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    AcceptAll,
    Quit,
}

/// The changes of some rules, and what was decided of them before.
struct Desk {
    compared: Compared,
    rejected: Rejected,
}

pub fn run(args: &SnapshotReview) -> Status {
    reviewed(args).unwrap_or_else(|status| status)
}

fn reviewed(args: &SnapshotReview) -> Result<Status, Status> {
    let opened = shared::open_sound(&args.rules)?;
    let mut desk = Desk::of(&opened, args).map_err(Wrong::status)?;
    if args.list {
        return Ok(desk.list(args, &opened));
    }
    let orders = args.accept_all || !args.accept.is_empty() || !args.reject.is_empty() || args.remove_unreferenced;
    let asked = desk.asked(args.again);
    if !orders && !asked.is_empty() && !std::io::stdin().is_terminal() {
        return Err(shared::unusable(
            "a review asks at a terminal; without one, use `--list`, `--accept NAME`, `--accept-all` or `--reject NAME`",
        ));
    }
    let outcome = if orders { desk.by_order(args) } else { desk.by_asking(&asked, args, &opened) };
    let decided = outcome.map_err(|why| shared::unusable(&why))?;
    let gone = desk.compared.unreferenced(args.remove_unreferenced).map_err(|why| shared::unusable(&why))?;
    let Decided { accepted, rejected, left } = decided;
    let gone = show::unwritten(&desk.compared.comparison) + &gone;
    let mut text = format!("{gone}accepted {accepted}, rejected {rejected}, left {left}\n");
    let open = desk.compared.comparison.changes.len() - accepted;
    let refused = open - left;
    if refused > 0 {
        let were = if refused == 1 {
            "1 snapshot was rejected".to_owned()
        } else {
            format!("{refused} snapshots were rejected")
        };
        text.push_str(&format!("{were}, and the rules still give what was: mend them, or look again with `--again`\n"));
    }
    let clean = open == 0 && desk.compared.comparison.unreferenced.is_empty();
    Ok(shared::print(&text).then(|| found(clean)))
}

/// Reviews all that waits, asking for each.
pub fn at_terminal(rules: &str, folder: Option<&str>) -> Status {
    run(&SnapshotReview {
        rules: rules.to_owned(),
        snapshots: folder.map(str::to_owned),
        list: false,
        format: Format::Text,
        accept: vec![],
        accept_all: false,
        reject: vec![],
        again: false,
        remove_unreferenced: false,
        lang: "en".to_owned(),
    })
}

/// Why there is no desk: told already, or to be told.
enum Wrong {
    Told(Status),
    Why(String),
}

impl Wrong {
    fn status(self) -> Status {
        match self {
            Wrong::Told(status) => status,
            Wrong::Why(why) => shared::unusable(&why),
        }
    }
}

impl Desk {
    fn of(opened: &Opened, args: &SnapshotReview) -> Result<Desk, Wrong> {
        let compared = Compared::with(opened, &args.rules, args.snapshots.as_deref()).map_err(Wrong::Told)?;
        let rejected = Rejected::open(compared.store.folder()).map_err(Wrong::Why)?;
        Ok(Desk { compared, rejected })
    }

    /// The changes that are asked for.
    fn asked(&self, again: bool) -> Vec<Change> {
        let changes = self.compared.comparison.changes.iter();
        changes.filter(|change| again || !self.rejected.has(change)).cloned().collect()
    }

    fn list(&self, args: &SnapshotReview, opened: &Opened) -> Status {
        let comparison = &self.compared.comparison;
        let state = |change: &Change| if self.rejected.has(change) { "rejected" } else { "pending" };
        let printed = match args.format {
            Format::Text => {
                let mut text = String::new();
                for change in &comparison.changes {
                    let word = if self.rejected.has(change) { "rejected" } else { change.kind.name() };
                    text.push_str(&format!("{word:<12} {}\n", change.name));
                    // Everything in what is new is new.
                    if change.kind == Kind::Changed {
                        text.push_str(&Told::of(opened, change).text(shared::page_style(), &args.lang));
                    }
                }
                for name in &comparison.unreferenced {
                    text.push_str(&format!("unreferenced {name}\n"));
                }
                text.push_str(&show::unwritten(comparison));
                shared::print(&text)
            }
            Format::Json => {
                let told = |change: &Change| {
                    let (behind, clauses) = Told::of(opened, change).json();
                    json!({
                        "name": change.name,
                        "kind": change.kind.name(),
                        "state": state(change),
                        "source": change.source,
                        "diff": change.diff(),
                        "behind": behind,
                        "clauses": clauses,
                    })
                };
                shared::print_json(&json!({
                    "version": 1,
                    "same": comparison.same,
                    "changes": comparison.changes.iter().map(told).collect::<Vec<Value>>(),
                    "unwritten": comparison.unwritten.iter().map(|u| u.source.as_str()).collect::<Vec<_>>(),
                    "unreferenced": comparison.unreferenced,
                }))
            }
        };
        printed.then(|| found(comparison.is_clean()))
    }

    /// Does what the command line says. Nothing is done if a name of it fits nothing.
    fn by_order(&mut self, args: &SnapshotReview) -> Result<Decided, String> {
        let changes = self.compared.comparison.changes.clone();
        let named = |names: &[String], change: &Change| names.iter().any(|name| is_meant(&change.name, name));
        for name in args.accept.iter().chain(&args.reject) {
            if !changes.iter().any(|change| is_meant(&change.name, name)) {
                let help = did_you_mean(name, changes.iter().map(|change| change.name.as_str()));
                let help = help.unwrap_or_else(|| "`--list` names them".to_owned());
                return Err(format!("no change under review is called `{name}`; {help}"));
            }
        }
        if let Some(both) = changes.iter().find(|c| named(&args.accept, c) && named(&args.reject, c)) {
            return Err(format!("`{}` is to be accepted and rejected: name it once", both.name));
        }
        self.start()?;
        let mut decided = Decided::default();
        for change in &changes {
            let was_rejected = self.rejected.has(change);
            let answer = if named(&args.reject, change) {
                Answer::Reject
            } else if named(&args.accept, change) || args.accept_all && !was_rejected {
                Answer::Accept
            } else if was_rejected {
                continue;
            } else {
                Answer::Skip
            };
            decided.carry_out(answer, change, &mut self.compared.store, &mut self.rejected)?;
        }
        Ok(decided)
    }

    /// Keeps on disk what is under review, and forgets rejections of what is no more.
    fn start(&mut self) -> Result<(), String> {
        let Compared { store, comparison, ours, .. } = &mut self.compared;
        self.rejected.keep_only(&comparison.changes, |name| ours.iter().any(|shelf| shelf.holds(name)))?;
        let waits = comparison.changes.iter().any(|change| store.is_pending(&change.name));
        if waits { comparison.refresh(store) } else { comparison.propose(store) }
    }

    fn by_asking(&mut self, asked: &[Change], args: &SnapshotReview, opened: &Opened) -> Result<Decided, String> {
        self.start()?;
        let (stdin, stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
        let behind = |change: &Change| Told::of(opened, change).text(shared::page_style(), &args.lang);
        ask(asked, &mut self.compared.store, &mut self.rejected, &behind, stdin, stdout)
    }
}

fn ask(
    asked: &[Change],
    store: &mut Store,
    rejected: &mut Rejected,
    behind: &dyn Fn(&Change) -> String,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<Decided, String> {
    let wrong = |error: std::io::Error| format!("the terminal cannot be used: {error}");
    let mut decided = Decided::default();
    let mut all = None;
    for (number, change) in asked.iter().enumerate() {
        let answer = match all {
            Some(answer) => answer,
            None => {
                let again = if rejected.has(change) { ", rejected before" } else { "" };
                let shown = show::change(change, show::colour());
                write!(output, "\n({} of {}{again}) {shown}", number + 1, asked.len()).map_err(wrong)?;
                if change.kind == Kind::Changed {
                    write!(output, "behind it\n{}", behind(change)).map_err(wrong)?;
                }
                question(&mut input, &mut output).map_err(wrong)?
            }
        };
        match answer {
            Answer::AcceptAll => all = Some(Answer::Accept),
            Answer::Quit => all = Some(Answer::Skip),
            _ => {}
        }
        decided.carry_out(answer, change, store, rejected)?;
    }
    Ok(decided)
}

/// Asks until there is an answer; the end of the input is one.
fn question(input: &mut impl BufRead, output: &mut impl Write) -> std::io::Result<Answer> {
    loop {
        write!(output, "[a]ccept, [r]eject, [s]kip, accept [all] the rest, [q]uit? ")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(Answer::Quit);
        }
        match line.trim().to_lowercase().as_str() {
            "a" | "accept" => return Ok(Answer::Accept),
            "r" | "reject" => return Ok(Answer::Reject),
            "s" | "skip" => return Ok(Answer::Skip),
            "all" => return Ok(Answer::AcceptAll),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

impl Decided {
    fn carry_out(
        &mut self,
        answer: Answer,
        change: &Change,
        store: &mut Store,
        rejected: &mut Rejected,
    ) -> Result<(), String> {
        match answer {
            Answer::Accept | Answer::AcceptAll => {
                store.accept(&change.name, &change.source, &change.now)?;
                rejected.forget(&change.name)?;
                self.accepted += 1;
            }
            Answer::Reject => {
                rejected.add(change)?;
                store.drop_pending(&change.name)?;
                self.rejected += 1;
            }
            Answer::Skip | Answer::Quit => self.left += 1,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str) -> Change {
        Change {
            name: name.to_owned(),
            kind: Kind::Changed,
            source: "rules/a/1".to_owned(),
            stored: "x = 1\n".to_owned(),
            now: "x = 2\n".to_owned(),
        }
    }

    /// What a review comes to, and what is on disk after it: accepted, waiting, rejected.
    type Reviewed = (Decided, Vec<String>, Vec<String>, Vec<String>);

    /// Answers to a review of three changes, in a folder of the test's own.
    fn review(test: &str, answers: &str) -> Reviewed {
        let folder = std::env::temp_dir().join(format!("clausal-review-{test}-{}", std::process::id()));
        let changes = ["rules/a/1", "outcomes/a/1/x/one", "outcomes/a/1/x/two"].map(change);
        let mut store = Store::open(&folder);
        let mut rejected = Rejected::open(&folder).expect("nothing was rejected yet");
        for change in &changes {
            store.propose(&change.name, &change.source, &change.now).expect("the folder can be written");
        }
        let mut shown = Vec::new();
        let behind = |change: &Change| format!("  all of {}\n", change.name);
        let decided = ask(&changes, &mut store, &mut rejected, &behind, answers.as_bytes(), &mut shown);
        let shown = String::from_utf8_lossy(&shown);
        assert!(shown.contains("-x = 1\n+x = 2\nbehind it\n  all of rules/a/1\n"), "{shown}");
        let again = Store::open(&folder);
        let remembered = Rejected::open(&folder).expect("it can be read again");
        let names = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
        let refused = changes.iter().filter(|c| remembered.has(c)).map(|c| c.name.clone()).collect();
        let decided = decided.expect("the review runs");
        let found = (decided, names(&mut again.accepted_names()), names(&mut again.pending_names()), refused);
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
        found
    }

    #[test]
    fn each_change_is_accepted_rejected_or_left() {
        let (decided, accepted, pending, rejected) = review("each", "a\nwhat?\nr\ns\n");
        assert_eq!(decided, Decided { accepted: 1, rejected: 1, left: 1 });
        assert_eq!((accepted, pending), (vec!["rules/a/1".to_owned()], vec!["outcomes/a/1/x/two".to_owned()]));
        assert_eq!(rejected, ["outcomes/a/1/x/one"]);
    }

    #[test]
    fn a_review_can_be_left_and_goes_on_later() {
        let (decided, accepted, pending, _) = review("quit", "a\nq\n");
        assert_eq!(decided, Decided { accepted: 1, rejected: 0, left: 2 });
        assert_eq!((accepted.len(), pending.len()), (1, 2));
        assert_eq!(review("end", "").0, Decided { accepted: 0, rejected: 0, left: 3 });
    }

    #[test]
    fn all_the_rest_can_be_accepted() {
        let (decided, accepted, pending, rejected) = review("all", "r\nall\n");
        assert_eq!(decided, Decided { accepted: 2, rejected: 1, left: 0 });
        assert_eq!((accepted.len(), pending.len(), rejected.len()), (2, 0, 1));
    }

    #[test]
    fn what_was_rejected_is_a_new_change_when_it_comes_out_otherwise() {
        let folder = std::env::temp_dir().join(format!("clausal-review-otherwise-{}", std::process::id()));
        let mut one = change("rules/a/1");
        let mut rejected = Rejected::open(&folder).expect("nothing was rejected yet");
        rejected.add(&one).expect("the folder can be written");
        assert!(rejected.has(&one));
        one.now = "x = 2\r\n\n".to_owned();
        assert!(rejected.has(&one), "line ends do not count");
        one.now = "x = 3\n".to_owned();
        assert!(!rejected.has(&one));
        rejected.keep_only(&[one], |_| true).expect("the folder can be written");
        assert!(!folder.join(".review").exists(), "nothing is left to remember");
        // Nothing is left in it.
        let _ = std::fs::remove_dir(&folder);
    }

    #[test]
    fn a_memory_that_cannot_be_read_says_so() {
        let folder = std::env::temp_dir().join(format!("clausal-review-broken-{}", std::process::id()));
        std::fs::create_dir_all(folder.join(".review")).expect("the folder can be made");
        std::fs::write(folder.join(".review/rejected.json"), "[").expect("the file can be written");
        let why = Rejected::open(&folder).map(|_| ()).expect_err("it is not read");
        assert!(why.contains("rejected.json` does not say what was rejected; remove it"), "{why}");
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
