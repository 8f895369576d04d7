//! The words that tell where statements start and go on, as the grammar has them.

/// Words that an item's heading goes on with.
pub(super) const HEADING: &[&str] = &["at", "edition", "supersedes", "over"];

/// Words that are never a name.
pub(super) const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "has",
    "is",
    "to",
    "of",
    "when",
    "otherwise",
    "always",
    "if",
    "then",
    "else",
    "where",
    "satisfies",
    "rounded",
    "yes",
    "no",
    "any",
    "every",
    "count",
    "sum",
    "silent",
];

/// Reserved words that a rule or value can end with.
pub(super) const ENDING: &[&str] = &["otherwise", "yes", "no", "silent"];

/// Words and marks after which an expression or list goes on.
pub(super) const UNFINISHED: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "has",
    "is",
    "to",
    "of",
    "when",
    "always",
    "if",
    "then",
    "else",
    "where",
    "satisfies",
    "rounded",
    "any",
    "every",
    "count",
    "sum",
    "=",
    "<",
    ">",
    "<=",
    ">=",
    "<>",
    "+",
    "*",
    "/",
    "-",
    ",",
    ":",
];

/// Words and marks that can only go on with what stands before them.
pub(super) const CONTINUING: &[&str] = &[
    "and",
    "then",
    "else",
    "where",
    "satisfies",
    "in",
    "is",
    "has",
    "to",
    "of",
    "rounded",
    "for",
    "meanwhile",
    "except",
    "=",
    "<",
    ">",
    "<=",
    ">=",
    "<>",
    "+",
    "*",
    "/",
    "-",
    ",",
    ":",
    "%",
];

/// Words whose statement lines up its later lines under what follows the word.
pub(super) const HANGING: &[&str] = &[
    "label",
    "ask",
    "source",
    "cites",
    "covers",
    "key",
    "requires",
    "given",
    "readings",
    "expect",
    "log",
    "when",
    "always",
    "says",
    "prose",
    "must",
    "from",
    "languages",
    "delivery",
    "excludes",
];

/// The same in calendars, milestones and processes.
pub(super) const TIME_HANGING: &[&str] =
    &["zone", "holidays", "starts", "stops", "done", "pauses", "void", "target", "every", "warns"];

/// The same in events.
pub(super) const EVENT_HANGING: &[&str] = &["by", "with"];

/// Words that go on with a line of a calendar, milestone or process, or with an entry of a log.
pub(super) const TIME_CONTINUING: &[&str] =
    &["when", "while", "by", "with", "sets", "becomes", "stay", "after", "before"];

/// Words that start a list of facts, or of what happened.
pub(super) const FACTS: &[&str] = &["given", "readings", "expect", "log"];
