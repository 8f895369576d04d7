//! The texts that are met most often, read without detours. What these don't know, or what is wrong, is left to the code
//! that reads facts files: `None` says so.

use crate::batch::NumberMarks;

/// So many digits fit 64 bits, whatever they are.
const MOST_DIGITS: u32 = 18;

/// A number of at most 18 digits: its digits, and how many of them stand behind the decimal mark.
#[inline]
pub fn decimal(text: &[u8], marks: NumberMarks) -> Option<(i64, u32)> {
    plain(text, marks.decimal).or_else(|| marked(text, marks))
}

/// A number of digits, and one decimal mark at most.
#[inline]
fn plain(text: &[u8], decimal: u8) -> Option<(i64, u32)> {
    if text.is_empty() || text.len() > MOST_DIGITS as usize {
        return None;
    }
    let mut number = 0_i64;
    // How many bytes stand from the mark on.
    let mut behind = 0;
    for (at, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            number = number * 10 + i64::from(digit);
        } else if *byte == decimal && behind == 0 && at > 0 && at + 1 < text.len() {
            behind = text.len() - at;
        } else {
            return None;
        }
    }
    Some((number, behind.saturating_sub(1) as u32))
}

/// A number with a sign, or with marks between thousands.
fn marked(text: &[u8], marks: NumberMarks) -> Option<(i64, u32)> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let thousands = match marks.thousands {
        Some(mark) if mark.is_ascii() => mark as u8,
        _ => 0,
    };
    let mut number = 0_i64;
    let (mut count, mut scale) = (0, 0);
    // How many digits the present group of thousands has; none yet is `u32::MAX`.
    let mut group = u32::MAX;
    let mut at = 0;
    while let Some(byte) = digits.get(at) {
        if byte.is_ascii_digit() {
            count += 1;
            if count > MOST_DIGITS {
                return None;
            }
            number = number * 10 + i64::from(byte - b'0');
            group = group.wrapping_add(u32::from(group != u32::MAX));
        } else if *byte == marks.decimal {
            break;
        } else if *byte == thousands && thousands != 0 {
            let first = group == u32::MAX;
            if first && !(1..=3).contains(&count) || !first && group != 3 {
                return None;
            }
            group = 0;
        } else {
            return None;
        }
        at += 1;
    }
    if count == 0 || group != u32::MAX && group != 3 {
        return None;
    }
    if let Some(fraction) = digits.get(at + 1..) {
        if fraction.is_empty() {
            return None;
        }
        for byte in fraction {
            count += 1;
            if !byte.is_ascii_digit() || count > MOST_DIGITS {
                return None;
            }
            number = number * 10 + i64::from(byte - b'0');
            scale += 1;
        }
    } else if at < digits.len() {
        return None;
    }
    Some((if negative { -number } else { number }, scale))
}

/// `2024-10-01`, in days since 1970-01-01.
#[inline]
pub fn date(text: &[u8]) -> Option<i32> {
    let (Some(head), &[_, _, _, _, _, _, _, _, tens, ones]) = (text.first_chunk(), text) else { return None };
    // All bytes of the year and the month at once: digits become their numbers, the dashes 0.
    let head = u64::from_le_bytes(*head) ^ u64::from_le_bytes(*b"0000-00-");
    let (tens, ones) = (tens ^ b'0', ones ^ b'0');
    // What is added reaches the upper bit of a byte that is more than 9, or of a dash more than 0.
    let wrong = (head | head.wrapping_add(0x7F76_767F_7676_7676)) & 0x8080_8080_8080_8080;
    if wrong != 0 || tens > 9 || ones > 9 {
        return None;
    }
    // Each byte ten times, and the one after it: two digits together are below 100, so no byte reaches the next.
    let pairs = head * 10 + (head >> 8);
    let two = |at: u32| u32::from((pairs >> (8 * at)) as u8);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), u32::from(tens * 10 + ones));
    let fits = year != 0 && day != 0 && day <= days_of_month(year, month);
    fits.then(|| days(year, month, day))
}

/// `2024-10-01T09:00+08:00`, `2024-10-01T01:00:30Z`: seconds since 1970-01-01T00:00Z, and by how many the local time is
/// ahead of UTC.
#[inline]
pub fn instant(text: &[u8]) -> Option<(i64, i32)> {
    let two = |tens: u8, ones: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| i32::from(tens) * 10 + i32::from(ones))
    };
    let [.., b'T', h1, h2, b':', m1, m2] = *text.first_chunk::<16>()? else { return None };
    let day = date(text.get(..10)?)?;
    let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
    let (second, zone) = match text.get(16..)? {
        [b':', s1, s2, zone @ ..] => (two(*s1, *s2)?, zone),
        zone => (0, zone),
    };
    let offset = match *zone {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let ahead = hours * 3600 + minutes * 60;
            if sign == b'-' { -ahead } else { ahead }
        }
        _ => return None,
    };
    // The years at both ends are left to others: an offset may lead out of them.
    let inner = days(2, 1, 1)..days(9999, 1, 1);
    if hour > 23 || minute > 59 || second > 59 || !inner.contains(&day) {
        return None;
    }
    let local = i64::from(day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    Some((local - i64::from(offset), offset))
}

/// How many days a month has; none, if there is no such month.
#[inline]
fn days_of_month(year: u32, month: u32) -> u32 {
    const LENGTHS: [u8; 16] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(month as usize).copied().unwrap_or(0);
    u32::from(length) + u32::from(leap && month == 2)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar, in the years 1 to 9999.
#[inline]
const fn days(year: u32, month: u32, day: u32) -> i32 {
    // Years start in March, so that the leap day is a year's last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let of_all = year * 365 + year / 4 - year / 100 + year / 400 + of_year;
    // 1970-01-01 is so many days after the first of March of year 0.
    of_all as i32 - 719_468
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;
    use crate::value::Value;
    use crate::value::literal::{parse_date, parse_date_time, parse_number};

    /// Texts that are nearly numbers, dates and date-times.
    fn nearly() -> impl Strategy<Value = String> {
        prop_oneof![
            "-?[0-9]{1,3}(,[0-9]{3}){0,3}(\\.[0-9]{0,4})?",
            "-?[0-9,]{0,9}\\.?[0-9]{0,12}",
            "[0-9]{4}-[0-1][0-9]-[0-3][0-9]",
            "(0001|2024|9999|1900)-(01|02|12)-(01|28|29|31)T[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|[+-](0[0-9]|1[0-9]|23):[0-6][0-9])",
            "[-0-9.,:TZ+ ]{0,20}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_read_quickly_is_what_facts_files_mean(text in nearly()) {
            if let Some((number, scale)) = decimal(text.as_bytes(), NumberMarks::default()) {
                let expected = parse_number(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
                let got = rust_decimal::Decimal::from_i128_with_scale(number.into(), scale);
                prop_assert_eq!(got, expected);
            }
            if let Some(days) = date(text.as_bytes()) {
                let Ok(Value::Date(expected)) = parse_date(&text) else { return Err(TestCaseError::fail(text)) };
                prop_assert_eq!(days, expected.num_days_from_ce() - 719_163);
            } else {
                prop_assert!(parse_date(&text).is_err());
            }
            if let Some((seconds, offset)) = instant(text.as_bytes()) {
                let Ok(Value::DateTime(expected)) = parse_date_time(&text) else { return Err(TestCaseError::fail(text)) };
                prop_assert_eq!((seconds, offset), (expected.timestamp(), expected.offset().local_minus_utc()));
            }
        }
    }

    #[test]
    fn ordinary_texts_are_read_quickly() {
        let marks = NumberMarks::default();
        assert_eq!(decimal(b"60,000,000.50", marks), Some((6_000_000_050, 2)));
        assert_eq!(decimal(b"-5", marks), Some((-5, 0)));
        assert_eq!(decimal(b"1.234,5", NumberMarks { decimal: b',', thousands: Some('.') }), Some((12_345, 1)));
        assert_eq!(decimal(b"1,5", marks), None);
        assert_eq!(date(b"2024-02-29"), Some(19_782));
        assert_eq!(instant(b"1970-01-01T01:00+01:00"), Some((0, 3600)));
    }
}
