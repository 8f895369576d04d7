//! `clausal catalogue`.

use clausal::report::{all_services, catalogue_json, catalogue_text, services_of};

use super::args::{Catalogue, Format};
use super::{Status, shared};

pub fn run(args: &Catalogue) -> Status {
    shown(args).unwrap_or_else(|status| status)
}

fn shown(args: &Catalogue) -> Result<Status, Status> {
    let opened = shared::open_sound(&args.rules)?;
    let set = shared::edition(&opened, args.edition.as_deref())?;
    let Some(checked) = opened.sets.get(set).and_then(|s| s.checked.as_ref()) else { return Err(Status::Unusable) };
    let model = &checked.model;
    let selection = match &args.package {
        None => all_services(model),
        Some(package) => services_of(checked, package).map_err(|why| shared::unusable(&why))?,
    };
    let selection = match (&args.mark, &args.by) {
        (Some(mark), Some(by)) => selection.with_marks(checked, mark, by).map_err(|why| shared::unusable(&why))?,
        _ => selection.with_declared_marks(checked),
    };
    if selection.services.is_empty() {
        let whose = args.package.as_ref().map_or("these rules declare".to_owned(), |p| format!("`{p}` has"));
        eprintln!("clausal: {whose} no services");
    }
    Ok(match args.format {
        Format::Json => shared::print_json(&catalogue_json(model, &selection)),
        Format::Text => shared::print(&catalogue_text(model, &selection, shared::page_style(), &args.lang)),
    })
}
