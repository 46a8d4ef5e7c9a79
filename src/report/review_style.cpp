#include "report/review_html.hpp"

namespace changelog::report {

std::string_view review_style() {
    return R"css(:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#5b6470;--line:#dfe3e8;
--panel:#f6f7f9;
--red:#b42318;--red-soft:#fdecea;--amber:#8a5a00;--amber-soft:#fff4d6;--green:#1a6b3c;--green-soft:#e3f5ea;
--blue:#2456b8;--blue-soft:#e8effc}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e6e9ed;--soft:#9aa4b0;--line:#323941;
--panel:#1c2127;
--red:#ff8a80;--red-soft:#3a1d1b;--amber:#f2c14e;--amber-soft:#352a12;--green:#7ad49b;--green-soft:#16301f;
--blue:#8fb4ff;--blue-soft:#1a2740}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Liberation Sans",sans-serif}
nav,main,footer{max-width:1200px;margin:0 auto;padding:0 20px}
header{max-width:1160px;margin:20px auto 0;padding:18px 22px;border-radius:10px;
border-left:8px solid var(--green);
background:var(--green-soft)}
header.block{border-color:var(--red);background:var(--red-soft)}
header.warn{border-color:var(--amber);background:var(--amber-soft)}
.verdict{margin:0;font-weight:800;letter-spacing:.06em;font-size:22px;color:var(--green)}
.block .verdict{color:var(--red)}.warn .verdict{color:var(--amber)}
h1{margin:4px 0 8px;font-size:19px;font-weight:600;line-height:1.35;overflow-wrap:anywhere}
h2{font-size:20px;margin:38px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:15px;margin:18px 0 4px}h4{margin:6px 0;font-size:12px;color:var(--soft);font-weight:600;
text-transform:uppercase;letter-spacing:.05em}
ul.basis{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--soft);
font-size:13px}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;padding-top:14px}
nav a{color:var(--blue);text-decoration:none;font-size:14px}nav a:hover{text-decoration:underline}
ul.tiles{list-style:none;margin:18px 0 0;padding:0;display:grid;gap:10px;
grid-template-columns:repeat(auto-fit,minmax(160px,1fr))}
.tiles li{border:1px solid var(--line);border-radius:8px;padding:10px 14px;background:var(--panel)}
.tiles strong{display:block;font-size:24px;line-height:1.2}
.tiles span{color:var(--soft);font-size:12.5px;line-height:1.3;display:block;overflow-wrap:anywhere}
.tiles .error strong{color:var(--red)}.tiles .warning strong{color:var(--amber)}
.tiles .fine strong{color:var(--green)}
code,pre,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
code{font-size:.88em;overflow-wrap:anywhere}
pre{margin:0;padding:12px 14px;background:var(--panel);border:1px solid var(--line);border-radius:8px;
overflow-x:auto;
font-size:12.5px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
pre b{font-weight:600;color:var(--blue)}pre i{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12px;padding:6px 9px;
border-bottom:2px solid var(--line);
white-space:nowrap}
td{padding:8px 9px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
td code{overflow-wrap:break-word}td.wide code{overflow-wrap:anywhere}
td.number{white-space:nowrap}td.wide{min-width:220px}td small{display:block;color:var(--soft);
line-height:1.35}
tr.error td:first-child{box-shadow:inset 4px 0 var(--red)}
tr.warning td:first-child{box-shadow:inset 4px 0 var(--amber)}
tr.error{background:var(--red-soft)}tr.warning{background:var(--amber-soft)}
.pill{display:inline-block;white-space:nowrap;padding:0 8px;border-radius:9px;font-size:12px;font-weight:600;
line-height:1.6}
.pill.safe{background:var(--green-soft);color:var(--green)}.pill.care{background:var(--amber-soft);
color:var(--amber)}
.pill.loss{background:var(--red-soft);color:var(--red)}
tr.error .pill,tr.warning .pill{background:var(--paper)}
input[type=radio]{position:absolute;opacity:0}
input[type=radio]+label{display:inline-block;margin:0 6px 12px 0;padding:2px 12px;
border:1px solid var(--line);
border-radius:14px;font-size:13px;color:var(--soft);cursor:pointer}
input[type=radio]:checked+label{background:var(--blue-soft);border-color:var(--blue);color:var(--blue)}
input[type=radio]:focus-visible+label{outline:2px solid var(--blue)}
#rows-grave:checked~.scroll tr.calm{display:none}
#level-should:checked~.note,#level-must:checked~.note,#level-must:checked~.warning{display:none}
.finding{border:1px solid var(--line);border-left:5px solid var(--soft);border-radius:8px;
padding:10px 16px 14px;
margin:0 0 12px}
.finding.error{border-left-color:var(--red)}.finding.warning{border-left-color:var(--amber)}
.finding h3{margin:2px 0;font-weight:600;overflow-wrap:anywhere}.finding.error h3 b{color:var(--red)}
.finding.warning h3 b{color:var(--amber)}
.place{margin:0 0 6px;color:var(--soft);font-size:13px}.why{margin:6px 0;white-space:pre-line}
.fix{margin:10px 0 6px}.next{margin:6px 0;padding-left:20px}
.plus{color:var(--green);background:var(--green-soft)}.minus{color:var(--red);background:var(--red-soft)}
.hunk{color:var(--soft)}.change{color:var(--amber)}.diff span{display:inline-block;min-width:100%;
margin-bottom:-1.5em}
details{border:1px solid var(--line);border-radius:8px;padding:8px 14px;margin:0 0 10px}
summary{cursor:pointer;font-weight:600}summary small{font-weight:400;color:var(--soft)}
.both{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:12px;margin:8px 0 4px}
.proof{padding:8px 14px;border-radius:8px;background:var(--green-soft);color:var(--green)}
.proof.loss{background:var(--red-soft);color:var(--red)}
p.note{color:var(--soft);font-size:13px}
svg{display:block;margin:14px 0;font-size:12px}svg text{fill:var(--ink)}
svg rect{fill:var(--panel);stroke:var(--soft);stroke-width:1.2}
svg rect.new{fill:var(--green-soft);stroke:var(--green)}svg rect.changed{fill:var(--amber-soft);
stroke:var(--amber)}
svg rect.gone{fill:var(--red-soft);stroke:var(--red)}
svg rect.table{fill:var(--paper)}
svg .name{font-weight:700}svg .type,svg .more{fill:var(--soft)}
svg text.new{fill:var(--green);font-weight:600}svg text.changed{fill:var(--amber);font-weight:600}
svg text.gone{fill:var(--red);text-decoration:line-through}
svg .edge{fill:none;stroke:var(--soft);stroke-width:1.2;opacity:.75}svg .edge.new{stroke:var(--green)}
svg .edge.gone{stroke:var(--red)}svg .tip{fill:var(--soft)}
footer{padding-top:26px;padding-bottom:30px;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
@media (max-width:760px){header,nav,main,footer{padding-left:12px;padding-right:12px}header{margin:0;
border-radius:0}
.both{grid-template-columns:minmax(0,1fr)}
thead{display:none}table,tbody,tr,td{display:block;width:100%}td{border:0;padding:2px 10px 2px 100px;
position:relative;
min-height:24px}td.none{display:none}td.number{white-space:normal}td.wide{min-width:0}
td::before{content:attr(data-label);position:absolute;left:10px;color:var(--soft);font-size:12px}
tr{border:1px solid var(--line);border-radius:8px;margin-bottom:8px;padding:6px 0}
tr.error{border-left:5px solid var(--red)}tr.warning{border-left:5px solid var(--amber)}
tr.error td:first-child,tr.warning td:first-child{box-shadow:none}}
@media print{nav,input,input+label{display:none!important}body{font-size:11px}details{break-inside:avoid}
.finding,tr{break-inside:avoid}header,main,footer{max-width:none}}
)css";
}

}  // namespace changelog::report
