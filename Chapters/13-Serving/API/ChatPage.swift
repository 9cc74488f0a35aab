/// A page to talk with the model: one file, no library, nothing from elsewhere.
///
/// What the model writes is shown as text and never as markup. Its thought is folded, and opens when
/// somebody wants to read it.
enum ChatPage {
  /// The answer to a browser.
  static var response: HTTPResponse {
    var response = HTTPResponse(type: "text/html; charset=utf-8", html)
    response.headers.append(
      HTTPHeader(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"))
    return response
  }

  static let html = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The Little DeepSeek</title>
    <style>
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
    body { max-width: 42rem; margin: 0 auto; padding: 1rem; }
    article { margin: .75rem 0; padding: .5rem .75rem; border-radius: .5rem;
      white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; }
    article.user { margin-left: 4rem; background: #4a90d922; }
    article.error { border-color: #d33; }
    details { color: GrayText; border-left: 3px solid #8886; padding-left: .75rem; }
    form { display: flex; gap: .5rem; position: sticky; bottom: 0; padding: .5rem 0;
      background: Canvas; }
    textarea { flex: 1; font: inherit; padding: .5rem; resize: vertical; }
    button { font: inherit; padding: 0 1rem; }
    </style>
    <h1>The Little DeepSeek</h1>
    <main aria-live="polite"></main>
    <form>
      <textarea rows="2" aria-label="Your message" placeholder="Ask something" required></textarea>
      <button>Send</button><button type="button">New</button>
    </form>
    <script>
    "use strict";
    const page = document.querySelector("main"), form = document.querySelector("form");
    const box = form.querySelector("textarea"), [sendButton, newButton] =
      form.querySelectorAll("button");
    let messages = [], running = null;

    function add(kind, text) {
      const article = document.createElement("article");
      article.className = kind;
      const body = document.createElement("div");
      body.textContent = text;
      article.append(body);
      page.append(article);
      article.scrollIntoView({ block: "end" });
      return { article, body };
    }

    function thoughtOf(shown) {
      if (shown.thought) return shown.thought;
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "Thought";
      shown.thought = document.createElement("div");
      details.append(summary, shown.thought);
      shown.article.prepend(details);
      return shown.thought;
    }

    async function call(messages, stop) {
      const headers = { "Content-Type": "application/json" };
      const token = sessionStorage.getItem("token");
      if (token) headers.Authorization = "Bearer " + token;
      return fetch("/v1/chat/completions", { method: "POST", headers, signal: stop,
        body: JSON.stringify({ messages, stream: true }) });
    }

    async function answer() {
      running = new AbortController();
      sendButton.textContent = "Stop";
      const shown = add("assistant", ""), asked = messages;
      let said = "";
      try {
        let response = await call(asked, running.signal);
        if (response.status === 401) {
          sessionStorage.setItem("token", prompt("The server asks for its token.") ?? "");
          response = await call(asked, running.signal);
        }
        if (!response.ok) throw new Error((await response.json()).error.message);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let rest = "";;) {
          const { value, done } = await reader.read();
          if (done) break;
          const lines = (rest + value).split("\\n");
          rest = lines.pop();
          for (const line of lines) {
            if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
            const delta = JSON.parse(line.slice(6)).choices[0]?.delta ?? {};
            if (delta.reasoning_content) thoughtOf(shown).textContent += delta.reasoning_content;
            if (delta.content) shown.body.textContent = said += delta.content;
          }
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          shown.article.classList.add("error");
          shown.body.textContent = error.message;
          asked.pop();
          return;
        }
      } finally {
        running = null;
        sendButton.textContent = "Send";
      }
      asked.push({ role: "assistant", content: said });
    }

    form.addEventListener("submit", event => {
      event.preventDefault();
      if (running) return running.abort();
      messages.push({ role: "user", content: box.value });
      add("user", box.value);
      box.value = "";
      answer();
    });
    box.addEventListener("keydown", event => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        if (box.value.trim() && !running) form.requestSubmit();
      }
    });
    newButton.addEventListener("click", () => {
      running?.abort();
      messages = [];
      page.replaceChildren();
      box.focus();
    });
    </script>
    </html>

    """
}
