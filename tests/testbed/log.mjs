// What a step says, with the commands in it that the runner obeys: annotations, masks, and stopping of commands.

const COMMAND = /^::([a-z-]+)(?: ([^:]*(?::[^:]+)*?))?::(.*)$/;

export class Log {
  constructor(masks, report) {
    this.masks = masks;
    this.report = report;
    this.rest = "";
    this.stopped = null;
  }

  write(text) {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop();
    for (const line of lines) this.line(line.replace(/\r$/, ""));
  }

  end() {
    if (this.rest) this.line(this.rest);
    this.rest = "";
  }

  line(line) {
    this.report.raw += `${line}\n`;
    const found = line.trimStart().match(COMMAND);
    if (this.stopped !== null) {
      if (line.trim() === `::${this.stopped}::`) this.stopped = null;
    } else if (found) {
      this.obey(found[1], found[2] ?? "", found[3]);
    }
    this.report.log += `${this.masked(line)}\n`;
  }

  obey(command, properties, message) {
    if (command === "stop-commands") this.stopped = message;
    else if (command === "add-mask") this.masks.push(message);
    else if (["error", "warning", "notice"].includes(command)) {
      const parts = properties.split(",").map((part) => part.match(/^([^=]+)=(.*)$/s)).filter(Boolean);
      const named = Object.fromEntries(parts.map(([, name, value]) => [name.trim(), unescape(value, true)]));
      this.report.annotations.push({ level: command, message: unescape(message), ...named });
    }
  }

  masked(line) {
    return this.masks.filter(Boolean).reduce((text, mask) => text.replaceAll(mask, "***"), line);
  }

  summarize(text) {
    this.report.summary += text;
  }
}

function unescape(text, property = false) {
  const codes = { "%0D": "\r", "%0A": "\n", "%25": "%", ...(property ? { "%3A": ":", "%2C": "," } : {}) };
  return text.replace(/%[0-9A-F]{2}/g, (code) => codes[code] ?? code);
}
