//! A dconf database: a GVDB file (`gvdb-format.h` in GLib), an open hash table of keys whose names are
//! spelled out through their parents. Only texts and whole numbers are read.

use std::collections::BTreeMap;

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i32),
}

/// More keys than this are not read.
const KEYS: usize = 8192;

/// Longer names are no names.
const NAME: usize = 1024;

/// An entry of the table: 24 bytes.
struct Item<'b> {
    parent: usize,
    key: &'b [u8],
    is_value: bool,
    value: &'b [u8],
}

/// Every text and number by its full key (`/system/proxy/mode`); `None` when this is no such file, or
/// one written on a machine of the other byte order.
pub(super) fn read(bytes: &[u8]) -> Option<BTreeMap<String, Value>> {
    if !bytes.starts_with(b"GVariant") {
        return None;
    }
    let table = pointed(bytes, 16)?;
    let blooms = usize::try_from(word(table, 0)? & 0x07ff_ffff).ok()?;
    let buckets = usize::try_from(word(table, 4)?).ok()?;
    let before = blooms.checked_add(buckets)?.checked_mul(4)?.checked_add(8)?;
    let (entries, _) = table.get(before..)?.as_chunks::<24>();
    let items = entries.iter().take(KEYS).map(|entry| item(bytes, entry)).collect::<Option<Vec<_>>>()?;
    let mut found = BTreeMap::new();
    for item in items.iter().filter(|item| item.is_value) {
        if let (Some(name), Some(value)) = (name(&items, item), value(item.value)) {
            found.insert(name, value);
        }
    }
    Some(found)
}

fn item<'b>(bytes: &'b [u8], entry: &'b [u8; 24]) -> Option<Item<'b>> {
    let start = usize::try_from(word(entry, 8)?).ok()?;
    let length = usize::from(u16::from_le_bytes([*entry.get(12)?, *entry.get(13)?]));
    let value = entry.get(16..24)?;
    Some(Item {
        parent: usize::try_from(word(entry, 4)?).ok()?,
        key: bytes.get(start..start.checked_add(length)?)?,
        is_value: *entry.get(14)? == b'v',
        value: pointed_by(bytes, value)?,
    })
}

/// The name of a key: its own part after those of its parents, at most a few deep.
fn name(items: &[Item<'_>], item: &Item<'_>) -> Option<String> {
    let mut parts = vec![item.key];
    let mut parent = item.parent;
    while let Some(above) = items.get(parent) {
        parts.push(above.key);
        parent = above.parent;
        if parts.len() > 32 || parts.iter().map(|part| part.len()).sum::<usize>() > NAME {
            return None;
        }
    }
    parts.reverse();
    String::from_utf8(parts.concat()).ok()
}

/// A serialised variant: the value, a zero, and its type.
fn value(bytes: &[u8]) -> Option<Value> {
    match bytes {
        [text @ .., 0, 0, b's'] => {
            Some(Value::Text(String::from_utf8(text.get(..text.len().min(NAME))?.to_vec()).ok()?))
        }
        [a, b, c, d, 0, b'i'] => Some(Value::Number(i32::from_le_bytes([*a, *b, *c, *d]))),
        _ => None,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// What the pointer at `at` (start and end, from the beginning of the file) leads to.
fn pointed(bytes: &[u8], at: usize) -> Option<&[u8]> {
    pointed_by(bytes, bytes.get(at..at.checked_add(8)?)?)
}

fn pointed_by<'b>(bytes: &'b [u8], pointer: &[u8]) -> Option<&'b [u8]> {
    bytes.get(usize::try_from(word(pointer, 0)?).ok()?..usize::try_from(word(pointer, 4)?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by `dconf compile` 0.40.
    const MANUAL: &[u8] = include_bytes!("../../../tests/machine/dconf/manual");

    #[test]
    fn a_real_database() {
        let read = read(MANUAL).unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(read["/system/proxy/mode"], text("manual"));
        assert_eq!(read["/system/proxy/http/host"], text("proxy.corp.example"));
        assert_eq!(read["/system/proxy/http/port"], Value::Number(3128));
        assert_eq!(read["/system/proxy/https/port"], Value::Number(3129));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_borne(
            at in 0..MANUAL.len(),
            byte in proptest::num::u8::ANY,
            tail in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        ) {
            let mut broken = MANUAL.to_vec();
            broken[at] = byte;
            drop(read(&broken));
            drop(read(&MANUAL[..at]));
            drop(read(&[b"GVariant".as_slice(), &tail].concat()));
        }
    }
}
