package io.espalier.trainer.stream;

import static io.espalier.trainer.stream.MalformedRecordException.require;
import static io.espalier.trainer.stream.MalformedRecordException.shown;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** Reads the one JSON object of a record, field by field. */
final class RecordJson {
  private static final JsonFactory PARSERS =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private RecordJson() {}

  interface Fields {
    /** Reads the value of a field, at which the parser is; returns false to ignore it. */
    boolean read(String field, JsonParser value) throws IOException, MalformedRecordException;
  }

  static void read(byte[] bytes, Fields fields) throws MalformedRecordException {
    try (JsonParser parser = PARSERS.createParser(bytes)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "a record must be a JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (!fields.read(field, parser)) {
          parser.skipChildren();
        }
      }
      require(parser.nextToken() == null, "a record must hold one JSON object");
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException("a record must be JSON: " + shown(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new MalformedRecordException(
          "a record must be JSON: " + shown(String.valueOf(e.getMessage())));
    }
  }
}
