//! Imports and exports.

use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::service::{Service, data, errors, fixture, sent};

const OK: StatusCode = StatusCode::OK;
const BAD: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn a_blueprint_is_judged_when_it_comes() {
    let service = Service::start().await;
    let mut document: Value = serde_json::from_str(&fixture("blueprints/questdb-io.json")).unwrap();
    document["clusters"][0]["keywords"][0]["difficulty"] = json!(101);
    let found = errors(service.post("blueprints/import/?site_id=1").json(&document), BAD).await;
    assert_eq!(found, json!({"clusters[0].keywords[0].difficulty": ["`101` is not a difficulty from 0 to 100"]}));
    let fits: Value = serde_json::from_str(&fixture("blueprints/questdb-io.json")).unwrap();
    errors(service.post("blueprints/import/?site_id=9").json(&fits), StatusCode::NOT_FOUND).await;
    let kept: Value = sent(service.get("blueprints/"), OK).await.json().await.unwrap();
    assert_eq!(kept["count"], 1, "the refused ones left nothing");
}

#[tokio::test]
async fn files_larger_than_a_request_are_taken() {
    let service = Service::start().await;
    let mut file = "Top pages,Clicks,Impressions\nhttps://questdb.io/,12,3400\nnowhere,1,2\n".to_owned();
    // 20 MiB, over what other requests may have.
    file.extend(std::iter::repeat_n(" ".repeat(199) + "\n", 100 << 10));
    let done = data(service.upload("metrics/import/?site_id=1&from=2026-10-01&to=2026-10-31", file), OK).await;
    assert_eq!(
        done,
        json!({"imported": 1, "refused": [{"line": 3, "why": "`nowhere` is no URL of a page"}], "refused_more": 0})
    );
    let backwards = service.upload("metrics/import/?site_id=1&from=2026-10-02&to=2026-10-01", "x");
    assert!(errors(backwards, BAD).await["to"].is_array());
    errors(service.upload("backlinks/import/?campaign_id=1", ""), BAD).await;
    let kind = service.upload("backlinks/import/?campaign_id=1&link_type=bribe", "x");
    assert!(errors(kind, BAD).await["link_type"].is_array());
}

#[tokio::test]
async fn what_is_exported_comes_back() {
    let service = Service::start().await;
    let odd = "source_url,target_url,anchor_text,anchor_type,link_type,cost,status,date_live,notes\n\
               https://a.example/1,https://questdb.io/,=HYPERLINK(1),lsi,haro,12.50,live,2026-01-31,\"a, \"\"b\"\"\nc\"\n";
    let done = data(service.upload("backlinks/import/?campaign_id=1", odd), OK).await;
    assert_eq!(done["imported"], 1);
    let response = sent(service.get("backlinks/export/?campaign_id=1"), OK).await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"campaign-1-backlinks.csv\"");
    let file = response.text().await.unwrap();
    assert!(file.contains(",'=HYPERLINK(1),lsi,haro,,12.50,"), "{file}");
    assert_eq!(file.as_bytes(), service.command("export backlinks --campaign 1"));
    let asked = json!({"site_id": 1, "blueprint_id": 1, "country_code": "PK"});
    data(service.post("campaigns/generate/").json(&asked), StatusCode::CREATED).await;
    let copied = data(service.upload("backlinks/import/?campaign_id=2", file.clone()), OK).await;
    // Planned ones have no source yet; the header is line 1.
    assert_eq!((&copied["imported"], copied["refused"].as_array().unwrap().len()), (&json!(1), 71));
    let copy = sent(service.get("backlinks/export/?campaign_id=2"), OK).await.text().await.unwrap();
    let after = |file: &str| file.split_once("https://a.example/1").unwrap().1.to_owned();
    assert_eq!(after(&copy), after(&file));
    errors(service.get("backlinks/export/?campaign_id=9"), StatusCode::NOT_FOUND).await;
    assert!(errors(service.get("backlinks/export/?campaign_id=1&format=pdf"), BAD).await["format"].is_array());
}

/// However a spreadsheet takes the file apart, and the words are their own again when it comes back.
#[tokio::test]
async fn no_words_run_in_a_spreadsheet() {
    let service = Service::start().await;
    let odd = "source_url,target_url,anchor_text,status,notes\n\
               https://a.example/1;-x,https://questdb.io/,well;=1+1,live,\"a\r\n-b;\"\"+c\n''@d;\"\n";
    data(service.upload("backlinks/import/?campaign_id=1", odd), OK).await;
    let file = sent(service.get("backlinks/export/?campaign_id=1"), OK).await.text().await.unwrap();
    for words in ["https://a.example/1;'-x,", ",well;'=1+1,", ",\"a\r\n'-b;'\"\"+c\n''@d;'\"\r\n"] {
        assert!(file.contains(words), "{words}: {file}");
    }
    assert_eq!(file.as_bytes(), service.command("export backlinks --campaign 1"));
    let asked = json!({"site_id": 1, "blueprint_id": 1, "country_code": "PK"});
    data(service.post("campaigns/generate/").json(&asked), StatusCode::CREATED).await;
    assert_eq!(data(service.upload("backlinks/import/?campaign_id=2", file), OK).await["imported"], 1);
    for campaign in [1, 2] {
        let list = service.get(&format!("backlinks/?campaign_id={campaign}&ordering=-id&page_size=1"));
        let row = sent(list, OK).await.json::<Value>().await.unwrap()["results"][0].take();
        assert_eq!((&row["source_url"], &row["anchor_text"]), (&json!("https://a.example/1;-x"), &json!("well;=1+1")));
        assert_eq!(row["notes"], "a\r\n-b;\"+c\n'@d;");
    }
}

#[tokio::test]
async fn a_long_list_comes_whole() {
    let service = Service::start().await;
    let mut file = "source_url,target_url,anchor_text,status\n".to_owned();
    file.extend((0..5_003).map(|number| format!("https://s{number}.example/,https://questdb.io/,QuestDB,live\n")));
    assert_eq!(data(service.upload("backlinks/import/?campaign_id=1", file), OK).await["imported"], 5_003);
    let text = sent(service.get("backlinks/export/?campaign_id=1"), OK).await.text().await.unwrap();
    assert_eq!(text.lines().count(), 1 + 71 + 5_003);
    for number in [0, 999, 1_000, 5_002] {
        assert_eq!(text.matches(&format!("https://s{number}.example/,")).count(), 1, "{number}");
    }
}

#[tokio::test]
async fn a_plan_is_the_same_table_everywhere() {
    let service = Service::start().await;
    let csv = sent(service.get("campaigns/1/export/"), OK).await.text().await.unwrap();
    assert_eq!(csv.as_bytes(), service.command("export plan --campaign 1"));
    // What `generate` makes of the blueprint as it is kept, byte for byte.
    let kept = service.blueprint();
    assert_eq!(csv.as_bytes(), service.command(&format!("generate {} --country PK --format csv", kept.display())));
    assert_eq!(csv.lines().count(), 1 + 71);
    errors(service.get("campaigns/9/export/"), StatusCode::NOT_FOUND).await;
}

/// Reads a workbook with a reader that is not ours: Python's, of its zip and its XML.
#[tokio::test]
async fn a_workbook_holds_numbers_dates_and_harmless_words() {
    let service = Service::start().await;
    let odd = "source_url,target_url,anchor_text,anchor_type,link_type,cost,status,date_live,notes\n\
               https://a.example/1,https://questdb.io/,=1+1,lsi,haro,12.50,live,2026-01-31,<b>&\n";
    data(service.upload("backlinks/import/?campaign_id=1", odd), OK).await;
    let response = sent(service.get("backlinks/export/?campaign_id=1&format=xlsx"), OK).await;
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"campaign-1-backlinks.xlsx\"");
    let book = response.bytes().await.unwrap();
    let rows: Vec<Value> = serde_json::from_str(&read_book(&book)).unwrap();
    assert_eq!((rows.len(), &rows[0][8]), (1 + 71 + 1, &json!(["inlineStr", "anchor_text"])));
    let last = rows.last().unwrap();
    // Kind and value; 46,053 is 2026-01-31 in a spreadsheet's days.
    assert_eq!(last[8], json!(["inlineStr", "=1+1"]));
    assert_eq!((&last[12], &last[16]), (&json!(["n", "12.5"]), &json!(["n", "46053"])));
    assert_eq!((&last[14], &last[19]), (&json!(["b", "1"]), &json!(["inlineStr", "<b>&"])));
    let plan = sent(service.get("campaigns/1/export/?format=xlsx"), OK).await.bytes().await.unwrap();
    let plan: Vec<Value> = serde_json::from_str(&read_book(&plan)).unwrap();
    assert_eq!((plan.len(), &plan[1][0]), (72, &json!(["n", "1"])));
}

fn read_book(book: &[u8]) -> String {
    const READ: &str = "
import io, json, re, sys, zipfile
from xml.etree import ElementTree
book = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
sheet = ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml'))
name = lambda tag: tag.split('}')[1]
assert not [e for e in sheet.iter() if name(e.tag) == 'f'], 'a formula'
assert [e for e in sheet.iter() if name(e.tag) == 'pane' and e.get('state') == 'frozen']
def column(cell):
    at = 0
    for letter in re.match('[A-Z]+', cell.get('r')).group():
        at = at * 26 + ord(letter) - 64
    return at - 1
rows = []
for row in (e for e in sheet.iter() if name(e.tag) == 'row'):
    cells = {column(c): [c.get('t', 'n'), ''.join(c.itertext())] for c in row}
    rows.append([cells.get(at) for at in range(20)])
print(json.dumps(rows))";
    let mut python = Command::new("python3");
    python.args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().expect("python3");
    let mut input = child.stdin.take().unwrap();
    let book = book.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&book));
    let done = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}
