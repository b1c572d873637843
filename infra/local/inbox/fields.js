// The components with a value: what a submit sends along, under the component's id.

import { element } from "./dom.js";
import { CanvasError, oneOf, required } from "./rules.js";

/** One function for each component type with a value. */
export const FIELDS = {
  input(component, canvasState) {
    const control = textControl("input", component, isLocked(component));
    canvasState.hold(component.id, () => control.value);
    if (!component.action) return labelled(component, control.id, control);

    const submit = () => canvasState.submit(component.id);
    control.onkeydown = (event) => event.key === "Enter" && submit();
    const button = element(
      "button",
      { type: "button", class: "inline-action", disabled: isLocked(component), onclick: submit,
        "aria-label": `Submit ${component.label ?? ""}`.trim() },
      "→",
    );
    return labelled(component, control.id, element("div", { class: "with-action" }, control, button));
  },

  textarea(component, canvasState) {
    const control = textControl("textarea", component, Boolean(component.disabled));
    control.rows = 3;
    canvasState.hold(component.id, () => control.value);
    return labelled(component, control.id, control, component.error ? "failed" : "unsaved");
  },

  dropdown(component, canvasState) {
    const choices = options(component, 2, 10).map((option) =>
      element("option", { value: option.id, disabled: Boolean(option.disabled), selected: option.id === component.value }, option.text));
    const control = element("select", { id: newDomId(), disabled: isLocked(component) },
      element("option", { value: "", selected: !component.value, hidden: true }, "Select…"), choices);
    canvasState.hold(component.id, () => control.value || null);
    return labelled(component, control.id, control);
  },

  "single-select"(component, canvasState) {
    const group = choiceGroup("radio", component, options(component, 2, 10), [component.value]);
    canvasState.hold(component.id, () => group.chosen()[0] ?? null);
    if (component.action) group.element.onchange = () => canvasState.submit(component.id);
    return group.element;
  },

  checkbox(component, canvasState) {
    const group = choiceGroup("checkbox", component, options(component, 1, Infinity), component.value ?? []);
    canvasState.hold(component.id, () => group.chosen());
    return group.element;
  },
};

let drawn = 0;

/** Component ids are any text and come again with the next canvas; an element's id is ours. */
function newDomId() {
  return `field-${(drawn += 1)}`;
}

function saveState(component) {
  return oneOf(component, "save_state", ["unsaved", "saved", "failed"]);
}

/** `saved` locks a control whatever `disabled` says. */
function isLocked(component) {
  return saveState(component) === "saved" || Boolean(component.disabled);
}

function textControl(tag, component, disabled) {
  return element(tag, {
    id: newDomId(), value: component.value ?? "", placeholder: component.placeholder ?? "", disabled,
    "aria-label": component.label ? null : component.placeholder ?? component.id,
    "aria-invalid": component.error || component.save_state === "failed" ? "true" : null,
  });
}

function labelled(component, controlId, content, state = saveState(component)) {
  return element("div", { class: `field ${state}` },
    component.label ? element("label", { for: controlId }, component.label) : null, content);
}

function options(component, fewest, most) {
  const list = required(component, "options", component.type);
  if (list.length < fewest || list.length > most) {
    throw new CanvasError(`${component.type} has ${list.length} options, not ${fewest} to ${most}`);
  }
  for (const option of list) {
    if (option.type !== "option") throw new CanvasError(`${component.type} has an option of the type "${option.type}"`);
    required(option, "id", "option");
    required(option, "text", "option");
  }
  return list;
}

function choiceGroup(type, component, list, chosenIds) {
  const name = newDomId();
  const boxes = list.map((option) => element("input", {
    type, name, value: option.id, checked: chosenIds.includes(option.id), disabled: Boolean(option.disabled),
  }));
  const fieldset = element("fieldset", { class: `field ${saveState(component)}`, disabled: isLocked(component) },
    component.label ? element("legend", {}, component.label) : null,
    element("div", { class: "choices" },
      boxes.map((box, index) => element("label", { class: "choice" }, box, element("span", {}, list[index].text)))));
  return { element: fieldset, chosen: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}
