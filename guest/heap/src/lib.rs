//! The component's memory: small blocks by size class, larger ones from the standard library's allocator.
//!
//! A block that is given back waits in a list of its class, and whoever gives it back says its size, so blocks carry no
//! header and taking or giving back one is a few instructions. Most of what a call allocates are short texts: with the
//! standard library's allocator alone, which searches and joins, they took a seventh of a plan's time. Small blocks
//! stay in their class; what a class holds at most is what the instance once used at a time.
#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr::null_mut;

/// Sizes of blocks are multiples of this, and so are their addresses.
const STEP: usize = 16;
/// Small is up to `STEP * CLASSES` bytes.
const CLASSES: usize = 32;
/// What is cut into blocks at a time.
const CHUNK: usize = 32 << 10;

/// An allocator for one thread.
#[derive(Debug)]
pub struct Heap {
    /// The first block of each class that waits; each holds the address of the next.
    waiting: [Cell<*mut u8>; CLASSES],
    /// What of the newest chunk was never handed out.
    fresh: Cell<*mut u8>,
    left: Cell<usize>,
}

// SAFETY: there, without atomics, is no second thread.
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
unsafe impl Sync for Heap {}

impl Heap {
    /// Holds nothing yet.
    pub const fn new() -> Self {
        Self { waiting: [const { Cell::new(null_mut()) }; CLASSES], fresh: Cell::new(null_mut()), left: Cell::new(0) }
    }

    /// A block that nobody had before; null where there is no memory. Of the chunk before, less than a block is lost.
    #[inline(never)]
    fn cut(&self, class: usize) -> *mut u8 {
        let size = (class + 1) * STEP;
        if self.left.get() < size {
            // SAFETY: neither constant is 0, and the second is a power of two.
            let chunk = unsafe { System.alloc(Layout::from_size_align_unchecked(CHUNK, STEP)) };
            if chunk.is_null() {
                return chunk;
            }
            self.fresh.set(chunk);
            self.left.set(CHUNK);
        }
        let block = self.fresh.get();
        // SAFETY: so much is left of the chunk.
        self.fresh.set(unsafe { block.add(size) });
        self.left.set(self.left.get() - size);
        block
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

/// The class of a small block.
#[inline(always)]
fn class(layout: Layout) -> Option<usize> {
    // No size is 0, by `GlobalAlloc`'s contract.
    let class = layout.size().wrapping_sub(1) / STEP;
    (class < CLASSES && layout.align() <= STEP).then_some(class)
}

// SAFETY: a block of a class is as large as the class and lies on a multiple of `STEP`; it is in its list or with a
// caller, never both. `class` says the same of the layout that a block was taken with and is given back with. All else
// is `System`'s.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else { return unsafe { System.alloc(layout) } };
        let first = &self.waiting[class];
        let block = first.get();
        if block.is_null() {
            return self.cut(class);
        }
        first.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(class) = class(layout) else { return unsafe { System.dealloc(block, layout) } };
        let first = &self.waiting[class];
        unsafe { block.cast::<*mut u8>().write(first.get()) };
        first.set(block);
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if class(layout).is_none() {
            return unsafe { System.alloc_zeroed(layout) };
        }
        let block = unsafe { self.alloc(layout) };
        if !block.is_null() {
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller says that such a layout is valid.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (class(layout), class(wanted)) {
            (None, None) => unsafe { System.realloc(block, layout, size) },
            (Some(own), Some(other)) if own == other => block,
            _ => unsafe {
                let moved = self.alloc(wanted);
                if !moved.is_null() {
                    block.copy_to_nonoverlapping(moved, size.min(layout.size()));
                    self.dealloc(block, layout);
                }
                moved
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A block in use, filled with its mark.
    struct Block {
        at: *mut u8,
        layout: Layout,
        mark: u8,
    }

    impl Block {
        fn fill(&self) {
            unsafe { self.at.write_bytes(self.mark, self.layout.size()) };
        }

        fn holds(&self, size: usize) -> bool {
            (0..size).all(|byte| unsafe { self.at.add(byte).read() } == self.mark)
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Take { layout: Layout, zeroed: bool },
        Resize { which: usize, size: usize },
        Give { which: usize },
    }

    fn step() -> impl Strategy<Value = Step> {
        let size = || prop_oneof![6 => 1usize..64, 3 => 400usize..600, 1 => 1usize..50_000];
        let layout = (size(), 0u32..7).prop_map(|(size, bits)| Layout::from_size_align(size, 1 << bits).unwrap());
        prop_oneof![
            3 => (layout, any::<bool>()).prop_map(|(layout, zeroed)| Step::Take { layout, zeroed }),
            2 => (any::<usize>(), size()).prop_map(|(which, size)| Step::Resize { which, size }),
            2 => any::<usize>().prop_map(|which| Step::Give { which }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is taken, resized and given back: nobody's bytes are another's, and every block lies as asked.
        #[test]
        fn blocks_are_their_owners(steps in prop::collection::vec(step(), 1..200)) {
            let heap = Heap::new();
            let mut blocks: Vec<Block> = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                let mark = number as u8;
                match step {
                    Step::Take { layout, zeroed } => {
                        let at = unsafe { if zeroed { heap.alloc_zeroed(layout) } else { heap.alloc(layout) } };
                        prop_assert!(!at.is_null() && at.addr().is_multiple_of(layout.align()));
                        let block = Block { at, layout, mark: 0 };
                        prop_assert!(!zeroed || block.holds(layout.size()));
                        let block = Block { mark, ..block };
                        block.fill();
                        blocks.push(block);
                    }
                    Step::Resize { which, size } if !blocks.is_empty() => {
                        let which = which % blocks.len();
                        let block = &mut blocks[which];
                        let kept = size.min(block.layout.size());
                        block.at = unsafe { heap.realloc(block.at, block.layout, size) };
                        block.layout = Layout::from_size_align(size, block.layout.align()).unwrap();
                        prop_assert!(block.at.addr().is_multiple_of(block.layout.align()) && block.holds(kept));
                        block.mark = mark;
                        block.fill();
                    }
                    Step::Give { which } if !blocks.is_empty() => {
                        let block = blocks.swap_remove(which % blocks.len());
                        prop_assert!(block.holds(block.layout.size()));
                        unsafe { heap.dealloc(block.at, block.layout) };
                    }
                    Step::Resize { .. } | Step::Give { .. } => {}
                }
            }
            for block in &blocks {
                prop_assert!(block.holds(block.layout.size()));
            }
            for block in blocks {
                unsafe { heap.dealloc(block.at, block.layout) };
            }
        }
    }

    #[test]
    fn what_was_given_back_is_handed_out_again() {
        let (heap, layout) = (Heap::new(), Layout::from_size_align(40, 8).unwrap());
        let first = unsafe { heap.alloc(layout) };
        let second = unsafe { heap.alloc(layout) };
        unsafe { heap.dealloc(first, layout) };
        // 33 to 48 bytes are one class.
        assert_eq!(unsafe { heap.alloc(Layout::from_size_align(33, 1).unwrap()) }, first);
        assert_eq!(unsafe { heap.realloc(second, layout, 48) }, second);
    }
}
