//! The code of a tutorial: console sessions, and files in a dozen languages.
//!
//! Pieces are joined until a block is long enough. Names, numbers and texts are chosen again for each block, so
//! that the cache of highlighted code helps no more than in a real book.

use super::words::Words;

/// A language, and the pieces of blocks in it.
struct Language {
    /// The info string; empty for a block without one.
    info: &'static str,
    open: &'static str,
    pieces: &'static [&'static str],
    close: &'static str,
}

/// The approximate size of a console session in bytes; the last piece exceeds it.
const SESSION: usize = 310;
/// The approximate size of a file in bytes.
const FILE: usize = 590;

/// Adds a fenced block. The numbers of the chapter and the block choose its language, so that all languages are used.
pub fn block(words: &mut Words, chapter: usize, number: usize) -> String {
    words.rename();
    // Tutorials have mostly sessions; between them files, in alternating languages.
    let language = match number {
        0 | 2 => &SESSIONS[0],
        5 => &SESSIONS[chapter % SESSIONS.len()],
        _ => &FILES[(chapter * 5 + number) % FILES.len()],
    };
    let length = if matches!(number, 0 | 2 | 5) { SESSION } else { FILE };
    let mut text = words.fill(language.open);
    while text.len() + language.close.len() < length {
        text.push_str(&words.one_of(language.pieces));
    }
    text.push_str(&words.fill(language.close));
    let extra = match words.random.below(8) {
        0 | 1 if !language.info.is_empty() => words.fill(r#" title="«a»/«b».«noun»""#),
        2 if !language.info.is_empty() => " {2,3}".to_owned(),
        _ => String::new(),
    };
    format!("```{}{extra}\n{text}```\n", language.info)
}

const SHELL: &[&str] = &[
    "$ sudo apt install «noun»-«noun»  //the «adj» «noun» comes with it\nReading package lists... Done\nSetting up «noun»-«noun» («n».«n».«n»-1ubuntu«n») ...\n",
    "$ ssh «noun»@«ip» -p «port»\nWelcome to Ubuntu 24.04.«n» LTS (GNU/Linux 6.8.0-«n»-generic x86_64)\n",
    "$ systemctl status «a».service\n● «a».service - The «adj» «noun»\n     Active: active (running) since Mon 2026-01-05; «n»min ago\n   Main PID: «port» («noun»)\n",
    "$ grep -rn \"«adj» «noun»\" /etc/«a» | sort -k «n» | head -n «n»\n/etc/«a»/«noun».conf:«n»:«noun» = «n»\n",
    "(venv) $ python -m «a».«noun» --«noun»=«n» \\\n>   --«noun» '«adj» «noun»'\n",
    "$ for f in /srv/«a»/*.«noun»; do cp \"$f\" \"/backup/$(basename \"$f\").«n»\"; done  //«adv»\n",
    "$ curl -fsS https://«noun».example.com/«a»?«noun»=«n» | jq '.«noun»[«n»]'\n\"«adj» «noun» «hex»\"\n",
    "deploy@«noun»:~/«a»$ git log --oneline -«n»\n«hex» «verb» the «adj» «noun»\n«hex» Let the «noun» «verb» a «noun»\n",
    "$ export «A»_«n»=\"«hex»\" && ./«b».sh --verbose > /var/log/«b».«n».log 2>&1\n",
];

/// Console sessions, with and without a language.
const SESSIONS: &[Language] = &[
    Language { info: "console", open: "", pieces: SHELL, close: "" },
    Language { info: "", open: "", pieces: SHELL, close: "$ exit\n" },
    Language {
        info: "shell-session",
        open: "$ cat > «a».txt <<'END'\nthe «adj» «noun» of «noun» «n»\nEND\n",
        pieces: SHELL,
        close: "",
    },
];

const FILES: &[Language] =
    &[PYTHON, NGINX, INI, YAML, SQL, TOML, BASH, JSON, DOCKERFILE, JAVASCRIPT, HTML, CSS, TEXT];

const PYTHON: Language = Language {
    info: "python",
    open: "\"\"\"The «adj» «noun» of «a».\"\"\"\n\nfrom «b» import «B», «noun»\nfrom flask import Blueprint, current_app, request\n\n",
    pieces: &[
        "\nclass «A»(«B»):\n    \"\"\"Keeps a «noun» that «verbs» «n» «noun»s.\"\"\"\n\n    «noun» = «n»\n\n    def «verb»(self, «c»: str, limit: int = «n») -> list[str]:\n        # The «adj» one comes first.\n        return sorted(self.«noun»[«c»:limit], key=len)\n",
        "\n@app.route(\"/«noun»/<int:«noun»_id>\", methods=[\"GET\", \"POST\"])\ndef «verb»_«noun»(«noun»_id):\n    «c» = «B».query.get_or_404(«n»)\n    if «c».«noun» is None and not request.args.get(\"«noun»\"):\n        current_app.logger.warning(\"no «adj» «noun»: %s\", «c»)\n        return {\"«noun»\": f\"{«c»!r} of «n»\"}, 4«n»\n",
        "\nwith open(\"/srv/«c».«noun»\", \"rb\") as «d»:\n    for number, line in enumerate(«d», start=«n»):\n        «noun»_«noun» = line.strip().split(b\":\")[-1] or b\"«noun»\"\n",
        "\ndef test_«verb»_«noun»(client):\n    answer = client.get(\"/«noun»?«noun»=«n»\")\n    assert answer.status_code == 200 and \"«adj»\" in answer.text\n",
    ],
    close: "",
};

const NGINX: Language = Language {
    info: "nginx",
    open: "# The «adj» «noun» in front of «a».\nupstream «a» {\n    server unix:/run/«a»-«n».sock fail_timeout=«n»s;\n}\n\nserver {\n    listen 443 ssl;\n    server_name «noun»-«noun».example.com;\n",
    pieces: &[
        "\n    location /«noun»/«noun» {\n        proxy_pass http://«a»;\n        proxy_set_header X-«A»-«noun» $remote_addr;  # «adj»\n        proxy_read_timeout «n»s;\n    }\n",
        "\n    location ~* \\.(«noun»|«noun»)$ {\n        root /srv/«b»;\n        expires «n»d;\n        add_header Cache-Control \"public, max-age=«port»\";\n    }\n",
        "    access_log /var/log/nginx/«noun»_«noun».log «noun» if=$«noun»_«noun»;\n    client_max_body_size «n»m;\n",
    ],
    close: "}\n",
};

const INI: Language = Language {
    info: "ini",
    open: "[Unit]\nDescription=The «adj» «noun» of «a»\nAfter=network.target «b».service\n",
    pieces: &[
        "\n[«noun»:«noun»]\n; the «adj» «noun»\n«noun»_«noun» = /srv/«c»/«noun»\n«noun» = «n»\ncolour = %(«noun»)s-«hex»\n",
        "\n[Service]\nUser=«noun»\nWorkingDirectory=/srv/«a»/«noun»\nExecStart=/srv/«a»/venv/bin/«noun» --bind «ip»:«port» «c»:«noun»\nRestart=always\nRestartSec=«n»\n",
        "\n[«noun».«noun»]\nargs = ('«noun».log', 'a', «port», «n»)\nlevel=WARNING\n",
    ],
    close: "\n[Install]\nWantedBy=multi-user.target\n",
};

const YAML: Language = Language {
    info: "yaml",
    open: "# «a».yaml\nname: the «adj» «noun»\non:\n  schedule: \"«n» 4 * * *\"\n",
    pieces: &[
        "«noun»_«noun»:\n  - &«noun»«n»\n    path: /srv/«c»/«noun».«n»\n    keep: «n»\n    enabled: true  # «adv»\n  - name: '«adj» «noun»'\n",
        "  «noun»-«n»:\n    image: \"registry.example.com/«c»:«n».«n»\"\n    ports: [«port», \"«port»:«n»\"]\n    environment:\n      «A»: ${«noun»:-«hex»}\n",
        "«noun»«n»:\n  run: |\n    «verb» --«noun» «n» | tee «c».log\n    «verb» «noun»_«noun»\n  timeout: «n»\n",
    ],
    close: "version: «n»\n",
};

const SQL: Language = Language {
    info: "sql",
    open: "-- The «noun»s that «verb» a «noun».\nCREATE TABLE «a» (\n    id SERIAL PRIMARY KEY,\n    «noun» VARCHAR(«n») NOT NULL DEFAULT '«adj»'\n);\n",
    pieces: &[
        "\nSELECT «c».«noun», count(*) AS «noun»_count\n  FROM «a» AS «c»\n  LEFT JOIN «b» ON «b».id = «c».«noun»_id\n WHERE «c».«noun» > «n» AND «b».«noun» LIKE '%«adj» «noun»%'\n GROUP BY «c».«noun»\nHAVING count(*) >= «n»;\n",
        "\nINSERT INTO «b» («noun», «noun»_at)\nVALUES ('«adj» «noun»', now()), ('«hex»', NULL);\n",
        "\nUPDATE «a» SET «noun» = «n», «noun»_«noun» = '«adj»' WHERE id IN («n», «port»);\n",
    ],
    close: "\nCOMMIT;\n",
};

const TOML: Language = Language {
    info: "toml",
    open: "# «a».toml\n[project]\nname = \"«noun»-«noun»\"\nversion = \"«n».«n».«n»\"\n",
    pieces: &[
        "\n[tool.«c».«noun»]\n«noun»_«noun» = [\"«adj»\", \"«noun»\", \"/srv/«b»/«noun»\"]\nlimit = «port»\nstrict = true  # «adv»\n",
        "\n[[«noun»]]\nname = '«adj» «noun»'\nsince = 2026-01-01T09:30:00Z\nratio = «n».«n»\n",
        "\n[«noun».«noun»]\n\"«noun».«noun»\" = { version = \"«n».«n»\", features = [\"«noun»\"] }\n",
    ],
    close: "",
};

const BASH: Language = Language {
    info: "bash",
    open: "#!/usr/bin/env bash\n# «verb» the «adj» «noun», «adv».\nset -euo pipefail\n\n«a»=\"/srv/${1:-«noun»}\"\n",
    pieces: &[
        "\n«verb»_«noun»() {\n    local «c»=\"$1\" «noun»=«n»\n    if [[ ! -d \"$«a»/«noun»\" && $«noun» -gt «n» ]]; then\n        echo \"no «adj» «noun» in ${«c»%/*}\" >&2\n        return «n»\n    fi\n}\n",
        "\nwhile read -r «noun» «d»; do\n    rsync -a --delete \"$«d»\" \"backup@«ip»:/srv/«noun»/$(date +%F)\" || exit «n»\ndone < <(find /var/«b» -name '*.«noun»' -mtime +«n»)\n",
        "\ncase \"${«b»:-}\" in\n    «noun»|«noun»*) tar -czf \"/tmp/«noun».«n».tar.gz\" \"$«a»\" ;;\n    *) printf '%s\\n' \"«adj» «noun»\" ;;\nesac\n",
    ],
    close: "",
};

const JSON: Language = Language {
    info: "json",
    open: "{\n  \"name\": \"«noun»-«noun»\",\n",
    pieces: &[
        "  \"«noun»_«n»\": {\"«noun»\": «n», \"«adj»\": true, \"path\": \"/srv/«c»/«noun»\"},\n",
        "  \"«noun»-«noun»-«n»\": [«n», «port», null, \"«adj» «noun»\\n\"],\n",
        "  \"«adj»«n»\": {\n    \"«noun»\": {\"from\": \"«ip»\", \"until\": \"2026-01-01\"},\n    \"ratio\": -«n».«n»e3\n  },\n",
    ],
    close: "  \"version\": «n»\n}\n",
};

const DOCKERFILE: Language = Language {
    info: "dockerfile",
    open: "# The «adj» «noun».\nFROM python:3.13-slim AS «a»\nARG «b»=«n»\nWORKDIR /srv/«a»\n",
    pieces: &[
        "\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends «noun»-«noun»=«n».«n» \\\n    && rm -rf /var/lib/«noun»/«n»\n",
        "\nCOPY --chown=«noun»:«noun» ./«noun»/«c» /srv/«noun»/«n»/\nENV «A»=\"«hex»\" «B»_PORT=«port»\n",
        "\nHEALTHCHECK --interval=«n»s CMD curl -f http://«ip»:«port»/«noun» || exit 1\nLABEL org.example.«noun»=\"«adj» «noun»\"\n",
    ],
    close: "\nCMD [\"gunicorn\", \"--bind\", \"«ip»:«port»\", \"«c»:app\"]\n",
};

const JAVASCRIPT: Language = Language {
    info: "javascript",
    open: "// «verb» the «adj» «noun» «adv».\nimport { «a», «b» } from \"./«noun»-«noun».js\";\n\nconst «c» = new Map([[\"«noun»\", «n»]]);\n",
    pieces: &[
        "\nexport async function «verb»«A»(«noun», { limit = «n» } = {}) {\n  const answer = await fetch(`/api/${«noun»}?«noun»=«n»`);\n  if (!answer.ok || limit > «port») throw new Error(\"«adj» «noun»: \" + answer.status);\n  return «a»(await answer.json());\n}\n",
        "\ndocument.querySelectorAll(\".«noun»-«noun»\").forEach((«d») => {\n  «d».addEventListener(\"click\", () => «c».set(«d».id, «n»));  // «adv»\n});\n",
        "\nclass «B» extends «A» {\n  #«noun» = /^«noun»-\\d{«n»}$/i;\n  get «verb»() { return this.#«noun».test(«b») ? «n» : null; }\n}\n",
    ],
    close: "",
};

const HTML: Language = Language {
    info: "html",
    open: "<!doctype html>\n<title>The «adj» «noun»</title>\n<main class=\"«a»\">\n",
    pieces: &[
        "  <form action=\"/«noun»/«n»\" method=\"post\" id=\"«noun»-«noun»-«n»\">\n    <label>«adj» <input name=\"«noun»\" value=\"«hex»\" maxlength=\"«n»\" required></label>\n    <!-- «adv» -->\n    <button type=\"submit\">«verb» &amp; «verb»</button>\n  </form>\n",
        "  <p class=\"«noun» «adj»\">The <em>«noun»</em> «verbs» <a href=\"/«noun»/«noun»\">«n» «noun»s</a>.</p>\n",
        "  <ul data-«noun»=\"«n»\">\n    <li>«adj» «noun»</li>\n    <li><code>«c»</code></li>\n  </ul>\n",
    ],
    close: "</main>\n",
};

const CSS: Language = Language {
    info: "css",
    open: "/* The «adj» «noun». */\n:root {\n  --«noun»-«noun»: #«hex»;\n}\n",
    pieces: &[
        "\n.«noun»-«noun» > .«adj»:not(:last-child) {\n  margin: «n»px auto «n»rem;\n  color: var(--«noun»-«noun», #0a6);\n  transition: opacity 0.«n»s ease-in;\n}\n",
        "\n@media (min-width: «port»px) {\n  #«noun»-«n» a[href^=\"/«noun»\"]::before { content: \"«adj»\"; width: calc(100% - «n»px); }\n}\n",
    ],
    close: "",
};

const TEXT: Language = Language {
    info: "text",
    open: "«a»/\n",
    pieces: &[
        "├── «noun»_«noun».py      the «adj» «noun»\n",
        "├── «noun»/\n│   └── «noun»-«n».txt    «verbs» the «noun» «adv»\n",
    ],
    close: "└── «noun».md\n",
};
