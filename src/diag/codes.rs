//! The codes of all problems. A code is the problem's name everywhere: in messages, in fixtures, and in
//! `docs/problems/`, which holds the long form that `clausal explain-code` prints.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident,)*) => {
        /// What kind of problem it is; stable from release to release.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($variant,)* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable name, as `gap_in_table`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The long form: what it means, an example, and the mend (Markdown).
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("../../docs/problems/", $name, ".md")),)* }
            }

            pub fn from_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|c| c.name() == name)
            }
        }
    };
}

codes! {
    // reading the text
    NotUtf8 "not_utf8" Error,
    FileTooLarge "file_too_large" Error,
    FileNotRead "file_not_read" Error,
    NestingTooDeep "nesting_too_deep" Error,
    UnexpectedText "unexpected_text" Error,
    UnknownItem "unknown_item" Error,
    BlockNotClosed "block_not_closed" Error,
    TextNotClosed "text_not_closed" Error,
    ForeignPunctuation "foreign_punctuation" Error,
    MisplacedPart "misplaced_part" Error,
    ImpossibleLiteral "impossible_literal" Error,
    WrongCellCount "wrong_cell_count" Error,
    MisplacedCell "misplaced_cell" Error,
    TableTooLarge "table_too_large" Error,
    // names
    UnknownName "unknown_name" Error,
    AmbiguousName "ambiguous_name" Error,
    DuplicateName "duplicate_name" Error,
    UnknownType "unknown_type" Error,
    UnknownField "unknown_field" Error,
    UnknownUnit "unknown_unit" Error,
    UnknownFunction "unknown_function" Error,
    WrongArguments "wrong_arguments" Error,
    UseNotFound "use_not_found" Error,
    EditionNotFound "edition_not_found" Error,
    NothingToAmend "nothing_to_amend" Error,
    UnknownPredecessor "unknown_predecessor" Error,
    OtherEdition "other_edition" Error,
    DanglingCitation "dangling_citation" Error,
    MissingPart "missing_part" Error,
    CalendarWrong "calendar_wrong" Error,
    HolidaysNotRead "holidays_not_read" Error,
    UnknownZone "unknown_zone" Error,
    SeveralAgreements "several_agreements" Error,
    // types and units
    TypeMismatch "type_mismatch" Error,
    MixedUnits "mixed_units" Error,
    MixedCurrencies "mixed_currencies" Error,
    NotComparable "not_comparable" Error,
    RoundingNotWritten "rounding_not_written" Error,
    NoResult "no_result" Error,
    OtherwiseMissing "otherwise_missing" Error,
    OtherwiseInException "otherwise_in_exception" Error,
    FirstDayNotStated "first_day_not_stated" Error,
    // meaning
    Cycle "cycle" Error,
    ChangeNotStated "change_not_stated" Error,
    UnreachableState "unreachable_state" Warning,
    UnusedEvent "unused_event" Warning,
    GapInTable "gap_in_table" Error,
    OverlappingRows "overlapping_rows" Error,
    ConflictingRules "conflicting_rules" Error,
    UnreachableRow "unreachable_row" Warning,
    RuleNeverApplies "rule_never_applies" Warning,
    OneWayComparison "one_way_comparison" Warning,
    ContradictoryExpectation "contradictory_expectation" Error,
    UnusedInput "unused_input" Warning,
    ExpectsNothing "expects_nothing" Warning,
    UncitedRule "uncited_rule" Warning,
    UnencodedClause "unencoded_clause" Warning,
    CitedProse "cited_prose" Warning,
    // facts
    FactsNotRead "facts_not_read" Error,
    UnknownFact "unknown_fact" Error,
    WrongFact "wrong_fact" Error,
    WrongMap "wrong_map" Error,
}
