package io.espalier.service.node;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.configs.recipe.SubmittedRecipe;
import io.espalier.service.RunKind;
import io.espalier.service.Submission;
import io.espalier.service.View;
import io.espalier.service.run.RunSpec;
import io.espalier.trainer.prepare.MemoryNeed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/** Makes specifications of submissions. Thread-safe. */
final class Submissions {
  private final DataDirectories data;
  private final Clock clock;

  Submissions(DataDirectories data, Clock clock) {
    this.data = data;
    this.clock = clock;
  }

  /**
   * Resolves a submission's recipe, which may name what {@code view} has; throws all of its errors
   * at once, without host paths.
   */
  RunSpec spec(Submission submission, View view) {
    try {
      return resolved(submission, view);
    } catch (InvalidConfigException e) {
      throw new InvalidConfigException(
          e.problems().stream()
              .map(
                  each ->
                      new Problem(each.origin(), each.path(), data.withoutPlaces(each.message())))
              .toList());
    }
  }

  /** A message without the places of data directories. */
  String withoutPlaces(String message) {
    return data.withoutPlaces(message);
  }

  private RunSpec resolved(Submission submission, View view) {
    SubmittedRecipe submitted =
        new SubmittedRecipe(submission.origin(), submission.recipe(), submission.overrides());
    ResolvedRecipe written = submitted.resolve();
    List<String> places = data.confine(written.config(), view);
    ResolvedRecipe recipe = places.isEmpty() ? written : submitted.resolveWith(places);
    RunConfig config = recipe.config();
    boolean federated = !(config.federation() instanceof FederationConfig.None);
    return new RunSpec(
        config.name(),
        federated ? RunKind.FEDERATION : RunKind.TRAINING,
        recipe.text(),
        submission.priority(),
        federated ? 1 : config.train().trainers(),
        memoryMb(submission, config),
        federated || config.data().source() instanceof KafkaConfig,
        clock.instant());
  }

  /** Refuses a reservation in which the run's own values have no place. */
  private static int memoryMb(Submission submission, RunConfig config) {
    long need = MemoryNeed.ofRecipe(config).map(MemoryNeed::megabytesPerTrainer).orElse(1L);
    if (submission.memoryMb().orElse(Submission.MOST_MEMORY_MB) < need
        || need > Submission.MOST_MEMORY_MB) {
      throw InvalidConfigException.of(
          "memoryMb",
          "memory must hold the weights, gradients, moments and activations of a trainer, and its share of a sync: memoryMb=%s, estimated %d; submit with more memory, or narrow the layers"
              .formatted(
                  submission.memoryMb().isPresent()
                      ? submission.memoryMb().getAsInt()
                      : "at most " + Submission.MOST_MEMORY_MB,
                  need));
    }
    return submission.memoryMb().orElse((int) Math.max(Submission.DEFAULT_MEMORY_MB, need));
  }

  /** Equal for equal submissions. */
  static String digest(Submission submission) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, submission.recipe());
      submission.overrides().forEach(override -> add(digest, override));
      add(
          digest,
          submission.priority() + " " + submission.memoryMb().orElse(Submission.DEFAULT_MEMORY_MB));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
