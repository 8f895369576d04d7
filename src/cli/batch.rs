//! `clausal batch`: opens what the command names, runs it, and tells what came of it.

mod columns;
mod files;
mod old;
mod parts;
mod progress;
mod rules;
mod told;

use clausal::batch::read::{ReadOptions, Source, open};
use clausal::batch::run::{Earlier, Job, To, run as run_all};
use clausal::batch::suggest::{sample, suggest};
use clausal::batch::understand::Terms;
use clausal::batch::write::{Before, Explain, Layout, LayoutOptions};
use clausal::columnar::Plan;

use self::columns::Columns;
use self::files::Output;
use self::old::Old;
use self::rules::Rules;
use super::args::{Batch, BatchExplain};
use super::{Status, shared};

pub fn run(args: &Batch) -> Status {
    evaluated(args).unwrap_or_else(|status| status)
}

fn evaluated(args: &Batch) -> Result<Status, Status> {
    let clock = progress::Clock::start();
    let paths = files::inputs(args)?;
    let output = Output::of(args, &paths)?;
    let mut rules = Rules::open(args)?;
    let old = args.compare.as_deref().map(|path| Old::open(path, args, &rules)).transpose()?;
    let expected = columns::expected(args, &rules, old.as_ref());
    let format = args.input_format.map(files::format);
    let options = ReadOptions { format, delimiter: None, expected };
    let mut source = open(&paths, options).map_err(|error| told::not_read(&error))?;
    if args.suggest_map {
        return suggested(&rules, source, &paths);
    }

    let headings = source.headings().to_vec();
    let mut columns = Columns::bind(args, &mut rules, &headings)?;
    let events = columns.events(args, &rules)?;
    let targets = rules.targets(&columns)?;
    let plan = Plan::compile(&rules.checked, rules.facts.clone(), targets, args.explain.is_some());
    columns.settle(args, &rules, &plan)?;
    let old_plan = old.as_ref().map(|old| old.plan(&plan, args.explain.is_some())).transpose()?;
    let old_bindings = old.as_ref().zip(old_plan.as_ref());
    let old_bindings = old_bindings.map_or(Vec::new(), |(old, (plan, _))| old.bindings(&rules, &headings, plan));
    source.want(&columns.wanted(&old_bindings));

    let layout = LayoutOptions {
        format: output.format,
        packing: output.packing,
        amounts: files::amounts(args),
        explain: Explain {
            clauses: args.explain.is_some(),
            rules: args.explain == Some(BatchExplain::Full),
            readings: args.explain.is_some(),
        },
        kept: columns.written(),
        sources: Some(&rules.sources),
        before: old.as_ref().zip(old_plan.as_ref()).map(|(old, (plan, targets))| Before {
            plan,
            targets: targets.clone(),
            names: &old.names,
        }),
    };
    let layout = Layout::new(&plan, layout).map_err(|error| told::not_written(&error))?;
    let parts = match output.can_resume() {
        true => Some(parts::parts(args, &paths, &rules, old.as_ref())?),
        false => None,
    };
    if args.resume && parts.is_none() {
        told::note("an output of this kind, or of standard input, cannot be gone on with; the run starts anew");
    }
    let terms = Terms {
        checked: &rules.checked,
        headings: &headings,
        bindings: &columns.bindings,
        kept: &columns.kept,
        marks: columns.marks,
        shared: &rules.facts,
        events,
    };
    let earlier = old.as_ref().zip(old_plan.as_ref()).map(|(old, (plan, targets))| Earlier {
        plan,
        targets: targets.clone(),
        names: &old.names,
        inputs: old.shared_inputs(&rules),
        terms: Terms {
            checked: &old.checked,
            bindings: &old_bindings,
            kept: &[],
            shared: &old.facts,
            events: None,
            ..terms.clone()
        },
    });
    let job = Job {
        plan: &plan,
        layout: &layout,
        terms,
        earlier,
        group: columns.group,
        jobs: args.jobs.map_or_else(files::cores, usize::from),
        most_rejects: if args.strict { Some(0) } else { args.max_rejects },
        rejects: args.rejects.clone(),
        parts,
        resume: args.resume,
    };
    let to = match &output.path {
        Some(path) => To::File(path.clone()),
        None => To::Pipe(Box::new(std::io::stdout())),
    };
    let mut bar = progress::Bar::new(args, &output, source.bytes_total());
    let ran = run_all(source, job, to, &mut |progress| bar.tell(progress));
    bar.end();
    let ran = ran.map_err(|stop| told::stopped(args, stop))?;
    if ran.closed {
        return Ok(Status::Done);
    }
    told::ran(args, &output, &plan, &ran, &clock)
}

/// Prints the draft of a mapping file.
fn suggested(rules: &Rules, mut source: Box<dyn Source>, paths: &[String]) -> Result<Status, Status> {
    let headings = source.headings().to_vec();
    let mut rows = Vec::new();
    // A first piece may be one record that cannot be taken whole.
    while rows.is_empty() {
        match source.next().map_err(|error| told::not_read(&error))? {
            Some(piece) => rows = sample(&piece, &headings),
            None => break,
        }
    }
    let model = &rules.checked.model;
    let file = paths.first().map_or("", String::as_str);
    let seen = |heading: &clausal::batch::Heading| heading.kind != clausal::batch::HeadingKind::Unseen;
    let headings: Vec<_> = headings.into_iter().filter(seen).collect();
    Ok(shared::print(&suggest(model, &headings, &rows, &rules.asked(), file)))
}
