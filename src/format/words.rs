//! The words that tell where statements start and go on, as the grammar has them.

pub(super) const ITEMS: &[&str] = &[
    "agreement",
    "use",
    "party",
    "unit",
    "enumeration",
    "record",
    "clause",
    "input",
    "catalogue",
    "service",
    "decision",
    "period",
    "responses",
    "reading",
    "scenario",
];

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

/// Words that start a list of facts.
pub(super) const FACTS: &[&str] = &["given", "readings", "expect"];
