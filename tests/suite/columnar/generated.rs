//! Rule sets made up at random: rules, tables, formulas, `let`s, `if`s, exceptions, periods and superseding tables over
//! facts of every kind, each decision free to ask those before it.

use super::Dice;

/// What a decision or an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    YesNo,
    Grade,
    Money,
    Date,
    Days,
    Instant,
}

const FACTS: &str = r#"
enumeration grade { gold, silver, bronze, tin }
enumeration region { north, south, east }
party vendor {}
input one.flag   : yes-no
input two.flag   : yes-no
input own.grade  : grade
input own.region : region
input own.words  : text
input own.regions : set of region
input early.sum  : money in USD
input later.sum : money in USD
input share.part : percent
input early.day  : date
input later.day : date
input days.left  : days
input tally.all  : integer
input report.instant    : date-time
reading day-one {
  ask en "Does the first day count?"
  either no-day (default) en "no"
  or     its-day en "yes"
}
reading open-one {
  ask en "Which?"
  either left en "left"
  or     right en "right"
}
holidays some { covers 2024..2025 closed 2024-12-25 closed 2025-01-01 }
calendar office { zone "Europe/London" open monday..friday 09:00..12:00, 13:00..17:30 holidays some part day elapsed }
scenario "facts" {
  given one.flag = yes  two.flag = no  own.grade = gold  own.region = east  own.words = "some words"
        own.regions = { north, east }  early.sum = USD 1,000.10  later.sum = USD 250  share.part = 12.5%
        early.day = 2024-10-01  later.day = 2024-11-15  days.left = 14 days  tally.all = 3
        report.instant = 2024-10-01T17:20+01:00
  expect d0 = yes
}
scenario "other facts" {
  given one.flag = no  two.flag = no  own.grade = tin  own.region = north  own.words = "others"
        own.regions = { south }  early.sum = USD 500  later.sum = USD 500  share.part = 20%
        early.day = 2024-12-30  later.day = 2024-12-30  days.left = 45 days  tally.all = 10
        report.instant = 2024-12-24T16:00+00:00
  expect d0 = yes
}
"#;

/// The text of a rule set with so many decisions.
pub fn rules(dice: &mut Dice, decisions: usize) -> String {
    let mut writer = Writer { dice, made: Vec::new(), text: FACTS.to_owned(), slot: 0 };
    for number in 0..decisions {
        // The scenarios ask for the first.
        let kind = if number == 0 { Kind::YesNo } else { writer.any_kind() };
        writer.decision(number, kind);
    }
    writer.text
}

struct Writer<'d> {
    dice: &'d mut Dice,
    /// The decisions so far.
    made: Vec<(String, Kind)>,
    text: String,
    slot: usize,
}

impl Writer<'_> {
    fn any_kind(&mut self) -> Kind {
        [Kind::YesNo, Kind::Grade, Kind::Money, Kind::Date, Kind::Days, Kind::Instant][self.dice.roll(6)]
    }

    fn pick(&mut self, from: &[&str]) -> String {
        from[self.dice.roll(from.len())].to_owned()
    }

    fn decision(&mut self, number: usize, kind: Kind) {
        let name = format!("d{number}");
        if kind == Kind::Date && self.dice.one_in(3) {
            let of = self.expr(Kind::Date, 1);
            let length = self.pick(&["60 days", "2 months", "1 year"]);
            let counted = self.pick(&["\n  first day not counted", "\n  first day counted when day-one is its-day"]);
            self.text.push_str(&format!("period p{number} {{\n  first {length} of {of}{counted}\n}}\n"));
            self.made.push((format!("p{number}.ends"), Kind::Date));
            self.made.push((format!("p{number}.starts"), Kind::Date));
        }
        let ty = match kind {
            Kind::YesNo => "yes-no",
            Kind::Grade => "grade",
            Kind::Money => "money in USD",
            Kind::Date => "date",
            Kind::Days => "days",
            Kind::Instant => "date-time",
        };
        let body = match self.dice.roll(5) {
            0 => format!("  always {}\n", self.expr(kind, 3)),
            1 => self.table(kind),
            _ => self.rules(kind),
        };
        self.text.push_str(&format!("decision {name} : {ty} {{\n{body}}}\n"));
        self.made.push((name, kind));
    }

    fn rules(&mut self, kind: Kind) -> String {
        let mut text = String::new();
        let mut lets = String::new();
        if self.dice.one_in(2) {
            self.slot += 1;
            lets = format!("v{}", self.slot);
            text.push_str(&format!("  let {lets} = {}\n", self.expr(kind, 2)));
        }
        let answer = |writer: &mut Self| match writer.dice.roll(8) {
            0 => "silent".to_owned(),
            1 => "at the discretion of vendor".to_owned(),
            2 | 3 if !lets.is_empty() => lets.clone(),
            _ => writer.expr(kind, 2),
        };
        for _ in 0..=self.dice.roll(2) {
            text.push_str(&format!("  {} when {}\n", answer(self), self.expr(Kind::YesNo, 2)));
        }
        text.push_str(&format!("  {} otherwise\n", answer(self)));
        if self.dice.one_in(3) {
            let (value, when) = (self.expr(kind, 1), self.expr(Kind::YesNo, 2));
            text.push_str(&format!("  exception other {{\n    {value} when {when}\n  }}\n"));
        }
        text
    }

    fn table(&mut self, kind: Kind) -> String {
        let mut text = "  hit first\n".to_owned();
        let heading = self.pick(&["early.sum", "early.day to later.day in days", "days.left", "tally.all"]);
        let cells: &[&str] = match heading.as_str() {
            "early.sum" => &[">= USD 1,000", "< USD 500", "USD 400..USD 1,000.05", "any"],
            "tally.all" => &[">= 3", "2..9", "10", "not 3"],
            _ => &[">= 45 days", "6..13 days", "<= 14 days", "any"],
        };
        text.push_str(&format!("  | own.grade | {heading} || answer |\n"));
        for _ in 0..=self.dice.roll(3) {
            let grade = self.pick(&["gold", "{ silver, tin }", "other", "any", "not gold"]);
            let (cell, answer) = (self.pick(cells), self.expr(kind, 1));
            text.push_str(&format!("  | {grade} | {cell} || {answer} |\n"));
        }
        let last = self.expr(kind, 1);
        text.push_str(&format!("  | any | any || {last} |\n"));
        text
    }

    /// An expression of a kind, nested at most so deep.
    fn expr(&mut self, kind: Kind, depth: usize) -> String {
        let asked: Vec<String> = self.made.iter().filter(|(_, of)| *of == kind).map(|(name, _)| name.clone()).collect();
        if !asked.is_empty() && self.dice.one_in(4) {
            return asked[self.dice.roll(asked.len())].clone();
        }
        if depth > 0 && kind != Kind::YesNo && self.dice.one_in(6) {
            let (when, a, b) = (self.expr(Kind::YesNo, 1), self.expr(kind, depth - 1), self.expr(kind, depth - 1));
            return format!("(if {when} then {a} else {b})");
        }
        let deep = depth > 0 && !self.dice.one_in(3);
        let inner = |writer: &mut Self, kind: Kind| writer.expr(kind, depth.saturating_sub(1));
        match kind {
            Kind::YesNo if deep => match self.dice.roll(10) {
                0 => format!("({} and {})", inner(self, kind), inner(self, kind)),
                1 => format!("({} or {})", inner(self, kind), inner(self, kind)),
                2 => format!("not ({})", inner(self, kind)),
                3 => format!("{} {} {}", inner(self, Kind::Money), self.pick(&[">=", "<", "=", "<>"]), self.sum()),
                4 => format!("{} > {}", inner(self, Kind::Money), inner(self, Kind::Money)),
                5 => format!("{} <= {}", inner(self, Kind::Date), inner(self, Kind::Date)),
                6 => format!("{} {} 14 days", inner(self, Kind::Days), self.pick(&[">=", "<", "="])),
                7 => format!("({} in {{ gold, tin }})", inner(self, Kind::Grade)),
                8 => format!("{} < {}", inner(self, Kind::Instant), inner(self, Kind::Instant)),
                _ => format!("own.regions has {}", self.pick(&["north", "own.region"])),
            },
            Kind::YesNo => {
                let facts =
                    ["one.flag", "two.flag", "own.region is north", "own.words = \"some words\"", "tally.all > 3"];
                let more = ["open-one is left", "day-one is its-day", "early.day > 2024-11-01", "own.grade is not tin"];
                let all = [&facts[..], &more[..]].concat();
                self.pick(&all)
            }
            Kind::Grade => self.pick(&["own.grade", "gold", "silver", "tin"]),
            Kind::Money if deep => match self.dice.roll(6) {
                0 => format!("{} + {}", inner(self, kind), inner(self, kind)),
                1 => format!("({} - {})", inner(self, kind), inner(self, kind)),
                2 => format!("{} of ({})", self.pick(&["50%", "12.5%", "100%", "0%", "share.part"]), inner(self, kind)),
                3 => format!("{}({}, {})", self.pick(&["min", "max"]), inner(self, kind), inner(self, kind)),
                4 => format!("(({}) / 3 rounded half-up to USD 0.01)", inner(self, kind)),
                _ => format!("tally.all * ({})", inner(self, kind)),
            },
            Kind::Money => match self.dice.roll(3) {
                0 => self.sum(),
                _ => self.pick(&["early.sum", "later.sum"]),
            },
            Kind::Date if deep => match self.dice.roll(4) {
                0 => format!("({} + {})", inner(self, kind), inner(self, Kind::Days)),
                1 => format!("({} - 6 weeks)", inner(self, kind)),
                2 => format!("({} + 2 months)", inner(self, kind)),
                _ => format!("max({}, {})", inner(self, kind), inner(self, kind)),
            },
            Kind::Date => self.pick(&["early.day", "later.day", "2024-12-01"]),
            Kind::Days if deep => format!("({} to {} in days)", inner(self, Kind::Date), inner(self, Kind::Date)),
            Kind::Days => self.pick(&["days.left", "14 days", "3 days"]),
            Kind::Instant if deep => match self.dice.roll(3) {
                0 => format!("({} + 90 min)", inner(self, kind)),
                1 => format!("deadline({}, 2 business days, office)", inner(self, kind)),
                _ => format!("deadline({}, 8 business hours, office)", inner(self, kind)),
            },
            Kind::Instant => self.pick(&["report.instant", "2024-12-20T09:00+00:00"]),
        }
    }

    fn sum(&mut self) -> String {
        self.pick(&["USD 500", "USD 1,000.10", "USD 0", "USD 250.50"])
    }
}
