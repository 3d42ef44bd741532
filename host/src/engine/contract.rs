//! The contract's records under the name that `bindgen!` looks for, with the linking code it expects of every
//! interface: `types` has no functions, so there is nothing to link.

pub use linker_types::*;
use wasmtime::component::{HasData, Linker};

pub trait Host {}
impl<T: ?Sized> Host for T {}

pub trait HostWithStore<T>: HasData {}
impl<T, D: ?Sized + HasData> HostWithStore<T> for D {}

pub fn add_to_linker<T: 'static, D: HostWithStore<T>>(
    _: &mut Linker<T>,
    _: fn(&mut T) -> D::Data<'_>,
) -> wasmtime::Result<()> {
    Ok(())
}
