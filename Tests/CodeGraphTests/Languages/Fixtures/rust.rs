//! Rooms of a hotel.
use std::collections::{self, hash_map::{Entry, HashMap as Map}};
use std::fmt;
use crate::guests::*;
use super::money as cash;
pub use self::inner::Key;
extern crate serde;

mod floors;

/// Most rooms of a floor.
pub const MOST: usize = 40;
static mut OPEN: bool = false;

/// A room.
#[derive(Debug, Clone)]
#[serde(rename = "r")]
pub struct Room<'a, T: Bed> {
    /// Its number.
    pub number: u32,
    guests: Vec<Guest<'a>>,
    bed: T,
}

struct Meters(f64, Unit);

pub enum State {
    Free,
    Taken(Guest),
    Closed { reason: String },
}

type Rooms = Map<u32, State>;

/// What can be slept in.
pub trait Bed: fmt::Debug + Clean {
    const SIZE: u8 = 1;
    type Cover;
    fn make(&mut self) -> Self::Cover;
    fn is_free(&self) -> bool {
        self.check(MOST)
    }
}

impl<'a, T: Bed> Room<'a, T> {
    /// A room that is empty.
    #[inline]
    pub fn new(number: u32, bed: T) -> Self {
        let guests = Vec::new();
        let log: Log = Default::default();
        Self { number, guests, bed }
    }
}

impl<T: Bed> fmt::Display for Room<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.number)
    }
}

impl Clean for Meters {}

pub mod inner {
    pub struct Key;
    pub(crate) fn turn(key: &Key) -> bool {
        super::open(key, State::Taken(key.guest()))
    }
}

macro_rules! ring {
    ($x:expr) => { bell($x) };
}

fn main() {
    let room = Room::<Sofa>::new(1, Sofa { soft: true });
    let mut key = inner::Key;
    let names: Vec<_> = room.guests.iter().map(Guest::name).collect();
    ring!(3);
    inner::turn(&key);
    spawn(main);
}
