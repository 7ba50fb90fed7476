package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventReaderTest {
  @TempDir private Path directory;
  private Path file;
  private EventReader reader;

  @BeforeEach
  void open() {
    file = directory.resolve("events.jsonl");
    reader = reader(0);
  }

  @Test
  void line_isSentWithNumberAndType_onceItIsComplete() throws IOException {
    // Given
    assertThat(reader.next().isEmpty()).isTrue();
    write("{\"id\":\"x\",\"data\":{\"type\":\"inner\"},\"type\":\"STEPS\"}\n{\"type\":");

    // When
    String first = reader.next().utf8String();
    String none = reader.next().utf8String();
    write("\"EVALUATED\"}\n");
    String second = reader.next().utf8String();

    // Then
    assertThat(first)
        .isEqualTo(
            "id: 1\nevent: STEPS\ndata: {\"id\":\"x\",\"data\":{\"type\":\"inner\"},\"type\":\"STEPS\"}\n\n");
    assertThat(none).isEmpty();
    assertThat(second).isEqualTo("id: 2\nevent: EVALUATED\ndata: {\"type\":\"EVALUATED\"}\n\n");
  }

  @Test
  void line_thatIsNoEvent_isSentAsUnknown_andBreaksNothing() throws IOException {
    write("no json\n[1]\n{\"type\":\"a\\nb\"}\n{\"type\":7}\na\rid: 99\n{}\n");

    assertThat(ids(reader)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(reader(0).next().utf8String())
        .contains("event: unknown\ndata: no json\n", "data: a id: 99\n")
        .doesNotContain("event: a");
  }

  @Test
  void lines_ofAnySize_areReadInPieces() throws IOException {
    // Given
    write("{}\n".repeat(20_000));
    write("{\"pad\":\"" + "x".repeat(700_000) + "\"}\n");
    write("{}\n");

    // When
    List<Long> ids = new ArrayList<>();
    int largest = 0;
    for (String piece = reader.next().utf8String();
        !piece.isEmpty();
        piece = reader.next().utf8String()) {
      ids.addAll(ids(piece));
      largest = Math.max(largest, ids.size() < 20_000 ? piece.length() : 0);
    }

    // Then
    assertThat(ids).hasSize(20_002).isSorted().doesNotHaveDuplicates();
    assertThat(ids.get(20_001)).isEqualTo(20_002L);
    assertThat(largest).isLessThan(150_000);
  }

  @Test
  void reader_thatComesBack_goesOnAfterItsLine() throws IOException {
    write("{}\n".repeat(5000));

    assertThat(ids(reader(4990))).first().isEqualTo(4991L);
    assertThat(ids(reader(5000))).isEmpty();
  }

  @Test
  void reader_aheadOfTheFile_waitsForItsLine() throws IOException {
    write("{}\n{}\n");
    EventReader ahead = reader(4);
    assertThat(ids(ahead)).isEmpty();

    write("{}\n");
    assertThat(ids(ahead)).isEmpty();
    write("{}\n{}\n{}\n");

    assertThat(ids(ahead)).containsExactly(5L, 6L);
  }

  @Test
  void file_replacedByItsCopy_isFollowed() throws IOException {
    // Given
    write("{}\n{}\n{}\n");
    assertThat(ids(reader)).containsExactly(1L, 2L, 3L);

    // When
    replace("{}\n{}\n{}\n{\"type\":\"NEXT\"}\n");
    String next = reader.next().utf8String();

    // Then
    assertThat(next).isEqualTo("id: 4\nevent: NEXT\ndata: {\"type\":\"NEXT\"}\n\n");
  }

  @Test
  void file_replacedByAShorterOne_goesOnAfterWhatBothHave() throws IOException {
    // Given
    write("{}\n{}\n{\"of\":\"the old epoch\"}\n{\"of\":\"the old epoch\"}\n");
    assertThat(ids(reader)).hasSize(4);

    // When
    replace("{}\n{}\n{\"r\":2}\n");
    String none = reader.next().utf8String();
    write("{\"r\":2}\n");
    String next = reader.next().utf8String();

    // Then
    assertThat(none).isEmpty();
    assertThat(ids(next)).containsExactly(4L);
  }

  private EventReader reader(long after) {
    return new EventReader(file, new LineIndex(), after);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void replace(String text) throws IOException {
    Path beside = directory.resolve("beside");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<Long> ids(EventReader reader) throws IOException {
    var all = new StringBuilder();
    String piece = reader.next().utf8String();
    while (!piece.isEmpty()) {
      all.append(piece);
      piece = reader.next().utf8String();
    }
    return ids(all.toString());
  }

  private static List<Long> ids(String text) {
    return text.lines()
        .filter(line -> line.startsWith("id: "))
        .map(line -> Long.valueOf(line.substring(4)))
        .toList();
  }
}
