"""Tokenizers of the reference libraries (`tokenizers`, `tiktoken`), built from a GGUF file or from plain lists.

The expressions are those of the models' own tokenizer.json files.
"""
import tiktoken
from gguf import GGUFReader
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

LINES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|"
QWEN2 = CONTRACTIONS + r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*" + LINES
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
CASED = "".join("-".join(chr(int(end, 16)) for end in part.split("-")) for part in (
    "41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 37B-37D 37F 386 388-38A 38C "
    "38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B "
    "1D6B-1D77 1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 "
    "1FB6-1FBC 1FBE 1FC2-1FC4 1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 "
    "2115 2119-211D 2124 2126 2128 212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183 2184 2C00-2C7B "
    "2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D A680-A69B A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 "
    "FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF "
    "1E900-1E943").split())
EAST_ASIAN = r"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"


def splits(*patterns):
    return [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns]


def digits():
    return pre_tokenizers.Digits(individual_digits=True)


BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
GPT2 = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
STAGES = {  # by tokenizer.ggml.pre
    "gpt-2": [GPT2],
    "starcoder": [digits(), GPT2],
    "qwen2": splits(QWEN2) + [BYTES],
    "qwen35": splits(QWEN2.replace(r"?\p{L}+", r"?[\p{L}\p{M}]+").replace(r"\s\p{L}\p{N}", r"\s\p{L}\p{M}\p{N}")) + [BYTES],
    "llama-bpe": splits(QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|")) + [BYTES],
    "deepseek-llm": splits("[\r\n]", rf"\s?[{CASED}]+", r"\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
                           r"\s+$", EAST_ASIAN)
    + [digits(), BYTES],
    "deepseek-coder": splits("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", EAST_ASIAN) + [digits(), BYTES],
    "deepseek-v3": splits(
        r"\p{N}{1,3}", r"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
        + LINES) + [BYTES],
    "tekken": splits(
        rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|\p{{N}}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*" + LINES) + [BYTES],
}
CASED_WORDS = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{CONTRACTIONS[:-1]}?|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{CONTRACTIONS[:-1]}?"
               r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*") + LINES
STAGES |= {
    "gpt-4o": splits(CASED_WORDS) + [BYTES],
    "seed-coder": splits(QWEN2.replace(r"|\p{N}|", r"|\p{N}{1}|").replace(r"\p{N}]+[\r\n]*|", r"\p{N}\r\n]+|")) + [BYTES],
    # As tokenization_kimi.py has it, whose own library knows set differences.
    "kimi-k2": splits(r"[\p{Han}]+|" + CASED_WORDS.replace(r"\p{M}]", r"\p{M}&&[^\p{Han}]]").replace("\\n/]", "\\n]")) + [BYTES],
}
ALIASES = {"smollm": "starcoder", "refact": "starcoder"}


def pre_tokenizer(name):
    return pre_tokenizers.Sequence(STAGES[ALIASES.get(name, name)])


def huggingface(tokens, types, merges, pre):
    """A `tokenizers` tokenizer. types: as in GGUF, 1 normal, 3 control, 4 user-defined, 5 unused."""
    vocabulary = {token: index for index, token in enumerate(tokens) if types[index] != 5}
    model = models.BPE(vocabulary, [tuple(merge.split(" ")) for merge in merges],
                       ignore_merges=pre in ("llama-bpe", "tekken"))
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizer(pre)
    if pre.startswith("qwen"):
        tokenizer.normalizer = normalizers.NFC()
    added = [AddedToken(token, normalized=False, special=types[index] == 3)
             for index, token in enumerate(tokens) if types[index] in (3, 4)]
    tokenizer.add_special_tokens([token for token in added if token.special])
    tokenizer.add_tokens([token for token in added if not token.special])
    return tokenizer


def gguf_lists(path):
    """Tokens, types, merges and the pre-tokenizer's name of a GGUF file."""
    reader = GGUFReader(path)
    return [reader.get_field("tokenizer.ggml." + key).contents() for key in ("tokens", "token_type", "merges", "pre")]


def openai(tokens, types, pattern):
    """A `tiktoken` encoding of a byte-level vocabulary whose ids are its ranks."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = {chr(byte): byte for byte in printable}
    alphabet.update({chr(0x100 + index): byte for index, byte in enumerate(sorted({*range(256)} - {*printable}))})
    ranks = {bytes(alphabet[c] for c in token): index for index, token in enumerate(tokens) if types[index] == 1}
    special = {token: index for index, token in enumerate(tokens) if types[index] in (3, 4)}
    return tiktoken.Encoding("reference", pat_str=pattern, mergeable_ranks=ranks, special_tokens=special)
