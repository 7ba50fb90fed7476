package io.espalier.trainer.data.source;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import java.util.Optional;
import java.util.stream.IntStream;

/** A text of one or more files as windows that do not overlap. Not thread-safe. */
final class TextWindows implements InputFile.Rows {
  private final int[] tokens;
  private final int context;
  private int next;

  /** Reads the text; refuses one that is too short for a window. */
  TextWindows(DataFile file, TextEncoding encoding) {
    tokens = TextFiles.of(file).tokenized(encoding.tokens()).numbers();
    context = encoding.context();
    if (tokens.length <= context) {
      throw file.problem(
          "must have a window of tokens and one more: tokens=%d, context of the network=%d"
              .formatted(tokens.length, context));
    }
  }

  @Override
  public Optional<Examples> next(int most) {
    int count = Math.min(most, (tokens.length - 1 - next) / context);
    if (count == 0) {
      return Optional.empty();
    }
    int from = next;
    next += count * context;
    int[] starts = IntStream.range(0, count).map(i -> from + i * context).toArray();
    return Optional.of(Examples.ofWindows(tokens, starts, context));
  }

  @Override
  public void close() {}
}
