package io.espalier.trainer.stream;

import static io.espalier.trainer.stream.MalformedRecordException.require;
import static io.espalier.trainer.stream.MalformedRecordException.shown;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.espalier.configs.KafkaConfig;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.stream.StreamRecord.Content;
import io.espalier.trainer.stream.StreamRecord.Example;
import io.espalier.trainer.stream.StreamRecord.TextPart;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Texts as JSON, {@code {"text": "…", "label": "spam"}}: examples, cut or filled up to the context.
 * Without classes, {@code {"text": "…"}} or, of the content type {@link #PLAIN}, the text itself as
 * UTF-8: parts of one text, whose windows share a token with the next, as each next token is
 * learned.
 */
public final class TextFormat extends RecordFormat {
  public static final String PLAIN = "text/plain";

  private static final int MOST_BYTES = 1 << 24;

  private final TextEncoding encoding;
  private final DeclaredClasses classes;
  private final String usual;

  TextFormat(KafkaConfig.Texts texts, TextEncoding encoding) {
    this.encoding = encoding;
    this.classes = new DeclaredClasses(texts.classes());
    this.usual = texts.records() == KafkaConfig.Records.JSON ? JSON : PLAIN;
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  @Override
  String usual() {
    return usual;
  }

  @Override
  OptionalInt window() {
    return encoding.labelled() ? OptionalInt.empty() : OptionalInt.of(encoding.context());
  }

  @Override
  Content read(String contentType, byte[] bytes) throws MalformedRecordException {
    return switch (contentType) {
      case JSON -> fromJson(bytes);
      case PLAIN -> fromPlain(bytes);
      default -> throw unknown(contentType, JSON, PLAIN);
    };
  }

  /** Bytes need not be UTF-8 where they are the tokens. */
  private Content fromPlain(byte[] bytes) throws MalformedRecordException {
    require(!encoding.labelled(), "a record must be JSON with a label: plain text has none");
    return new TextPart(tokens(() -> encoding.tokens().numbers(bytes)));
  }

  private Content fromJson(byte[] bytes) throws MalformedRecordException {
    Fields fields = new Fields();
    RecordJson.read(bytes, fields);
    require(fields.text.isPresent(), "a record must have a text");
    return content(fields.text.get(), fields.label);
  }

  private final class Fields implements RecordJson.Fields {
    private Optional<String> text = Optional.empty();
    private OptionalInt label = OptionalInt.empty();

    @Override
    public boolean read(String field, JsonParser value)
        throws IOException, MalformedRecordException {
      if (field.equals("text")) {
        require(value.currentToken() == JsonToken.VALUE_STRING, "a text must be a string");
        text = Optional.of(value.getText());
        return true;
      }
      if (field.equals("label") && encoding.labelled()) {
        label = OptionalInt.of(classes.label(value));
        return true;
      }
      return false;
    }
  }

  private Content content(String text, OptionalInt label) throws MalformedRecordException {
    if (!encoding.labelled()) {
      return new TextPart(tokens(() -> encoding.tokens().numbers(text)));
    }
    require(label.isPresent(), "a record must have a label");
    int[] marked = tokens(() -> encoding.tokens().marked(text));
    return new Example(
        floats(encoding.tokens().fitted(marked, encoding.context())), label.getAsInt());
  }

  /** A text that a tokenizer fails at is skipped, as reading it again would fail as well. */
  private static int[] tokens(Supplier<int[]> splitting) throws MalformedRecordException {
    try {
      int[] tokens = splitting.get();
      require(tokens.length > 0, "a text must have a token");
      return tokens;
    } catch (RuntimeException e) {
      throw new MalformedRecordException(shown(String.valueOf(e.getMessage())));
    }
  }

  /** Returns raw examples; for parts of a text, each is a window and the token behind it. */
  @Override
  public Examples raw(List<Example> read) {
    if (encoding.labelled()) {
      return super.raw(read);
    }
    int context = encoding.context();
    int length = context + 1;
    float[] all = new float[Math.multiplyExact(read.size(), length)];
    for (int i = 0; i < read.size(); i++) {
      read.get(i).copyTo(all, i * length);
    }
    return Examples.ofWindows(
        IntStream.range(0, all.length).map(i -> (int) all[i]).toArray(),
        IntStream.range(0, read.size()).map(i -> i * length).toArray(),
        context);
  }

  private static float[] floats(int[] tokens) {
    float[] values = new float[tokens.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = tokens[i];
    }
    return values;
  }
}
