//! What goes into a statement: one value, or a column of many.

use ledger::id::{Epoch, EventKey, Hash, Shard, Stream};
use ledger::time::Timestamp;
use tokio_postgres::types::ToSql;

/// Three types of column are enough: bigint, text, bytea.
#[derive(Clone)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl Value {
    pub fn sql(&self) -> &dyn ToSql {
        match self {
            Value::Int(v) => v,
            Value::Text(v) => v,
            Value::Bytes(v) => v,
            Value::Ints(v) => v,
            Value::Texts(v) => v,
            Value::Blobs(v) => v,
        }
    }

    /// A column of one row, to which [`Value::push`] adds others.
    pub fn column(self) -> Value {
        match self {
            Value::Int(v) => Value::Ints(vec![v]),
            Value::Text(v) => Value::Texts(vec![v]),
            Value::Bytes(v) => Value::Blobs(vec![v]),
            column => column,
        }
    }

    /// Adds a value of the same type to a column.
    pub fn push(&mut self, value: Value) {
        match (self, value) {
            (Value::Ints(column), Value::Int(v)) => column.push(v),
            (Value::Texts(column), Value::Text(v)) => column.push(v),
            (Value::Blobs(column), Value::Bytes(v)) => column.push(v),
            _ => unreachable!("a statement's column has one type"),
        }
    }
}

/// Sequence numbers and lsns stay far below 2^63; a larger one compares as the largest.
impl From<u64> for Value {
    fn from(v: u64) -> Self {
        Value::Int(Some(i64::try_from(v).unwrap_or(i64::MAX)))
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(Some(v))
    }
}

impl From<Option<i64>> for Value {
    fn from(v: Option<i64>) -> Self {
        Value::Int(v)
    }
}

macro_rules! small_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(v: $number) -> Self {
                Value::Int(Some(i64::from(v)))
            }
        }
    )*};
}
small_numbers!(u8 u16 u32 i16 i32);

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        i64::from(v).into()
    }
}

impl From<Shard> for Value {
    fn from(v: Shard) -> Self {
        v.0.into()
    }
}

/// Signed bits of an unsigned number: epochs may use the top bit.
impl From<Epoch> for Value {
    fn from(v: Epoch) -> Self {
        v.0.cast_signed().into()
    }
}

impl From<Timestamp> for Value {
    fn from(v: Timestamp) -> Self {
        v.0.into()
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(Some(v.to_owned()))
    }
}

impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(Some(v))
    }
}

impl From<&String> for Value {
    fn from(v: &String) -> Self {
        v.as_str().into()
    }
}

impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Self {
        Value::Text(v)
    }
}

impl From<&[u8]> for Value {
    fn from(v: &[u8]) -> Self {
        Value::Bytes(Some(v.to_vec()))
    }
}

impl From<Hash> for Value {
    fn from(v: Hash) -> Self {
        v.0.as_slice().into()
    }
}

/// A list of values, each of whatever fits into a column.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::postgres::value::Value::from($value)),*] };
}
pub(super) use values;

/// The three columns that name an event.
pub fn key(key: EventKey) -> [Value; 3] {
    [key.terminal.0.into(), key.epoch.into(), key.seq.into()]
}

/// The two columns that name a stream.
pub fn stream(stream: Stream) -> Vec<Value> {
    values![stream.terminal.0, stream.epoch]
}
