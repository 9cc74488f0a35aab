"""Renders conversations with `transformers`, for the tests of chapter 10.

    python make_chat.py DIR...    write chat.json beside this script

Each DIR holds a tokenizer.json and a tokenizer_config.json that the Swift code wrote, and is named
like its template (v3, r1, coder-v2); the test that fails when a template has changed says so.
Needs `transformers` (5.24.0 made the committed file).
"""

import json
import sys
from pathlib import Path

from transformers import AutoTokenizer


def talk(*turns, system=None):
    messages = [{"role": "system", "content": system}] if system is not None else []
    for place, text in enumerate(turns):
        messages.append({"role": ["user", "assistant"][place % 2], "content": text})
    return messages


TALKS = [
    talk("Hi"),
    talk("Where does the small fox live?", "In the old oak.", "And the user?"),
    talk("Where does the small fox live?", "In the old oak."),
    talk("What is 12 + 30?", system="Be brief.\nSay no more."),
    talk("2+3?", "<think>\n2+3=5\n</think>\n\n5", "And 3+4?", "<think>\n7\n</think>\n\n7"),
    talk("2+3?", "<think>\n2+3=5\n</think>\n\n5", "And 3+4?"),
    talk("a", "b", "c", "d", "e", system=""),
    talk("  spaces  ", " \n", "\n\n"),
    talk("猫は小さい。", "naïve 🙂", "e\u0301"),
    talk("", "", ""),
    [{"role": "system", "content": "One."}] + talk("Hi", "Hello.")
    + [{"role": "system", "content": "Two."}] + talk("Who?"),
]


def render(folder):
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    cases = []
    for messages in TALKS:
        if folder.name != "r1" and "<think>" in str(messages):
            continue  # its tags would be tokens for transformers, and are letters for us
        for prompting in [False, True]:
            options = {"add_generation_prompt": prompting}
            text = tokenizer.apply_chat_template(messages, tokenize=False, **options)
            ids = tokenizer.apply_chat_template(messages, **options)
            ids = ids["input_ids"] if not isinstance(ids, list) else ids
            cases.append({"messages": messages, "prompting": prompting, "text": text, "ids": ids})
    return {"template": tokenizer.chat_template, "cases": cases}


if __name__ == "__main__":
    folders = [Path(word) for word in sys.argv[1:]]
    result = {"renderings": {folder.name: render(folder) for folder in folders}}
    lines = json.dumps(result, ensure_ascii=True, separators=(",", ":"))
    (Path(__file__).parent / "chat.json").write_text(lines + "\n")
