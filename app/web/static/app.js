/* What pages gain when scripts run. Every act works without it. */
(function () {
  'use strict';
  const root = document.documentElement;
  const YEAR = 365 * 24 * 3600;
  const WARN_SECONDS = 120;
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  /* Letter size and colours change at once; the cookie tells the server for the next page. */
  function chooseDisplay(event) {
    const button = event.target.closest('[data-display] [data-set] button');
    if (!button) return;
    event.preventDefault();
    const name = button.name;
    if (button.value === 'm' || button.value === 'auto') delete root.dataset[name];
    else root.dataset[name] = button.value;
    document.cookie = name + '=' + button.value + ';path=/;max-age=' + YEAR + ';samesite=lax' +
      (location.protocol === 'https:' ? ';secure' : '');
    button.parentNode.querySelectorAll('button').forEach((other) => {
      other.setAttribute('aria-pressed', String(other === button));
    });
  }

  function closeMenus(event) {
    each('.menu[open]', (menu) => {
      if (event.type === 'click' && !menu.contains(event.target)) menu.open = false;
      if (event.type === 'keydown' && event.key === 'Escape') {
        menu.open = false;
        menu.querySelector('summary').focus();
      }
    });
  }

  /* The chosen time in words, beside the button; `data-said` holds the words for none. */
  function sayChoice() {
    const place = document.querySelector('[data-said]');
    const chosen = document.querySelector('[data-say]:checked');
    if (place) place.textContent = chosen ? chosen.dataset.say : place.dataset.said;
  }

  function countLetters(event) {
    each('[data-count]', (place) => {
      const area = document.getElementById(place.dataset.count);
      if (area && (!event || event.target === area)) {
        place.textContent = place.dataset.words.replace('{n}', String(area.value.trim().length));
      }
    });
  }

  /* A slider says where it stands. */
  function sayWeight(event) {
    const slider = event.target;
    if (slider.type !== 'range') return;
    each('output[for="' + slider.id + '"]', (place) => { place.textContent = slider.value; });
  }

  /* A second press while the first is on its way is swallowed. */
  function holdSecondPress(event) {
    const form = event.target;
    if ((form.getAttribute('method') || '').toLowerCase() !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = 'yes';
    const button = event.submitter;
    if (!button || button.closest('[data-display]')) return;
    button.setAttribute('aria-disabled', 'true');
    if (!button.classList.contains('btn')) return;
    const saying = document.createElement('span');
    saying.className = 'small';
    saying.dataset.savingWord = 'yes';
    saying.setAttribute('role', 'status');
    saying.textContent = document.body.dataset.saving;
    button.append(saying);
  }

  /* A page shown again from the browser's memory must be usable again. */
  function allowPresses() {
    each('form[data-sending]', (form) => { delete form.dataset.sending; });
    each('[aria-disabled="true"]', (button) => { button.removeAttribute('aria-disabled'); });
    each('[data-saving-word]', (word) => { word.remove(); });
  }

  /* Seconds come from the server: the clock of a phone may be wrong. */
  function tickHold(place, endsAt) {
    const left = Math.floor((endsAt - performance.now()) / 1000);
    const warning = document.querySelector('[data-hold-warning]');
    if (left <= 0) {
      place.textContent = place.dataset.over;
      return;
    }
    place.textContent = place.dataset.words
      .replace('{m}', String(Math.floor(left / 60))).replace('{s}', String(left % 60));
    if (warning && left <= WARN_SECONDS && !warning.textContent) {
      warning.textContent = warning.dataset.holdWarning;
    }
    setTimeout(() => tickHold(place, endsAt), 1000);
  }

  function start() {
    const errors = document.querySelector('[data-focus]');
    if (errors) errors.focus();
    countLetters();
    sayChoice();
    each('[data-hold-seconds]', (place) => {
      tickHold(place, performance.now() + Number(place.dataset.holdSeconds) * 1000);
    });
  }

  function afterSwap(event) {
    const changed = event.target.querySelector('[data-focus], [data-focus-after-swap]');
    const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (asked && asked.matches('.day')) {
      each('.day[aria-current]', (day) => { day.removeAttribute('aria-current'); });
      asked.setAttribute('aria-current', 'date');
    }
    if (changed) changed.focus();
    countLetters();
    sayChoice();
  }

  document.addEventListener('click', chooseDisplay);
  document.addEventListener('click', closeMenus);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
  document.addEventListener('keydown', closeMenus);
  document.addEventListener('change', sayChoice);
  document.addEventListener('input', countLetters);
  document.addEventListener('input', sayWeight);
  document.addEventListener('submit', holdSecondPress);
  document.addEventListener('htmx:afterSettle', afterSwap);
  window.addEventListener('pageshow', (event) => { if (event.persisted) allowPresses(); });
  start();
})();
