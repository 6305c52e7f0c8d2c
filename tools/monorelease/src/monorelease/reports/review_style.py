"""How the page looks: one style for narrow and wide, light and dark, screen and paper."""

from __future__ import annotations

_COLOURS = """\
:root{
--back:#f6f6f3;--sheet:#fff;--line:#dcdcd6;--words:#1d2024;--quiet:#585e66;--accent:#1a56b8;
--lit:#e3ecfb;--soft:#efefeb;--come:#14632b;--come-back:#e4f4e8;--come-mark:#b9e4c4;
--gone:#a11b14;--gone-back:#fcebe9;--gone-mark:#f6c6c1;--patch:#0b5f56;--patch-back:#dff2ee;
--minor:#1a4fae;--minor-back:#e2ebfc;--major:#8f3b00;--major-back:#fdead9;--faint:#9aa0a8}
@media (prefers-color-scheme:dark){:root{
--back:#131519;--sheet:#1a1d23;--line:#31363f;--words:#e5e7eb;--quiet:#a5acb8;--accent:#8fb8ff;
--lit:#24344f;--soft:#22262d;--come:#93dcaa;--come-back:#142a1c;--come-mark:#21552f;
--gone:#ffb1aa;--gone-back:#331a1b;--gone-mark:#6d2a2a;--patch:#7fd9ca;--patch-back:#123430;
--minor:#9cc0ff;--minor-back:#1a2c4e;--major:#ffb77a;--major-back:#42260f;--faint:#6d7480}}
"""

_PAGE = """\
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-padding-top:3.5rem;scroll-behavior:smooth;
-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){*{scroll-behavior:auto!important;transition:none!important}}
body{margin:0;background:var(--back);color:var(--words);overflow-wrap:break-word;
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
header,nav>ul,main,footer{max-width:1440px;margin:0 auto;padding:0 clamp(16px,3vw,36px)}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
code,pre,.version,.names,.node text{
font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{font-size:.9em}
p,ul,ol,dl,figure,pre{margin:0}
ul{padding:0;list-style:none}
.quiet{color:var(--quiet);font-size:.9em}
.skip{position:absolute;left:16px;top:-4rem;padding:.5rem 1rem;background:var(--sheet);z-index:3}
.skip:focus{top:8px}
.scroll{overflow-x:auto;background:linear-gradient(90deg,var(--back) 60%,transparent) 0/28px 100%,
linear-gradient(270deg,var(--back) 60%,transparent) 100%/28px 100%,
linear-gradient(90deg,var(--line),transparent) 0/10px 100%,
linear-gradient(270deg,var(--line),transparent) 100%/10px 100%;
background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}
.notes .scroll{background:none}
section,article,.sides>*{min-width:0}
"""

_HEADER = """\
header{padding-top:36px;padding-bottom:20px}
.eyebrow{color:var(--quiet);font-size:.85em;letter-spacing:.02em}
h1{font-size:clamp(1.6rem,1.1rem + 2vw,2.4rem);line-height:1.15;margin:.15em 0 .35em;
font-weight:650;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 12px;font-weight:650;letter-spacing:-.01em}
h3{font-size:1rem;margin:0;font-weight:650}
.state{max-width:72ch;padding-left:12px;border-left:3px solid var(--accent)}
.state.stopped{border-color:var(--gone)}
.state.written{border-color:var(--come)}
.facts{display:flex;flex-wrap:wrap;gap:10px 32px;margin-top:20px}
dt{color:var(--quiet);font-size:.8em}
dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
nav{position:sticky;top:0;z-index:2;background:var(--back);border-bottom:1px solid var(--line)}
nav>ul{display:flex;gap:4px 20px;overflow-x:auto;white-space:nowrap;scrollbar-width:none}
nav a{display:block;padding:10px 0;color:var(--words);text-decoration:none;font-size:.93em}
nav a:hover{color:var(--accent);text-decoration:underline}
nav a:focus-visible{outline-offset:-3px}
nav span{color:var(--quiet);font-variant-numeric:tabular-nums}
main>section{padding:26px 0 22px;border-bottom:1px solid var(--line)}
main>section:last-child{border:0}
footer{padding-top:4px;padding-bottom:40px;color:var(--quiet);font-size:.85em}
"""

_TABLES = """\
table{border-collapse:collapse;width:100%;font-size:.93em}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;padding:5px 14px 5px 0;vertical-align:baseline;
border-bottom:1px solid var(--line);font-weight:400}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--quiet);font-size:.85em;white-space:nowrap}
tbody th{font-weight:600;white-space:nowrap}
tbody tr{background:var(--paper,transparent)}
tr:target{--paper:var(--lit)}
.version{white-space:nowrap;font-size:.9em}
.words{color:var(--words)}
.words code{background:var(--soft);padding:.1em .3em;border-radius:4px}
.packages td .quiet{white-space:nowrap}
.badge,.bump,.severity{display:inline-block;font-size:.8rem;line-height:1.5;padding:0 .55em;
border-radius:99px;font-weight:600}
.badge{margin-left:.6em;border:1px dashed var(--quiet);color:var(--quiet);font-weight:400}
.bump{background:var(--patch-back);color:var(--patch)}
.bump.minor{background:var(--minor-back);color:var(--minor)}
.bump.major{background:var(--major-back);color:var(--major)}
.constraints code{white-space:nowrap}
code.del{color:var(--gone)}
code.ins{color:var(--come)}
summary{cursor:pointer}
details>summary{padding:3px 0}
.names{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:.84rem;color:var(--quiet);
overflow-wrap:anywhere}
.names b{color:var(--words);font-weight:500}
.names li:target{background:var(--lit);color:var(--words)}
"""

_GRAPH = """\
.drawn{display:grid;grid-template-columns:minmax(0,1fr);gap:20px 40px}
.beside,.graph{min-width:0}
.answers{height:3.1em;overflow:hidden;font-size:.93em;color:var(--quiet);line-height:1.5}
.answers strong{color:var(--words)}
.answer{display:none}
.graph svg{display:block;max-width:100%;height:auto}
.graph .scroll:focus-visible{outline-offset:4px}
.arrow{--ink:var(--faint)}
.arrow.cause{--ink:var(--accent)}
.arrow path{fill:none;stroke-linecap:round;stroke-linejoin:round}
.arrow .mark{stroke:var(--ink);stroke-width:1.3}
.arrow.plain .mark{stroke-dasharray:2 4}
.arrow.back .mark{stroke-dasharray:6 4}
.arrow .reach{stroke:transparent;stroke-width:9;pointer-events:stroke}
.arrow:hover .mark{--ink:var(--accent);stroke-width:2.4}
.cause .mark{opacity:.75}
.node{cursor:pointer;--ring:var(--faint)}
.node rect{fill:var(--paper,var(--sheet));stroke:var(--ring);stroke-width:1.2}
.node text{fill:var(--words);font-size:12px}
.node circle{fill:var(--patch)}
.node.minor circle{fill:var(--minor)}
.node.major circle{fill:var(--major)}
.node.rest circle{fill:none;stroke:var(--faint)}
.node.rest text{fill:var(--quiet)}
.node.named{--ring:var(--accent)}
.node.named rect{stroke-width:2}
.node.named text{font-weight:700}
.node.private rect{stroke-dasharray:4 3}
.node:hover{--ring:var(--accent)}
.node:focus{outline:none;--ring:var(--accent)}
.node:focus rect{stroke-width:3}
#packages:has(.node:is(:hover,:focus),.arrow:hover) #hint{display:none}
#packages:has(.node:is(:hover,:focus),.arrow:hover) .arrow{opacity:.3}
#packages .arrow:hover{opacity:1!important}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin-top:10px;font-size:.82em;
color:var(--quiet)}
.sign{display:inline-block;width:18px;height:10px;margin-right:7px;border-radius:3px;
border:1px solid var(--faint)}
.sign.named{border:2px solid var(--accent)}
.sign.taken,.sign.rest{width:10px;border-radius:50%}
.sign.taken{background:var(--patch);border-color:var(--patch)}
.sign.private{border:1px dashed var(--quiet)}
.dash{display:inline-block;width:22px;margin:0 7px .25em 0;border-top:2px dotted var(--faint)}
"""

_CHANGES = """\
article{padding:14px 0}
article+article{border-top:1px solid var(--line)}
article>.names{margin:4px 0 0}
.folded h3{display:inline}
.sides{scroll-margin-top:6rem;display:grid;gap:14px 28px;margin-top:10px;align-items:start}
.notes,.file>pre,.file>p{background:var(--sheet);border:1px solid var(--line);border-radius:8px}
.notes{padding:14px 18px}
.notes>*+*{margin-top:.6em}
.notes h4{margin:0;font-size:1.15rem}
.notes h5,.notes h6{margin:.9em 0 0;font-size:1rem}
.notes ul,.notes ol{padding-left:1.3em;list-style:revert}
.notes li+li{margin-top:.3em}
.notes li>*+*{margin-top:.5em}
.notes pre{white-space:pre-wrap;padding:10px 12px;background:var(--soft);border-radius:6px}
.notes :not(pre)>code{background:var(--soft);padding:.1em .3em;border-radius:4px}
.notes blockquote{margin:0;padding-left:12px;border-left:3px solid var(--line)}
.file>summary{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline;position:relative;
padding:3px 0 3px 1.4em}
.file>summary code{font-size:.86rem;min-width:0;overflow-wrap:anywhere}
.file>summary::before{content:"\\25b8";position:absolute;left:.2em;color:var(--quiet)}
.file[open]>summary::before{content:"\\25be"}
.file>p{padding:8px 12px}
.come,.gone{font-size:.84em;font-variant-numeric:tabular-nums}
.come{color:var(--come)}
.gone{color:var(--gone)}
.diff{margin:4px 0 10px;padding:6px 0;font-size:.84rem;line-height:1.5;overflow:hidden}
.diff span{display:block;white-space:pre-wrap;overflow-wrap:anywhere;
padding:0 12px 0 calc(12px + 2ch);text-indent:-2ch}
.diff .ins{background:var(--come-back);color:var(--come)}
.diff .del{background:var(--gone-back);color:var(--gone)}
.diff .at{color:var(--quiet)}
.diff mark{color:inherit;border-radius:3px}
.ins mark{background:var(--come-mark)}
.del mark{background:var(--gone-mark)}
.steps{padding-left:1.4em;margin-top:10px;list-style:decimal}
.steps>li{padding:5px 0 5px 4px}
.steps>li::marker{color:var(--quiet)}
.waves>li{padding:4px 0}
.waves b{font-size:.93em}
.findings>li{padding:8px 0 8px 12px;border-left:3px solid var(--major);margin-bottom:10px}
.findings>.error{border-color:var(--gone)}
.findings .problem{font-weight:600;white-space:pre-line}
.severity{background:var(--major-back);color:var(--major)}
.error .severity{background:var(--gone-back);color:var(--gone)}
"""

_WIDTHS = """\
@media (min-width:900px){.sides{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}}
@media (min-width:1100px){
.tall{grid-template-columns:fit-content(46%) minmax(0,1fr);align-items:start}
.tall .in-view{position:sticky;top:56px}}
@media (max-width:640px){
.answers{height:4.6em}
.packages thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.packages tr{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline;padding:7px 0;
border-bottom:1px solid var(--line)}
.packages tbody tr:last-child{border:0}
.packages th,.packages td{border:0;padding:0}
.packages tbody th{flex:1 1 auto;white-space:normal}
.packages td:last-child{flex:1 1 60%;color:var(--quiet)}}
@media print{
:root{color-scheme:light;--back:#fff}
nav,.skip,.answers,.legend{display:none}
details::details-content{content-visibility:visible;block-size:auto}
article,tr{break-inside:avoid}}
"""

STYLE = f"{_COLOURS}{_PAGE}{_HEADER}{_TABLES}{_GRAPH}{_CHANGES}{_WIDTHS}"
"""All of it; what depends on the release is written below it."""
