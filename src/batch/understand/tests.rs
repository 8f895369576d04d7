//! What is read quickly is what the code for facts files reads.

use proptest::prelude::*;

use super::bad::Bad;
use super::cell::{Cell, Cells};
use super::column::Builder;
use super::slow::Slow;
use crate::batch::{Binding, Feed, NumberMarks};
use crate::check::Checked;
use crate::model::InputId;
use crate::source::Sources;
use crate::source::load::Edition;

const RULES: &str = r#"
enumeration severity { 1 en "Severity 1" zh "严重性 1"  A  B }
unit credit { label en "credit" }
input a-severity : severity { must be not B }
input late       : yes-no
input pieces     : integer { must be 0..1000 }
input spend      : money in USD { must be >= USD 0 }
input any-money  : money
input discount   : percent { must be < 100% }
input rate       : decimal
input credits    : credit
input signed-on  : date { must be >= 2000-01-01 }
input at-instant : date-time
input limit-time : duration { must be > 0 min }
input notice     : days
input within     : time-limit
input remark     : text
input some       : set of severity
decision x : yes-no { always late }
"#;

fn rules() -> Checked {
    let mut sources = Sources::default();
    let file = sources.add("rules.clause", RULES);
    let set = crate::open(&sources, &Edition { root: String::new(), files: vec![file], ..Edition::default() });
    set.checked.unwrap_or_else(|| panic!("{:?}", set.problems))
}

/// A cell that owns its text.
#[derive(Clone, Debug)]
enum Owned {
    Missing,
    Text(String),
    Number(String),
    YesNo(bool),
    Nested(String),
}

struct Column<'a>(&'a [Owned]);

impl Cells for Column<'_> {
    fn cell(&self, row: usize) -> Cell<'_> {
        match &self.0[row] {
            Owned::Missing => Cell::Missing,
            Owned::Text(text) => Cell::of_text(text.as_bytes()),
            Owned::Number(text) => Cell::Number(text.as_bytes()),
            Owned::YesNo(yes) => Cell::YesNo(*yes),
            Owned::Nested(text) => Cell::Nested(text.as_bytes()),
        }
    }
}

fn cell() -> impl Strategy<Value = Owned> {
    let number = "-?(0|[1-9][0-9]{0,2}(,[0-9]{3}){0,3}|[0-9]{1,22})(\\.[0-9]{1,6}0{0,16})?";
    prop_oneof![
        1 => Just(Owned::Missing),
        6 => number.prop_map(Owned::Text),
        2 => "(USD|EUR) [0-9]{1,6}(\\.[0-9]{1,3})?".prop_map(Owned::Text),
        2 => "-?[0-9]{1,3}(\\.[0-9]{1,2})?%".prop_map(Owned::Text),
        3 => "(1999|2000|2024)-(01|02|12|13)-(01|28|29|30|31)".prop_map(Owned::Text),
        3 => "2024-(02|12)-(01|29)T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,3})?)?(Z|[+]08:00|-03:30)?"
            .prop_map(Owned::Text),
        2 => "[0-9]{1,4} (min|h|days|months|business hours|credit)".prop_map(Owned::Text),
        2 => "( )?(1|A|B|Severity 1|严重性 1|yes|No|TRUE|false|x; A|A; 1|\\[\"A\"\\])( )?".prop_map(Owned::Text),
        2 => "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?".prop_map(Owned::Number),
        1 => any::<bool>().prop_map(Owned::YesNo),
        1 => "(\\[\"A\", 1\\]|\\{\"currency\": \"USD\", \"amount\": [0-9]{1,3}\\}|\\{\\}|\\[)".prop_map(Owned::Nested),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_column_holds_what_its_cells_mean(cells in prop::collection::vec(cell(), 1..40), meanings: bool) {
        let checked = rules();
        let model = &checked.model;
        for input in 0..model.inputs.len() as u32 {
            let input = InputId(input);
            let values = if meanings { vec![("12".to_owned(), "A".to_owned()), ("x".to_owned(), String::new())] } else { vec![] };
            let binding = Binding { input, feed: Feed::Column(0), values };
            let mut builder = Builder::new(Slow::new(model, &binding, NumberMarks::default()), binding.feed);
            // A second piece meets what the first left behind.
            for _ in 0..2 {
                let mut bad = Bad::default();
                bad.clear(cells.len());
                builder.clear();
                builder.fill(&Column(&cells), cells.len(), &mut bad);
                builder.hold_bounds(&mut bad);
                let expected: Vec<_> = (0..cells.len()).map(|row| builder.slow.value(Column(&cells).cell(row))).collect();
                for (row, expected) in expected.iter().enumerate() {
                    let why = bad.wrongs.iter().filter(|(at, ..)| *at as usize == row).map(|(.., wrong)| &wrong.why).next();
                    let cell = &cells[row];
                    prop_assert_eq!(why, expected.as_ref().err().map(|wrong| &wrong.why), "{:?} {:?}", input, cell);
                }
                builder.sift(&bad);
                let column = builder.column();
                let sound: Vec<_> = expected.into_iter().filter_map(Result::ok).collect();
                for (row, expected) in sound.into_iter().enumerate() {
                    prop_assert_eq!(column.value(&model.input(input).ty, row), expected, "{:?} row {}", input, row);
                }
            }
        }
    }
}
