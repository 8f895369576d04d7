//! The clause register: what each clause says, and every rule that cites it.

use std::fmt::Write as _;

use super::html::{code, esc, link, says};
use super::{Book, Chapter};
use crate::check::{ClauseStatus, citations_by_clause};
use crate::model::ClauseId;

impl Book<'_> {
    pub(super) fn register(&self) -> Option<Chapter> {
        let model = self.model;
        if model.clauses.is_empty() {
            return None;
        }
        let counts = citations_by_clause(model);
        let mut scenarios = vec![0usize; model.clauses.len()];
        for trial in &self.trials {
            trial.clauses.iter().for_each(|clause| scenarios[clause.index()] += 1);
        }
        // Sections as they are met: a file of the register is a chapter of the agreement.
        let mut sections: Vec<(Option<&str>, Vec<ClauseId>)> = Vec::new();
        for (index, clause) in model.clauses.iter().enumerate() {
            let (section, id) = (clause.section.as_deref(), ClauseId(index as u32));
            match sections.iter_mut().find(|(known, _)| *known == section) {
                Some((_, ids)) => ids.push(id),
                None => sections.push((section, vec![id])),
            }
        }
        let mut body = String::new();
        let mut listed = Vec::new();
        for (section, ids) in sections {
            let title = section.map_or("Without a section".to_owned(), |s| format!("§{s}"));
            let anchor = format!("section-{}", section.unwrap_or("none"));
            listed.push((anchor.clone(), esc(&title)));
            let _ = write!(
                body,
                "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{0}-c\" tabindex=\"0\">\n\
                 <table class=\"register\" id=\"{0}\">\n<caption id=\"{0}-c\">{1}</caption>\n\
                 <thead><tr><th scope=\"col\">Clause</th><th scope=\"col\">What it says</th>\
                 <th scope=\"col\">Cited by</th></tr></thead>\n<tbody>\n",
                esc(&anchor),
                esc(&title)
            );
            for id in ids {
                body.push_str(&self.clause(id, counts[id.index()], scenarios[id.index()]));
            }
            body.push_str("</tbody>\n</table>\n</div>\n");
        }
        let title = "Clause register".to_owned();
        Some(Chapter { anchor: "chapter-register".to_owned(), title, listed, body })
    }

    fn clause(&self, id: ClauseId, citations: usize, scenarios: usize) -> String {
        let clause = self.model.clause(id);
        let mut said = says(clause);
        if let Some(reason) = &clause.prose {
            let _ = write!(said, "<br><span class=\"quiet\">Not computed: {}</span>", esc(reason));
        }
        if !clause.covers.is_empty() {
            let covers: Vec<String> = clause.covers.iter().map(|id| code(id)).collect();
            let _ = write!(said, "<br><span class=\"quiet\">Stands for {} too</span>", covers.join(", "));
        }
        let citing: Vec<String> =
            self.places.citing(id).iter().map(|place| format!("<li>{}</li>", place.link())).collect();
        let citing = match citing.as_slice() {
            [] if ClauseStatus::of(self.model, id, citations) == ClauseStatus::Open => "not encoded".to_owned(),
            [] => String::new(),
            links => format!("<ul class=\"plain\">{}</ul>", links.concat()),
        };
        let reached = match scenarios {
            0 => String::new(),
            1 => "<span class=\"quiet\">1 scenario</span>".to_owned(),
            many => format!("<span class=\"quiet\">{many} scenarios</span>"),
        };
        let title = clause.title.as_ref().map_or(String::new(), |title| format!("<br>{}", esc(title)));
        let anchor = format!("clause-{}", clause.id);
        format!(
            "<tr id=\"{}\" data-k=\"Clause\"><th scope=\"row\">{}{title}</th><td>{said}</td><td>{citing}{reached}</td></tr>\n",
            esc(&anchor),
            link(&anchor, &esc(&clause.id))
        )
    }
}
