//! `clausal snapshot review`: each change as a diff, to accept, reject or leave. What waits is kept on disk, so a
//! review that was left goes on where it stopped.

use std::io::{BufRead, IsTerminal, Write};

use serde_json::json;

use super::super::args::{Format, SnapshotReview};
use super::super::{Status, shared};
use super::compare::Change;
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

pub fn run(args: &SnapshotReview) -> Status {
    let mut compared = match Compared::of(&args.rules, args.snapshots.as_deref()) {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    let waiting = waiting(&compared);
    if args.list {
        return list(args.format, &compared, &waiting);
    }
    let orders = args.accept_all || !args.accept.is_empty() || !args.reject.is_empty() || args.remove_unreferenced;
    if !orders && !waiting.is_empty() && !std::io::stdin().is_terminal() {
        return shared::unusable(
            "a review asks at a terminal; without one, use `--list`, `--accept NAME`, `--accept-all` or `--reject NAME`",
        );
    }
    let outcome = if orders { by_order(args, &mut compared, &waiting) } else { by_asking(&mut compared, &waiting) };
    let decided = match outcome {
        Ok(decided) => decided,
        Err(why) => return shared::unusable(&why),
    };
    let gone = match compared.unreferenced(args.remove_unreferenced) {
        Ok(text) => text,
        Err(why) => return shared::unusable(&why),
    };
    let Decided { accepted, rejected, left } = decided;
    let gone = show::unwritten(&compared.comparison) + &gone;
    let mut text = format!("{gone}accepted {accepted}, rejected {rejected}, left {left}\n");
    if rejected > 0 {
        text.push_str("the rules still give what was rejected: mend them, then compare again\n");
    }
    let open = compared.comparison.changes.len() - accepted;
    let clean = open == 0 && compared.comparison.unreferenced.is_empty();
    shared::print(&text).then(|| found(clean))
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
        remove_unreferenced: false,
    })
}

/// The changes put aside for review; if there are none, all there are.
fn waiting(compared: &Compared) -> Vec<Change> {
    let changes = &compared.comparison.changes;
    let aside: Vec<Change> = changes.iter().filter(|c| compared.store.is_pending(&c.name)).cloned().collect();
    if aside.is_empty() { changes.clone() } else { aside }
}

fn list(format: Format, compared: &Compared, waiting: &[Change]) -> Status {
    let unreferenced = &compared.comparison.unreferenced;
    let printed = match format {
        Format::Text => {
            let mut text = String::new();
            for change in waiting {
                text.push_str(&format!("{:<12} {}\n", change.kind.name(), change.name));
            }
            for name in unreferenced {
                text.push_str(&format!("unreferenced {name}\n"));
            }
            text.push_str(&show::unwritten(&compared.comparison));
            shared::print(&text)
        }
        Format::Json => {
            let changes = waiting.iter().map(Change::to_json).collect::<Vec<_>>();
            shared::print_json(&json!({ "version": 1, "changes": changes, "unreferenced": unreferenced }))
        }
    };
    printed.then(|| found(compared.comparison.is_clean()))
}

/// Does what the command line says. Nothing is done if a name of it fits nothing.
fn by_order(args: &SnapshotReview, compared: &mut Compared, waiting: &[Change]) -> Result<Decided, String> {
    for named in args.accept.iter().chain(&args.reject) {
        if !waiting.iter().any(|change| is_named(change, named)) {
            return Err(format!("no change under review is called `{named}`: `--list` names them"));
        }
    }
    let named = |names: &[String], change: &Change| names.iter().any(|name| is_named(change, name));
    if let Some(both) = waiting.iter().find(|c| named(&args.accept, c) && named(&args.reject, c)) {
        return Err(format!("`{}` is to be accepted and rejected", both.name));
    }
    start(compared, waiting)?;
    let mut decided = Decided::default();
    for change in waiting {
        let answer = if named(&args.reject, change) {
            Answer::Reject
        } else if args.accept_all || named(&args.accept, change) {
            Answer::Accept
        } else {
            Answer::Skip
        };
        decided.carry_out(answer, change, &mut compared.store)?;
    }
    Ok(decided)
}

/// A name as it is listed, a folder of them, or the path of the file.
fn is_named(change: &Change, named: &str) -> bool {
    let named = named.trim_end_matches('/');
    let named = named.strip_suffix(".snap.new").or_else(|| named.strip_suffix(".snap")).unwrap_or(named);
    let same = |tail: &str| change.name == tail || change.name.strip_prefix(tail).is_some_and(|r| r.starts_with('/'));
    same(named) || named.rsplit_once("snapshots/").is_some_and(|(_, tail)| same(tail))
}

/// Keeps on disk what is under review.
fn start(compared: &mut Compared, waiting: &[Change]) -> Result<(), String> {
    if waiting.iter().any(|change| compared.store.is_pending(&change.name)) {
        compared.comparison.refresh(&mut compared.store)
    } else {
        compared.comparison.propose(&mut compared.store)
    }
}

fn by_asking(compared: &mut Compared, waiting: &[Change]) -> Result<Decided, String> {
    start(compared, waiting)?;
    let (stdin, stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
    ask(waiting, &mut compared.store, show::colour(), stdin, stdout)
}

fn ask(
    waiting: &[Change],
    store: &mut Store,
    colour: bool,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<Decided, String> {
    let wrong = |error: std::io::Error| format!("the terminal cannot be used: {error}");
    let mut decided = Decided::default();
    let mut all = None;
    for (number, change) in waiting.iter().enumerate() {
        let answer = match all {
            Some(answer) => answer,
            None => {
                let shown = show::change(change, colour);
                write!(output, "\n({} of {}) {shown}", number + 1, waiting.len()).map_err(wrong)?;
                question(&mut input, &mut output).map_err(wrong)?
            }
        };
        match answer {
            Answer::AcceptAll => all = Some(Answer::Accept),
            Answer::Quit => all = Some(Answer::Skip),
            _ => {}
        }
        decided.carry_out(answer, change, store)?;
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
    fn carry_out(&mut self, answer: Answer, change: &Change, store: &mut Store) -> Result<(), String> {
        match answer {
            Answer::Accept | Answer::AcceptAll => {
                store.accept(&change.name, &change.source, &change.now)?;
                self.accepted += 1;
            }
            Answer::Reject => {
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
    use super::super::compare::Kind;
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

    /// Answers to a review of three changes, in a folder of the test's own; gives what is accepted and what waits.
    fn review(test: &str, answers: &str) -> (Decided, Vec<String>, Vec<String>) {
        let folder = std::env::temp_dir().join(format!("clausal-review-{test}-{}", std::process::id()));
        let changes = ["rules/a/1", "outcomes/a/1/x/one", "outcomes/a/1/x/two"].map(change);
        let mut store = Store::open(&folder);
        for change in &changes {
            store.propose(&change.name, &change.source, &change.now).expect("the folder can be written");
        }
        let mut shown = Vec::new();
        let decided = ask(&changes, &mut store, false, answers.as_bytes(), &mut shown).expect("the review runs");
        assert!(String::from_utf8_lossy(&shown).contains("-x = 1\n+x = 2\n"));
        let again = Store::open(&folder);
        let names = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
        let found = (decided, names(&mut again.accepted_names()), names(&mut again.pending_names()));
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
        found
    }

    #[test]
    fn each_change_is_accepted_rejected_or_left() {
        let (decided, accepted, pending) = review("each", "a\nwhat?\nr\ns\n");
        assert_eq!(decided, Decided { accepted: 1, rejected: 1, left: 1 });
        assert_eq!((accepted, pending), (vec!["rules/a/1".to_owned()], vec!["outcomes/a/1/x/two".to_owned()]));
    }

    #[test]
    fn a_review_can_be_left_and_goes_on_later() {
        let (decided, accepted, pending) = review("quit", "a\nq\n");
        assert_eq!(decided, Decided { accepted: 1, rejected: 0, left: 2 });
        assert_eq!((accepted.len(), pending.len()), (1, 2));
        assert_eq!(review("end", "").0, Decided { accepted: 0, rejected: 0, left: 3 });
    }

    #[test]
    fn all_the_rest_can_be_accepted() {
        let (decided, accepted, pending) = review("all", "r\nall\n");
        assert_eq!(decided, Decided { accepted: 2, rejected: 1, left: 0 });
        assert_eq!((accepted.len(), pending.len()), (2, 0));
    }

    #[test]
    fn changes_are_named_by_name_folder_or_file() {
        let change = change("outcomes/a/1/x/one");
        for name in ["outcomes/a/1/x/one", "outcomes/a/1", "outcomes/a/1/x/", "snapshots/outcomes/a/1/x/one.snap.new"] {
            assert!(is_named(&change, name), "{name}");
        }
        for name in ["outcomes/a/1/x/on", "one", "outcomes/a/1/x/one/more", ""] {
            assert!(!is_named(&change, name), "{name}");
        }
    }
}
