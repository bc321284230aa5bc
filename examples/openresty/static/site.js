// Lets people see the password they type, marks the rules that it meets, and
// sends a form once. Everything else works without scripts, and so does this.

for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  const turn = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-label", visible ? input.dataset.hideLabel : input.dataset.showLabel);
  };
  button.type = "button";
  button.className = "show";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => turn(input.type === "password"));
  // Browsers offer to remember what was typed into a text field.
  input.form.addEventListener("submit", () => turn(false));
  turn(false);
  input.after(button);
}

for (const input of document.querySelectorAll("input[data-rules]")) {
  const list = document.getElementById(input.dataset.rules);
  const rules = [...list.querySelectorAll("[data-rule]")].map((item) => ({
    item, pattern: new RegExp(item.dataset.rule, "su"), state: item.querySelector(".state"),
  }));
  input.addEventListener("input", () => {
    for (const { item, pattern, state } of rules) {
      const met = pattern.test(input.value);
      item.classList.toggle("met", met);
      item.classList.remove("missing");
      state.textContent = " " + (met ? list.dataset.met : list.dataset.missing);
    }
  });
}

// A second press would be a second try. The page may come back from the
// browser's memory: then the form is fresh.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.sent) event.preventDefault();
    form.sent = true;
    setTimeout(() => { form.sent = false; }, 10000); // the network may have failed
  });
  addEventListener("pageshow", () => { form.sent = false; });
}
