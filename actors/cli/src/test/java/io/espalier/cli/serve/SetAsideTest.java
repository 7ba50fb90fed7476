package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.SmallTokenizer;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.SubmissionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Federations that end their process are set aside; their service and other runs go on. */
@Tag("slow")
class SetAsideTest {
  private static final int RESTARTS = 10;
  private static final String FEDERATION = "federation { kind = fedavg, rounds = 1, cohort = 1 }";
  private static final String[] HALTING = {"data = null", "data { kind = reckless, deed = halt }"};

  @TempDir private Path directory;
  private Path home;
  private List<Path> classes;

  @BeforeEach
  void makeDirectories() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    classes = List.of(RecklessData.registeredIn(directory.resolve("classes")));
  }

  private ServiceProcess start(String... options) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(
            List.of("--gateway", "127.0.0.1:0", "--gateway-plaintext", "--trainers", "2"));
    all.addAll(List.of(options));
    return ServiceProcess.start(home, classes, all.toArray(String[]::new));
  }

  @Test
  void federation_thatEndsItsProcess_isSetAside_throughTenRestarts() throws Exception {
    // Given
    String bad;
    try (ServiceProcess service = start()) {
      bad = service.submit("fed-digits", "bad", HALTING);
      RunStatus failed = service.await(bad, status -> status.state() == RunState.FAILED);
      assertThat(failed.standing().cause().orElseThrow())
          .contains("must not end its process", "2 in a row", "exit code 99", "resume the run");
    }

    // When
    for (int restart = 0; restart < RESTARTS; restart++) {
      try (ServiceProcess service = start()) {
        // Then
        RunStatus status = service.client.status(bad).value();
        assertThat(status.state()).isEqualTo(RunState.FAILED);
        assertThat(status.attempt().term()).isEqualTo(2);
      }
    }
    try (ServiceProcess service = start()) {
      String good = service.submit("digits", "good", "train.trainers=1");
      service.await(good, status -> status.state() == RunState.FINISHED);
    }
  }

  @Test
  void federation_thatEndsAServiceWithoutWorkers_isSetAsideAfterTwoDeaths() throws Exception {
    // Given
    try (ServiceProcess service = start("--no-isolate")) {
      service.submit("fed-digits", "bad", HALTING);
    } catch (ServiceException e) {
      assertThat(e).as("the run may be faster than the answer").hasMessageContaining("no service");
    }

    // When
    int deaths = 0;
    Optional<RunStatus> failed = Optional.empty();
    for (int restart = 0; restart < RESTARTS; restart++) {
      try (ServiceProcess service = start("--no-isolate")) {
        String bad = service.client.list(RunQuery.newest()).value().runs().get(0).run();
        failed = Optional.of(service.await(bad, status -> status.state() == RunState.FAILED));
      } catch (AssertionError | ServiceException e) {
        deaths++;
      }
    }

    // Then
    assertThat(deaths).isLessThanOrEqualTo(2);
    assertThat(failed.orElseThrow().attempt().term()).isEqualTo(2);
    assertThat(failed.orElseThrow().standing().cause().orElseThrow())
        .contains("must not end its process", "2 in a row", "resume the run");
    try (ServiceProcess service = start("--no-isolate")) {
      String good = service.submit("digits", "good", "train.trainers=1");
      service.await(good, status -> status.state() == RunState.FINISHED);
    }
  }

  @Test
  void tokenizer_ofTheDataDirectory_isTaken_andOneThatEndsItsProcessFailsItsRunAlone()
      throws Exception {
    try (ServiceProcess service = start()) {
      // Given
      Path data = Files.createDirectories(home.resolve("service/data"));
      Files.writeString(data.resolve("tokenizer.json"), SmallTokenizer.JSON);
      Files.writeString(data.resolve("pattern.json"), SmallTokenizer.EMPTY_PATTERN);
      Files.writeString(data.resolve("token.json"), SmallTokenizer.EMPTY_TOKEN);

      // When
      String good = texts(service, "tokenizer.json", "");
      String pattern = texts(service, "pattern.json", FEDERATION);
      String token = texts(service, "token.json", FEDERATION);

      // Then
      assertThat(failure(service, pattern)).contains("data.vocabulary", "pattern.String=\"\"");
      assertThat(failure(service, token)).contains("own first", "exit code 134");
      service.await(good, status -> status.state() == RunState.FINISHED);
      assertThat(service.client.list(RunQuery.newest()).value().runs()).hasSize(3);
    }
  }

  private static String failure(ServiceProcess service, String run)
      throws IOException, InterruptedException {
    RunStatus failed = service.await(run, status -> status.state() == RunState.FAILED);
    assertThat(failed.attempt().term()).isEqualTo(1);
    return failed.standing().cause().orElseThrow();
  }

  private static String texts(ServiceProcess service, String vocabulary, String more)
      throws InterruptedException {
    String recipe =
        """
        data { kind = labelled-text, context = 8, vocabulary = "%s" }
        model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
        train { epochs = 1, trainers = 1 }
        %s
        """
            .formatted(vocabulary, more);
    return service
        .client
        .submit(
            new SubmissionRequest(
                recipe,
                Optional.of("texts.conf"),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                vocabulary))
        .value()
        .run();
  }
}
