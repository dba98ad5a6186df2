#!/usr/bin/env python3
"""Writes Tests/Fixtures/Tokenizers/wordpiece.json: what `tokenizers` makes of hard texts as BERT's tokenizer.

A vocabulary trained on the texts, and their ids with and without lower case and accents; `cased` has every character
that lower case changes. Needs: pip install tokenizers
"""
import json
import pathlib
import random

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Tokenizers"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [
    " ", "  ", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u200b", "\u3000", "\ufeff",
    "\x00", "\x07", "\x7f", "\u00ad", "\u061c", "\ue000", "\ufffd", "\u0378", "\U0010ffff", "\U000e0001", "\ufdd0",
    "the", "The", "THE", "unaffable", "Running", "camelCase", "HTTPServer", "don't", "it’s", "e-mail", "a_b", "x=1", "C++", "#1", "$5",
    "é", "e\u0301", "\u0301", "Ã", "ñandú", "Å", "A\u030a", "ﬁ", "ß", "ẞ", "İ", "ı", "Σ", "ς", "ΑΣ", "ǅ", "Ω", "K", "Å",
    "ё", "й", "Ѐ", "ά", "ἄ", "ᾳ", "נִקּוּד", "العَرَبِيَّة", "हिन्दी", "नि", "ไทย", "กำ", "မြန်မာ", "한국어", "\u1112\u1161\u11ab", "カナ", "ガ", "か\u3099",
    "日本語", "你好", "豈", "\uf900", "𠀀", "\U0002b821", "\U0002b920", "\U0002f800", "龦", "〇", "々", "ㄅ", "𐐀", "𝐀", "👩‍👩‍👧", "🇩🇪", "👍🏽", "ªº",
    "1", "4096", "٣", "Ⅷ", "½", "²", ".", ",", "!?", "...", "…", "—", "–", "(", ")", "[", "]", "{}", "<", ">", "|", "~", "`", "^", "+", "=", "。", "，",
    "¿", "«", "»", "“", "”", "„", "§", "¶", "€", "°", "×", "\u0327\u0301", "a\u0327\u0301", "a\u0301\u0327", "q\u0323\u0307", "\u0344", "\u1b44\u0301", "\u302e",
    "[CLS]", "[SEP]", "[MASK]", "[cls]", "[unused1]", "word" * 26, "a" * 99, "b" * 100, "c" * 101, "é" * 100, "é" * 101,
]


def normalizer(lower, strip):
    return normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=strip, lowercase=lower)


def tokenizer(vocabulary, lower, strip):
    result = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    result.normalizer, result.pre_tokenizer = normalizer(lower, strip), pre_tokenizers.BertPreTokenizer()
    result.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])])
    result.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    return result


draw = random.Random(1)
texts = ["", *PIECES] + ["".join(draw.choices(PIECES, k=draw.randrange(2, 16))) for _ in range(250)]
trained = Tokenizer(models.WordPiece(unk_token="[UNK]"))
# Both forms, so that the vocabulary has pieces for each way of normalising.
trained.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
trained.train_from_iterator(
    [normalizer(lower, strip).normalize_str(text) for text in texts for lower in (False, True) for strip in (False, True)],
    trainers.WordPieceTrainer(vocab_size=900, special_tokens=SPECIAL, show_progress=False))
vocabulary = json.loads(trained.to_str())["model"]["vocab"]
lower = normalizers.Lowercase()
changed = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and lower.normalize_str(chr(c)) != chr(c)]
FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "wordpiece.json").write_text(json.dumps({
    "tokens": sorted(vocabulary, key=vocabulary.get), "texts": texts,
    "cased": "".join(changed), "lowered": [lower.normalize_str(character) for character in changed],
    "ids": [{"lowercases": a, "stripsAccents": b, "ids": [tokenizer(vocabulary, a, b).encode(text).ids for text in texts]}
            for a, b in ((True, True), (False, False), (True, False), (False, True))],
}, ensure_ascii=True, separators=(",", ":")) + "\n")
