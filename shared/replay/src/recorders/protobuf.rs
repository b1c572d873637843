//! A reader of protobuf's wire format, as far as messages are made of fields: nothing is copied, and
//! nothing is believed that the bytes do not hold.

/// A field's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    /// Four bytes: nothing that is read here.
    Fixed32,
}

/// The fields of a message, in the order in which they stand. `None` stands for bytes that are no
/// message; it is the last.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed32)?,
            _ => return None,
        };
        (key >> 3 != 0).then_some((key >> 3, value))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_read_and_what_is_cut_short_is_no_message() {
        // 1: 150, 2: "ab", 3: eight bytes, 4: four bytes.
        let message = [
            &[0x08, 0x96, 0x01, 0x12, 2, b'a', b'b', 0x19][..],
            &7_u64.to_le_bytes(),
            &[0x25, 0, 0, 0, 0],
        ]
        .concat();
        let fields: Option<Vec<_>> = Fields::of(&message).collect();
        let expected = [
            (1, Value::Varint(150)),
            (2, Value::Bytes(b"ab")),
            (3, Value::Fixed64(7)),
            (4, Value::Fixed32),
        ];
        assert_eq!(fields.as_deref(), Some(&expected[..]));
        for length in [1, 2, 4, 6, 9, message.len() - 1] {
            assert_eq!(
                Fields::of(&message[..length]).last(),
                Some(None),
                "{length}"
            );
        }
        // A length beyond everything, a group, field number 0, a varint without an end.
        for damaged in [
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0x0f][..],
            &[0x0b],
            &[0x00, 0],
            &[0xff; 11],
        ] {
            assert_eq!(Fields::of(damaged).last(), Some(None), "{damaged:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Fields::of(&bytes).count() <= bytes.len());
        }
    }
}
