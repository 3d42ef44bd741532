
use std::collections::BTreeMap;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
#[test]
fn probe() {
    let mut runner = TestRunner::default();
    let mut classes: BTreeMap<String, (u32, Vec<String>)> = BTreeMap::new();
    let (mut ok, mut err) = (0, BTreeMap::<String, u32>::new());
    let mut warns = BTreeMap::<String,u32>::new();
    for _ in 0..3000 {
        let case = crate::input::case().new_tree(&mut runner).unwrap().current();
        let plan = match case.plan() { Ok(p) => { ok += 1; p }, Err(e) => { *err.entry(format!("{} {}", e[0].code, e[0].field)).or_default() += 1; continue } };
        let mut w: Vec<_> = plan.warnings.iter().map(|w| w.code.to_string()).collect(); w.sort(); w.dedup();
        for w in w { *warns.entry(w).or_default() += 1; }
        let Ok(same) = linker_engine::adjust(plan.clone(), case.blueprint.clone(), Default::default()) else { panic!() };
        if same == plan { continue }
        let mut found = false;
        for ((id, a), (_, b)) in plan.anchor_text_plan.iter().zip(&same.anchor_text_plan) {
            for t in linker_types::AnchorType::ALL {
                let of = |v: &Vec<linker_types::AnchorVariant>| v.iter().filter(|v| v.anchor_type == *t).map(|v| v.text.clone()).collect::<Vec<_>>();
                if of(a) != of(b) {
                    found = true;
                    let page = case.blueprint.pages.iter().find(|p| p.id == *id).unwrap();
                    let set = { let (mut x, mut y) = (of(a), of(b)); x.sort(); y.sort(); x == y };
                    let e = classes.entry(format!("{t} {}", if set {"reordered"} else {"changed"})).or_default();
                    e.0 += 1;
                    if e.1.len() < 12 { e.1.push(format!("brand {:?} kw {:?} url {} title {:.40?}: {:.160?} -> {:.160?}", case.blueprint.site.brand.chars().take(20).collect::<String>(), page.primary_keyword, page.url, page.title.chars().take(20).collect::<String>(), of(a), of(b))); }
                }
            }
        }
        if !found { classes.entry("other".into()).or_default().0 += 1; }
    }
    println!("ok {ok} err {err:#?} warns {warns:#?}");
    for (k, (n, ex)) in classes { println!("== {k}: {n}"); for e in ex { println!("   {e}"); } }
}
