package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.api.LineIndex.FileState;
import io.espalier.service.api.LineIndex.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineIndexTest {
  @TempDir private Path directory;

  @Test
  void place_ofAnyLine_isWhereANaiveCountFindsIt() throws IOException {
    // Given
    var random = new SplittableRandom(7);
    var text = new StringBuilder();
    for (int i = 0; i < 3 * LineIndex.EVERY + 5; i++) {
      text.append("x".repeat(random.nextInt(90))).append('\n');
    }
    text.append("torn");
    Path file = directory.resolve("events.jsonl");
    Files.writeString(file, text);
    var index = new LineIndex();
    FileState state = FileState.of(file);

    for (int i = 0; i < 200; i++) {
      // When
      int line = random.nextInt(3 * LineIndex.EVERY + 50);
      Place place = index.after(line, file, state);

      // Then
      assertThat(place).isEqualTo(naive(text, line));
    }
  }

  @Test
  void place_inAnotherFileOfTheName_isNotThatOfTheFirst() throws IOException {
    // Given
    Path file = directory.resolve("events.jsonl");
    Files.writeString(file, "long line\n".repeat(2 * LineIndex.EVERY));
    var index = new LineIndex();
    index.after(2 * LineIndex.EVERY, file, FileState.of(file));

    // When
    Path beside = directory.resolve("beside");
    Files.writeString(beside, "short\n".repeat(LineIndex.EVERY + 10));
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);

    // Then
    assertThat(index.after(LineIndex.EVERY + 1, file, FileState.of(file)))
        .isEqualTo(new Place(LineIndex.EVERY + 1, 6L * (LineIndex.EVERY + 1)));
    assertThat(index.after(5 * LineIndex.EVERY, file, FileState.of(file)))
        .isEqualTo(new Place(LineIndex.EVERY + 10, 6L * (LineIndex.EVERY + 10)));
  }

  private static Place naive(CharSequence text, int line) {
    int lines = 0;
    int offset = 0;
    for (int i = 0; i < text.length() && lines < line; i++) {
      if (text.charAt(i) == '\n') {
        lines++;
        offset = i + 1;
      }
    }
    return new Place(lines, offset);
  }
}
