//! Keys as bytes whose order is the order of the values, so that a list is a walk along keys.
//!
//! Numbers are big-endian with the sign flipped, texts are ended so that a part of a tuple never runs into the next,
//! [`Reverse`] turns an order round (newest first). [`Scan`] names a range of keys by the parts they begin with.

use std::cmp::Reverse;
use std::marker::PhantomData;
use std::ops::Bound;

use super::bytes;
use crate::base::clock::At;
use crate::base::id::Id;

/// A value that can be a key or a part of one. Bytes sort as values do, and no key is the beginning of another.
pub trait StoreKey: Clone + Send + Sync + Sized + 'static {
    /// Appends the bytes of this value.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads a value off the front of the bytes; `None` when they are not one.
    fn read(bytes: &mut &[u8]) -> Option<Self>;

    /// The bytes of this key alone.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Reads a key that is these bytes and no more.
    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let key = Self::read(&mut bytes)?;
        bytes.is_empty().then_some(key)
    }

    /// This key as text for an address, to go on from with [`Scan::after`].
    fn to_cursor(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.to_bytes())
    }

    /// Reads what [`StoreKey::to_cursor`] wrote; `None` for anything else.
    fn from_cursor(text: &str) -> Option<Self> {
        data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| Self::from_bytes(&bytes))
    }
}

macro_rules! unsigned_keys {
    ($($number:ty),+) => {$(
        impl StoreKey for $number {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                bytes::take(bytes).map(Self::from_be_bytes)
            }
        }
    )+};
}
unsigned_keys!(u8, u16, u32, u64, u128);

macro_rules! signed_keys {
    ($($number:ty),+) => {$(
        impl StoreKey for $number {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&(self ^ Self::MIN).to_be_bytes());
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                bytes::take(bytes).map(|flipped| Self::from_be_bytes(flipped) ^ Self::MIN)
            }
        }
    )+};
}
signed_keys!(i8, i16, i32, i64);

impl<T: Id> StoreKey for T {
    fn write(&self, out: &mut Vec<u8>) {
        self.to_u128().write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u128::read(bytes).map(Self::from)
    }
}

impl StoreKey for At {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_millis().write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        i64::read(bytes).map(Self::from_millis)
    }
}

impl StoreKey for bool {
    fn write(&self, out: &mut Vec<u8>) {
        u8::from(*self).write(out);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        match u8::read(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<const N: usize> StoreKey for [u8; N] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        bytes::take(bytes)
    }
}

/// Zero bytes are written as 00 FF and the end as 00 00, so that "a" sorts before "ab" in any tuple.
impl StoreKey for Vec<u8> {
    fn write(&self, out: &mut Vec<u8>) {
        for byte in self {
            out.push(*byte);
            if *byte == 0 {
                out.push(0xFF);
            }
        }
        out.extend_from_slice(&[0, 0]);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut plain = Self::new();
        loop {
            match bytes::take::<1>(bytes)? {
                [0] => match bytes::take::<1>(bytes)? {
                    [0] => return Some(plain),
                    [0xFF] => plain.push(0),
                    _ => return None,
                },
                [byte] => plain.push(byte),
            }
        }
    }
}

impl StoreKey for String {
    fn write(&self, out: &mut Vec<u8>) {
        for byte in self.bytes() {
            out.push(byte);
            if byte == 0 {
                out.push(0xFF);
            }
        }
        out.extend_from_slice(&[0, 0]);
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Vec::read(bytes).and_then(|plain| Self::from_utf8(plain).ok())
    }
}

/// Nothing sorts before something.
impl<T: StoreKey> StoreKey for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        if bool::read(bytes)? { T::read(bytes).map(Some) } else { Some(None) }
    }
}

impl<T: StoreKey> StoreKey for Reverse<T> {
    fn write(&self, out: &mut Vec<u8>) {
        let plain = self.0.to_bytes();
        out.extend(plain.iter().map(|byte| !byte));
    }
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let plain: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
        let mut rest = plain.as_slice();
        let value = T::read(&mut rest)?;
        bytes::take_slice(bytes, plain.len() - rest.len())?;
        Some(Self(value))
    }
}

/// What a key may begin with: nothing, the first parts of a tuple, or the whole key.
pub trait KeyPrefix<K> {
    /// Appends the bytes of this beginning.
    fn write_prefix(&self, out: &mut Vec<u8>);
}

impl<K> KeyPrefix<K> for () {
    fn write_prefix(&self, _out: &mut Vec<u8>) {}
}

impl<K: StoreKey> KeyPrefix<K> for K {
    fn write_prefix(&self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

macro_rules! tuple_key {
    ($($part:ident . $at:tt),+) => {
        impl<$($part: StoreKey),+> StoreKey for ($($part,)+) {
            fn write(&self, out: &mut Vec<u8>) {
                $(self.$at.write(out);)+
            }
            fn read(bytes: &mut &[u8]) -> Option<Self> {
                Some(($($part::read(bytes)?,)+))
            }
        }
    };
}
tuple_key!(A.0);
tuple_key!(A.0, B.1);
tuple_key!(A.0, B.1, C.2);
tuple_key!(A.0, B.1, C.2, D.3);
tuple_key!(A.0, B.1, C.2, D.3, E.4);
tuple_key!(A.0, B.1, C.2, D.3, E.4, F.5);

macro_rules! tuple_prefix {
    ($($part:ident . $at:tt),+ ; $($more:ident),+) => {
        impl<$($part: StoreKey,)+ $($more: StoreKey),+> KeyPrefix<($($part,)+ $($more,)+)> for ($($part,)+) {
            fn write_prefix(&self, out: &mut Vec<u8>) {
                $(self.$at.write(out);)+
            }
        }
    };
}
tuple_prefix!(A.0; B);
tuple_prefix!(A.0; B, C);
tuple_prefix!(A.0; B, C, D);
tuple_prefix!(A.0; B, C, D, E);
tuple_prefix!(A.0; B, C, D, E, F);
tuple_prefix!(A.0, B.1; C);
tuple_prefix!(A.0, B.1; C, D);
tuple_prefix!(A.0, B.1; C, D, E);
tuple_prefix!(A.0, B.1; C, D, E, F);
tuple_prefix!(A.0, B.1, C.2; D);
tuple_prefix!(A.0, B.1, C.2; D, E);
tuple_prefix!(A.0, B.1, C.2; D, E, F);
tuple_prefix!(A.0, B.1, C.2, D.3; E);
tuple_prefix!(A.0, B.1, C.2, D.3; E, F);
tuple_prefix!(A.0, B.1, C.2, D.3, E.4; F);

/// Which way a scan goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest key up.
    #[default]
    Forward,
    /// From the largest key down.
    Backward,
}

/// A range of the keys of one collection, a direction and a limit; 100 rows where none is given.
#[derive(Debug)]
pub struct Scan<K> {
    lower: Vec<u8>,
    upper: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
    direction: Direction,
    limit: usize,
    key: PhantomData<fn() -> K>,
}

impl<K> Clone for Scan<K> {
    fn clone(&self) -> Self {
        Self {
            lower: self.lower.clone(),
            upper: self.upper.clone(),
            after: self.after.clone(),
            direction: self.direction,
            limit: self.limit,
            key: PhantomData,
        }
    }
}

impl<K: StoreKey> Scan<K> {
    /// Every key of the collection.
    pub fn all() -> Self {
        Self::under(())
    }

    /// The keys that begin with these parts.
    #[expect(clippy::needless_pass_by_value, reason = "beginnings are built for the call")]
    pub fn under(prefix: impl KeyPrefix<K>) -> Self {
        let lower = prefix_bytes(&prefix);
        let upper = successor(&lower);
        Self { lower, upper, after: None, direction: Direction::Forward, limit: 100, key: PhantomData }
    }

    /// The keys from the first that begins with `from` to the last before `until`: `between((ws, monday), (ws, sunday))`.
    #[expect(clippy::needless_pass_by_value, reason = "beginnings are built for the call")]
    pub fn between(from: impl KeyPrefix<K>, until: impl KeyPrefix<K>) -> Self {
        let (lower, upper) = (prefix_bytes(&from), Some(prefix_bytes(&until)));
        Self { lower, upper, after: None, direction: Direction::Forward, limit: 100, key: PhantomData }
    }

    /// Goes on after this key, in the direction of the scan.
    #[must_use]
    pub fn after(self, key: &K) -> Self {
        Self { after: Some(key.to_bytes()), ..self }
    }

    /// Goes on after this key when there is one.
    #[must_use]
    pub fn after_if(self, key: Option<&K>) -> Self {
        Self { after: key.map(StoreKey::to_bytes), ..self }
    }

    /// From the largest key down.
    #[must_use]
    pub fn backward(self) -> Self {
        Self { direction: Direction::Backward, ..self }
    }

    /// At most this many.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The range over whole keys, each with the collection's prefix before it.
    pub(super) fn over(&self, collection: [u8; 2]) -> Range {
        let whole = |key: &[u8]| [collection.as_slice(), key].concat();
        let mut lower = Bound::Included(whole(&self.lower));
        let mut upper = match &self.upper {
            Some(upper) => Bound::Excluded(whole(upper)),
            None => successor(&collection).map_or(Bound::Unbounded, Bound::Excluded),
        };
        match (&self.after, self.direction) {
            (Some(after), Direction::Forward) if self.lower <= *after => lower = Bound::Excluded(whole(after)),
            (Some(after), Direction::Backward) if self.upper.as_ref().is_none_or(|upper| after < upper) => {
                upper = Bound::Excluded(whole(after));
            }
            _ => {}
        }
        Range { lower, upper, direction: self.direction, limit: self.limit }
    }
}

/// A range over whole keys.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) lower: Bound<Vec<u8>>,
    pub(super) upper: Bound<Vec<u8>>,
    pub(super) direction: Direction,
    pub(super) limit: usize,
}

impl Range {
    /// Everything after this key, upwards.
    pub(super) fn onward(after: Option<Vec<u8>>, limit: usize) -> Self {
        let lower = after.map_or(Bound::Unbounded, Bound::Excluded);
        Self { lower, upper: Bound::Unbounded, direction: Direction::Forward, limit }
    }

    /// Nothing can lie in it; sled asks not to be asked.
    pub(super) fn is_empty(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Bound::Included(lower) | Bound::Excluded(lower), Bound::Excluded(upper)) => upper <= lower,
            _ => false,
        }
    }
}

fn prefix_bytes<K>(prefix: &impl KeyPrefix<K>) -> Vec<u8> {
    let mut out = Vec::new();
    prefix.write_prefix(&mut out);
    out
}

/// The smallest key that does not begin with these bytes and comes after them.
fn successor(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    while let Some(last) = out.pop() {
        if last < u8::MAX {
            out.push(last + 1);
            return Some(out);
        }
    }
    None
}

#[cfg(test)]
mod tests;
