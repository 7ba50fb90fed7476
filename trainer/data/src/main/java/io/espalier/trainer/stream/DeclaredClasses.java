package io.espalier.trainer.stream;

import static io.espalier.trainer.stream.MalformedRecordException.require;
import static io.espalier.trainer.stream.MalformedRecordException.shown;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The classes that a recipe declares for a stream, and labels as their names or numbers. */
final class DeclaredClasses {
  private final int count;
  private final Map<String, Integer> indices = new HashMap<>();

  DeclaredClasses(List<String> names) {
    count = names.size();
    for (int i = 0; i < count; i++) {
      indices.put(names.get(i), i);
    }
  }

  int label(JsonParser parser) throws IOException, MalformedRecordException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return number(parser.getLongValue());
    }
    require(
        parser.currentToken() == JsonToken.VALUE_STRING,
        "a label must be the name or the number of a class");
    Integer index = indices.get(parser.getText());
    if (index == null) {
      throw new MalformedRecordException(
          "a label must be a class of the recipe: label=" + shown(parser.getText()));
    }
    return index;
  }

  int number(long number) throws MalformedRecordException {
    if (number < 0 || number >= count) {
      throw new MalformedRecordException(
          "a label must be the number of a class, from 0 to %d: label=%d"
              .formatted(count - 1, number));
    }
    return (int) number;
  }
}
