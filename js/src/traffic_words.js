/** What the traffic view says, in English and Japanese. */

import { languageOf } from "./i18n.js";

/** How requests fail, in the order in which they are stacked. */
export const CAUSES = ["refused", "reset", "timeout", "5xx", "no_route", "unknown_host"];

const EN = {
  title: "Service traffic",
  none: (service) => `No traffic yet: %traffic svc/${service || "web"} --rate 50/s`,
  causes: { refused: "refused", reset: "reset", timeout: "timed out", "5xx": "5xx", no_route: "no route", unknown_host: "no such name" },
  sent: "sent",
  answered: "answered",
  lost: "lost",
  inFlight: "in flight",
  from: { pod: (name, node) => (name ? `pod ${name}` : `a pod on ${node}`), node: (name, node) => `node ${node}`, outside: (name, node) => `outside, by ${node}` },
  source: (text) => `from ${text}`,
  ended: "ended",
  keptAlive: (count) => `${count} connections kept alive`,
  patterns: { steady: "", ramp: "ramp", spike: "spikes", wave: "wave" },
  nobody: "Reached nobody",
  noEndpoint: "no endpoint",
  earlier: (count) => `${count} earlier Pod${count === 1 ? "" : "s"}`,
  others: (count) => `${count} more Pods`,
  leaving: "leaving",
  gone: "gone",
  total: "Total",
  now: "Per second",
  table: "Table",
  tableTitle: "Show as a table (t)",
  modeTitle: "Total or per second (n)",
  even: "even share",
  old: "old template",
  latency: "Latency",
  noLatency: "nothing answered yet",
  stream: "Requests a second",
  lostTitle: "Lost requests",
  noLost: "No request was lost.",
  by: (pod) => (pod ? ` by ${pod}` : ""),
  at: (pod) => (pod ? ` at ${pod}` : ""),
  why: (text) => text,
  columns: ["Pod", "Version", "State", "Sent", "Answered", "Lost", "Per second", "Even share"],
  describe: (name, one, lost) =>
    `${name}: ${one.sent.toLocaleString("en")} sent, ${lost || "none lost"}, ${one.nowSent.toLocaleString("en")} a second, even share ${one.expected.toLocaleString("en")}`,
  announce: (load, lost) => `${load.service}: ${load.sent.toLocaleString("en")} requests sent, ${lost || "none lost"}`,
};

const WHY_JA = {
  "it was not listening yet": "まだ待ち受けていませんでした",
  "it no longer listened": "もう待ち受けていませんでした",
  "it was killed": "強制終了されました",
  "it is gone": "もう存在しません",
  "no endpoint was ready": "Readyなエンドポイントがありませんでした",
  "the Service was gone": "Serviceがありませんでした",
  "nothing took them in": "受け取る相手がいませんでした",
  "it answered too late": "応答が間に合いませんでした",
  "it closed the connection without an answer": "応答せずに接続を閉じました",
};

const JA = {
  title: "Serviceのトラフィック",
  none: (service) => `まだトラフィックがありません: %traffic svc/${service || "web"} --rate 50/s`,
  causes: { refused: "接続拒否", reset: "切断", timeout: "時間切れ", "5xx": "5xx", no_route: "到達不能", unknown_host: "名前なし" },
  sent: "送信",
  answered: "応答あり",
  lost: "失敗",
  inFlight: "応答待ち",
  from: { pod: (name, node) => (name ? `Pod ${name}` : `${node} 上のPod`), node: (name, node) => `ノード ${node}`, outside: (name, node) => `外部(${node} 経由)` },
  source: (text) => `送信元: ${text}`,
  ended: "終了",
  keptAlive: (count) => `接続${count}本を維持`,
  patterns: { steady: "", ramp: "漸増", spike: "スパイク", wave: "波" },
  nobody: "どこにも届かず",
  noEndpoint: "エンドポイントなし",
  earlier: (count) => `以前のPod ${count}個`,
  others: (count) => `ほかのPod ${count}個`,
  leaving: "離脱中",
  gone: "削除済み",
  total: "合計",
  now: "毎秒",
  table: "表",
  tableTitle: "表で見る (t)",
  modeTitle: "合計と毎秒の切り替え (n)",
  even: "均等な割り当て",
  old: "旧テンプレート",
  latency: "応答時間",
  noLatency: "まだ応答がありません",
  stream: "毎秒のリクエスト数",
  lostTitle: "失われたリクエスト",
  noLost: "失われたリクエストはありません。",
  by: (pod) => (pod ? ` ${pod}` : ""),
  at: (pod) => (pod ? ` ${pod}` : ""),
  why: (text) =>
    WHY_JA[text] ?? text.replace(/^its node (\S+) is cut off$/, "ノード $1 が切り離されています").replace(/^it answered (\d+)$/, "$1 を返しました"),
  columns: ["Pod", "バージョン", "状態", "送信", "応答あり", "失敗", "毎秒", "均等な割り当て"],
  describe: (name, one, lost) => `${name}: 送信${one.sent.toLocaleString("ja")}件、${lost || "失敗なし"}、毎秒${one.nowSent.toLocaleString("ja")}件、均等な割り当て${one.expected.toLocaleString("ja")}件`,
  announce: (load, lost) => `${load.service}: 送信${load.sent.toLocaleString("ja")}件、${lost || "失敗なし"}`,
};

/** The words of a language; "" is the browser's. @param {string} [language] */
export function trafficWords(language) {
  return languageOf(language) === "ja" ? JA : EN;
}
