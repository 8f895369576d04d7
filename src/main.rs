use clausal::{diag, source, syntax};
fn main() {
    let mut s = source::Sources::default();
    for f in std::env::args().skip(1) {
        let text = String::from_utf8_lossy(&std::fs::read(&f).unwrap()).into_owned();
        let id = s.add(f, text);
        let t = std::time::Instant::now();
        let p = syntax::parse(&s, id);
        eprintln!("{} items {} problems {:?}", p.file.items.len(), p.problems.len(), t.elapsed());
        for pr in diag::in_source_order(p.problems) { println!("{}", diag::render(&pr, &s, false, 110)); }
    }
}
