//! Makes functions with the same code one: a generic function compiled for several types often comes out the same.
//! Writing the module anew also shortens the numbers that the linker filled in, for which it kept room for any.

use std::collections::HashMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CustomSection, Module};
use wasmparser::{BinaryReaderError, CustomSectionReader, Parser, Payload, TypeRef};

use crate::number::number;

/// Merging makes callers equal, whose callers are then equal: so often at most.
const ROUNDS: usize = 8;

/// The module with equal functions merged and its functions numbered anew, by which the copies go.
pub(crate) fn merge(module: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = module.to_vec();
    for _ in 0..ROUNDS {
        let mut merge = Merge::of(&module).map_err(|error| error.to_string())?;
        let mut merged = Module::new();
        merge
            .parse_core_module(&mut merged, Parser::new(0), &module)
            .map_err(|error| format!("can't merge functions: {error}"))?;
        module = number(&merged.finish())?;
        if !merge.found {
            break;
        }
    }
    Ok(module)
}

struct Merge {
    /// For each function of the module, imports first, which one to call in its place.
    instead: Vec<u32>,
    found: bool,
}

impl Merge {
    fn of(module: &[u8]) -> Result<Self, BinaryReaderError> {
        let (mut instead, mut types, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) {
                            instead.push(instead.len() as u32);
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    types = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().to_vec()),
                _ => {}
            }
        }
        let mut found = false;
        let mut first = HashMap::new();
        for (number, body) in types.into_iter().zip(bodies) {
            let own = instead.len() as u32;
            let other = *first.entry((number, body)).or_insert(own);
            found |= other != own;
            instead.push(other);
        }
        Ok(Self { instead, found })
    }
}

impl Reencode for Merge {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.instead.get(function as usize).copied().unwrap_or(function))
    }

    /// Names are of indices, which stay for now.
    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: CustomSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        module.section(&CustomSection { name: section.name().into(), data: section.data().into() });
        Ok(())
    }
}
