//! One slot for each case of a vocabulary, in the contract's order.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use linker_types::{AnchorType, LinkType, Tier};

/// A vocabulary whose cases number slots.
pub(crate) trait Key: Copy + 'static {
    const ALL: &'static [Self];
    fn slot(self) -> usize;
}

macro_rules! key {
    ($name:ident) => {
        impl Key for $name {
            const ALL: &'static [Self] = $name::ALL;
            fn slot(self) -> usize {
                self as usize
            }
        }
    };
}
key!(Tier);
key!(LinkType);
key!(AnchorType);

pub(crate) type ByTier<T> = By<Tier, T, 5>;
pub(crate) type ByLink<T> = By<LinkType, T, 7>;
pub(crate) type ByAnchor<T> = By<AnchorType, T, 7>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct By<K, T, const N: usize>([T; N], PhantomData<K>);

impl<K: Key, T, const N: usize> By<K, T, N> {
    pub(crate) fn new(slots: [T; N]) -> Self {
        const { assert!(K::ALL.len() == N) };
        Self(slots, PhantomData)
    }

    pub(crate) fn of(make: impl FnMut(K) -> T) -> Self
    where
        T: Default,
    {
        let mut slots = K::ALL.iter().copied().map(make);
        Self::new(std::array::from_fn(|_| slots.next().unwrap_or_default()))
    }

    /// From a profile's list; absent cases get the default.
    pub(crate) fn from_pairs<V>(pairs: &[(K, V)], mut value: impl FnMut(&V) -> T) -> Self
    where
        T: Default,
    {
        let mut by = Self::new(std::array::from_fn(|_| T::default()));
        for (key, entry) in pairs {
            by[*key] = value(entry);
        }
        by
    }

    pub(crate) fn slots(&self) -> &[T; N] {
        &self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        K::ALL.iter().copied().zip(&self.0)
    }
}

impl<K: Key, const N: usize> By<K, u64, N> {
    pub(crate) fn sum(&self) -> u64 {
        self.0.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }

    /// `n` units by these weights.
    pub(crate) fn apportion(&self, n: u64) -> Self {
        Self::new(crate::apportion::apportion_few(n, &self.0))
    }
}

impl<K: Key, T: Default, const N: usize> Default for By<K, T, N> {
    fn default() -> Self {
        Self::new(std::array::from_fn(|_| T::default()))
    }
}

#[allow(clippy::indexing_slicing, reason = "`new` has checked that every case has a slot")]
impl<K: Key, T, const N: usize> Index<K> for By<K, T, N> {
    type Output = T;

    fn index(&self, key: K) -> &T {
        &self.0[key.slot()]
    }
}

#[allow(clippy::indexing_slicing, reason = "`new` has checked that every case has a slot")]
impl<K: Key, T, const N: usize> IndexMut<K> for By<K, T, N> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.0[key.slot()]
    }
}
