package io.espalier.cli;

/** A tokenizer.json of a few words. */
public final class SmallTokenizer {
  public static final String JSON =
      """
      { "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [ { "id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true } ],
        "normalizer": { "type": "Sequence", "normalizers": [
          { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
          { "type": "Replace", "pattern": {"String":"q"},"content":"" } ] },
        "pre_tokenizer": { "type": "BertPreTokenizer" }, "post_processor": null, "decoder": null,
        "model": { "type": "WordLevel", "unk_token": "[UNK]", "vocab": { "[PAD]": 0, "[UNK]": 1, "one": 2, "two": 3, "three": 4, "four": 5 } } }
      """;

  /** Has an empty pattern, which ends the process of the native library. */
  public static final String EMPTY_PATTERN =
      JSON.replace("{\"String\":\"q\"},\"content\":\"\"", "{\"String\":\"\"},\"content\":\"q\"");

  /** Has a token that normalises to nothing, which is not normalised. */
  public static final String CONTROL_TOKEN =
      JSON.replace("\"[PAD]\", \"single_word\"", "\"\\u0000\", \"single_word\"");

  /** Has nothing but what is listed, and ends that process: it normalises a token to nothing. */
  public static final String EMPTY_TOKEN =
      CONTROL_TOKEN.replace("\"normalized\": false", "\"normalized\": true");

  private SmallTokenizer() {}
}
