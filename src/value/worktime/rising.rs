//! Finding a place among numbers that never fall.

/// Numbers that never fall, with a table that says near which of them one lies: a question looks at few of them, however
/// many there are.
#[derive(Clone, Debug)]
pub(super) struct Rising {
    // INVARIANT: in order.
    numbers: Vec<i64>,
    /// The start of the first stretch of the table, which is the second number: the first may be far away from the rest.
    start: i64,
    /// Stretches are two to this power long.
    power: u32,
    /// How many numbers come before each stretch, and before the end of the last one. Never empty.
    places: Vec<u32>,
}

/// The most stretches that there are for each number.
const STRETCHES: usize = 4;

/// So many are counted, more are searched.
const FEW: usize = 16;

impl Rising {
    /// These numbers, which never fall.
    pub(super) fn new(numbers: Vec<i64>) -> Rising {
        let start = numbers.get(1).or(numbers.first()).copied().unwrap_or(0);
        let span = numbers.last().map_or(0, |last| last.abs_diff(start));
        let most = u64::try_from(numbers.len().max(1) * STRETCHES).unwrap_or(u64::MAX);
        let power = (0..63).find(|power| span >> power < most).unwrap_or(63);
        let mut places = Vec::new();
        let mut place = 0;
        for stretch in 0..=span >> power {
            let first = start.saturating_add_unsigned(stretch << power);
            place += numbers.iter().skip(place).take_while(|number| **number < first).count();
            places.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        places.push(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
        Rising { numbers, start, power, places }
    }

    /// How many of them are this number or less.
    #[inline]
    pub(super) fn upto(&self, number: i64) -> usize {
        let place = |stretch: usize| self.places.get(stretch).map_or(0, |place| *place as usize);
        let (from, to) = if number < self.start {
            (0, place(0))
        } else {
            let stretch = (number.wrapping_sub(self.start) as u64 >> self.power) as usize;
            let stretch = stretch.min(self.places.len().saturating_sub(2));
            (place(stretch), place(stretch + 1))
        };
        from + reached(self.numbers.get(from..to).unwrap_or(&[]), |own| *own <= number)
    }
}

/// How many of these it holds for; it holds for all up to some of them.
#[inline]
pub(super) fn reached<T>(all: &[T], holds: impl Fn(&T) -> bool) -> usize {
    // Counting has no branches that turn on what is looked for.
    if all.len() > FEW {
        return all.partition_point(holds);
    }
    let mut count = 0;
    for one in all {
        count += usize::from(holds(one));
    }
    count
}
