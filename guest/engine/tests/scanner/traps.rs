use linker_engine::link_check::probe;

use crate::oracle;

/// Each agrees with the oracle, and the addresses are written by hand as well.
#[test]
fn the_standards_traps() {
    for (source, expected) in [
        ("<a href=x>t</a>", &["x"][..]),
        ("<A HREF = 'x' >t</A>", &["x"]),
        ("<a href=x href=y>t</a>", &["x"]),
        ("<a/href=x/class=y>t</a>", &["x/class=y"]),
        ("<a/href='x'/class=y>t</a>", &["x"]),
        ("<a href=x/>t</a>", &["x/"]),
        ("<a =href=x>t</a>", &[]),
        // Once taken for `href`, by a hash that repeated letters cancel out of.
        ("<a iiiiiiiiiiiiiiiihref=x>t</a>", &[]),
        ("<a \u{0}href=x>t</a>", &[]),
        ("<a href>t</a>", &[""]),
        ("<a href=>t</a>", &[""]),
        ("<a title='>' href=\"x\">t</a>", &["x"]),
        ("<a href='a&amp;b&copy=1&copy;'>t</a>", &["a&b&copy=1©"]),
        ("<a href=' x\n y '>t</a>", &[" x\n y "]),
        ("<a href=x>one<a href=y>two</a>", &["x", "y"]),
        ("<a href=x>one", &["x"]),
        ("<a href=x", &[]),
        ("<a href='x>t</a>", &[]),
        ("<!-- <a href=x>t</a> --><a href=y>t</a>", &["y"]),
        ("<!--><a href=x>t</a>-->", &["x"]),
        ("<!---><a href=x>t</a>-->", &["x"]),
        ("<!-- a --!><a href=x>t</a>", &["x"]),
        ("<!-- a -- ><a href=x>t</a>", &[]),
        ("<!a><a href=x>t</a>", &["x"]),
        ("<?a <a href=x>t</a>", &[]),
        ("</ <a href=x>t</a>", &[]),
        ("< a href=x>", &[]),
        ("<script><a href=x>t</a></script><a href=y>t</a>", &["y"]),
        ("<script><!--<script></script><a href=x>--></script><a href=y>t</a>", &["y"]),
        ("<script><!--</script><a href=x>t</a>", &["x"]),
        ("<script><!--><script></script><a href=x>t</a>", &["x"]),
        ("<script><!--<scriptx></script><a href=x>t</a>", &["x"]),
        ("<script></scriptx></script ><a href=x>t</a>", &["x"]),
        ("<style><a href=x></style><a href=y>t</a>", &["y"]),
        ("<textarea><a href=x></textarea><a href=y>t</a>", &["y"]),
        ("<title><a href=x></title><a href=y>t</a>", &["y"]),
        ("<iframe><a href=x></iframe><xmp><a href=x></xmp><noembed><a href=x></noembed><a href=y>t</a>", &["y"]),
        ("<noscript><a href=x>t</a></noscript>", &["x"]),
        ("<template><a href=x>t</a></template><a href=y>t</a>", &["y"]),
        ("<template><template></template><a href=x></template><a href=y>t</a>", &["y"]),
        ("<a href=x>t</a><plaintext><a href=y>t</a>", &["x"]),
        ("<a href=x><b>one</b> <img src=i alt=two> <span>three</span></a>", &["x"]),
        ("<a href=x><img alt='an image' src=i></a>", &["x"]),
        ("<map><area href=x alt='a region'></map>", &["x"]),
        ("<svg><a href=x><text>t</text></a></svg>", &["x"]),
        ("<svg><title><a href=x>t</a></title></svg>", &["x"]),
        ("<svg><style><a href=x>t</a></style></svg><a href=y>t</a>", &["x", "y"]),
        ("<svg><![CDATA[<a href=x>t</a>]]></svg><a href=y>t</a>", &["y"]),
        ("<![CDATA[<a href=x>t</a>]]><a href=y>t</a>", &["y"]),
        ("<svg><div><style><a href=x></style></div><a href=y>t</a>", &["y"]),
        ("<math><mi><a href=x>t</a></mi></math>", &["x"]),
        ("<svg><script/><a href=x>t</a></svg>", &["x"]),
        ("<table><tr><td><a href=x>one<td><a href=y>two</table>three", &["x", "y"]),
        ("<a href=x>one<table><tr><td><a href=y>two</a></td></tr></table>three</a>", &["x", "y"]),
        ("<a href=x><div>one<div>two</div></div>three</a>four", &["x"]),
        ("<a href=x>one<a>two</a>three", &["x"]),
        ("<object><a href=x>one</object><a href=y>two</a>", &["x", "y"]),
        ("<a href=///host/p>t</a>", &["///host/p"]),
        ("a & b <a href=x>c &lt; d &ampe; &nbsp; f</a>", &["x"]),
        ("<a href=x>one<script>two</script><style>three</style>four</a>", &["x"]),
        ("<a\u{c}href=x\u{c}rel='NoFollow,UGC  nofollow'>t</a>", &["x"]),
        ("<p><a href=x>one</p><p>two</p></a><a href=y>three</a>", &["x", "x", "y"]),
    ] {
        let theirs = oracle::links(source);
        assert_eq!(theirs.iter().map(|link| link.href.as_str()).collect::<Vec<_>>(), expected, "{source}");
        let mut ours = probe::links(source.as_bytes());
        // An anchor that the parser opens again in the next block.
        if expected == ["x", "x", "y"] {
            assert_eq!(ours[0].text, "onetwo");
            ours = vec![ours[0].clone(), ours[0].clone(), ours[1].clone()];
            (ours[0].text, ours[1].text) = ("one".into(), "two".into());
        }
        assert_eq!(ours, theirs, "{source}");
    }
}

#[test]
fn the_first_base_with_an_address_counts() {
    let url = url::Url::parse("https://a.example/x/").expect("a URL");
    for (source, expected) in [
        ("<base target=_top><base href=/y/><base href=/z/>", "https://a.example/y/"),
        ("<a href=x>t</a><base href='https://b.example/'>", "https://b.example/"),
        ("<template><base href=/y/></template>", "https://a.example/x/"),
        ("<base href='data:,x'>", "https://a.example/x/"),
        ("<base href=''>", "https://a.example/x/"),
    ] {
        assert_eq!(probe::base(source.as_bytes(), &url).as_str(), expected, "{source}");
    }
}
