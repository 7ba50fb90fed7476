package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.SubmissionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real service whose runs, trained within it, break its own process. */
@Tag("slow")
class BrokenServiceTest {
  private static final int MOST_STARTS = 6;
  private static final String[] OPTIONS = {"--trainers", "1", "--no-isolate"};

  @TempDir private Path directory;
  private Path home;
  private List<Path> classes;

  @BeforeEach
  void makeDirectories() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    classes = List.of(RecklessData.registeredIn(directory.resolve("classes")));
  }

  @Test
  void actorSystem_thatDies_endsTheProcessWithItsCauseAndACode() throws Exception {
    try (ServiceProcess service = start()) {
      // When
      service.submit(
          "digits", "fatal", "prune.score { kind = reckless, deed = break }", "train.trainers=1");

      // Then
      assertThat(service.process.await()).isEqualTo(1);
      assertThat(service.process.printed())
          .contains("InternalError: the score breaks the JVM", "the service must be started again");
    }
  }

  @Test
  void run_thatKillsItsServiceAgainAndAgain_waitsLongerEachTime() throws Exception {
    // Given
    try (ServiceProcess service = start()) {
      submitHalting(service);
      assertThat(service.process.await()).isEqualTo(99);
    }

    // When
    Optional<RunStatus> waiting = Optional.empty();
    for (int start = 0; start < MOST_STARTS && waiting.isEmpty(); start++) {
      waiting = waitingAfterAStart();
    }

    // Then
    assertThat(waiting.flatMap(status -> status.standing().waitsFor()).orElseThrow())
        .contains("as the service of its last attempt died before a checkpoint");
  }

  /** Empty if the run broke the service before it could be asked. */
  private Optional<RunStatus> waitingAfterAStart() throws IOException, InterruptedException {
    try (ServiceProcess service = start()) {
      return service.client.list(RunQuery.newest()).value().runs().stream()
          .filter(status -> status.state() == RunState.QUEUED)
          .findFirst();
    } catch (AssertionError | ServiceException e) {
      return Optional.empty();
    }
  }

  @Test
  void journal_thatIsGone_isNoticedByTheDirectoriesOfRuns() throws Exception {
    // Given
    Files.createDirectories(home.resolve("service/runs/digits-20260101-000000-1"));

    // When
    try (ServiceProcess service = start()) {
      // Then
      assertThat(service.process.printed())
          .contains("the journal knows no run", "directories=1", "put the journal back");
    }
  }

  private ServiceProcess start() throws IOException, InterruptedException {
    return ServiceProcess.start(home, classes, OPTIONS);
  }

  private static void submitHalting(ServiceProcess service) throws InterruptedException {
    SubmissionRequest halting =
        new SubmissionRequest(
            "name = bad, data { kind = reckless, deed = halt }, model { kind = mlp, hidden = [4] }, train.trainers = 1",
            Optional.of("bad.conf"),
            List.of(),
            OptionalInt.empty(),
            OptionalInt.of(256),
            "halting");
    try {
      service.client.submit(halting);
    } catch (ServiceException e) {
      assertThat(e).as("the run may be faster than the answer").hasMessageContaining("no service");
    }
  }
}
