package io.espalier.cli.serve;

import io.espalier.cli.console.Counted;
import io.espalier.console.BytesConverter;
import io.espalier.service.Quota;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The limits of an owner or a project. */
final class QuotaOptions {
  @Option(
      names = "--max-runs",
      paramLabel = "N",
      description = "Most runs that have not ended: queued, running and paused ones.")
  private Optional<Long> runs = Optional.empty();

  @Option(
      names = "--max-trainers",
      paramLabel = "N",
      description = "Most trainers in use at once; further runs wait in the queue.")
  private Optional<Long> trainers = Optional.empty();

  @Option(
      names = "--submissions-per-hour",
      paramLabel = "N",
      description = "Most runs submitted within any hour.")
  private Optional<Long> submissionsPerHour = Optional.empty();

  @Option(
      names = "--max-run-bytes",
      paramLabel = "SIZE",
      converter = BytesConverter.class,
      description = "No more runs once the files of all have this size, such as 50GB.")
  private Optional<Long> runBytes = Optional.empty();

  @Option(
      names = "--max-data-bytes",
      paramLabel = "SIZE",
      converter = BytesConverter.class,
      description = "Most bytes of uploaded data sets.")
  private Optional<Long> dataBytes = Optional.empty();

  /** Throws {@link IllegalArgumentException} if a limit is none. */
  Quota quota() {
    return new Quota(
        limit(runs), limit(trainers), limit(submissionsPerHour), limit(runBytes), limit(dataBytes));
  }

  private static OptionalLong limit(Optional<Long> option) {
    return option.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  /** The limits that there are, such as {@code 4 runs, 20 an hour}; empty without any. */
  static String text(Quota quota) {
    List<String> limits = new ArrayList<>();
    quota.runs().ifPresent(most -> limits.add(Counted.of(most, "run")));
    quota.trainers().ifPresent(most -> limits.add(Counted.of(most, "trainer")));
    quota.submissionsPerHour().ifPresent(most -> limits.add("%,d an hour".formatted(most)));
    quota.runBytes().ifPresent(most -> limits.add(Counted.of(most, "byte") + " of runs"));
    quota.dataBytes().ifPresent(most -> limits.add(Counted.of(most, "byte") + " of data"));
    return String.join(", ", limits);
  }

  /** The limits by the names of their options. */
  static Map<String, Object> facts(Quota quota) {
    Map<String, Object> facts = new LinkedHashMap<>();
    quota.runs().ifPresent(most -> facts.put("max-runs", most));
    quota.trainers().ifPresent(most -> facts.put("max-trainers", most));
    quota.submissionsPerHour().ifPresent(most -> facts.put("submissions-per-hour", most));
    quota.runBytes().ifPresent(most -> facts.put("max-run-bytes", most));
    quota.dataBytes().ifPresent(most -> facts.put("max-data-bytes", most));
    return facts;
  }
}
