// The one way in which this page asks the pretend Intercom for something.

/** What is answered to `body`, or `{ failure }` with the reason that nothing is. */
export async function askIntercom(path, body, signal) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal,
    });
    return await response.json();
  } catch (error) {
    return { failure: `The pretend Intercom does not answer (${error.message}). Is it still running?` };
  }
}
