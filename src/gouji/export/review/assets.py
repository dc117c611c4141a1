"""Style and script of the review pages; they stand in every page, so that a page can travel alone.

Keys: j k  next and previous item · g  first · 1–4  findings, figures, scores, unclaimed · Esc  no highlight
"""

from __future__ import annotations

import base64
import hashlib

STYLE = """
*{box-sizing:border-box}
body{font:15px/1.65 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC","宋体",sans-serif;color:#222;margin:0;background:#f3f4f6}
header{background:#24405e;color:#fff;padding:.5rem 1rem} header h1{font-size:1.15rem;margin:0}
header p{margin:.1rem 0;font-size:.85rem}
header a{color:#cfe3ff}
.two{display:grid;grid-template-columns:minmax(0,1fr) 30rem;height:calc(100vh - 5.2rem)}
main{overflow:auto;background:#fff;padding:1rem 1.2rem} aside{overflow:auto;border-left:1px solid #c9ced6;padding:.4rem .8rem;overflow-x:hidden}
main table{border-collapse:collapse;margin:.8rem 0;font-size:.88rem} main td{border:1px solid #999;padding:.12rem .4rem;vertical-align:top}
main p{margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere} main td{min-width:3em} main td p{margin:0;overflow-wrap:break-word}
aside th{white-space:nowrap}
nav{position:sticky;top:-.4rem;background:#f3f4f6;padding:.4rem 0;z-index:1} nav a{margin-right:.8rem;color:#24405e}
h2{font-size:1rem;margin:.9rem 0 .3rem;border-bottom:2px solid #24405e}
.item{background:#fff;border:1px solid #d7dbe0;border-left:5px solid #9aa4b0;border-radius:3px;margin:.3rem 0;padding:.25rem .5rem;cursor:pointer}
.item p{margin:.1rem 0;overflow-wrap:anywhere} .item small{color:#666}
.item.hard{border-left-color:#c00000}.item.explain{border-left-color:#e08a00}.item.note{border-left-color:#3f7fbf}
.item.on{outline:3px solid #24405e}
aside table{border-collapse:collapse;width:100%;font-size:.85rem;background:#fff}
aside th,aside td{overflow-wrap:anywhere;border:1px solid #d7dbe0;padding:.1rem .35rem;text-align:left;vertical-align:top}
tr.item{cursor:pointer} td.v{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.value,.zero{background:#e8f4e6}.blank,.missing{background:#e4e4e4}.none{background:#eef2f7}.unreadable{background:#fff2a8}.withheld{background:#e2daf0}
main .hard{background:#ffc7ce}main .explain{background:#ffe0b2}main .note{background:#d5e6f7}
main .seen{cursor:pointer} main .target{outline:3px solid #c00000;outline-offset:-1px}
.index{padding:1rem}.index table{background:#fff;border-collapse:collapse;width:100%}
.index th,.index td{border:1px solid #c9ced6;padding:.2rem .5rem;text-align:left}
.index td.v{text-align:right}
@media (max-width:60rem){.two{display:block;height:auto}aside{border:0}}
@media print{body{background:#fff}.two{display:block;height:auto}main,aside{overflow:visible}aside{page-break-before:always}
nav{display:none}header{color:#000;background:none}header a{display:none}}
"""
SCRIPT = """
"use strict";
const items=[...document.querySelectorAll(".item[data-at]")],places=new Map();let at=-1;
for(const [n,item] of items.entries())for(const id of item.dataset.at.split(" "))if(id&&!places.has(id))places.set(id,n);
function clear(){for(const e of document.querySelectorAll(".target,.on"))e.classList.remove("target","on")}
function show(n,fromText){if(n<0||n>=items.length)return;clear();at=n;const item=items[n];item.classList.add("on");
 const ids=item.dataset.at.split(" ").filter(id=>id&&document.getElementById(id));
 for(const id of ids)document.getElementById(id).classList.add("target");
 if(!fromText&&ids.length)document.getElementById(ids[0]).scrollIntoView({block:"center",inline:"nearest"});
 item.scrollIntoView({block:"nearest"})}
for(const [n,item] of items.entries())item.addEventListener("click",()=>show(n,false));
for(const id of places.keys()){const e=document.getElementById(id);if(e){e.classList.add("seen");
 e.addEventListener("click",event=>{event.stopPropagation();show(places.get(id),true)})}}
document.addEventListener("keydown",event=>{if(event.ctrlKey||event.metaKey||event.altKey)return;
 if(event.key==="j")show(Math.min(at+1,items.length-1),false);else if(event.key==="k")show(Math.max(at-1,0),false);
 else if(event.key==="g")show(0,false);else if(event.key==="Escape"){clear();at=-1}
 else if("1234".includes(event.key)){const part=document.getElementById("part"+event.key);if(part){part.scrollIntoView();
  const first=items.findIndex(item=>part.compareDocumentPosition(item)&Node.DOCUMENT_POSITION_FOLLOWING);if(first>=0)show(first,false)}}});
if(location.hash){const n=places.get(location.hash.slice(1));if(n!==undefined)show(n,false)}
"""


def name_hash(script: str) -> str:
    """The hash under which a policy allows this script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{name_hash(SCRIPT)}'; base-uri 'none'; form-action 'none'"
FOOT = f"<script>{SCRIPT}</script></body></html>\n"


def open_page(title: str) -> str:
    """The head of a page; `title` is escaped already."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n"
    )
