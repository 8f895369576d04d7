//! Decisions, periods and response tables.

use super::{Builder, Node, Rule, is_keyword};
use crate::syntax::tree;

impl Builder<'_> {
    pub(super) fn decision(&mut self, pair: Node) -> Option<tree::Decision> {
        let span = self.span(&pair);
        let mut parts = self.parts(pair, span, Rule::decision_part).into_iter();
        let (name, ty) = (parts.find(|p| p.as_rule() == Rule::name)?, parts.find(|p| p.as_rule() == Rule::type_)?);
        let (name, ty) = (self.name(&name), self.ty(ty));
        let mut labels = Vec::new();
        let body = self.body(parts.collect());
        let body = body
            .into_iter()
            .filter_map(|part| match part {
                tree::BodyPart::Label(l) => {
                    labels.extend(l);
                    None
                }
                other => Some(other),
            })
            .collect();
        Some(tree::Decision { name, ty, labels, body, span })
    }

    fn body(&mut self, parts: Vec<Node>) -> Vec<tree::BodyPart> {
        parts.into_iter().filter_map(|part| self.body_part(part)).collect()
    }

    fn body_part(&mut self, part: Node) -> Option<tree::BodyPart> {
        use tree::BodyPart as Part;
        Some(match part.as_rule() {
            Rule::label => Part::Label(self.labelled(part)),
            Rule::cites => Part::Cites(self.cites(part)),
            Rule::let_in => Part::Let(self.let_in(part)?),
            Rule::hit => Part::Hit(self.hit(part)?),
            Rule::table => Part::Table(self.table(part)?),
            Rule::rule_line | Rule::always => Part::Rule(self.rule(part)?),
            Rule::exception => Part::Exception(self.exception(part)?),
            _ => return None,
        })
    }

    pub(super) fn let_in(&mut self, pair: Node) -> Option<tree::Let> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().filter(|p| !is_keyword(p.as_rule()));
        let (name, value) = (parts.next()?, parts.next()?);
        Some(tree::Let { name: self.name(&name), value: self.expr(value), span })
    }

    fn hit(&mut self, pair: Node) -> Option<tree::Hit> {
        let span = self.span(&pair);
        let policy = pair.into_inner().find(|p| p.as_rule() != Rule::k_hit)?;
        let policy = match policy.as_rule() {
            Rule::k_first => tree::HitPolicy::First,
            Rule::k_collect => tree::HitPolicy::Collect,
            Rule::priority => {
                let set = policy.into_inner().find(|p| p.as_rule() == Rule::set)?;
                tree::HitPolicy::Priority(self.primary(set))
            }
            _ => tree::HitPolicy::Unique,
        };
        Some(tree::Hit { policy, span })
    }

    fn rule(&mut self, pair: Node) -> Option<tree::Rule> {
        let span = self.span(&pair);
        let mut answer = None;
        let mut guard = tree::Guard::Always;
        let mut cites = tree::Cites::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::answer => answer = self.answer(part),
                Rule::when => guard = tree::Guard::When(self.when(part)?),
                Rule::k_otherwise => guard = tree::Guard::Otherwise,
                Rule::citation => cites = self.cites(part),
                _ => {}
            }
        }
        Some(tree::Rule { answer: answer?, guard, cites, span })
    }

    pub(super) fn when(&mut self, pair: Node) -> Option<tree::Expr> {
        let condition = pair.into_inner().find(|p| p.as_rule() == Rule::expr)?;
        Some(self.expr(condition))
    }

    fn answer(&mut self, pair: Node) -> Option<tree::Answer> {
        let inner = pair.into_inner().next()?;
        Some(match inner.as_rule() {
            Rule::discretion => {
                let span = self.span(&inner);
                let (party, meanwhile) = self.discretion(inner)?;
                tree::Answer::Discretion { party, meanwhile, span }
            }
            Rule::k_silent => tree::Answer::Silent(self.span(&inner)),
            _ => tree::Answer::Value(self.expr(inner)),
        })
    }

    /// The party that decides, and what holds until it does.
    pub(super) fn discretion(&mut self, pair: Node) -> Option<(tree::Name, Option<tree::Expr>)> {
        let mut parts = pair.into_inner().filter(|p| !is_keyword(p.as_rule()));
        let party = self.name(&parts.next()?);
        Some((party, parts.next().map(|e| self.expr(e))))
    }

    fn exception(&mut self, pair: Node) -> Option<tree::Exception> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::exception_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let over = parts.iter().find(|p| p.as_rule() == Rule::over).cloned();
        let over = over.map_or(Vec::new(), |p| self.names_of(p, Rule::name));
        Some(tree::Exception { name, over, body: self.body(parts), span })
    }

    pub(super) fn period(&mut self, pair: Node) -> Option<tree::Period> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::period_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Period {
            name,
            labels: vec![],
            cites: tree::Cites::default(),
            lets: vec![],
            extents: vec![],
            first_day: None,
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::let_in => item.lets.extend(self.let_in(part)),
                Rule::first_day => item.first_day = Some(self.first_day(part)),
                Rule::first_span | Rule::last_span | Rule::from_span => item.extents.extend(self.extent(part)),
                _ => {}
            }
        }
        Some(item)
    }

    fn first_day(&mut self, pair: Node) -> tree::FirstDay {
        let span = self.span(&pair);
        let mut counted = true;
        let mut when = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::k_not => counted = false,
                Rule::when => when = self.when(part),
                _ => {}
            }
        }
        tree::FirstDay { counted, when, span }
    }

    fn extent(&mut self, pair: Node) -> Option<tree::Extent> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut parts = pair.into_inner().filter(|p| !is_keyword(p.as_rule()));
        let first = parts.next()?;
        let kind = match rule {
            Rule::from_span => tree::ExtentKind::FromTo(self.expr(first)),
            _ => {
                let (length, anchor) = (self.primary(first), self.expr(parts.next()?));
                if rule == Rule::first_span {
                    tree::ExtentKind::First { length, of: anchor }
                } else {
                    tree::ExtentKind::Last { length, before: anchor }
                }
            }
        };
        Some(tree::Extent { kind, span })
    }

    pub(super) fn responses(&mut self, pair: Node) -> Option<tree::Responses> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::responses_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Responses {
            name,
            supersedes: vec![],
            labels: vec![],
            cites: tree::Cites::default(),
            key: vec![],
            lets: vec![],
            when: None,
            table: None,
            notes: vec![],
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::supersedes => item.supersedes.extend(self.names_of(part, Rule::name)),
                Rule::key => item.key.extend(self.names_of(part, Rule::path)),
                Rule::let_in => item.lets.extend(self.let_in(part)),
                Rule::when => item.when = self.when(part),
                Rule::table => match (&mut item.table, self.table(part)) {
                    (slot @ None, table) => *slot = table,
                    (Some(_), Some(second)) => self.second_table(second.span),
                    _ => {}
                },
                Rule::note => item.notes.extend(self.note(part)),
                _ => {}
            }
        }
        Some(item)
    }

    fn note(&mut self, pair: Node) -> Option<tree::Note> {
        let span = self.span(&pair);
        let (mut number, mut column, mut value) = (None, None, None);
        let mut kind = tree::NoteKind::Mark;
        let mut cites = tree::Cites::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => number = Some(self.name(&part)),
                Rule::path => column = Some(self.name(&part)),
                Rule::note_value => value = part.into_inner().next().map(|v| self.primary(v)),
                Rule::except_when => {
                    let when = part.into_inner().find(|p| p.as_rule() == Rule::when)?;
                    kind = tree::NoteKind::ExceptWhen(self.when(when)?);
                }
                Rule::note_says => kind = tree::NoteKind::Says(self.first_text(part)?),
                Rule::citation => cites = self.cites(part),
                _ => {}
            }
        }
        Some(tree::Note { number: number?, column: column?, value: value?, kind, cites, span })
    }
}
