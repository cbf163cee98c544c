"""Makes a language model of a few megabytes for llama.cpp, without any training: tiny_model.py FILE.gguf

It knows some answers by heart. One layer of attention that weighs all words alike tells which words the prompt has, and picks the
answer's first word; each further word follows from the one before. So its texts are worthless, but tokens, sampling, stopping and
limits are those of a real model. Needs the Python packages gguf and numpy.
"""

import sys

import gguf
import numpy as np

# Words of the prompt -> what it says then; the last is for all other prompts.
ANSWERS = (
    (("lunch", "Friday"), "Two friends meet for lunch on Friday ."),
    (("storm", "harbour"), "The storm damaged boats in our harbour ."),
    (("Spanish", "translate"), "Buenos dias amigo ."),
    (("longest", "river"), "It flows through seven countries before reaching its sea and nobody measured all of them ."),
    ((), "Nothing is known about that ."),
)
UNKNOWN, START, END, SYSTEM, USER, ASSISTANT = range(6)
NORMAL, CONTROL = 1, 3
SPACE = "\u2581"
# In units of what the output layer adds up: how sure the model is of the next word, and of an answer's first word.
NEXT_WORD, FIRST_WORD, PROMPT_WORD = 0.5, 0.5, 1.2
# How strongly the attention's sum of words counts beside the last word.
ATTENTION = 0.05


def vocabulary() -> tuple[list[str], list[int], list[float], dict[str, int]]:
    """Tokens, their types, their scores for the tokenizer, and where the whole words are."""
    tokens = ["<unk>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]
    types = [2] + [CONTROL] * 5
    scores = [-20.0] + [0.0] * 5
    letters = [SPACE, "\n", *map(chr, range(33, 127))]
    tokens += letters
    types += [NORMAL] * len(letters)
    scores += [-10.0] * len(letters)
    words = {}
    for word in sorted({word for keys, text in ANSWERS for word in [*keys, *text.split()]}):
        words[word] = len(tokens)
        tokens.append(SPACE + word)
        types.append(NORMAL)
        scores.append(-1.0)
    while len(tokens) % 64:
        tokens.append(f"<|unused{len(tokens)}|>")
        types.append(CONTROL)
        scores.append(0.0)
    return tokens, types, scores, words


def output_layer(size: int, types: list[int], words: dict[str, int]) -> np.ndarray:
    """A row for each possible next token; columns: what the last token was, then how often each stood in the prompt."""
    rows = np.zeros((size, 2 * size), np.float32)
    for keys, text in ANSWERS:
        chain = [words[word] for word in text.split()]
        rows[chain[0], ASSISTANT] = FIRST_WORD + (0.02 if not keys else 0.0)
        for key in keys:
            rows[chain[0], size + words[key]] += PROMPT_WORD
        for word, following in zip(chain, [*chain[1:], END]):
            rows[following, word] = NEXT_WORD
    for token, kind in enumerate(types):
        if kind == CONTROL and token != END:
            rows[token, :size] -= 1.0
    return rows


def tensors(size: int, types: list[int], words: dict[str, int]) -> dict[str, np.ndarray]:
    width = 2 * size
    nothing = np.zeros((width, width), np.float32)
    embedding = np.zeros((size, width), np.float32)
    embedding[:, :size] = np.eye(size)
    # What attention sums up goes where it does not disturb the last token.
    to_second_half = nothing.copy()
    to_second_half[size:, :size] = ATTENTION * np.eye(size)
    ones = np.ones(width, np.float32)
    return {
        "token_embd": embedding,
        "output_norm": ones,
        "output": output_layer(size, types, words),
        "blk.0.attn_norm": ones,
        "blk.0.attn_q": nothing,
        "blk.0.attn_k": nothing,
        "blk.0.attn_v": np.eye(width, dtype=np.float32),
        "blk.0.attn_output": to_second_half,
        "blk.0.ffn_norm": ones,
        "blk.0.ffn_gate": np.zeros((32, width), np.float32),
        "blk.0.ffn_up": np.zeros((32, width), np.float32),
        "blk.0.ffn_down": np.zeros((width, 32), np.float32),
    }


def write_model(path: str) -> None:
    tokens, types, scores, words = vocabulary()
    size = len(tokens)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("lumi-tiny")
    writer.add_context_length(8192)
    writer.add_embedding_length(2 * size)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(2 * size // 64)
    writer.add_head_count_kv(2 * size // 64)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(64)
    writer.add_vocab_size(size)
    writer.add_tokenizer_model("t5")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_scores(scores)
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(START)
    writer.add_eos_token_id(END)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(True)
    writer.add_chat_template(
        "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
        "{% if message['role'] == 'assistant' %}</s>{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    for name, values in tensors(size, types, words).items():
        writer.add_tensor(f"{name}.weight", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write_model(sys.argv[1])
