//! Calendars, events, milestones, processes, and the logs of scenarios.

use super::{Builder, Node, Rule, is_keyword};
use crate::syntax::tree;

impl Builder<'_> {
    pub(super) fn calendar(&mut self, pair: Node) -> Option<tree::Calendar> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::calendar_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Calendar {
            name,
            labels: vec![],
            cites: tree::Cites::default(),
            zone: vec![],
            open: vec![],
            closed: vec![],
            holidays: vec![],
            make_up: vec![],
            part_day: vec![],
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::zone => item.zone.extend(self.inner_expr(part)),
                Rule::open_line => item.open.extend(self.open_line(part)),
                Rule::closed_line => item.closed.extend(self.closed_line(part)),
                Rule::holidays_line => {
                    let (span, cites) = (self.span(&part), self.citation_of(&part));
                    let list = self.inner_expr(part);
                    item.holidays.push(tree::HolidaysLine { list, cites, span });
                }
                Rule::make_up => item.make_up.push(self.condition(part)),
                Rule::part_day => item.part_day.push(self.part_day(part)),
                _ => {}
            }
        }
        Some(item)
    }

    fn inner_expr(&mut self, pair: Node) -> Option<tree::Expr> {
        let expr = pair.into_inner().find(|p| p.as_rule() == Rule::expr)?;
        Some(self.expr(expr))
    }

    fn citation_of(&mut self, pair: &Node) -> tree::Cites {
        let citation = pair.clone().into_inner().find(|p| p.as_rule() == Rule::citation);
        citation.map_or(tree::Cites::default(), |c| self.cites(c))
    }

    fn when_of(&mut self, pair: &Node) -> Option<tree::Expr> {
        let when = pair.clone().into_inner().find(|p| p.as_rule() == Rule::when)?;
        self.when(when)
    }

    /// `when C [a/b]` among the parts of a line.
    fn condition(&mut self, pair: Node) -> tree::Condition {
        tree::Condition { when: self.when_of(&pair), cites: self.citation_of(&pair), span: self.span(&pair) }
    }

    fn part_day(&mut self, pair: Node) -> tree::PartDay {
        let rules: Vec<Rule> = pair.clone().into_inner().map(|p| p.as_rule()).collect();
        let word = if rules.contains(&Rule::k_elapsed) {
            "elapsed"
        } else if rules.contains(&Rule::k_not) {
            "not-counted"
        } else {
            "counted"
        };
        let word = tree::Name { text: word.to_owned(), span: self.span(&pair) };
        tree::PartDay { word, condition: self.condition(pair) }
    }

    fn open_line(&mut self, pair: Node) -> Option<tree::OpenLine> {
        let span = self.span(&pair);
        let (when, cites) = (self.when_of(&pair), self.citation_of(&pair));
        let mut line = tree::OpenLine {
            days: tree::OpenDays::Always,
            hours: tree::OpenHours::Usual,
            title: None,
            when,
            cites,
            span,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::open_on => {
                    let inner = part.into_inner().next()?;
                    line.days = match inner.as_rule() {
                        Rule::dates => {
                            let (first, last) = self.span_of(inner, Rule::date)?;
                            tree::OpenDays::Dates(first, last)
                        }
                        _ => {
                            let spans = inner.into_inner().filter(|p| p.as_rule() == Rule::weekday_span);
                            tree::OpenDays::Weekdays(spans.filter_map(|s| self.span_of(s, Rule::weekday)).collect())
                        }
                    };
                }
                Rule::windows => {
                    let windows = part.into_inner().filter(|p| p.as_rule() == Rule::window);
                    line.hours =
                        tree::OpenHours::Windows(windows.filter_map(|w| self.span_of(w, Rule::time)).collect());
                }
                Rule::as_on => line.hours = tree::OpenHours::AsOn(self.names_of(part, Rule::weekday).pop()?),
                Rule::text => line.title = Some(self.text_of(&part)),
                _ => {}
            }
        }
        Some(line)
    }

    /// `A..B`, or `A` alone for both.
    fn span_of(&self, pair: Node, rule: Rule) -> Option<(tree::Name, tree::Name)> {
        let mut ends = self.names_of(pair, rule).into_iter();
        let first = ends.next()?;
        let last = ends.next().unwrap_or_else(|| first.clone());
        Some((first, last))
    }

    fn closed_line(&mut self, pair: Node) -> Option<tree::ClosedLine> {
        let span = self.span(&pair);
        let (when, cites) = (self.when_of(&pair), self.citation_of(&pair));
        let title = pair.clone().into_inner().find(|p| p.as_rule() == Rule::text).map(|t| self.text_of(&t));
        let dates = pair.into_inner().find(|p| p.as_rule() == Rule::dates)?;
        let (first, last) = self.span_of(dates, Rule::date)?;
        Some(tree::ClosedLine { first, last, title, when, cites, span })
    }

    pub(super) fn holidays(&mut self, pair: Node) -> Option<tree::Holidays> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::holidays_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Holidays {
            name,
            labels: vec![],
            cites: tree::Cites::default(),
            covers: vec![],
            open: vec![],
            closed: vec![],
            from: vec![],
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::covers_years => item.covers.extend(self.span_of(part, Rule::year)),
                Rule::open_line => item.open.extend(self.open_line(part)),
                Rule::closed_line => item.closed.extend(self.closed_line(part)),
                Rule::from_file => item.from.extend(self.first_text(part)),
                _ => {}
            }
        }
        Some(item)
    }

    pub(super) fn event(&mut self, pair: Node) -> Option<tree::Event> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::event_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item =
            tree::Event { name, labels: vec![], cites: tree::Cites::default(), by: vec![], with: vec![], span };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::by => item.by.extend(self.names_of(part, Rule::name)),
                Rule::brings => item.with.extend(self.names_of(part, Rule::path)),
                _ => {}
            }
        }
        Some(item)
    }

    pub(super) fn milestone(&mut self, pair: Node) -> Option<tree::Milestone> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::milestone_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item =
            tree::Milestone { name, labels: vec![], cites: tree::Cites::default(), lets: vec![], parts: vec![], span };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::let_in => item.lets.extend(self.let_in(part)),
                _ => item.parts.extend(self.milestone_part(part)),
            }
        }
        Some(item)
    }

    fn milestone_part(&mut self, pair: Node) -> Option<tree::MilestonePart> {
        use tree::MilestonePart as Part;
        Some(match pair.as_rule() {
            Rule::owed_by => Part::OwedBy(self.names_of(pair, Rule::name).pop()?),
            Rule::starts => Part::Starts(self.trigger(pair)),
            Rule::stops => Part::Stops(self.trigger(pair)),
            Rule::done => Part::Done(self.trigger(pair)),
            Rule::pauses => Part::Pauses(self.while_(pair)),
            Rule::void => Part::Void(self.while_(pair)),
            Rule::target => Part::Target(self.limit(pair)?),
            Rule::recurs => Part::Every(self.limit(pair)?),
            Rule::on_change => {
                let rules: Vec<Rule> = pair.clone().into_inner().map(|p| p.as_rule()).collect();
                let word = if rules.contains(&Rule::k_target) {
                    "target"
                } else if rules.contains(&Rule::k_start) {
                    "start"
                } else {
                    "restarts"
                };
                let word = tree::Name { text: word.to_owned(), span: self.span(&pair) };
                Part::OnChange(word, self.condition(pair))
            }
            Rule::warns => {
                let span = self.span(&pair);
                let amount = pair.into_inner().find(|p| matches!(p.as_rule(), Rule::percent | Rule::quantity))?;
                Part::Warns(self.primary(amount), span)
            }
            Rule::on_miss => Part::OnMiss(self.names_of(pair, Rule::name)),
            _ => return None,
        })
    }

    fn while_(&mut self, pair: Node) -> tree::Condition {
        let (span, cites) = (self.span(&pair), self.citation_of(&pair));
        tree::Condition { when: self.inner_expr(pair), cites, span }
    }

    fn trigger(&mut self, pair: Node) -> tree::Trigger {
        let event = pair.clone().into_inner().find(|p| p.as_rule() == Rule::name).map(|p| self.name(&p));
        let by = self.by_of(&pair);
        tree::Trigger { event, by, condition: self.condition(pair) }
    }

    fn by_of(&mut self, pair: &Node) -> Vec<tree::Name> {
        let by = pair.clone().into_inner().find(|p| p.as_rule() == Rule::by);
        by.map_or(Vec::new(), |by| self.names_of(by, Rule::name))
    }

    /// `AMOUNT in CALENDAR`: read as one expression, since `in` is an operator too.
    fn limit(&mut self, pair: Node) -> Option<tree::Limit> {
        let (span, cites) = (self.span(&pair), self.citation_of(&pair));
        let until = pair.clone().into_inner().any(|p| p.as_rule() == Rule::k_until);
        let whole = self.inner_expr(pair)?;
        let (amount, calendar) = match *whole.kind {
            tree::ExprKind::Binary(tree::BinaryOp::In, amount, calendar) => (amount, Some(calendar)),
            kind => (tree::Expr { kind: Box::new(kind), span: whole.span }, None),
        };
        Some(tree::Limit { until, amount, calendar, cites, span })
    }

    pub(super) fn process(&mut self, pair: Node) -> Option<tree::Process> {
        let span = self.span(&pair);
        let parts = self.parts(pair, span, Rule::process_part);
        let name = parts.iter().find(|p| p.as_rule() == Rule::name).map(|p| self.name(p))?;
        let mut item = tree::Process {
            name,
            labels: vec![],
            cites: tree::Cites::default(),
            states: vec![],
            transitions: vec![],
            span,
        };
        for part in parts {
            match part.as_rule() {
                Rule::label => item.labels.extend(self.labelled(part)),
                Rule::cites => item.cites.0.extend(self.cites(part).0),
                Rule::states => {
                    let states = part.into_inner().filter(|p| p.as_rule() == Rule::state);
                    item.states.extend(states.filter_map(|s| self.state(s)));
                }
                Rule::transition => item.transitions.extend(self.transition(part)),
                _ => {}
            }
        }
        Some(item)
    }

    fn state(&mut self, pair: Node) -> Option<tree::State> {
        let span = self.span(&pair);
        let name = self.name(&pair.clone().into_inner().find(|p| p.as_rule() == Rule::word)?);
        let last = pair.clone().into_inner().any(|p| p.as_rule() == Rule::final_mark);
        Some(tree::State { name, last, labels: self.labelled(pair), span })
    }

    fn transition(&mut self, pair: Node) -> Option<tree::Transition> {
        let span = self.span(&pair);
        let inner: Vec<Node> = pair.clone().into_inner().filter(|p| !is_keyword(p.as_rule())).collect();
        let (mut from, mut to, mut cause, mut sets) = (Vec::new(), None, None, Vec::new());
        for part in inner {
            match part.as_rule() {
                Rule::from_states => from = self.names_of(part, Rule::name),
                Rule::word => to = Some(self.name(&part)),
                Rule::on_event => {
                    let by = self.by_of(&part);
                    let event = part.into_inner().find(|p| p.as_rule() == Rule::name).map(|p| self.name(&p))?;
                    cause = Some(tree::Cause::On { event, by });
                }
                Rule::after => cause = Some(tree::Cause::After(self.limit(part)?)),
                Rule::sets => sets = self.assignments(part),
                _ => {}
            }
        }
        Some(tree::Transition { from, to, cause: cause?, sets, condition: self.condition(pair), span })
    }

    pub(super) fn log_entry(&mut self, pair: Node) -> Option<tree::LogEntry> {
        let span = self.span(&pair);
        let with = self.assignments(pair.clone());
        let at = pair.clone().into_inner().find(|p| p.as_rule() == Rule::date_time).map(|p| self.name(&p))?;
        let mut names = self.names_of(pair, Rule::name).into_iter();
        Some(tree::LogEntry { at, event: names.next()?, by: names.next(), with, span })
    }
}
