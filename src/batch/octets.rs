//! Eight bytes of text at a time. Fields are short, and a call to `memchr` for each costs more than they do.

/// The high bit of each byte.
pub const HIGH: u64 = 0x8080_8080_8080_8080;
const LOW: u64 = 0x0101_0101_0101_0101;

/// A word of one byte, again and again.
#[inline]
pub const fn spread(byte: u8) -> u64 {
    LOW * byte as u64
}

/// The eight bytes from a place on, the first of them lowest; `None` where there are fewer.
#[inline]
pub fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// All bytes of a text that has 1 to 7 of them, some more than once. Those of texts of one length stand in the same places.
#[inline]
pub fn few(text: &[u8]) -> Option<u64> {
    let length = text.len();
    match length {
        1..=3 => {
            let (first, middle, last) = (text[0], text[length / 2], text[length - 1]);
            Some(spread(first) ^ u64::from(first ^ middle) << 8 ^ u64::from(first ^ last) << 16)
        }
        4..=7 => {
            let half = |half: Option<&[u8; 4]>| half.map(|half| u64::from(u32::from_le_bytes(*half)));
            Some(half(text.first_chunk())? | half(text.last_chunk())? << 32)
        }
        _ => None,
    }
}

/// Whether the word of any eight bytes is `found`, or of all bytes where they are fewer.
#[inline]
pub fn is_met(text: &[u8], found: impl Fn(u64) -> bool) -> bool {
    let Some(last) = text.last_chunk() else { return few(text).is_some_and(found) };
    let mut at = 0;
    while at + 8 < text.len() {
        if word(text, at).is_some_and(&found) {
            return true;
        }
        at += 8;
    }
    found(u64::from_le_bytes(*last))
}

/// The high bit of each byte that is zero in one of two words, and no other.
#[inline]
pub const fn zeros_of(one: u64, other: u64) -> u64 {
    // Set of each byte that is not zero.
    let (one, other) = (((one & !HIGH) + !HIGH) | one, ((other & !HIGH) + !HIGH) | other);
    !(one & other) & HIGH
}

/// The high bit of the first byte that is zero. Bytes above it may have theirs set as well.
#[inline]
pub const fn first_zero(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// The high bit of the first byte below 32, as above.
#[inline]
pub const fn first_control(word: u64) -> u64 {
    word.wrapping_sub(spread(0x20)) & !word & HIGH
}

/// Which byte the lowest bit of what was found stands for.
#[inline]
pub const fn place(found: u64) -> usize {
    (found.trailing_zeros() / 8) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_byte_is_met(text in prop::collection::vec(0_u8..40, 0..30)) {
            for byte in 0..40 {
                let is = |word: u64| first_zero(word ^ spread(byte)) != 0;
                prop_assert_eq!(is_met(&text, is), text.contains(&byte));
            }
            prop_assert_eq!(is_met(&text, |word| first_control(word) != 0), text.iter().any(|byte| *byte < 0x20));
        }

        #[test]
        fn bytes_are_found(bytes in prop::array::uniform8(prop_oneof![0_u8..3, 30_u8..34, any::<u8>()])) {
            let word = word(&bytes, 0).unwrap();
            let at = |is: &dyn Fn(u8) -> bool| bytes.iter().position(|byte| is(*byte));
            let first = |found: u64| (found != 0).then(|| place(found));
            prop_assert_eq!(first(first_zero(word)), at(&|byte| byte == 0));
            prop_assert_eq!(first(first_control(word)), at(&|byte| byte < 0x20));
            let all = bytes.map(|byte| if matches!(byte, 0 | 31) { 0x80 } else { 0 });
            prop_assert_eq!(zeros_of(word, word ^ spread(31)), u64::from_le_bytes(all));
        }
    }
}
