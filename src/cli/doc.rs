//! `clausal doc`: editions as books.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Status;
use super::args::Doc;
use super::check::counted;
use super::shared::{self, Opened};

pub fn run(args: &Doc) -> Status {
    bound(args).unwrap_or_else(|status| status)
}

fn bound(args: &Doc) -> Result<Status, Status> {
    let opened = shared::open_sound(&args.rules)?;
    let one_file = args.output.to_ascii_lowercase().ends_with(".html");
    let sets: Vec<usize> = match (&args.edition, one_file) {
        (None, false) => (0..opened.sets.len()).collect(),
        (edition, _) => vec![shared::edition(&opened, edition.as_deref())?],
    };
    let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for set in sets {
        let place =
            if one_file { PathBuf::from(&args.output) } else { Path::new(&args.output).join(name(&opened, set)) };
        if let Some(other) = places.insert(place.clone(), set) {
            let [one, two] = [other, set].map(|set| opened.sets[set].root.as_str());
            let why = format!("`{one}` and `{two}` would both be `{}`; name a file for each", place.display());
            return Err(shared::unusable(&why));
        }
    }
    let folder = if one_file { Path::new(&args.output).parent() } else { Some(Path::new(&args.output)) };
    if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| shared::unusable(&format!("the folder `{}` cannot be made: {error}", folder.display())))?;
    }
    let mut failed = 0;
    for (place, set) in places {
        let Some(book) = opened.sets.get(set).and_then(|s| s.book(&opened.sources, &args.lang)) else {
            return Err(Status::Unusable);
        };
        shared::replace(&place.to_string_lossy(), &book.html)
            .map_err(|error| shared::unusable(&format!("`{}` cannot be written: {error}", place.display())))?;
        failed += book.failed;
        let (clauses, decisions) = (counted(book.clauses, "clause"), counted(book.decisions, "decision"));
        let scenarios = counted(book.scenarios, "scenario");
        let held = if book.failed == 0 { String::new() } else { format!(", {} not holding", book.failed) };
        let size = book.html.len().div_ceil(1024);
        let line = format!("{}: {clauses}, {decisions}, {scenarios}{held} ({size} KB)\n", place.display());
        match shared::print(&line) {
            Status::Done => {}
            status => return Err(status),
        }
    }
    Ok(if failed == 0 { Status::Done } else { Status::Findings })
}

/// `ms-unified-2024-09.html`
fn name(opened: &Opened, set: usize) -> String {
    let model = opened.sets.get(set).and_then(|s| s.checked.as_ref()).map(|checked| &checked.model);
    let title = model.map_or(String::new(), clausal::model::Model::title);
    let title = if title.is_empty() { "rules".to_owned() } else { title.replace(' ', "-") };
    format!("{title}.html")
}
