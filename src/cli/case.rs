//! One case: the rules of one edition, and the facts and readings that a person gives for it.

use std::io::Read;
use std::path::Path;

use clausal::check::{Checked, inputs_asked};
use clausal::diag::{Code, Problem, Severity, did_you_mean};
use clausal::eval::{Refused, refused};
use clausal::model::{DecisionId, InputId, Model, ReadingId, Scenario};
use clausal::report::{LogReport, Reported, Target, all_targets, every_reading, targets_named};
use clausal::scenario::document::{Format, MAX_BYTES};
use clausal::scenario::events::{self, EventsFormat};
use clausal::scenario::fit::{Beside, OfEdition};
use clausal::scenario::{Facts, fit};
use clausal::source::disk::Disk;
use clausal::source::{FileId, Files, Sources, Span};
use clausal::syntax::tree::{Item, Scenario as Scene};
use clausal::value::Value;
use clausal::value::literal::{parse_date, parse_date_time};

use super::Status;
use super::args::{Case, ForeignFacts};
use super::shared::{self, Opened};

/// A case, ready to be evaluated.
pub struct Ready {
    pub checked: Checked,
    pub sources: Sources,
    pub facts: Facts,
    /// Readings chosen on the command line.
    pub chosen: Vec<ReadingId>,
    /// `--readings all`
    pub every_reading: bool,
    elsewhere: Option<Elsewhere>,
}

/// Facts that were left out because only another edition asks for them.
struct Elsewhere {
    /// The other edition, and the names of its inputs.
    title: String,
    inputs: Vec<String>,
    left_out: Vec<String>,
}

/// The facts of a case, and what was left out of them.
struct Given {
    facts: Facts,
    elsewhere: Option<Elsewhere>,
}

impl From<Facts> for Given {
    fn from(facts: Facts) -> Self {
        Given { facts, elsewhere: None }
    }
}

/// Opens the rules and the facts. What is wrong with either is shown, and ends the command.
pub fn open(case: &Case) -> Result<Ready, Status> {
    let mut opened = shared::open_sound(&case.rules)?;
    let (set, given) = match case.facts.as_deref() {
        None => {
            let set = chosen(&opened, case, &OfEdition::default())?;
            (set, Facts::none(shared::model(&opened, set)?).into())
        }
        Some("-") => {
            let text = standard_input()?;
            let file = opened.sources.add("standard input", text);
            from_document(&opened, case, file, Format::Json)?
        }
        Some(name) => from_file(&mut opened, case, name)?,
    };
    let facts = with_log(&mut opened, set, given.facts, case)?;
    let checked = opened.sets.swap_remove(set).checked.ok_or(Status::Unusable)?;
    let elsewhere = given.elsewhere;
    let mut ready =
        Ready { checked, sources: opened.sources, facts, chosen: Vec::new(), every_reading: false, elsewhere };
    for choice in &case.readings {
        choose(&mut ready, choice)?;
    }
    Ok(ready)
}

/// The edition that the command line or the facts choose; what the command line says goes first.
fn chosen(opened: &Opened, case: &Case, facts: &OfEdition) -> Result<usize, Status> {
    if case.edition.is_none() && case.on.is_none() {
        return shared::edition_on(opened, facts.edition.as_deref(), facts.governed_on);
    }
    let on = match case.on.as_deref().map(|written| (written, parse_date(written.trim()))) {
        Some((_, Ok(Value::Date(date)))) => Some(date),
        Some((written, Err(error))) => return Err(shared::unusable(&format!("`--on {written}`: {error}"))),
        _ => None,
    };
    shared::edition_on(opened, case.edition.as_deref().map(nfc).as_deref(), on)
}

/// The answers that names stand for; all that the rules decide if there are none.
pub fn targets(model: &Model, names: &[String]) -> Result<Vec<Target>, Status> {
    if names.is_empty() {
        return Ok(all_targets(model));
    }
    let mut targets = Vec::new();
    let mut unknown = false;
    for name in names {
        match targets_named(model, &nfc(name)) {
            Ok(found) => targets.extend(found),
            Err(why) => {
                shared::unusable(&why);
                unknown = true;
            }
        }
    }
    if unknown { Err(Status::Unusable) } else { Ok(targets) }
}

/// The decisions that are asked for as a whole, by their names alone.
pub fn whole_decisions(model: &Model, names: &[String]) -> Vec<DecisionId> {
    let mut found: Vec<DecisionId> = Vec::new();
    for id in names.iter().filter_map(|name| model.decision_named(&nfc(name))) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

impl Ready {
    /// The log of the case, read for a report.
    pub fn log<'a>(&'a self, case: &'a Case) -> Option<LogReport<'a>> {
        LogReport::new(&self.checked, &self.sources, &self.facts, case.events.as_deref(), &case.lang)
    }
}

/// What targets come to; under every reading, if that was asked for.
pub fn report(ready: &Ready, targets: Vec<Target>) -> Vec<Reported> {
    if let Some(elsewhere) = &ready.elsewhere {
        tell_left_out(ready, elsewhere, &targets);
    }
    let mut reports = clausal::report::report(&ready.checked, &ready.facts, targets);
    if ready.every_reading {
        for reported in &mut reports {
            let every = every_reading(&ready.checked, &ready.facts, &reported.target, &ready.chosen);
            reported.every_reading = Some(every);
        }
    }
    reports
}

/// Says once which facts were left out, and which this edition asks for in addition, for what was asked of it.
fn tell_left_out(ready: &Ready, elsewhere: &Elsewhere, targets: &[Target]) {
    let model = &ready.checked.model;
    let mut note = format!("left out, as {} asks for them and {} does not:", elsewhere.title, model.title());
    for name in &elsewhere.left_out {
        note.push_str(&format!("\n  {name}"));
    }
    let mut asked: Vec<InputId> = targets.iter().flat_map(|t| inputs_asked(model, t.decision)).collect();
    asked.sort_unstable();
    asked.dedup();
    let is_new = |id: &InputId| {
        let name = &model.input(*id).name;
        ready.facts.get(*id).is_none() && !elsewhere.inputs.contains(name)
    };
    let new: Vec<&str> = asked.iter().filter(|id| is_new(id)).map(|id| model.input(*id).name.as_str()).collect();
    if !new.is_empty() {
        note.push_str(&format!("\nnot given, as {} asks for them and {} does not:", model.title(), elsewhere.title));
        new.iter().for_each(|name| note.push_str(&format!("\n  {name}")));
    }
    eprintln!("clausal: {note}");
}

fn from_file(opened: &mut Opened, case: &Case, name: &str) -> Result<(usize, Given), Status> {
    let (path, scenario) = match name.split_once('#') {
        Some((path, scenario)) if !std::path::Path::new(name).exists() => (path, Some(scenario)),
        _ => (name, None),
    };
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if extension == "clause" {
        let of_edition = of_scenario(path, scenario)?;
        let set = chosen(opened, case, &of_edition)?;
        return Ok((set, from_scenario(opened, set, path, scenario)?.into()));
    }
    let Some(format) = Format::from_extension(extension) else {
        let why = format!("`{path}` is no facts file: its name ends with .json, .yaml, .toml or .clause");
        return Err(shared::unusable(&why));
    };
    let text = read(path)?;
    let file = opened.sources.add(path, text);
    from_document(opened, case, file, format)
}

fn from_document(opened: &Opened, case: &Case, file: FileId, format: Format) -> Result<(usize, Given), Status> {
    let show = |problems: &[Problem]| {
        shared::show(&problems.iter().collect::<Vec<_>>(), &opened.sources);
        Status::Unusable
    };
    let models = || opened.sets.iter().filter_map(|s| s.checked.as_ref()).map(|c| &c.model);
    let node = fit::document(&opened.sources, file, format).map_err(|problem| show(&[problem]))?;
    let is_input = |name: &str| models().any(|model| model.input_named(name).is_some());
    let of_edition = fit::of_edition(&node, file, &is_input).map_err(|problem| show(&[problem]))?;
    let set = chosen(opened, case, &of_edition)?;
    let model = shared::model(opened, set)?;
    let same = |other: &&Model| match (&model.agreement, &other.agreement) {
        (Some(own), Some(other)) => own.name == other.name && own.edition != other.edition,
        _ => false,
    };
    let editions: Vec<&Model> = models().filter(same).collect();
    let name = opened.sources.file(file).name.clone();
    let folder = Path::new(&name).parent().map(Path::to_path_buf).unwrap_or_default();
    let beside = |named: &str| Disk.read(&folder.join(named).to_string_lossy()).ok();
    let text = |named: &str| beside(named).and_then(|bytes| String::from_utf8(bytes).ok());
    let leave_out = case.facts_of_other_editions == ForeignFacts::LeaveOut;
    let fitted = fit::fit_beside(model, &node, file, Beside { files: &text, editions: &editions, leave_out });
    if !fitted.problems.is_empty() {
        return Err(show(&fitted.problems));
    }
    let facts = within_bounds(opened, set, fitted.facts, &fitted.given)?;
    // The facts are taken to be of the edition that knows most of what was left out; the first of several.
    let known = |model: &Model| fitted.left_out.iter().filter(|name| model.input_named(name).is_some()).count();
    let most = editions.iter().rev().max_by_key(|model| known(model));
    let elsewhere = most.filter(|_| !fitted.left_out.is_empty()).map(|other| Elsewhere {
        title: other.title(),
        inputs: other.inputs.iter().map(|i| i.name.clone()).collect(),
        left_out: fitted.left_out.clone(),
    });
    Ok((set, Given { facts, elsewhere }))
}

/// What a scenario says of its edition, read before the edition is chosen. What is wrong with it is told when it is read
/// with the rules.
fn of_scenario(path: &str, name: Option<&str>) -> Result<OfEdition, Status> {
    let mut sources = Sources::default();
    let file = sources.add(path, read(path)?);
    let items = clausal::syntax::parse(&sources, file).file.items;
    let scenarios: Vec<_> =
        items.iter().filter_map(|i| if let Item::Scenario(s) = i { Some(s) } else { None }).collect();
    let meant = match (name.map(nfc), &scenarios[..]) {
        (Some(name), all) => {
            let is_meant = |s: &&&Scene| name == s.name.text || name.starts_with(&format!("{} / ", s.name.text));
            all.iter().find(is_meant).copied()
        }
        (None, [one]) => Some(*one),
        _ => None,
    };
    let Some(scenario) = meant else { return Ok(OfEdition::default()) };
    let date = scenario.governed_on.as_ref().and_then(|name| parse_date(&name.text).ok());
    Ok(OfEdition {
        edition: scenario.edition.as_ref().map(|name| name.text.clone()),
        governed_on: if let Some(Value::Date(date)) = date { Some(date) } else { None },
    })
}

/// `--events` and `--as-of`.
fn with_log(opened: &mut Opened, set: usize, mut facts: Facts, case: &Case) -> Result<Facts, Status> {
    if case.events.is_none() && case.as_of.is_none() {
        return Ok(facts);
    }
    let Some(own) = shared::model(opened, set)?.log else {
        return Err(shared::unusable("these rules have no events: `--events` and `--as-of` say nothing to them"));
    };
    if let Some(name) = &case.events {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let Some(format) = EventsFormat::from_extension(extension) else {
            let why = format!("`{name}` is no file of events: its name ends with .csv, .tsv, .ndjson, .jsonl or .json");
            return Err(shared::unusable(&why));
        };
        let text = read(name)?;
        let file = opened.sources.add(name.as_str(), text);
        let fitted = match events::read(&opened.sources.file(file).text, format) {
            Ok(entries) => fit::log(shared::model(opened, set)?, &entries, file),
            Err(error) => {
                let problem = Problem::new(Code::FactsNotRead, Span::new(file, error.span), error.message);
                (None, vec![problem.help(error.help)])
            }
        };
        match fitted {
            (Some(log), problems) if problems.is_empty() => facts.give(own.log, log),
            (_, problems) => {
                shared::show(&problems.iter().collect::<Vec<_>>(), &opened.sources);
                return Err(Status::Unusable);
            }
        }
    }
    if let Some(written) = &case.as_of {
        match parse_date_time(written.trim()) {
            Ok(at) => facts.give(own.as_of, at),
            Err(error) => {
                let help = error.help().map_or(String::new(), |help| format!("; {help}"));
                return Err(shared::unusable(&format!("`--as-of {written}`: {error}{help}")));
            }
        }
    }
    Ok(facts)
}

/// The facts, unless one is outside a bound that other facts set.
fn within_bounds(opened: &Opened, set: usize, facts: Facts, given: &[(InputId, Span)]) -> Result<Facts, Status> {
    let Some(checked) = opened.sets.get(set).and_then(|s| s.checked.as_ref()) else { return Err(Status::Unusable) };
    let model = &checked.model;
    let problem = |broken: &Refused| {
        let input = model.input(broken.input);
        let condition = opened.sources.text(broken.condition);
        let value = facts.get(broken.input).map_or(String::new(), |v| v.display(model).to_string());
        let message = format!("`{}` must be {condition}, and this is {value}", input.name);
        let at = given.iter().find(|(id, _)| *id == broken.input).map_or(input.span, |(_, span)| *span);
        Problem::new(Code::WrongFact, at, message).related(broken.condition, "what is allowed")
    };
    let problems: Vec<Problem> = refused(checked, &facts).iter().map(problem).collect();
    if problems.is_empty() {
        return Ok(facts);
    }
    shared::show(&problems.iter().collect::<Vec<_>>(), &opened.sources);
    Err(Status::Unusable)
}

/// The facts of a scenario: of the edition itself, or of a file that is read with it.
fn from_scenario(opened: &mut Opened, set: usize, path: &str, name: Option<&str>) -> Result<Facts, Status> {
    let same = |file: &FileId| {
        let known = std::fs::canonicalize(&opened.sources.file(*file).name);
        matches!((known, std::fs::canonicalize(path)), (Ok(a), Ok(b)) if a == b)
    };
    let files = opened.editions.get(set).map_or(&[][..], |e| &e.files);
    let file = match files.iter().copied().find(same) {
        Some(file) => file,
        None => {
            let text = read(path)?;
            let file = opened.sources.add(path, text);
            let edition = opened.editions.get_mut(set).ok_or(Status::Unusable)?;
            edition.files.push(file);
            let reopened = clausal::open(&opened.sources, edition);
            let errors: Vec<&Problem> = reopened.problems.iter().filter(|p| p.severity() == Severity::Error).collect();
            if reopened.checked.is_none() {
                shared::show(&errors, &opened.sources);
                return Err(Status::Unusable);
            }
            opened.sets[set] = reopened;
            file
        }
    };
    let model = shared::model(opened, set)?;
    let scenarios: Vec<&Scenario> = model.scenarios.iter().filter(|s| s.span.file == file).collect();
    let names = || scenarios.iter().map(|s| s.name.as_str());
    let chosen = match name {
        Some(name) => scenarios.iter().find(|s| s.name == nfc(name)).ok_or_else(|| {
            let near = did_you_mean(name, names()).unwrap_or_else(|| format!("it holds:{}", listed(names())));
            format!("`{path}` has no scenario called `{name}`; {near}")
        }),
        None => match scenarios[..] {
            [ref one] => Ok(one),
            [] => Err(format!("`{path}` holds no scenario")),
            _ => Err(format!(
                "`{path}` holds {} scenarios; name one, as in {path}#NAME:{}",
                scenarios.len(),
                listed(names())
            )),
        },
    };
    match chosen {
        Ok(scenario) => {
            let given: Vec<(InputId, Span)> = scenario.given.iter().map(|(id, _, span)| (*id, *span)).collect();
            within_bounds(opened, set, Facts::of(model, scenario), &given)
        }
        Err(why) => Err(shared::unusable(&why)),
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(8).collect();
    names.iter().map(|n| format!("\n  {n}")).collect()
}

/// `NAME=CHOICE`, or `all`.
fn choose(ready: &mut Ready, written: &str) -> Result<(), Status> {
    if written == "all" {
        ready.every_reading = true;
        return Ok(());
    }
    let model = &ready.checked.model;
    let Some((name, choice)) = written.split_once('=') else {
        return Err(shared::unusable(&format!("`--readings {written}`: write NAME=CHOICE, or all")));
    };
    let (name, choice) = (nfc(name.trim()), nfc(choice.trim()));
    let Some(id) = model.reading_named(&name) else {
        let near = did_you_mean(&name, model.readings.iter().map(|r| r.name.as_str()));
        let near = near.map_or(String::new(), |near| format!("; {near}"));
        return Err(shared::unusable(&format!("these rules have no reading `{name}`{near}")));
    };
    let members = &model.enumeration(model.reading(id).choices).members;
    let Some(number) = members.iter().position(|m| m.name == choice) else {
        let choices: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
        let why = format!("`{name}` is read as one of {}, and not as `{choice}`", choices.join(", "));
        return Err(shared::unusable(&why));
    };
    ready.facts.choose(id, number as u32);
    ready.chosen.push(id);
    Ok(())
}

fn read(path: &str) -> Result<String, Status> {
    let bytes = Disk.read(path).map_err(|why| shared::unusable(&format!("`{path}` cannot be read: {why}")))?;
    String::from_utf8(bytes).map_err(|_| shared::unusable(&format!("`{path}` is not UTF-8 text")))
}

fn standard_input() -> Result<String, Status> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    match std::io::stdin().lock().take(limit).read_to_end(&mut bytes) {
        Ok(_) => String::from_utf8(bytes).map_err(|_| shared::unusable("standard input is not UTF-8 text")),
        Err(error) => Err(shared::unusable(&format!("standard input cannot be read: {error}"))),
    }
}

/// Names in rules are in this form; a terminal may give others.
pub fn nfc(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfc().collect()
}
