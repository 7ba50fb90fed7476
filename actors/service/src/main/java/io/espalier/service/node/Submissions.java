package io.espalier.service.node;

import io.espalier.configs.DataConfig;
import io.espalier.configs.FederationConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.configs.recipe.SubmittedRecipe;
import io.espalier.service.RunKind;
import io.espalier.service.Submission;
import io.espalier.service.run.RunSpec;
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

  /** Resolves a submission's recipe; throws all of its errors at once. */
  RunSpec spec(Submission submission) {
    SubmittedRecipe submitted =
        new SubmittedRecipe(submission.origin(), submission.recipe(), submission.overrides());
    List<String> places = data.confine(submitted.resolve().config());
    ResolvedRecipe recipe = submitted.resolveWith(places);
    RunConfig config = recipe.config();
    boolean federated = !(config.federation() instanceof FederationConfig.None);
    return new RunSpec(
        config.name(),
        federated ? RunKind.FEDERATION : RunKind.TRAINING,
        recipe.text(),
        submission.priority(),
        federated ? 1 : config.train().trainers(),
        submission.memoryMb(),
        federated || config.data().source() instanceof DataConfig.Kafka,
        clock.instant());
  }

  /** Equal for equal submissions. */
  static String digest(Submission submission) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, submission.recipe());
      submission.overrides().forEach(override -> add(digest, override));
      add(digest, submission.priority() + " " + submission.memoryMb());
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
