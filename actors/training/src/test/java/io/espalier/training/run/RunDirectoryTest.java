package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path parent;

  @Test
  void create_emptyDirectory_holdsTheRecipe() throws IOException {
    try (RunDirectory directory = RunDirectory.create(parent.resolve("run"), "name = x")) {
      assertThat(directory.recipe()).isEqualTo("name = x");
      assertThat(Files.getPosixFilePermissions(directory.path()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void create_directoryThatHoldsARun_refusesAndLeavesItAlone() throws IOException {
    RunDirectory.create(parent.resolve("run"), "name = x").close();

    assertThatThrownBy(() -> RunDirectory.create(parent.resolve("run"), "name = y"))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("already holds a run; resume it with espalier train --resume ");
    assertThat(parent.resolve("run/recipe.conf")).hasContent("name = x");
  }

  @Test
  void createNamed_manyProcessesInOneSecond_eachHasADirectoryOfItsOwn() throws Exception {
    LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    CyclicBarrier together = new CyclicBarrier(16);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<String>> made = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String recipe = "seed = " + i;
        made.add(
            threads.submit(
                () -> {
                  together.await();
                  try (RunDirectory directory =
                      RunDirectory.createNamed(parent.resolve("runs"), "a b", time, recipe)) {
                    assertThat(directory.recipe()).isEqualTo(recipe);
                    assertThat(Files.getPosixFilePermissions(directory.path()))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
                    return String.valueOf(directory.path().getFileName());
                  }
                }));
      }

      List<String> names = new ArrayList<>();
      for (Future<String> each : made) {
        names.add(each.get());
      }
      List<String> expected = new ArrayList<>(List.of("a-b-20260102-030405"));
      for (int number = 2; number <= 16; number++) {
        expected.add("a-b-20260102-030405-" + number);
      }
      assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void create_processDiedBeforeItWroteTheRecipe_beginsThere() throws IOException {
    Path run = Files.createDirectory(parent.resolve("run"));
    Files.createFile(run.resolve("run.lock"));
    Files.writeString(run.resolve("recipe.conf.part"), "nam");
    Files.writeString(run.resolve("run.id"), "of-the-dead-process");

    try (RunDirectory directory = RunDirectory.create(run, "name = x")) {
      assertThat(directory.recipe()).isEqualTo("name = x");
      assertThat(directory.id().value()).startsWith("run-");
    }
  }

  @Test
  void createNamed_directory_hasAnIdOfItsNameAndTime() throws IOException {
    LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    try (RunDirectory directory = RunDirectory.createNamed(parent, "a b", time, "name = x")) {
      assertThat(directory.id().value()).matches("a-b-20260102-030405-[a-z2-7]{6}");
    }
  }

  @Test
  void create_placeIsAFile_refuses() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "mine");

    assertThatThrownBy(() -> RunDirectory.create(file, "name = x"))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("must be a directory");
    assertThatThrownBy(() -> RunDirectory.create(file.resolve("below"), "name = x"))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("must be writable");
    assertThat(file).hasContent("mine");
  }

  @Test
  void resume_whileAnotherWorksOnIt_refuses() throws IOException {
    try (RunDirectory owner = RunDirectory.create(parent.resolve("run"), "name = x")) {
      assertThatThrownBy(() -> RunDirectory.resume(owner.path()))
          .isInstanceOf(InvalidRunDirectoryException.class)
          .hasMessageContaining("belongs to one process at a time");
    }
  }

  @Test
  void resume_directoryWithoutRun_refuses() {
    assertThatThrownBy(() -> RunDirectory.resume(parent))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("must have a recipe.conf");
  }

  @Test
  void nextTerm_everyStart_rises() throws IOException {
    try (RunDirectory directory = RunDirectory.create(parent.resolve("run"), "name = x")) {
      assertThat(directory.nextTerm()).isEqualTo(1);
      assertThat(directory.nextTerm()).isEqualTo(2);
    }
    try (RunDirectory directory = RunDirectory.resume(parent.resolve("run"))) {
      assertThat(directory.nextTerm()).isEqualTo(3);
    }
  }

  @Test
  void nextTerm_fileThatIsDamaged_isRefusedWithAWayOut() throws IOException {
    try (RunDirectory directory = RunDirectory.create(parent.resolve("run"), "name = x")) {
      Files.writeString(directory.path().resolve("term"), "");

      assertThatThrownBy(directory::nextTerm)
          .isInstanceOf(InvalidRunDirectoryException.class)
          .hasMessageContaining("content=''; write a number above all before into it");
    }
  }
}
