package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Texts one after the other, for a network that learned next tokens. Not thread-safe. */
public final class TextsToContinue implements Closeable {
  private final Texts texts;
  private Optional<String> name = Optional.empty();

  TextsToContinue(Texts texts) {
    this.texts = texts;
  }

  public Optional<String> next() {
    Optional<Texts.Text> next = texts.next();
    name = next.flatMap(Texts.Text::name);
    return next.map(Texts.Text::text);
  }

  /** The path of the text that was read last; empty for a row. */
  public Optional<String> name() {
    return name;
  }

  /** A problem of the text that was read last. */
  public InvalidConfigException problem(String rule) {
    return texts.problem(rule);
  }

  @Override
  public void close() throws IOException {
    texts.close();
  }
}
