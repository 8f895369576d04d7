//! Every edition under `rules/`: nothing is wrong with it, and all its scenarios hold.

use clausal::source::disk::Disk;

use crate::support::{failed_scenarios, home, none_wrong, open, rendered, scenario_count, with_stack};

#[test]
fn every_edition_checks_clean_and_its_scenarios_hold() {
    with_stack(|| {
        let opened = open(&Disk, &home().join("rules").to_string_lossy());
        assert!(!opened.sets.is_empty(), "no edition was found under rules/");
        let problems = if opened.problems.is_empty() { vec![] } else { vec![rendered(&opened)] };
        none_wrong("problems in the rules", &problems);
        assert!(scenario_count(&opened) > 0, "no scenario was found under rules/");
        none_wrong("scenarios that do not hold", &failed_scenarios(&opened));
    });
}
