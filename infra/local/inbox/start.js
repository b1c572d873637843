// The form that starts a conversation as whoever a recorder has identified.

/** Calls `onStarted` with each conversation that `form` starts; what is wrong with an entry is said in its `output`. */
export function watchStartForm(form, onStarted) {
  form.onsubmit = async (event) => {
    event.preventDefault();
    const { kind, value, problem } = form.elements;
    const answer = await start({ [kind.value]: value.value });
    problem.value = answer.failure ?? "";
    if (answer.failure) return;
    form.reset();
    form.closest("details").open = false;
    onStarted(answer);
  };
}

async function start(writer) {
  try {
    const response = await fetch("/inbox/conversations", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(writer),
    });
    return await response.json();
  } catch (error) {
    return { failure: `The pretend Intercom does not answer (${error.message}). Is it still running?` };
  }
}
