package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus scrapes a service whose worker really trains. */
@Tag("slow")
class TrainingMetricsTest {
  private static final int PATIENCE_S = 120;

  @TempDir private Path home;

  @Test
  void run_ofAWorker_showsItsFiguresWhileItTrains_andItsResultAfterwards() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(home, "--trainers", "1")) {
      String run =
          service.submit("digits", "key", "train.epochs=150", "train.trainers=1", "seed=9");

      String training = await(run, "loss", "accuracy", "steps_per_second");
      RunStatus finished = service.await(run, status -> status.state() == RunState.FINISHED);
      String ended = scrape();

      assertThat(figure(training, "active", run)).hasValue(1);
      assertThat(figure(training, "planned_steps", run))
          .hasValue((double) finished.reached().totalSteps().orElseThrow());
      assertThat(figure(training, "loss", run).orElseThrow()).isPositive();
      assertThat(figure(training, "steps_per_second", run).orElseThrow()).isPositive();
      assertThat(figure(ended, "active", run)).hasValue(0);
      assertThat(figure(ended, "step", run)).hasValue((double) finished.reached().step());
      assertThat(figure(ended, "accuracy", run)).isEqualTo(finished.reached().accuracy());
      assertThat(figure(ended, "sparsity", run)).isEqualTo(finished.reached().sparsity());
      assertThat(figure(ended, "mask_updates", run).orElseThrow()).isPositive();
      assertThat(figure(ended, "steps_per_second", run)).isEmpty();
      assertThat(ended)
          .containsPattern("espalier_run_info\\{[^}]*run=\"" + run + "\"[^}]*seed=\"9\"");
    }
  }

  /** Scrapes until the run has these figures. */
  private String await(String run, String... figures) throws IOException, InterruptedException {
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    String text = scrape();
    for (String figure : figures) {
      while (figure(text, figure, run).isEmpty()) {
        if (System.nanoTime() > untilNs) {
          throw new AssertionError("a run must show its %s: %s".formatted(figure, text));
        }
        text = scrape();
      }
    }
    return text;
  }

  private String scrape() throws IOException, InterruptedException {
    URI address = URI.create(Files.readString(home.resolve("service/address")).strip());
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address.resolve("/metrics")).build(), BodyHandlers.ofString())
        .body();
  }

  private static OptionalDouble figure(String scrape, String name, String run) {
    Matcher line =
        Pattern.compile("(?m)^espalier_run_%s\\{[^}]*run=\"%s\"} (.+)$".formatted(name, run))
            .matcher(scrape);
    return line.find()
        ? OptionalDouble.of(Double.parseDouble(line.group(1)))
        : OptionalDouble.empty();
  }
}
