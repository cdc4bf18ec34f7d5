/* Asking the server: each scan has a key made here, and is sent again with it until there is an answer. */

const PATIENCE = 8000;
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];

/** 128 random bits. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An answer that sending again would not change; code: the status. */
export class Broken extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

export class Line {
  /** onState(unsent) is called whenever the number of requests still on their way without an answer changes. */
  constructor(api, token, onState) {
    this.api = api;
    this.token = token;
    this.onState = onState;
    this.unsent = 0;
    window.addEventListener("beforeunload", (event) => this.unsent > 0 && event.preventDefault());
  }

  async get(path, headers = {}) {
    const answer = await fetch(this.api + path, { headers, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok && answer.status !== 304) throw new Broken(answer.status);
    return answer;
  }

  /** Send until answered. onWait is called once, when the first try got none. */
  async send(path, body, onWait = () => {}) {
    let waited = false;
    try {
      for (let tries = 0; ; tries += 1) {
        const answer = await this.once(path, body);
        if (answer) return answer;
        if (!waited) {
          waited = true;
          this.onState((this.unsent += 1));
          onWait();
        }
        await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
      }
    } finally {
      if (waited) this.onState((this.unsent -= 1));
    }
  }

  async once(path, body) {
    let answer;
    try {
      answer = await fetch(this.api + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) return await answer.json();
    } catch {
      return null;
    }
    if (answer.status === 429 || answer.status >= 500) return null;
    throw new Broken(answer.status);
  }
}

/** Wait, but no longer than until the network is back. */
function pause(length) {
  return new Promise((go) => {
    setTimeout(go, length);
    window.addEventListener("online", go, { once: true });
  });
}
