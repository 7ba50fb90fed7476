package io.espalier.trainer.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A value of a tokenizer file, and where it is, such as {@code normalizer.normalizers[2]}. */
record TokenizerPart(String path, JsonNode json) {
  private static final int MOST_SHOWN = 60;

  TokenizerPart at(String key) {
    return new TokenizerPart(path.isEmpty() ? key : path + "." + key, json.path(key));
  }

  boolean isAbsent() {
    return json.isMissingNode() || json.isNull();
  }

  /** The elements of a list of at most {@code most}. */
  List<TokenizerPart> list(int most) {
    if (!json.isArray() || json.size() > most) {
      throw problem("must be a list of at most " + most);
    }
    List<TokenizerPart> list = new ArrayList<>(json.size());
    for (int i = 0; i < json.size(); i++) {
      list.add(new TokenizerPart(path + "[" + i + "]", json.get(i)));
    }
    return list;
  }

  /** The value as a text of {@code least} to {@code most} characters. */
  String text(int least, int most) {
    if (!json.isTextual()
        || json.textValue().length() < least
        || json.textValue().length() > most) {
      throw problem("must be a text of %d to %d characters".formatted(least, most));
    }
    return json.textValue();
  }

  /** The value as a whole number below {@code end}. */
  int number(int end) {
    if (!json.isInt() || json.intValue() < 0 || json.intValue() >= end) {
      throw problem("must be a whole number from 0 to " + (end - 1));
    }
    return json.intValue();
  }

  IllegalArgumentException problem(String rule) {
    String shown = json.isMissingNode() ? "none" : json.toString();
    return new IllegalArgumentException(
        "a tokenizer's %s %s: %s=%s"
            .formatted(
                path,
                rule,
                path,
                shown.length() <= MOST_SHOWN ? shown : shown.substring(0, MOST_SHOWN) + "…"));
  }
}
