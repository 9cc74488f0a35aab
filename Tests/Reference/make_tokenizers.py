"""Makes the tokenizer fixtures, or checks tokenizers that the Swift code wrote.

    python make_tokenizers.py                write tokenizers/*.json beside this script
    python make_tokenizers.py --verify DIR   load each tokenizer.json below DIR, compare cases.json

Needs the package `tokenizers` (0.23.3 made the committed files); --verify also uses `transformers`.

A fixture NAME.json holds "tokenizer" (the text of tokenizer.json), "training" (the texts and sizes
that made it), "cases" ({text, ids, framed, decoded}) and "decodings" ({ids, decoded}, invalid UTF-8
among them).
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import (
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
    trainers)

FOLDER = Path(__file__).parent / "tokenizers"

MODERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s" \
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^"""
    + "\r\n" + r"\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[" + "\r\n" + r"]*|\s*["
    + "\r\n" + r"]+|\s+(?!\S)|\s+",
]

TRAINING = [
    "The cat sat on the mat, and the rat sat on the cat. The cat didn't mind; she'd seen worse.",
    "Once there was a small red boat. The boat wasn't fast, but it was the boat's nature to float.",
    "12 + 30 = 42, 120 + 300 = 420, 1200 + 3000 = 4200 and 1234567 is a long number: 3.14159.",
    "def add(first, second):\n    return first + second\n\n\nprint(add(12, 30))\n",
    "for index in range(10):\n    if index % 2 == 0:\n        print(index, 'is even')\n\n",
    "猫は小さい。猫は赤い船を見た。価格是1234元。你好,世界!你好,猫!",
    "Ein schöner Tag für ein größeres Boot: die Überfahrt dauert 12 Stunden, naïve façade, café.",
    "Кошка сидела на ковре, и крыса сидела на кошке. हिन्दी में नमस्ते, नमस्ते। สวัสดี สวัสดี",
    "🙂🙂👍🏽 the cat smiles 🙂 and the boat floats 🚣🏽‍♀️ 🚣🏽‍♀️\n\n\n",
    "I'm sure they're late; we'll wait, I've time. WE'LL WAIT, THEY'RE LATE, IT'S FINE.\r\n\r\n",
    "foo.bar();\n\nfoo.baz();\n\n\tfoo.bar(foo.baz());\r\n\t\tif (foo) { bar(); }  // the boat\n",
    "the theme of the thesis is the therapy of the thermal bath; aaaa aaaaaaa aaaaaaaaaaaa",
]

TEXTS = [
    "", " ", "  ", "a", "\n", "Hello, world!", "The cat sat on the mat.",
    "The quick brown fox jumps over 12345 lazy dogs.", "  two spaces\n\n    four spaces\n",
    "def f(x):\n    return x**2  # square\n", "价格是1234567元。", "foo.bar();\n\n",
    "don't can't I'm they'RE we'Ll IT'S 'sun 'tis 'x ''s '", "a'ſ b'ſt 'S 'ST'",
    "\t\ttabs\r\nCRLF\r\n\r\n \r \n  x", "🙂👍🏽", "🚣🏽‍♀️ family 👨‍👩‍👧‍👦 flags 🇩🇪🇫🇷 keycap 1️⃣",
    "1234567 3.14159", "1 12 123 1234 12345 ١٢٣٤ ½ Ⅷ ² 一二三", "naïve café 12ab, don't\n\n(foo)_x",
    "e\u0301 a\u0308o\u0302 \u0301 \u0301\u0302x \u0327", "Å Å ﬁ ﬃ 가 \u1100\u1161",
    "हिन्दी नमस्ते สวัสดี עברית العربية", "ひらがなカタカナ漢字とkanji・ー゛゜ヽヾゞが",
    "ｆｕｌｌ　ｗｉｄｔｈ！ 。、「」", "a\u00a0b\u2003c\u3000d\u200be\u0085f\u2028g\u180eh\u001ci",
    "   trailing   ", "\n\n\n", " \n \n x", "x \n\t \r\n  y", "     ", "a     b", "\u3000\u3000x",
    "http://example.org/a_b-c?d=e&f=[g]#h", "!a !1 ! a -- --x ...x $x €x ©x ±1 `y` ~z _a",
    "x\u0000y\u0007z\u007f", "<|end|><|user|>hi<|user|> there<|userx|><|end|", "<|end|> <|end|>\n",
    "<|use<|user|>|><think>12 + 30 = 42</think> done<|end|>", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ab" * 40, "\ufeffbom", "\U0001d400\U0001d7d8 \U00020000\U0002a6d6 龥龦", "Ǆǅǆ ʰ ª º ℵ",
    "日本語テキスト123と456", "tab\tand\tmore", "ＡＢＣ１２３", "x" * 9 + " " * 9 + "\n" * 5 + "y",
]


def split(*patterns):
    steps = [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
    last = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence(steps + [last])


def train(pre_tokenizer, size, special, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(TRAINING, trainer)
    return tokenizer


def tokenizers():
    yield "gpt2", train(pre_tokenizers.ByteLevel(add_prefix_space=False), 500, ["<|end|>"])
    yield "gpt2-prefix-space", train(pre_tokenizers.ByteLevel(add_prefix_space=True), 320, [])

    qwen = train(split(MODERN % ""), 420, [], normalizers.NFC())
    qwen.add_special_tokens(["<|end|>", "<|user|>"])
    qwen.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>")])
    yield "qwen2", qwen

    llama = train(split(MODERN % "{1,3}"), 400, [])
    llama.add_special_tokens(["<|begin|>", "<|end|>", "<|user|>"])
    llama.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<|begin|> $A", pair="<|begin|> $A <|begin|>:1 $B:1",
            special_tokens=[("<|begin|>", llama.token_to_id("<|begin|>"))])])
    # Without its last merges the vocabulary has tokens that only whole pieces can become.
    state = json.loads(llama.to_str())
    state["model"]["ignore_merges"] = True
    state["model"]["merges"] = state["model"]["merges"][:90]
    yield "llama3", Tokenizer.from_str(json.dumps(state))

    deepseek = train(split(*DEEPSEEK), 560, ["<|begin|>", "<|end|>", "<|pad|>"])
    deepseek.add_tokens([AddedToken(f"<|place▁holder▁{i}|>", normalized=True) for i in range(40)])
    deepseek.add_tokens([AddedToken(t, normalized=True) for t in ["<|user|>", "<|use", "<think>"]])
    yield "deepseek-v3", deepseek


def fixture(name, tokenizer):
    generator = random.Random(name)
    size = tokenizer.get_vocab_size()
    cases = []
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        cases.append({
            "text": text, "ids": ids, "framed": tokenizer.encode(text).ids,
            "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    single = [tokenizer.token_to_id(c) for c in sorted(pre_tokenizers.ByteLevel.alphabet())]
    decodings = []
    for count in range(60):
        pool = single if count % 2 else list(range(size))
        ids = [generator.choice(pool) for _ in range(generator.randrange(1, 16))]
        decodings.append({
            "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False),
            "skipped": tokenizer.decode(ids, skip_special_tokens=True)})
    return {
        "tokenizer": tokenizer.to_str(), "training": TRAINING, "cases": cases,
        "decodings": decodings}


def verify(folder):
    """Compares `cases.json` ([{text, ids, framed}]) with what Python makes of the same directory."""
    from transformers import AutoTokenizer
    checked = 0
    for file in sorted(Path(folder).rglob("tokenizer.json")):
        tokenizer = Tokenizer.from_file(str(file))
        auto = AutoTokenizer.from_pretrained(str(file.parent))
        cases = json.loads((file.parent / "cases.json").read_text())
        for case in cases:
            text = case["text"]
            assert tokenizer.encode(text, add_special_tokens=False).ids == case["ids"], (file, text)
            assert tokenizer.encode(text).ids == case["framed"], (file, text)
            assert auto.encode(text, add_special_tokens=False) == case["ids"], (file, text)
            checked += 1
        print(f"{file.parent.name}: {len(cases)} texts agree, {len(auto)} tokens")
    assert checked, "no tokenizer.json was found"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--verify"]:
        verify(sys.argv[2])
    else:
        FOLDER.mkdir(exist_ok=True)
        for name, tokenizer in tokenizers():
            text = json.dumps(fixture(name, tokenizer), ensure_ascii=False, separators=(",", ":"))
            (FOLDER / f"{name}.json").write_text(text + "\n")
            print(name, tokenizer.get_vocab_size(), len(text.encode()))
