package io.espalier.service.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.TrainersOnNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCommandTest {
  @TempDir private Path directory;

  @Test
  void memory_isTheReservationAndTheRest_halfOfItHeap() {
    WorkerMemory memory = WorkerMemory.of(order(2, 700), 1024);

    assertThat(memory.limitMb()).isEqualTo(2_424);
    assertThat(new WorkerCommand(List.of(), "a.jar", "Main").line(memory, none(), directory))
        .contains("-Xmx1212m", "-XX:+ExitOnOutOfMemoryError")
        .endsWith("-cp", "a.jar", "Main");
  }

  @Test
  void optionsOfThisProcess_areHandedOn_butNotItsHeap() {
    WorkerCommand command = WorkerCommand.ofThisProcess("Main");

    assertThat(command.options()).anyMatch(option -> option.startsWith("-DDJL_CACHE_DIR"));
    assertThat(command.options()).noneMatch(option -> option.startsWith("-Xmx"));
  }

  @Test
  void archive_isWrittenByOneWorkerAndReadByTheNext() throws IOException {
    // Given
    Path jar = Files.createFile(directory.resolve("a.jar"));
    Path classes = directory.resolve("classes");
    WorkerCommand command = new WorkerCommand(List.of(), jar.toString(), "Main");
    ClassArchive archive = ClassArchive.in(classes, command);

    // When
    ClassArchive.Use writer = archive.next();
    ClassArchive.Use beside = archive.next();
    Files.createFile(writer.part().orElseThrow());
    archive.ended(writer);
    ClassArchive.Use reader = archive.next();

    // Then
    assertThat(writer.options()).singleElement().asString().startsWith("-XX:ArchiveClassesAtExit=");
    assertThat(beside.options()).isEmpty();
    assertThat(reader.options()).singleElement().asString().startsWith("-XX:SharedArchiveFile=");
    assertThat(ClassArchive.in(classes, command).next()).isEqualTo(reader);
  }

  @Test
  void archive_ofAWorkerThatDied_isWrittenByTheNext() throws IOException {
    Path jar = Files.createFile(directory.resolve("a.jar"));
    ClassArchive archive =
        ClassArchive.in(
            directory.resolve("classes"), new WorkerCommand(List.of(), jar.toString(), "Main"));
    ClassArchive.Use first = archive.next();

    archive.ended(first);

    assertThat(archive.next()).isEqualTo(first);
  }

  @Test
  void archive_ofOtherClasses_isDeleted() throws IOException {
    // Given
    Path classes = Files.createDirectory(directory.resolve("classes"));
    Files.createFile(classes.resolve("worker-0123456789abcdef.jsa"));
    Files.createFile(classes.resolve("worker-0123456789abcdef.jsa.part"));
    Path other = Files.createFile(classes.resolve("notes.txt"));
    Path jar = Files.createFile(directory.resolve("a.jar"));

    // When
    ClassArchive.in(classes, new WorkerCommand(List.of(), jar.toString(), "Main"));

    // Then
    assertThat(classes.toFile().list()).containsExactly(other.getFileName().toString());
  }

  @Test
  void classPathWithADirectory_hasNoArchive() {
    WorkerCommand command = new WorkerCommand(List.of(), directory.toString(), "Main");

    assertThat(ClassArchive.in(directory.resolve("classes"), command).next()).isEqualTo(none());
  }

  private static ClassArchive.Use none() {
    return new ClassArchive.Use(List.of(), Optional.empty());
  }

  private RunLauncher.Order order(int trainers, int memoryMb) {
    return new RunLauncher.Order(
        "pear-1",
        directory,
        "",
        1,
        List.of(new TrainersOnNode("local", trainers)),
        memoryMb,
        Optional.empty());
  }
}
