package io.espalier.trainer.data.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Small tokenizer files of the kinds that the published ones are. */
final class SampleTokenizers {
  /** That of GPT-2 and, with the marks of RoBERTa, its descendants. */
  static final String BYTE_LEVEL =
      """
      { "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [
          { "id": 256, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": true },
          { "id": 257, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": true }
        ],
        "normalizer": null,
        "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "post_processor": { "type": "RobertaProcessing", "sep": ["</s>", 257], "cls": ["<s>", 256], "trim_offsets": true, "add_prefix_space": true },
        "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
        "model": { "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                   "fuse_unk": false, "vocab": VOCABULARY, "merges": ["t h", "th e", "\\u0120 a", "\\u0120 the", "i n", "in g"] } }
      """;

  /** That of Llama: no words, spaces as signs, bytes for what the pairs lack. */
  static final String PREPENDED =
      """
      { "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [
          { "id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true },
          { "id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }
        ],
        "normalizer": { "type": "Sequence", "normalizers": [
          { "type": "Prepend", "prepend": "▁" },
          { "type": "Replace", "pattern": { "String": " " }, "content": "▁" } ] },
        "pre_tokenizer": null,
        "post_processor": { "type": "TemplateProcessing",
          "single": [ { "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } } ],
          "pair": [ { "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } } ],
          "special_tokens": { "<s>": { "id": "<s>", "ids": [1], "tokens": ["<s>"] } } },
        "decoder": { "type": "Sequence", "decoders": [
          { "type": "Replace", "pattern": { "String": "▁" }, "content": " " },
          { "type": "ByteFallback" }, { "type": "Fuse" },
          { "type": "Strip", "content": " ", "start": 1, "stop": 0 } ] },
        "model": { "type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
                   "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "vocab": VOCABULARY,
                   "merges": [["▁", "t"], ["h", "e"], ["▁t", "he"], ["▁", "a"], ["i", "n"], ["in", "g"]] } }
      """;

  /** That of T5 and XLM-R: pieces with scores, and a map of characters. */
  static final String UNIGRAM =
      """
      { "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [
          { "id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }
        ],
        "normalizer": { "type": "Sequence", "normalizers": [
          { "type": "Precompiled", "precompiled_charsmap": "CHARACTERS" },
          { "type": "Replace", "pattern": { "Regex": " {2,}" }, "content": " " } ] },
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
          { "type": "WhitespaceSplit" },
          { "type": "Metaspace", "replacement": "▁", "add_prefix_space": true, "str_rep": "▁" } ] },
        "post_processor": null,
        "decoder": { "type": "Metaspace", "replacement": "▁", "add_prefix_space": true },
        "model": { "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁", -2.0], ["▁the", -3.5], ["a", -4],
                   ["e", -4.1], ["ing", -5.25], ["fox", -6.0], ["s", -4.3], ["▁fox", -6.5], ["x", -7], ["b", -7.5]] } }
      """;

  private SampleTokenizers() {}

  static String byteLevel() {
    ObjectNode vocabulary = Json.LENIENT.createObjectNode();
    StringBuilder others = new StringBuilder();
    for (int value = 0; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
      vocabulary.put(String.valueOf((char) (printable ? value : 256 + others.length())), value);
      others.append(printable ? "" : "o");
    }
    vocabulary.put("<s>", 256).put("</s>", 257);
    int next = 258;
    for (String token : new String[] {"th", "the", "\u0120a", "\u0120the", "in", "ing"}) {
      vocabulary.put(token, next++);
    }
    return BYTE_LEVEL.replace("VOCABULARY", vocabulary.toString());
  }

  static String prepended() {
    ObjectNode vocabulary = Json.LENIENT.createObjectNode();
    vocabulary.put("<unk>", 0).put("<s>", 1);
    for (int value = 0; value < 256; value++) {
      vocabulary.put("<0x%02X>".formatted(value), 2 + value);
    }
    int next = 258;
    for (char letter = 'a'; letter <= 'z'; letter++) {
      vocabulary.put(String.valueOf(letter), next++);
    }
    for (String token : new String[] {"▁", "▁t", "he", "▁the", "▁a", "in", "ing"}) {
      vocabulary.put(token, next++);
    }
    return PREPENDED.replace("VOCABULARY", vocabulary.toString());
  }

  /** Replaces {@code A} by {@code a}. */
  static String unigram() {
    int[] units = new int[256];
    int leaf = 1;
    units['A'] = 'A' | 1 << 8 | ('A' ^ leaf) << 10;
    units[leaf] = 1 << 31;
    return UNIGRAM.replace("CHARACTERS", charactersMap(units, "a\0"));
  }

  static String charactersMap(int[] units, String texts) {
    byte[] bytes = texts.getBytes(StandardCharsets.UTF_8);
    ByteBuffer map =
        ByteBuffer.allocate(Integer.BYTES * (1 + units.length) + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(Integer.BYTES * units.length);
    for (int unit : units) {
      map.putInt(unit);
    }
    return Base64.getEncoder().encodeToString(map.put(bytes).array());
  }

  /** The word pieces of {@link SampleTokenizer} with another value at a key. */
  static String with(String key, String value) {
    try {
      ObjectNode file = (ObjectNode) Json.LENIENT.readTree(SampleTokenizer.JSON);
      return file.set(key, Json.LENIENT.readTree(value)).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value, e);
    }
  }

  /**
   * Accepted by all rules, and ends the process of the library: it normalises a token to nothing.
   */
  static String ending() {
    ArrayNode added = Json.LENIENT.createArrayNode();
    added
        .addObject()
        .put("id", 0)
        .put("content", "\u0000")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", true)
        .put("special", true);
    return with("added_tokens", added.toString());
  }
}
