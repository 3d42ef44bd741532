//! Numbers functions anew, the ones most referred to first: a call names its function by number, and numbers below 128
//! take one byte. What nobody refers to goes.

use std::cmp::Reverse;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module, NameMap, NameSection};
use wasmparser::{CodeSectionReader, CustomSectionReader, FunctionSectionReader, Name, NameSectionReader, Parser};

/// The module with its functions in that order.
pub(crate) fn number(module: &[u8]) -> Result<Vec<u8>, String> {
    let (mut count, mut numbered) = (Count::default(), Module::new());
    let failed = |error| format!("can't number functions: {error}");
    count.parse_core_module(&mut Module::new(), Parser::new(0), module).map_err(failed)?;
    count.numbering().parse_core_module(&mut numbered, Parser::new(0), module).map_err(failed)?;
    Ok(numbered.finish())
}

/// How often each function is referred to.
#[derive(Default)]
struct Count {
    references: Vec<usize>,
    /// How many of the functions are imports, whose numbers stay.
    imports: usize,
}

impl Count {
    fn numbering(mut self) -> Numbering {
        self.references.resize(self.references.len().max(self.imports), 0);
        let functions = self.references.len();
        let mut order: Vec<usize> = (self.imports..functions).filter(|&at| self.references[at] > 0).collect();
        order.sort_by_key(|&at| Reverse(self.references[at]));
        let mut numbers: Vec<Option<u32>> = vec![None; functions];
        for (number, at) in (0..self.imports).chain(order.iter().copied()).enumerate() {
            numbers[at] = Some(number as u32);
        }
        Numbering { imports: self.imports, order, numbers }
    }
}

impl Reencode for Count {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let at = function as usize;
        if at >= self.references.len() {
            self.references.resize(at + 1, 0);
        }
        self.references[at] += 1;
        Ok(function)
    }

    fn parse_import_section(
        &mut self,
        imports: &mut wasm_encoder::ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.clone().into_imports() {
            self.imports +=
                usize::from(matches!(import?.ty, wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_)));
        }
        utils::parse_import_section(self, imports, section)
    }

    /// Names are no references.
    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

struct Numbering {
    imports: usize,
    /// The module's own functions by the numbers they had, in the order of those they get.
    order: Vec<usize>,
    /// By the number a function had; those that go have none.
    numbers: Vec<Option<u32>>,
}

impl Numbering {
    fn number(&self, function: u32) -> Option<u32> {
        self.numbers.get(function as usize).copied().flatten()
    }
}

impl Reencode for Numbering {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.number(function).expect("both passes meet the same references"))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        for &at in &self.order {
            functions.function(types[at - self.imports]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies: Vec<_> = section.into_iter().collect::<Result<_, _>>()?;
        for at in self.order.clone() {
            self.parse_function_body(code, bodies[at - self.imports].clone())?;
        }
        Ok(())
    }

    fn custom_name_section(&mut self, section: NameSectionReader<'_>) -> Result<NameSection, Error<Infallible>> {
        let mut named = Vec::new();
        for subsection in section {
            if let Name::Function(names) = subsection? {
                for naming in names {
                    let naming = naming?;
                    named.extend(self.number(naming.index).map(|number| (number, naming.name)));
                }
            }
        }
        named.sort_unstable();
        let (mut names, mut functions) = (NameSection::new(), NameMap::new());
        named.into_iter().for_each(|(number, name)| functions.append(number, name));
        names.functions(&functions);
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{ExportKind, ExportSection, Function, TypeSection};
    use wasmparser::{Operator, Payload, Validator};

    use super::*;

    /// Functions without parameters; each calls others, then returns its own mark. The last is exported.
    fn module(calls: &[&[u32]]) -> Vec<u8> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], [wasm_encoder::ValType::I32]);
        let (mut exports, mut names, mut map) = (ExportSection::new(), NameSection::new(), NameMap::new());
        exports.export("last", ExportKind::Func, calls.len() as u32 - 1);
        for (mark, calls) in calls.iter().enumerate() {
            functions.function(0);
            let mut body = Function::new([]);
            for &call in *calls {
                body.instructions().call(call).drop();
            }
            body.instructions().i32_const(mark as i32).end();
            code.function(&body);
            map.append(mark as u32, &format!("mark {mark}"));
        }
        names.functions(&map);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code).section(&names);
        module.finish()
    }

    /// The mark of each function with the marks of those it calls.
    fn marks(module: &[u8]) -> Vec<(i32, Vec<i32>)> {
        let mut found: Vec<(i32, Vec<u32>)> = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let (mut mark, mut calls) = (0, Vec::new());
                for operator in body.get_operators_reader().unwrap() {
                    match operator.unwrap() {
                        Operator::I32Const { value } => mark = value,
                        Operator::Call { function_index } => calls.push(function_index),
                        _ => {}
                    }
                }
                found.push((mark, calls));
            }
        }
        let mark = |&call: &u32| found[call as usize].0;
        found.iter().map(|(own, calls)| (*own, calls.iter().map(mark).collect())).collect()
    }

    #[test]
    fn the_most_called_comes_first_and_calls_lead_where_they_led() {
        let numbered = number(&module(&[&[], &[3], &[1, 3], &[], &[2, 3]])).unwrap();
        Validator::new().validate_all(&numbered).unwrap();
        let expected = [(3, vec![]), (1, vec![3]), (2, vec![1, 3]), (4, vec![2, 3])];
        assert_eq!(marks(&numbered), expected);
        let names = Parser::new(0).parse_all(&numbered).find_map(|payload| match payload.unwrap() {
            Payload::CustomSection(section) => Some(section.data().to_vec()),
            _ => None,
        });
        let names = String::from_utf8_lossy(&names.unwrap()).into_owned();
        let places = ["mark 3", "mark 1", "mark 2", "mark 4"].map(|name| names.find(name));
        assert!(places.is_sorted() && places[0].is_some() && !names.contains("mark 0"), "{names:?}");
    }
}
