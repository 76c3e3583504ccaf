// The look of the reference pages: one column, tables that scroll by themselves on a narrow screen, light and dark.
#pragma once

#include <string_view>

namespace lictor::cli {

inline constexpr std::string_view kDocStyle = R"(:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --code: #f6f8fa; --link: #0b5cad;
  --allow: #116329; --allow-back: #dafbe1; --deny: #a40e26; --deny-back: #ffebe9; --require: #7d4e00;
  --require-back: #fff8c5; --plain-back: #eaeef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181d; --text: #d7dde4; --soft: #98a2ad; --line: #353c44; --code: #1d2329; --link: #7ab7ff;
    --allow: #7ee2a0; --allow-back: #12351f; --deny: #ffa198; --deny-back: #43171b; --require: #f0c674;
    --require-back: #3a2d08; --plain-back: #2a3138;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--line); background: var(--code); }
header nav, main { max-width: 78rem; margin: 0 auto; padding: .7rem 1.5rem; }
header nav > * + *::before { content: "/"; margin: 0 .6rem; color: var(--soft); }
main { padding-bottom: 4rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
h1 { font-size: 1.7rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .3rem; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
h3 .kind { color: var(--soft); font-weight: 400; }
h3 .self { visibility: hidden; margin-left: .4rem; }
h3:hover .self { visibility: visible; }
p, ul { margin: .4rem 0; max-width: 62rem; }
.soft { color: var(--soft); }
code, pre { font: .875em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
:not(pre) > code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
h1 code, h3 code, td > code:only-child, a > code, .names code { background: none; padding: 0; }
h3 code { font-weight: 700; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; margin: .5rem 0;
  overflow-x: auto; }
td pre { background: none; border: 0; padding: 0; margin: 0; overflow: visible; white-space: pre-wrap; min-width: 20rem; }
pre .note { color: var(--soft); }
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; min-width: min(100%, 30rem); }
.clauses { width: 100%; min-width: 60rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .85rem; white-space: nowrap; }
td p { margin: .2rem 0; }
tr:target td, h3:target { background: var(--require-back); }
.badge { display: inline-block; border-radius: 999px; padding: .05em .6em; font-size: .8rem; white-space: nowrap;
  background: var(--plain-back); margin: .1rem .3rem .1rem 0; }
.allow { color: var(--allow); background: var(--allow-back); }
.deny { color: var(--deny); background: var(--deny-back); }
.require { color: var(--require); background: var(--require-back); }
.old { text-decoration: line-through; }
.names { columns: 16rem; list-style: none; padding: 0; max-width: none; }
.names li { break-inside: avoid; overflow-wrap: anywhere; }
.states path { fill: none; stroke: var(--soft); }
.states .head { fill: var(--soft); }
.states rect { fill: var(--code); stroke: var(--soft); }
.states .initial { stroke-width: 3; }
.states .inner { fill: none; }
.states text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: var(--text); }
.states .name { text-anchor: middle; font-weight: 600; }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
)";

}  // namespace lictor::cli
