// Lets people see the password they type. Everything else works without scripts.

for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  const turn = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", visible);
  };
  button.type = "button";
  button.className = "show";
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-label", `${input.dataset.show} ${input.labels[0].textContent.toLowerCase()}`);
  button.addEventListener("click", () => turn(input.type === "password"));
  // Browsers offer to remember what was typed into a text field.
  input.form.addEventListener("submit", () => turn(false));
  turn(false);
  input.after(button);
}
