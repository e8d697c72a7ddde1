// What is asked of a page from inside it. Each function is sent to the browser by itself, so none may use another.

export const text = () => (document.body?.innerText || '').replace(/\s+/g, ' ').trim();

export const sentences = () =>
  [...document.querySelectorAll('h1,h2,h3,p,li,label,legend,summary,button')]
    .filter((element) => element.checkVisibility?.() !== false)
    .map((element) => element.textContent.trim().replace(/([^.!?:])$/, '$1.'))
    .join(' ');

export const head = () => ({
  title: document.title,
  description: document.querySelector('meta[name=description]')?.content || '',
  icon: [...document.querySelectorAll('link[rel~=icon],link[rel=manifest]')]
    .map((link) => link.getAttribute('href'))
    .join(' '),
  lang: document.documentElement.lang,
  direction: getComputedStyle(document.documentElement).direction,
  brought: [
    ...document.querySelectorAll('link[href],script[src],img[src],iframe[src],video[src],audio[src],object[data]'),
  ]
    .map((element) => element.href || element.src || element.data)
    .filter((address) => /^https?:/.test(address)),
  pictures: [...document.querySelectorAll('svg[role=img], img[src$=".svg"]')].filter(
    (picture) => !picture.closest('figure')?.querySelector('figcaption, table'),
  ).length,
});

// What cannot be done without scripts, and what puts words into an address.
export const forms = () =>
  [...document.forms].flatMap((form, place) => {
    const faults = [];
    const name = form.id || form.name || `form ${place + 1}`;
    const sends = 'button:not([type=button]):not([type=reset]), input[type=submit], input[type=image]';
    if (!form.querySelector(sends)) faults.push(`${name}: no button that sends it without scripts`);
    const isGet = (form.getAttribute('method') || 'get').toLowerCase() === 'get';
    const chosen = ['hidden', 'search', 'checkbox', 'radio', 'date', 'month'].map((type) => `:not([type=${type}])`);
    if (isGet && form.querySelector(`textarea, input${chosen.join('')}`))
      faults.push(`${name}: puts what is typed into the address and the history`);
    return faults;
  });

export const deadLinks = () =>
  [...document.querySelectorAll('a')]
    .filter((link) => {
      const address = link.getAttribute('href');
      return address === null || address === '#' || /^javascript:/i.test(address);
    })
    .map((link) => `link without an address: ${link.textContent.trim().slice(0, 30)}`)
    .concat(
      [...document.querySelectorAll('[onclick],[onload],[onchange],[onsubmit],[style],style,script:not([src])')].map(
        (element) => `inline script or style: <${element.tagName.toLowerCase()}>`,
      ),
    );

// What a browser would remember, or send to its maker, of what is typed.
export const remembered = () => {
  const faults = [];
  const typed = ['hidden', 'submit', 'button', 'radio', 'checkbox', 'file']
    .map((type) => `:not([type=${type}])`)
    .join('');
  for (const field of document.querySelectorAll(`input${typed}, textarea`)) {
    const name = field.name || field.id || field.tagName;
    const completes = field.getAttribute('autocomplete') || field.form?.getAttribute('autocomplete') || '';
    if (completes !== 'off') faults.push(`${name}: autocomplete is on`);
    if (field.tagName === 'TEXTAREA' && field.getAttribute('spellcheck') !== 'false')
      faults.push(`${name}: spellcheck is on`);
  }
  try {
    if (localStorage.length) faults.push('localStorage is used');
    if (sessionStorage.length) faults.push('sessionStorage is used');
  } catch {
    // Storage is closed: nothing can be in it.
  }
  return faults;
};

// WCAG 1.4.10: nothing stands beyond the edge of a narrow page.
export const overflow = () => {
  const width = document.documentElement.clientWidth;
  const needed = document.documentElement.scrollWidth;
  if (needed <= width + 1) return [];
  const scrolls = (element) => {
    for (let around = element.parentElement; around; around = around.parentElement)
      if (/(auto|scroll|hidden|clip)/.test(getComputedStyle(around).overflowX)) return true;
    return false;
  };
  const beyond = [...document.body.querySelectorAll('*')]
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width && (box.right > width + 1 || box.left < -1) && !scrolls(element);
    })
    .slice(0, 3)
    .map((element) => `<${element.tagName.toLowerCase()} ${element.className}>`);
  return [`${needed} px wide where ${width} px are: ${beyond.join(' ')}`];
};

// Text that is hard to read on a phone, and what is too small for a thumb (links inside a sentence excepted).
export const small = () => {
  const faults = new Set();
  const shown = (element) => element.checkVisibility?.({ visibilityProperty: true }) !== false;
  const name = (element) => `<${element.tagName.toLowerCase()} ${element.className}>`;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !shown(around)) continue;
    const size = parseFloat(getComputedStyle(around).fontSize);
    if (size < 12) faults.add(`${name(around)} is written at ${size} px`);
  }
  const touched =
    'button, summary, textarea, select, label.choice, a, input:not([type=hidden]):not([type=radio]):not([type=checkbox])';
  for (const element of document.querySelectorAll(touched)) {
    const box = element.getBoundingClientRect();
    const isInLine = getComputedStyle(element).display === 'inline';
    const isHeard = box.width <= 1;
    if (shown(element) && !isInLine && !isHeard && box.height < 43.9)
      faults.add(`${name(element)} is ${box.height.toFixed(0)} px high`);
  }
  return [...faults];
};

// How soon something was seen (milliseconds), and how much of it moved afterwards.
export const painting = () =>
  new Promise((tell) => {
    let moved = 0;
    const watch = (type, see) =>
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
    watch('layout-shift', (entry) => (moved += entry.value));
    watch('paint', (entry) => {
      if (entry.name === 'first-contentful-paint') setTimeout(() => tell({ first: entry.startTime, moved }), 60);
    });
    setTimeout(() => tell({ first: Infinity, moved }), 10000);
  });

// The stops of the Tab key, numbered; of a group of radio buttons it stops at one.
export const stops = () =>
  [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]')]
    .filter(
      (element) =>
        !element.disabled &&
        element.tabIndex >= 0 &&
        element.checkVisibility?.({ visibilityProperty: true }) !== false &&
        !element.closest('[inert]'),
    )
    .filter((element, _, all) => {
      if (element.type !== 'radio' || !element.name) return true;
      const group = all.filter(
        (other) => other.type === 'radio' && other.name === element.name && other.form === element.form,
      );
      return (group.find((other) => other.checked) ?? group[0]) === element;
    })
    .map((element, place) => {
      element.setAttribute('data-stop', place);
      return element.tagName.toLowerCase() + (element.id ? '#' + element.id : '');
    });

export const focused = () => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const middle = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)),
    Math.min(innerHeight - 1, Math.max(0, box.top + box.height / 2)),
  );
  return {
    stop: element.getAttribute('data-stop'),
    name: element.tagName.toLowerCase() + (element.id ? '#' + element.id : ''),
    hasRing: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none',
    isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    isCovered: !!middle && !element.contains(middle) && !middle.contains(element) && !middle.closest('label'),
  };
};
