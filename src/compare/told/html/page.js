(function(){
"use strict";
var form=document.getElementById("filter"),text=document.getElementById("text"),section=document.getElementById("section");
var kinds=Array.prototype.slice.call(form.querySelectorAll("input[type=checkbox]"));
var entries=Array.prototype.slice.call(document.querySelectorAll(".entry"));
var groups=Array.prototype.slice.call(document.querySelectorAll(".group"));
var count=document.getElementById("count"),waiting=0;
form.hidden=false;
function apply(){
  var words=text.value.toLowerCase().split(/\s+/).filter(Boolean),shown=0;
  var on={};
  kinds.forEach(function(box){on[box.value]=box.checked;});
  entries.forEach(function(entry){
    if(entry.words===undefined)entry.words=entry.textContent.toLowerCase();
    var fits=on[entry.dataset.kind]!==false&&(!section.value||(" "+entry.dataset.section+" ").indexOf(" "+section.value+" ")>=0)&&words.every(function(word){return entry.words.indexOf(word)>=0;});
    entry.hidden=!fits;
    if(fits)shown+=1;
  });
  groups.forEach(function(group){
    var own=group.querySelectorAll(".entry:not([hidden])").length,none=group.querySelector(".none");
    if(none)none.hidden=own>0;
  });
  count.textContent="Shown: "+shown+" of "+entries.length;
}
function soon(){clearTimeout(waiting);waiting=setTimeout(apply,120);}
text.addEventListener("input",soon);
section.addEventListener("change",apply);
kinds.forEach(function(box){box.addEventListener("change",apply);});
form.addEventListener("submit",function(event){event.preventDefault();apply();});
form.addEventListener("reset",function(){setTimeout(apply,0);});
function fold(open){Array.prototype.forEach.call(document.querySelectorAll(".entry:not([hidden]) details"),function(d){d.open=open;});}
document.getElementById("unfold").addEventListener("click",function(){fold(true);});
document.getElementById("fold").addEventListener("click",function(){fold(false);});
var opened=[];
window.addEventListener("beforeprint",function(){opened=Array.prototype.filter.call(document.querySelectorAll(".witness"),function(d){return !d.open;});opened.forEach(function(d){d.open=true;});});
window.addEventListener("afterprint",function(){opened.forEach(function(d){d.open=false;});});
function toTarget(){
  var target=location.hash&&document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if(!target)return;
  var entry=target.closest(".entry");
  if(entry&&entry.hidden){form.reset();setTimeout(function(){target.scrollIntoView();},10);}
  for(var d=target.closest("details");d;d=d.parentElement&&d.parentElement.closest("details"))d.open=true;
}
window.addEventListener("hashchange",toTarget);
toTarget();
apply();
})();
