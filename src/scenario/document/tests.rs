//! What facts files say, where, and what is refused.

use proptest::prelude::*;

use super::*;

const ALL: [Format; 3] = [Format::Json, Format::Yaml, Format::Toml];

fn data(text: &str, format: Format) -> Data {
    read(text, format).unwrap_or_else(|problem| panic!("{text}: {problem} {:?}", problem.span)).data
}

fn problem(text: &str, format: Format) -> (String, String) {
    let problem = read(text, format).expect_err(text);
    let place = text.get(problem.span.clone());
    (problem.message, place.unwrap_or_else(|| panic!("no place {:?}", problem.span)).to_owned())
}

/// The tree with the text that each part stands for, without quotes.
fn outline(text: &str, node: &Node) -> String {
    let at = |span: &Range<usize>| text[span.clone()].to_owned();
    match &node.data {
        Data::Null => "null".to_owned(),
        Data::YesNo(_) | Data::Number(_) | Data::Text(_) => at(&node.span),
        Data::List(items) => {
            let items: Vec<_> = items.iter().map(|item| outline(text, item)).collect();
            format!("[{}]", items.join(" "))
        }
        Data::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(k, v)| format!("{}={}", at(&k.span), outline(text, v))).collect();
            format!("{{{}}}", entries.join(" "))
        }
    }
}

/// The meaning alone, for comparing formats.
fn bare(node: Node) -> Node {
    let data = match node.data {
        Data::List(items) => Data::List(items.into_iter().map(bare).collect()),
        Data::Map(entries) => {
            Data::Map(entries.into_iter().map(|(k, v)| (Key { span: 0..0, name: k.name }, bare(v))).collect())
        }
        other => other,
    };
    Node { span: 0..0, data }
}

#[test]
fn every_part_has_its_place_in_bytes() {
    for (text, format, expected) in [
        ("{\"灵活\": [1, \"é\\n\"], \"b\": {\"c\": true}}", Format::Json, "{\"灵活\"=[1 \"é\\n\"] \"b\"={\"c\"=true}}"),
        ("灵活:\n  - 1 # қызмет\n  - 'é'\nb: { c: yes }\n", Format::Yaml, "{灵活=[1 'é'] b={c=yes}}"),
        ("\"灵活\" = [1, 'é'] # қызмет\n[b]\nc = true\n", Format::Toml, "{\"灵活\"=[1 'é'] b={c=true}}"),
    ] {
        for text in [text.to_owned(), format!("\u{feff}{text}")] {
            assert_eq!(outline(&text, &read(&text, format).unwrap()), expected, "{text}");
        }
    }
}

#[test]
fn a_list_or_map_spans_its_whole_text() {
    let json = " {\"a\": [1, 2]} ";
    assert_eq!(&json[read(json, Format::Json).unwrap().span], "{\"a\": [1, 2]}");
    let yaml = "a: [1, 2]\nb:\n  - 3\n";
    let node = read(yaml, Format::Yaml).unwrap();
    let Data::Map(entries) = node.data else { panic!() };
    let spans: Vec<_> = entries.iter().map(|(_, value)| yaml[value.span.clone()].trim_end()).collect();
    assert_eq!(spans, ["[1, 2]", "- 3"]);
}

#[test]
fn numbers_keep_their_digits() {
    let long = "0.1000000000000000055511151231257827021181583404541015625";
    for (text, format) in [(format!("[{long}, -1e400]"), Format::Json), (format!("[{long}, -1e400]"), Format::Yaml)] {
        let Data::List(items) = data(&text, format) else { panic!() };
        let numbers: Vec<_> = items.into_iter().map(|item| item.data).collect();
        assert_eq!(numbers, [Data::Number(long.to_owned()), Data::Number("-1e400".to_owned())]);
    }
    let toml = format!("a = {long}\nb = 1_000\nc = 99999999999999999999");
    let Data::Map(entries) = data(&toml, Format::Toml) else { panic!() };
    let numbers: Vec<_> = entries.into_iter().map(|(_, node)| node.data).collect();
    assert_eq!(numbers, [long, "1000", "99999999999999999999"].map(|n| Data::Number(n.to_owned())));
}

#[test]
fn a_name_given_twice_is_refused_where_it_comes_again() {
    for (text, format, message, place) in [
        ("{\"a\": 1,\n\"a\": 2}", Format::Json, "`a` is given twice, first on line 1", "\"a\""),
        ("b: 0\na: 1\nc: {a: 3}\na: 2", Format::Yaml, "`a` is given twice, first on line 2", "a"),
        ("b = 0\na = 1\nc.a = 3\na = 2", Format::Toml, "`a` is given twice, first on line 2", "a"),
        ("[b]\nx = 1\n[t]\nx = 1\n[b]\n", Format::Toml, "`b` is given twice, first on line 1", "b"),
        ("a = { x = 1, x = 2 }", Format::Toml, "`x` is given twice", "x"),
    ] {
        assert_eq!(problem(text, format), (message.to_owned(), place.to_owned()), "{text}");
    }
}

#[test]
fn yaml_scalars_mean_what_they_look_like() {
    for (text, expected) in [
        ("yes", Data::YesNo(true)),
        ("No", Data::YesNo(false)),
        ("true", Data::YesNo(true)),
        ("~", Data::Null),
        ("", Data::Null),
        ("-1.50", Data::Number("-1.50".into())),
        ("007", Data::Number("007".into())),
        ("'yes'", Data::Text("yes".into())),
        ("\"12\"", Data::Text("12".into())),
        ("on", Data::Text("on".into())),
        ("2024-10-01", Data::Text("2024-10-01".into())),
        ("2024-10-01T09:00+08:00", Data::Text("2024-10-01T09:00+08:00".into())),
        ("USD 60,000,000", Data::Text("USD 60,000,000".into())),
        ("1,000", Data::Text("1,000".into())),
        ("0x1F", Data::Text("0x1F".into())),
        (".inf", Data::Text(".inf".into())),
        (".", Data::Text(".".into())),
        ("|\n  two\n  lines\n", Data::Text("two\nlines\n".into())),
    ] {
        assert_eq!(data(text, Format::Yaml), expected, "{text}");
    }
}

#[test]
fn yaml_that_could_surprise_is_refused() {
    let anchors = "anchors (`&name`) and aliases (`*name`) are not read in facts files";
    for (text, message) in [
        ("a: &x 1\nb: 2", anchors),
        ("a: *x", anchors),
        ("a: &x [*x, *x]", anchors),
        ("<<: {a: 1}", "`<<` merges another map, which facts files may not"),
        ("a: !!str 5", "this value has a tag (`!…`), which facts files may not"),
        ("a: 1\n---\na: 2", "a second document starts here"),
        ("[a, b]: 1", "a name is expected here, not a list or map"),
    ] {
        assert_eq!(problem(text, Format::Yaml).0, message, "{text}");
    }
    assert!(problem("a: [1", Format::Yaml).0.starts_with("this is not YAML: "));
}

#[test]
fn json_is_read_strictly() {
    for (text, message, place) in [
        ("{\"a\": 1,}", "a comma with nothing after it", ","),
        ("[1 2]", "`,` or `]` is expected here, not `2`", "2"),
        ("{a: 1}", "a name in double quotes is expected here, not `a`", "a"),
        ("[01]", "a number does not start with 0", "0"),
        ("[1.]", "the number `1.` breaks off", "1."),
        ("[NaN]", "`NaN` is not a JSON value", "NaN"),
        ("[+1]", "a value is expected here, not `+`", "+"),
        ("\"a\nb\"", "a line break or control character in a text", "\n"),
        ("\"\\x\"", "`\\x` stands for no character", "\\x"),
        ("\"\\ud800\"", "`\\ud800` stands for no character", "\\ud800"),
        ("\"a", "the text that starts here has no end", "\"a"),
        ("1 // one", "the end of the file is expected here, not `/`", "/"),
        ("", "a value is expected here, not the end of the file", ""),
    ] {
        assert_eq!(problem(text, Format::Json), (message.to_owned(), place.to_owned()));
    }
    assert_eq!(data("\"\\ud83d\\ude00\\u00e9\\/\"", Format::Json), Data::Text("😀é/".into()));
}

#[test]
fn toml_dates_are_texts_and_odd_numbers_are_refused() {
    let text = "a = 2024-10-01\nb = 09:00:00\nc = 2024-10-01T09:00:00+08:00\nd = \"x\"";
    let Data::Map(entries) = data(text, Format::Toml) else { panic!() };
    let texts: Vec<_> = entries.into_iter().map(|(_, node)| node.data).collect();
    let expected = ["2024-10-01", "09:00:00", "2024-10-01T09:00:00+08:00", "x"];
    assert_eq!(texts, expected.map(|text| Data::Text(text.to_owned())));
    assert_eq!(problem("a = 0x1F", Format::Toml).0, "`0x1F` is not a decimal number");
    assert_eq!(problem("a = inf", Format::Toml).0, "`inf` is not a number that facts can have");
    assert!(problem("a = ", Format::Toml).0.starts_with("this is not TOML: "));
}

#[test]
fn what_is_too_deep_is_refused() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    for (text, format) in
        [(nested(64), Format::Json), (nested(64), Format::Yaml), (format!("a = {}", nested(63)), Format::Toml)]
    {
        assert!(read(&text, format).is_ok(), "{format:?}");
    }
    let dots = "a.".repeat(100_000) + "a = 1";
    for (text, format) in [
        (nested(65), Format::Json),
        ("{\"a\":".repeat(1_000_000), Format::Json),
        (nested(65), Format::Yaml),
        ("[".repeat(100_000), Format::Yaml),
        ("- ".repeat(100_000), Format::Yaml),
        (format!("a = {}", nested(64)), Format::Toml),
        (format!("a = {}", "[".repeat(100_000)), Format::Toml),
        (dots.clone(), Format::Toml),
        (format!("[{dots}]"), Format::Toml),
        ("a.a.a = { ".repeat(100_000), Format::Toml),
    ] {
        let problem = read(&text, format).expect_err("too deep").message;
        assert_eq!(problem, "lists and maps are more than 64 deep here", "{format:?}");
    }
}

#[test]
fn what_is_too_long_is_refused() {
    let text = " ".repeat(MAX_BYTES + 1);
    for format in ALL {
        assert_eq!(problem(&text, format).0, "the file is longer than 64 MiB");
    }
}

#[test]
fn formats_go_by_the_end_of_the_files_name() {
    assert_eq!(Format::from_extension("YML"), Some(Format::Yaml));
    assert_eq!(Format::from_extension("json"), Some(Format::Json));
    assert_eq!(Format::from_extension("toml"), Some(Format::Toml));
    assert_eq!(Format::from_extension("csv"), None);
}

/// JSON documents, which YAML reads as well.
fn json() -> impl Strategy<Value = String> {
    let text = "[a-z0-9 :#{},'灵é-]{0,8}".prop_map(|text| format!("\"{text}\""));
    let leaf = prop_oneof![
        Just("true".to_owned()),
        Just("null".to_owned()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?",
        text,
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::btree_map("[a-z灵]{1,4}", inner, 0..5).prop_map(|entries| {
                let entries: Vec<_> = entries.iter().map(|(k, v)| format!("\"{k}\": {v}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

fn spans_fit(text: &str, node: &Node) -> bool {
    text.get(node.span.clone()).is_some()
        && match &node.data {
            Data::List(items) => items.iter().all(|item| spans_fit(text, item)),
            Data::Map(entries) => {
                entries.iter().all(|(key, node)| text.get(key.span.clone()).is_some() && spans_fit(text, node))
            }
            _ => true,
        }
}

fn survives(text: &str) -> bool {
    ALL.into_iter().all(|format| match read(text, format) {
        Ok(node) => spans_fit(text, &node),
        Err(problem) => text.get(problem.span).is_some() && !problem.message.chars().any(char::is_control),
    })
}

proptest! {
    #[test]
    fn json_and_yaml_agree(text in json()) {
        let json = read(&text, Format::Json).map(bare);
        prop_assert!(json.is_ok(), "{:?}", json);
        prop_assert_eq!(json, read(&text, Format::Yaml).map(bare));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        prop_assert!(survives(&text));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(survives(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn any_pieces_of_documents_are_read_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "b", ".", "=", "[", "]", "[[", "]]", "{", "}", ":", ": ", ",", "- ", "\n", "\n  ", " ",
            "\"", "'", "\\", "\\u", "d83d", "|", ">", "#", "&x ", "*x", "!", "!!str ", "%", "---", "...", "?",
            "1", "-", "e5", "true", "yes", "null", "2024-10-01", "é", "灵", "\t", "\u{feff}", "\r\n", "\u{0}", "\"\"\"", "<<",
        ]), 0..40),
    ) {
        prop_assert!(survives(&pieces.concat()));
    }
}
