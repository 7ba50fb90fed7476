package io.espalier.trainer.data.source;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.file.HeapRoom;
import java.util.List;

/** Encodes whole texts as examples, and counts those that are cut. Not thread-safe. */
final class TextEncoder {
  private final TextEncoding encoding;
  private long texts;
  private long cut;

  TextEncoder(TextEncoding encoding) {
    this.encoding = encoding;
  }

  /** Encodes texts; {@code file} is what a problem of memory names. */
  Examples encode(DataFile file, List<String> all, int[] labels) {
    int context = encoding.context();
    HeapRoom room = HeapRoom.ofProcess();
    long values = (long) all.size() * context;
    if (values > CsvTable.MAX_VALUES || !room.fits(2 * values * Float.BYTES)) {
      throw file.problem(
          "must have texts that fit into half of the Java heap: texts=%d, tokens of each=%d, half of the heap=%d MB; %s, or take fewer texts or a shorter data.context"
              .formatted(all.size(), context, room.megabytes(), HeapRoom.MORE));
    }
    float[] encoded = new float[all.size() * context];
    for (int i = 0; i < all.size(); i++) {
      encode(all.get(i), encoded, i * context);
    }
    return Examples.ofFloats(encoded, labels);
  }

  private void encode(String text, float[] target, int at) {
    Tokens tokens = encoding.tokens();
    int[] marked = tokens.marked(text);
    texts++;
    cut += marked.length > encoding.context() ? 1 : 0;
    for (int token : tokens.fitted(marked, encoding.context())) {
      target[at++] = token;
    }
  }

  /** Says how many texts are cut. */
  List<String> notices() {
    return cut == 0
        ? List.of()
        : List.of(
            "%d of %d texts have more tokens than a network reads, %d, and are cut there"
                .formatted(cut, texts, encoding.context()));
  }
}
