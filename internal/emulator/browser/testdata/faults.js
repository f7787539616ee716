// Lists what keeps people from using the page: in words, nothing when it is fine.
(() => {
  const found = [];
  const want = (holds, fault) => { if (!holds) found.push(fault); };

  want(document.documentElement.lang === "en", "the page doesn't say its language");
  want(document.title.trim() !== "", "the page has no title");
  for (const name of ["main", "h1", "header"]) {
    want(document.querySelectorAll(name).length === 1, `the page has not exactly one <${name}>`);
  }
  want(document.scripts.length === 0, "the page has scripts");
  const page = document.documentElement;
  want(page.scrollWidth <= page.clientWidth, `the page is ${page.scrollWidth} pixels wide on a screen of ${page.clientWidth}`);

  for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    want(control.labels.length === 1, `a control has no label: ${control.outerHTML}`);
  }
  for (const radio of document.querySelectorAll("input[type=radio]")) {
    want(radio.closest("fieldset")?.querySelector("legend"), `radio buttons have no legend: ${radio.outerHTML}`);
  }
  for (const button of document.querySelectorAll("button, a")) {
    want(button.innerText.trim() !== "", `something to click on has no name: ${button.outerHTML}`);
  }
  for (const cell of document.querySelectorAll("th")) {
    want(cell.scope !== "", `a heading of a table doesn't say what it heads: ${cell.innerText}`);
  }
  for (const reference of document.querySelectorAll("[aria-labelledby]")) {
    want(document.getElementById(reference.getAttribute("aria-labelledby")), `a label is missing: ${reference.outerHTML}`);
  }

  // Contrast of text as WCAG 2.2 computes it; 4.5 is its level AA.
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.data.trim();
    const element = texts.currentNode.parentElement;
    if (!words || !element.checkVisibility()) continue;
    const levels = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
    const contrast = (levels[0] + 0.05) / (levels[1] + 0.05);
    want(contrast >= 4.5, `the contrast of ${JSON.stringify(words)} is ${contrast.toFixed(1)}`);
  }
  return found;
})()
