"use strict";
// The page is whole without this: it filters the findings, and opens the list of events that a link leads to.
(() => {
  const filter = document.getElementById("filter");
  if (filter) {
    const findings = [...document.querySelectorAll(".findings > li")].map(item => ({ item, text: item.textContent.toLowerCase() }));
    const contains = document.getElementById("contains");
    const shown = document.getElementById("shown");
    const show = () => {
      const levels = new Set([...filter.querySelectorAll("input[name=level]:checked")].map(box => box.value));
      const wanted = contains.value.trim().toLowerCase();
      let count = 0;
      for (const { item, text } of findings) {
        item.hidden = !levels.has(item.dataset.level) || !text.includes(wanted);
        count += item.hidden ? 0 : 1;
      }
      shown.textContent = `${count} of ${findings.length} shown`;
    };
    filter.hidden = false;
    filter.addEventListener("input", show);
    filter.addEventListener("submit", event => event.preventDefault());
    show();
  }
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.querySelector("summary").focus();
      target.scrollIntoView();
    } else if (target?.hidden) {
      // A link to a finding that the filter hides.
      target.hidden = false;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", open);
  open();
})();
