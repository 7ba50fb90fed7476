package io.espalier.service.node;

import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.Submission;
import io.espalier.service.run.NodeOffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What tests of nodes share. */
final class TestService {
  private static final int PATIENCE_S = 120;
  private static final long LOOK_MS = 10;

  private TestService() {}

  /** Two trainers, 2 GB, one gateway; every message is serialised. */
  static ServiceSettings settings(Path directory) {
    return ServiceSettings.of(directory, NodeOffer.of("n1", 2, 2_048, List.of("127.0.0.1:7443")))
        .withOverlay(ConfigFactory.parseString("akka.actor.serialize-messages = on"));
  }

  static Submission submission(String name, int epochs) {
    return submission(name, epochs, 0, Optional.empty());
  }

  static Submission submission(String name, int epochs, int priority, Optional<String> key) {
    return new Submission(
        "name = \"%s\"\ndata = digits\nmodel = lenet-300-100\ntrain { epochs = %d, trainers = 1 }"
            .formatted(name, epochs),
        name + ".conf",
        List.of(),
        priority,
        OptionalInt.empty(),
        key);
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
  }

  static String submit(RunService service, String name, int epochs) throws Exception {
    return get(service.submit(submission(name, epochs))).status().run();
  }

  static RunStatus await(RunService service, String run, RunState state) throws Exception {
    return await(service, run, status -> status.state() == state);
  }

  static RunStatus await(RunService service, String run, Predicate<RunStatus> condition)
      throws Exception {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    RunStatus status = get(service.status(run));
    while (!condition.test(status)) {
      if (System.nanoTime() > untilNs) {
        throw new AssertionError("a run must come so far: " + status);
      }
      Thread.sleep(LOOK_MS);
      status = get(service.status(run));
    }
    return status;
  }
}
