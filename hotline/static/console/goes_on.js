// Goes on by itself with work that takes many steps. Without this file the button of each step does.
const form = document.querySelector('form[data-goes-on]');
if (form) setTimeout(() => form.requestSubmit(), 250);
