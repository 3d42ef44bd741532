//! Makes a module or component smaller without changing what it does.

use wasm_encoder::{ConstExpr, DataSection, RawSection, Section};
use wasmparser::{Data, DataKind, Operator, Parser, Payload};

/// A data segment costs about as many bytes of its own.
const WORTH_SPLITTING: usize = 16;

/// Drops what only tools read (the encoder needs wit-bindgen's section, so that stays), and the zeros of data:
/// memory begins as zeros.
pub(crate) fn shrink(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut kept = wasm.get(..8).ok_or("not WebAssembly")?.to_vec();
    let mut end = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| error.to_string())?;
        let Some((id, range)) = payload.as_section() else { continue };
        // What lies within a component's own modules was shrunk before.
        if range.start < end {
            continue;
        }
        end = range.end;
        match &payload {
            Payload::CustomSection(section) if is_for_tools(section.name()) => {}
            Payload::DataSection(segments) => segments_without_zeros(segments.clone())?.append_to(&mut kept),
            _ => {
                let data = wasm.get(range.start..range.end).ok_or("a section past the end")?;
                RawSection { id, data }.append_to(&mut kept);
            }
        }
    }
    Ok(kept)
}

fn is_for_tools(section: &str) -> bool {
    matches!(section, "name" | "producers" | "target_features" | "component-name") || section.starts_with(".debug")
}

fn segments_without_zeros(segments: wasmparser::DataSectionReader<'_>) -> Result<DataSection, String> {
    let mut section = DataSection::new();
    for segment in segments {
        let segment = segment.map_err(|error| error.to_string())?;
        let base = offset(&segment).ok_or("a data segment whose place is not a number")?;
        for (at, bytes) in without_zeros(segment.data) {
            section.active(0, &ConstExpr::i32_const(base + at as i32), bytes.iter().copied());
        }
    }
    Ok(section)
}

fn offset(segment: &Data<'_>) -> Option<i32> {
    let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else { return None };
    match offset_expr.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value),
        _ => None,
    }
}

/// The parts of `data` between long runs of zeros, each with where it begins.
fn without_zeros(data: &[u8]) -> Vec<(usize, &[u8])> {
    let (mut parts, mut begin, mut zeros) = (Vec::new(), 0, 0);
    for (at, &byte) in data.iter().enumerate() {
        if byte == 0 {
            zeros += 1;
            continue;
        }
        if zeros >= WORTH_SPLITTING {
            parts.push((begin, &data[begin..at - zeros]));
            begin = at;
        }
        zeros = 0;
    }
    parts.push((begin, &data[begin..data.len() - zeros]));
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_left_out() {
        let far = [0; WORTH_SPLITTING];
        let data = [&far[..], b"a\0b", &far, b"c", &far].concat();
        assert_eq!(without_zeros(&data), [(16, &b"a\0b"[..]), (35, b"c")]);
        assert_eq!(without_zeros(b"ab"), [(0, &b"ab"[..])]);
        assert!(without_zeros(&far).is_empty() && without_zeros(b"").is_empty());
    }
}
