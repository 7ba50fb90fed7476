package io.espalier.service.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunNotesTest {
  private static final RunNote WRITTEN =
      new RunNote("warm-up too short", List.of("mine"), true, false);

  @TempDir private Path runs;

  @Test
  void notes_written_areReadByAnotherProcess() throws IOException {
    RunNotes.in(runs).put("r1", WRITTEN);

    RunNotes other = RunNotes.in(runs);

    assertThat(other.of("r1")).isEqualTo(WRITTEN);
    assertThat(other.all()).containsOnlyKeys("r1").containsValue(WRITTEN);
  }

  @Test
  void notes_changedByAnotherProcess_areReadAgain() throws IOException {
    RunNotes notes = RunNotes.in(runs);
    notes.put("r1", WRITTEN);
    assertThat(notes.all()).containsValue(WRITTEN);

    RunNotes.in(runs).put("r2", WRITTEN);
    RunNotes.in(runs).put("r1", RunNote.NONE);

    assertThat(notes.all()).containsOnlyKeys("r2");
  }

  @Test
  void delete_ofARun_leavesAMarkAlone() throws IOException {
    RunNotes notes = RunNotes.in(runs);
    notes.put("r1", WRITTEN);

    notes.delete("r1");

    assertThat(notes.of("r1")).isEqualTo(new RunNote("", List.of(), false, true));
  }

  @Test
  void all_withAFileThatIsNoJson_passesItOver() throws IOException {
    RunNotes notes = RunNotes.in(runs);
    notes.put("r1", WRITTEN);
    Files.writeString(runs.resolve(RunNotes.DIRECTORY).resolve("r2.json"), "{");

    assertThat(notes.all()).containsOnlyKeys("r1");
  }

  @Test
  void note_beyondItsLimits_isRefused() {
    assertThatThrownBy(() -> new RunNote("x".repeat(4_001), List.of(), false, false))
        .hasMessageContaining("at most 4000 characters");
    assertThatThrownBy(() -> new RunNote("", Collections.nCopies(17, "t"), false, false))
        .hasMessageContaining("at most 16 tags");
    assertThatThrownBy(() -> new RunNote("", List.of(" "), false, false))
        .hasMessageContaining("1 to 40 characters");
  }
}
