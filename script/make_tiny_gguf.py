#!/usr/bin/env python3
"""Makes a model of random weights that the real llama.cpp server loads in milliseconds.

    make_tiny_gguf.py OUT [--seed N] [--dim 64] [--layers 2] [--ctx 4096] [--name NAME]

A valid `llama` GGUF of less than 1 MB with a tokenizer of 256 bytes, the ASCII characters and some 200 words. It answers
gibberish made of real words; every field of the protocol (timings, usage, slots) is genuine. Equal arguments give equal
files. Needs the PyPI packages gguf and numpy.
"""
import argparse

import gguf
import numpy

HEADS = 4
WORDS = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so what up said its about
than into them can only other time new some could these two may first then do any like my now over such our man me even
most made after also did many off before must well back through years where much your way down should because long each
just state those people too how little good world make very year still see work life get here between both being under
never day same another know while last might us great old against go came come right used take three fleet host route
token cache model lane gauge swap queue probe signal budget policy latency stream""".split()
TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)


class Vocabulary:
    """Tokens with their scores and types, and which of them are whole words."""

    def __init__(self):
        self.tokens, self.scores, self.types = [], [], []
        kinds = gguf.TokenType
        self.add("<unk>", 0, kinds.UNKNOWN)
        self.add("<s>", 0, kinds.CONTROL)
        self.add("</s>", 0, kinds.CONTROL)
        for byte in range(256):
            self.add(f"<0x{byte:02X}>", 0, kinds.BYTE)
        for character in ["\u2581"] + [chr(code) for code in range(33, 127)]:
            self.add(character, -1000, kinds.NORMAL)
        seen = set(self.tokens)
        for word in WORDS:
            text = "\u2581" + word
            # The tokenizer merges pair by pair: every prefix must be a token too.
            for length in range(2, len(text) + 1):
                if text[:length] not in seen:
                    seen.add(text[:length])
                    self.add(text[:length], -len(self.tokens) * 0.01 - 1, kinds.NORMAL)
        self.words = [self.tokens.index("\u2581" + word) for word in WORDS]

    def add(self, token, score, kind):
        self.tokens.append(token)
        self.scores.append(float(score))
        self.types.append(int(kind))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("out")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--dim", type=int, default=64)
    options.add_argument("--layers", type=int, default=2)
    options.add_argument("--ctx", type=int, default=4096)
    options.add_argument("--name", default="tiny-random")
    arguments = options.parse_args()
    vocabulary = Vocabulary()
    writer = gguf.GGUFWriter(arguments.out, "llama")
    describe(writer, arguments, vocabulary)
    add_weights(writer, arguments, vocabulary)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{arguments.out}: {len(vocabulary.tokens)} tokens")


def describe(writer, arguments, vocabulary):
    writer.add_name(arguments.name)
    writer.add_context_length(arguments.ctx)
    writer.add_embedding_length(arguments.dim)
    writer.add_block_count(arguments.layers)
    writer.add_feed_forward_length(arguments.dim * 2)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(arguments.dim // HEADS)
    writer.add_vocab_size(len(vocabulary.tokens))
    writer.add_file_type(0)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_scores(vocabulary.scores)
    writer.add_token_types(vocabulary.types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_chat_template(TEMPLATE)


def add_weights(writer, arguments, vocabulary):
    random = numpy.random.default_rng(arguments.seed)
    dim, size = arguments.dim, len(vocabulary.tokens)

    def matrix(*shape):
        return (random.standard_normal(shape) / numpy.sqrt(shape[-1])).astype(numpy.float32)

    writer.add_tensor("token_embd.weight", random.standard_normal((size, dim)).astype(numpy.float32))
    # Only whole words can win: readable output, and no early end.
    output = numpy.zeros((size, dim), numpy.float32)
    output[vocabulary.words] = (random.standard_normal((len(vocabulary.words), dim)) * 0.6).astype(numpy.float32)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", numpy.ones(dim, numpy.float32))
    for layer in range(arguments.layers):
        prefix = f"blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{prefix}{name}.weight", matrix(dim, dim))
        writer.add_tensor(f"{prefix}attn_norm.weight", numpy.ones(dim, numpy.float32))
        writer.add_tensor(f"{prefix}ffn_norm.weight", numpy.ones(dim, numpy.float32))
        writer.add_tensor(f"{prefix}ffn_gate.weight", matrix(dim * 2, dim))
        writer.add_tensor(f"{prefix}ffn_up.weight", matrix(dim * 2, dim))
        writer.add_tensor(f"{prefix}ffn_down.weight", matrix(dim, dim * 2))


if __name__ == "__main__":
    main()
